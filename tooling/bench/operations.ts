import { namePinyin, searchQuery, searchTokens, type SearchKind } from '@baoke/core/customers';
import { addDays } from '@baoke/core/kernel';
import { seededChance, type Chance } from '@baoke/api/demo/random';
import pg from 'pg';
import { NOW, TODAY } from './dataset.ts';
import type { Request } from './drive.ts';
import type { Loaded } from './loader.ts';
import { isWrite, type Screen } from './statements.ts';

/** A customer of the data as requests name him. */
export type Sample = {
  readonly storeId: number;
  readonly id: string;
  readonly name: string;
  readonly phone: string;
  readonly plate: string;
  readonly vin: string;
};

export type Operation = {
  readonly name: string;
  /** Rows of spec 12's table of targets this operation answers to. */
  readonly anchor: 'card' | 'search' | 'tasks' | 'list' | 'log' | 'create' | 'report';
  readonly screen: Screen;
  readonly procedure: string;
  readonly as: 'manager' | 'agent';
  /** One question: what the statement is given, and what the product is asked. */
  question(at: Draw): { readonly values: readonly unknown[]; readonly input: unknown };
};

export type Draw = {
  readonly chance: Chance;
  readonly sample: Sample;
  readonly staff: string;
  readonly agent: string;
  readonly serial: number;
};

const TOMORROW = `${addDays(TODAY, 1)}T00:00:00+08:00`;
const MONDAY = addDays(TODAY, -8);

function typed(name: string, kind: SearchKind, term: (sample: Sample, chance: Chance) => string): Operation {
  return {
    name: `type-ahead, ${name}`,
    anchor: 'search',
    screen: 'find',
    procedure: 'search.find',
    as: 'manager',
    question({ sample, chance }) {
      const text = term(sample, chance);
      const ranges = searchQuery(text);
      const range = ranges.find((one) => one.kind === kind) ?? ranges[0];
      return { values: [sample.storeId, range?.lower ?? '', range?.upper ?? ''], input: { term: text } };
    },
  };
}

const twoSigns = ({ name }: Sample, chance: Chance) => {
  const signs = [...name];
  const from = chance.whole(0, Math.max(0, signs.length - 2));
  return signs.slice(from, from + 2).join('');
};

/** Every number is asked for once: a mobile outside the range of the loaded ones. */
const freshMobile = (serial: number) => `199${String(serial % 100_000_000).padStart(8, '0')}`;

export const OPERATIONS: readonly Operation[] = [
  {
    name: 'card by id',
    anchor: 'card',
    screen: 'card',
    procedure: 'customers.get',
    as: 'manager',
    question: ({ sample }) => ({ values: [sample.storeId, sample.id], input: { customerId: sample.id } }),
  },
  typed('two signs of a name', 'name', twoSigns),
  typed('initials', 'initials', ({ name }) => namePinyin(name).initials),
  typed('last four digits', 'phone', ({ phone }) => phone.slice(-4)),
  typed('plate part', 'plate', ({ plate }) => plate.slice(2, 6)),
  typed('VIN tail', 'vin', ({ vin }) => vin.slice(-6)),
  {
    name: 'my day',
    anchor: 'tasks',
    screen: 'myDay',
    procedure: 'tasks.myDay',
    as: 'agent',
    question: ({ sample, agent }) => ({ values: [sample.storeId, agent, TOMORROW], input: { limit: 50 } }),
  },
  {
    name: 'customers of an advisor by name',
    anchor: 'list',
    screen: 'list',
    procedure: 'customers.list',
    as: 'manager',
    question: ({ sample, staff }) => ({ values: [sample.storeId, staff], input: { advisorId: staff, sort: 'name', limit: 50 } }),
  },
  {
    name: 'record a contact',
    anchor: 'log',
    screen: 'contact',
    procedure: 'contacts.record',
    as: 'manager',
    question: ({ sample, staff }) => ({
      values: [sample.storeId, sample.id, '近期会来做保养', staff],
      input: { customerId: sample.id, channel: 'phone', outcome: 'reached', content: '近期会来做保养' },
    }),
  },
  {
    name: 'create a customer',
    anchor: 'create',
    screen: 'create',
    procedure: 'customers.create',
    as: 'manager',
    question({ sample, staff, serial }) {
      const mobile = freshMobile(serial);
      const tokens = searchTokens({ name: sample.name, phones: [`+86${mobile}`], plates: [], vins: [] });
      return {
        values: [sample.storeId, sample.name, namePinyin(sample.name).full, staff, `+86${mobile}`, tokens],
        input: { name: sample.name, phones: [mobile], gender: 'male', city: '苏州市', source: '网络', consultantId: staff },
      };
    },
  },
  {
    name: 'complaint list',
    anchor: 'list',
    screen: 'complaints',
    procedure: 'complaints.list',
    as: 'manager',
    question: ({ sample }) => ({ values: [sample.storeId], input: { limit: 50 } }),
  },
  {
    name: 'weekly service report',
    anchor: 'report',
    screen: 'weekly',
    procedure: 'reports.service',
    as: 'manager',
    question({ sample, chance }) {
      const from = addDays(MONDAY, -7 * chance.whole(0, 51));
      const to = addDays(from, 7);
      return { values: [sample.storeId, from, to], input: { kind: 'week', period: { from, to } } };
    },
  },
];

/** Two thousand customers, the same at every run. */
export async function readSamples(superuserUrl: string): Promise<Sample[]> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    const { rows } = await client.query<Sample>(
      `select k.store_id as "storeId", k.id, k.name, p.e164 as phone, v.plate, v.vin
      from (select * from customers where created_at <= $1 order by md5(id::text) limit 2000) k
      join customer_phones p on p.store_id = k.store_id and p.customer_id = k.id and p.rank = 1
      join lateral (select plate, vin from vehicles v where v.store_id = k.store_id and v.owner_id = k.id limit 1) v on true`,
      [NOW],
    );
    return rows;
  } finally {
    await client.end();
  }
}

export type Cookies = ReadonlyMap<number, Readonly<Record<Operation['as'], string>>>;

/** Makes the requests of one operation for one kind of server, the same questions in the same order for each. */
export function requestsOf(
  operation: Operation,
  server: 'floor' | 'stack' | 'product',
  data: { loaded: Loaded; samples: readonly Sample[]; cookies: Cookies; seed: string; firstSerial: number },
): () => Request {
  const chance = seededChance(`${operation.name} ${data.seed}`);
  const write = isWrite(operation.screen);
  let serial = data.firstSerial;
  return () => {
    const sample = chance.pick(data.samples);
    const store = data.loaded.stores.find((one) => one.id === sample.storeId);
    if (!store) throw new Error(`the data has no store ${sample.storeId}`);
    serial += 1;
    const { values, input } = operation.question({ chance, sample, staff: chance.pick(store.staff), agent: store.agentId, serial });
    const asked = JSON.stringify(server === 'product' ? input : values);
    const path = server === 'floor' ? `/${operation.screen}` : `/trpc/${server === 'stack' ? operation.screen : operation.procedure}`;
    const cookie = server === 'product' ? data.cookies.get(sample.storeId)?.[operation.as] : undefined;
    const headers = cookie === undefined ? {} : { cookie };
    return write
      ? { method: 'POST', path, body: asked, headers }
      : { method: 'GET', path: `${path}?input=${encodeURIComponent(asked)}`, headers };
  };
}
