import type { DepartmentKind } from '@baoke/core/access';
import { isCompanyName, namePinyin, searchTokens } from '@baoke/core/customers';
import {
  addDays,
  addMonths,
  dateOfDayNumber,
  dayNumber,
  daysBetween,
  instantOfMilliseconds,
  millisecondsOf,
  startOfDay,
  type CivilDate,
  type CustomerId,
  type DepartmentId,
  type Instant,
  type StaffId,
  type TimeZone,
  type VehicleId,
} from '@baoke/core/kernel';
import { vinCheckDigit } from '@baoke/core/vehicles';
import type { NewRow } from '@baoke/db/demo';
import { makeComplaints, type DemoComplaint } from './complaints.ts';
import { makeHistory } from './history.ts';
import { seededChance, type Chance } from './random.ts';
import { makeVisits } from './visits.ts';
import * as words from './words.ts';

/** How big a store to make. */
export type Size = { readonly sold: number; readonly valid: number; readonly months: number; readonly prospects: number };
/** The store of the source: 13,803 cars sold, 8,372 valid owners; visits of 26 months. Source: document 002, W-07. */
export const SOURCE_SIZE: Size = { sold: 13_803, valid: 8_372, months: 26, prospects: 300 };

export type DemoStaff = {
  readonly byUsername: ReadonlyMap<string, StaffId>;
  readonly departments: ReadonlyMap<DepartmentKind, DepartmentId>;
};
export type DemoInput = {
  readonly seed: string;
  readonly now: Instant;
  readonly today: CivilDate;
  readonly zone: TimeZone;
  readonly size: Size;
  readonly staff: DemoStaff;
};

/** The tables of a demo store, each in an order that its references allow, and the complaints as the rules made them. */
export type DemoStore = {
  readonly customers: NewRow<'customers'>[];
  readonly phones: NewRow<'customer_phones'>[];
  readonly contactPersons: NewRow<'contact_persons'>[];
  readonly consents: NewRow<'consents'>[];
  readonly observations: NewRow<'observations'>[];
  readonly vehicles: NewRow<'vehicles'>[];
  readonly platePeriods: NewRow<'plate_periods'>[];
  readonly ownerships: NewRow<'ownerships'>[];
  readonly readings: NewRow<'mileage_readings'>[];
  readonly policies: NewRow<'insurance_policies'>[];
  readonly visits: NewRow<'service_visits'>[];
  readonly leads: NewRow<'leads'>[];
  readonly orders: NewRow<'orders'>[];
  readonly contacts: NewRow<'contacts'>[];
  readonly tasks: NewRow<'tasks'>[];
  /** Made on demand: reading thousands of names takes a second that the database can use. */
  readonly tokens: () => NewRow<'search_tokens'>[];
  readonly complaints: DemoComplaint[];
};

/** What the parts of the generator share. */
export type Making = DemoInput & {
  readonly chance: Chance;
  /** The last day whose business is over: today once the store has closed. What a day of sales brings ends there, so none of it lies ahead. */
  readonly lastDay: CivilDate;
  /** The instant of minutes after midnight of a date, in the store's zone. */
  at(date: CivilDate, minutes: number): Instant;
  person(username: string): StaffId;
};

/** A person or company with the cars, as the parts of the generator pass it on. */
export type DemoOwner = {
  readonly row: NewRow<'customers'> & { last_visit_on: string | null; last_contact_at: string | null };
  readonly id: CustomerId;
  readonly valid: boolean;
  readonly phones: string[];
  readonly cars: DemoCar[];
};
export type DemoCar = {
  readonly row: NewRow<'vehicles'> & { last_visit_on: string | null };
  readonly id: VehicleId;
  readonly deliveredOn: CivilDate;
  readonly soldByUs: boolean;
  /** Until when the owner drives it; null = still. */
  readonly goneOn: CivilDate | null;
  readonly kmPerYear: number;
};

/**
 * Makes a believable dealership, dated relative to today: the same seed, day and time give the same store.
 *
 * All buyers are on file; those reachable with a car in use are the valid owners (13, Data and words).
 */
export function generateStore(input: DemoInput): DemoStore {
  const starts = new Map<CivilDate, number>();
  const at = (date: CivilDate, minutes: number) => {
    let start = starts.get(date);
    if (start === undefined) starts.set(date, (start = millisecondsOf(startOfDay(input.zone, date))));
    return instantOfMilliseconds(start + minutes * 60_000);
  };
  const making: Making = {
    ...input,
    chance: seededChance(`${input.seed}/${input.today}`),
    lastDay: at(input.today, CLOSING) <= input.now ? input.today : addDays(input.today, -1),
    at,
    person(username) {
      const id = input.staff.byUsername.get(username);
      if (id === undefined) throw new Error(`the demo has no ${username}`);
      return id;
    },
  };
  const { today, size } = input;
  const owners = makeOwners(making);
  const store = itself(making);
  const prospects = makeProspects(making);
  const { visits, readings } = makeVisits(making, owners, store.id);
  const orders = makeOrders(making, owners, prospects);
  setInspections(making, owners);
  const cars = owners.flatMap((owner) => owner.cars.map((car) => ({ owner, car })));
  const policies = makePolicies(making, cars);
  const consents = makeConsents(making, owners);
  const history = makeHistory(making, owners, { visits, orders, policies, consents });
  const complaints = makeComplaints(making, owners, visits, orders, history);
  const everybody = [...owners, ...prospects];
  const chance = making.chance.fork('files');
  return {
    customers: [store.row, ...everybody.map((c) => c.row)],
    phones: everybody.flatMap((c) =>
      c.phones.map((e164, at) => ({
        customer_id: c.id,
        e164,
        rank: at + 1,
        kind: e164.startsWith('+861') ? 'mobile' : 'landline',
        valid: c.row.reachable !== false,
      })),
    ),
    contactPersons: owners
      .filter((o) => o.row.kind === 'company')
      .map((o) => ({
        id: chance.id(millisecondsOf(input.now)),
        customer_id: o.id,
        name: personName(chance, 1982, chance.happens(0.6) ? 'male' : 'female'),
        purchase_role: chance.pick(['decision_maker', 'user', 'payer']),
        phone: o.phones[0] ?? null,
        remark: chance.pick(words.JOB_TITLES),
      })),
    consents,
    observations: makeObservations(making, owners),
    vehicles: cars.map(({ car }) => car.row),
    platePeriods: cars.flatMap(({ car: { row } }) =>
      row.plate && row.plated_on ? [{ vehicle_id: row.id, plate: row.plate, from_on: row.plated_on, to_on: null }] : [],
    ),
    ownerships: cars.map(({ owner, car }) => ({
      vehicle_id: car.id,
      customer_id: owner.id,
      role: 'owner',
      from_on: car.soldByUs ? car.deliveredOn : null,
      to_on: car.goneOn,
    })),
    readings,
    policies,
    visits,
    leads: makeLeads(making, owners, prospects),
    orders,
    contacts: history.contacts,
    tasks: history.tasks,
    tokens: () =>
      everybody.flatMap((c) =>
        searchTokens({
          name: c.row.name,
          phones: c.phones,
          plates: c.cars.flatMap(({ row }) => row.plate ?? []),
          vins: c.cars.flatMap(({ row }) => row.vin ?? []),
        }).map((token) => ({ token, customer_id: c.id })),
      ),
    complaints: complaints.filter((c) => c.complaint.registeredAt <= input.now && daysBetween(c.registeredOn, today) <= size.months * 31),
  };
}

/** When the store closes, in minutes after midnight: 18:00. */
const CLOSING = 1_080;

/** Deliveries a year grow over thirteen years; within a year they follow the season. */
const SEASON = [1.35, 0.6, 0.9, 0.85, 0.9, 0.95, 0.85, 0.9, 1.15, 1.1, 1.15, 1.3] as const;
const YEARS_ON_FILE = 13;

function deliveryDays({ chance: all, lastDay, size }: Making): CivilDate[] {
  const chance = all.fork('deliveries');
  const first = addMonths(lastDay, -12 * YEARS_ON_FILE);
  const weights: (readonly [CivilDate, number])[] = [];
  for (let day = dayNumber(first); day <= dayNumber(lastDay); day += 1) {
    const date = dateOfDayNumber(day);
    const years = (day - dayNumber(first)) / 365;
    const growth = 0.7 + years * 0.045;
    const weekend = [0, 6].includes(new Date(day * 86_400_000).getUTCDay()) ? 1.6 : 1;
    weights.push([date, growth * (SEASON[Number(date.slice(5, 7)) - 1] ?? 1) * weekend]);
  }
  let total = 0;
  const sums = weights.map(([, weight]) => (total += weight));
  const days = Array.from({ length: size.sold }, () => {
    const mark = chance.next() * total;
    let low = 0;
    for (let high = sums.length - 1; low < high;) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) > mark) high = middle;
      else low = middle + 1;
    }
    return weights[low]?.[0] ?? lastDay;
  });
  return days.toSorted();
}

function makeOwners(making: Making): DemoOwner[] {
  const { today, size } = making;
  const chance = making.chance.fork('owners');
  const phones = phoneBook(making.chance.fork('phones'));
  const plates = plateBook(making.chance.fork('plates'));
  const vins = vinBook();
  const days = deliveryDays(making);
  const lost = chooseLost(chance, days, size.sold - size.valid, today);
  const advisors = ['sa', 'sa2', 'sa3'].map(making.person);
  const consultants = ['sc', 'sc2', 'sc3'].map(making.person);
  const owners = days.map((deliveredOn, at): DemoOwner => {
    const fate = lost.get(at);
    const company = chance.happens(0.045);
    const fleet = company && chance.happens(0.35);
    const id = chance.id<CustomerId>(millisecondsOf(making.at(deliveredOn, 540)));
    const consultantId = fleet ? making.person('fleet') : chance.pick(consultants);
    const person = company ? companyHead(chance) : personHead(chance, deliveredOn);
    const gone = fate === undefined || fate === 'unreachable' || fate === 'moved_away' ? null : fateDay(chance, deliveredOn, today);
    const sold = makeCar(making, chance, { deliveredOn, ownerId: id, plates, vins, fate, goneOn: gone });
    const others = fleet && fate === undefined ? chance.whole(1, 6) : 0;
    const cars = [sold, ...Array.from({ length: others }, () => foreignCar(making, chance, id, plates, vins))];
    const made = making.at(deliveredOn, 600);
    const vip = fate === undefined && chance.happens(0.015);
    return {
      id,
      valid: fate === undefined,
      phones: [phones(), ...(chance.happens(0.07) ? [phones(chance.happens(0.4))] : [])],
      cars,
      row: {
        ...person,
        id,
        id_document: null,
        province: '江苏省',
        city: '苏州市',
        ...address(chance),
        preferred_contact_time: chance.happens(0.18) ? chance.pick(words.CONTACT_TIMES) : null,
        preferred_channel: chance.happens(0.3)
          ? chance.weighted([
              ['phone', 5],
              ['wechat', 4],
              ['sms', 1],
            ])
          : null,
        source: chance.weighted(words.SOURCES),
        consultant_id: consultantId,
        advisor_id: chance.pick(advisors),
        is_fleet: fleet,
        is_vip: vip,
        is_difficult: false,
        difficult_reason: null,
        flagged_by: null,
        flagged_at: null,
        is_store_itself: false,
        reachable: fate !== 'unreachable',
        external_id: `K${String(at + 1).padStart(6, '0')}`,
        remark: null,
        first_delivered_on: deliveredOn,
        last_visit_on: null,
        last_contact_at: null,
        verified_on: fate === undefined && chance.happens(0.7) ? addDays(today, -chance.whole(3, 260)) : null,
        created_at: made,
        updated_at: made,
      },
    };
  });
  markDifficult(making, owners);
  return owners;
}

type Fate = 'unreachable' | 'transferred' | 'moved_away' | 'scrapped';

// The older the car, the likelier it is gone; exactly as many as the store has lost.
function chooseLost(chance: Chance, days: readonly CivilDate[], count: number, today: CivilDate): Map<number, Fate> {
  const scored = days.map((day, at) => ({
    at,
    years: daysBetween(day, today) / 365,
    score: daysBetween(day, today) / 365 + chance.normal() * 3.2,
  }));
  const fates = new Map<number, Fate>();
  for (const { at, years } of scored
    .filter((s) => s.years > 0.5)
    .toSorted((a, b) => b.score - a.score || a.at - b.at)
    .slice(0, count)) {
    fates.set(
      at,
      chance.weighted<Fate>([
        ['unreachable', 42],
        ['transferred', 36],
        ['moved_away', 13],
        ['scrapped', years > 9 ? 14 : 1],
      ]),
    );
  }
  return fates;
}

function fateDay(chance: Chance, deliveredOn: CivilDate, today: CivilDate): CivilDate {
  const age = daysBetween(deliveredOn, today);
  return addDays(deliveredOn, chance.whole(Math.floor(age * 0.45), age - 20));
}

function personHead(chance: Chance, deliveredOn: CivilDate) {
  const gender: 'male' | 'female' = chance.happens(0.63) ? 'male' : 'female';
  const birthYear = Number(deliveredOn.slice(0, 4)) - Math.min(68, Math.max(20, Math.round(36 + chance.normal() * 9)));
  const name = personName(chance, birthYear, gender);
  const known = chance.happens(0.58);
  const month = chance.whole(1, 12);
  return {
    kind: 'person',
    name,
    name_pinyin: namePinyin(name).full,
    gender: chance.happens(0.93) ? gender : null,
    birth_date: known ? `${birthYear}-${String(month).padStart(2, '0')}-${String(chance.whole(1, 28)).padStart(2, '0')}` : null,
    birth_calendar: known ? (chance.happens(0.1) ? 'lunar' : 'solar') : null,
    occupation: chance.happens(0.4) ? chance.pick(words.OCCUPATIONS) : null,
    job_title: null,
  };
}

function companyHead(chance: Chance) {
  const name = `苏州${chance.pick(words.COMPANY_NAMES)}${chance.pick(words.COMPANY_TRADES)}有限公司`;
  if (!isCompanyName(name)) throw new Error(`${name} is not read as a company`);
  return {
    kind: 'company',
    name,
    name_pinyin: namePinyin(name).full,
    gender: null,
    birth_date: null,
    birth_calendar: null,
    occupation: null,
    job_title: null,
  };
}

function personName(chance: Chance, birthYear: number, gender: 'male' | 'female'): string {
  const generation = words.GIVEN.find(({ before }) => birthYear < before) ?? words.GIVEN[words.GIVEN.length - 1];
  return chance.weighted(words.SURNAMES) + chance.pick(generation?.names[gender] ?? []);
}

function address(chance: Chance) {
  if (!chance.happens(0.72)) return { district: null, address: null, postcode: null };
  const [district, , streets] = chance.weighted(words.DISTRICTS.map((d) => [d, d[1]] as const));
  const estate = `${chance.pick(words.ESTATE_NAMES)}${chance.pick(words.ESTATES)}`;
  return {
    district,
    address: `${chance.pick(streets)}${chance.whole(1, 399)}号 ${estate}${chance.whole(1, 42)}幢${chance.whole(1, 26)}0${chance.whole(1, 4)}室`,
    postcode: chance.happens(0.4) ? '215000' : null,
  };
}

const MOBILE_PREFIXES = [
  '130',
  '131',
  '132',
  '133',
  '134',
  '135',
  '136',
  '137',
  '138',
  '139',
  '150',
  '151',
  '152',
  '153',
  '155',
  '156',
  '157',
  '158',
  '159',
  '166',
  '173',
  '176',
  '177',
  '178',
  '180',
  '181',
  '182',
  '183',
  '185',
  '186',
  '187',
  '188',
  '189',
  '191',
  '198',
  '199',
];

function phoneBook(chance: Chance): (landline?: boolean) => string {
  const taken = new Set<string>();
  return (landline = false) => {
    for (;;) {
      const e164 = landline
        ? `+86512${chance.whole(65_000_000, 69_999_999)}`
        : `+86${chance.pick(MOBILE_PREFIXES)}${String(chance.whole(0, 99_999_999)).padStart(8, '0')}`;
      if (taken.has(e164)) continue;
      taken.add(e164);
      return e164;
    }
  };
}

const PLATE_SIGNS = [...'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789'];

function plateBook(chance: Chance): (electric: boolean) => string {
  const taken = new Set<string>();
  const sign = () => chance.pick(PLATE_SIGNS);
  const digits = (count: number) => Array.from({ length: count }, () => chance.whole(0, 9)).join('');
  return (electric) => {
    for (;;) {
      const office = chance.happens(0.78) ? 'E' : 'U';
      const plate = electric
        ? `苏${office}${chance.pick(['D', 'D', 'A', 'F'])}${sign()}${digits(4)}`
        : `苏${office}${digits(1)}${sign()}${digits(1)}${sign()}${digits(1)}`;
      if (taken.has(plate)) continue;
      taken.add(plate);
      return plate;
    }
  };
}

const YEAR_SIGNS = 'DEFGHJKLMNPRSTVW';

function vinBook(): (code: string, year: number) => string {
  let serial = 100_000;
  return (code, year) => {
    serial += 7;
    const yearSign = YEAR_SIGNS[(year - 2013 + YEAR_SIGNS.length) % YEAR_SIGNS.length] ?? 'D';
    const open = `${code}4E30${yearSign}S${String(serial).padStart(6, '0')}`;
    return `${open.slice(0, 8)}${vinCheckDigit(open)}${open.slice(9)}`;
  };
}

type CarPlan = {
  deliveredOn: CivilDate;
  ownerId: CustomerId;
  plates: (electric: boolean) => string;
  vins: (code: string, year: number) => string;
  fate: Fate | undefined;
  goneOn: CivilDate | null;
};

function makeCar(making: Making, chance: Chance, { deliveredOn, ownerId, plates, vins, fate, goneOn }: CarPlan): DemoCar {
  const year = Number(deliveredOn.slice(0, 4));
  const model = chance.weighted(words.MODELS.filter((m) => m.from <= year).map((m) => [m, m.share] as const));
  const platedOn = addDays(deliveredOn, chance.whole(2, 16));
  const plated = platedOn <= making.today;
  const id = chance.id<VehicleId>(millisecondsOf(making.at(deliveredOn, 541)));
  const made = making.at(deliveredOn, 601);
  return {
    id,
    deliveredOn,
    soldByUs: true,
    goneOn,
    kmPerYear: Math.min(60_000, Math.max(3_000, chance.skewed(12_500, 0.38))),
    row: {
      id,
      vin: vins(model.code, year),
      vin_check: 'valid',
      plate: plated ? plates(model.electric) : null,
      engine_no: model.electric ? null : `${model.code.slice(3)}20${chance.whole(1_000_000, 9_999_999)}`,
      brand: words.BRAND,
      model: model.name,
      configuration: chance.pick(model.configurations),
      transmission: model.electric || chance.happens(0.86) ? 'automatic' : 'manual',
      colour: chance.weighted(words.COLOURS),
      plated_on: plated ? platedOn : null,
      purchased_on: addDays(deliveredOn, -chance.whole(0, 12)),
      sold_by_us: true,
      delivered_on: deliveredOn,
      first_service_on: addMonths(deliveredOn, 3),
      first_service_km: 5_000,
      warranty_until: addMonths(deliveredOn, 36),
      warranty_km: 100_000,
      inspection_due_on: null,
      next_service_on: null,
      next_service_km: null,
      next_told_on: null,
      last_visit_on: null,
      last_maintenance_on: null,
      last_maintenance_km: null,
      last_mileage_km: null,
      last_mileage_on: null,
      metres_per_day: null,
      status: fate === 'transferred' || fate === 'moved_away' || fate === 'scrapped' ? fate : 'in_use',
      owner_id: goneOn === null ? ownerId : null,
      external_id: null,
      created_at: made,
      updated_at: made,
    },
  };
}

// A company's other cars: not bought here, looked after here.
function foreignCar(making: Making, chance: Chance, ownerId: CustomerId, plates: CarPlan['plates'], vins: CarPlan['vins']): DemoCar {
  const deliveredOn = addDays(making.today, -chance.whole(500, 3_000));
  const car = makeCar(making, chance, { deliveredOn, ownerId, plates, vins, fate: undefined, goneOn: null });
  return {
    ...car,
    soldByUs: false,
    row: {
      ...car.row,
      brand: '其他品牌',
      model: chance.pick(words.OTHER_CARS),
      configuration: null,
      sold_by_us: false,
      delivered_on: null,
      purchased_on: null,
      warranty_until: null,
      warranty_km: null,
      first_service_on: null,
      first_service_km: null,
    },
  };
}

function markDifficult({ chance: all, at, today, person }: Making, owners: readonly DemoOwner[]): void {
  const chance = all.fork('difficult');
  const valid = owners.filter((o) => o.valid && o.row.kind === 'person');
  for (const reason of words.DIFFICULT_REASONS) {
    if (valid.length === 0) return;
    const { row } = chance.pick(valid);
    Object.assign(row, {
      is_difficult: true,
      difficult_reason: reason,
      flagged_by: person(chance.pick(['svcmgr', 'ccmgr', 'salesmgr'])),
      flagged_at: at(addDays(today, -chance.whole(10, 400)), 900),
    });
  }
}

// The store owns its demo cars and every car before it is delivered: pre-delivery checks are its visits.
function itself({ chance, at, today }: Making): { id: CustomerId; row: NewRow<'customers'> } {
  const on = addMonths(today, -12 * YEARS_ON_FILE);
  const id = chance.fork('store').id<CustomerId>(millisecondsOf(at(on, 480)));
  const name = '保客示范店有限公司';
  // Every customer row names the same columns; what the store itself has none of is empty.
  const empty = {
    gender: null,
    birth_date: null,
    birth_calendar: null,
    occupation: null,
    job_title: null,
    id_document: null,
    district: null,
    address: null,
    postcode: null,
    preferred_contact_time: null,
    preferred_channel: null,
    source: null,
    consultant_id: null,
    advisor_id: null,
    is_fleet: false,
    is_vip: false,
    is_difficult: false,
    difficult_reason: null,
    flagged_by: null,
    flagged_at: null,
    external_id: 'K000000',
    remark: '本店自有车辆与交车前检查',
    first_delivered_on: null,
    last_visit_on: null,
    last_contact_at: null,
    verified_on: null,
  };
  return {
    id,
    row: {
      kind: 'company',
      name,
      name_pinyin: namePinyin(name).full,
      id,
      province: '江苏省',
      city: '苏州市',
      is_store_itself: true,
      reachable: true,
      created_at: at(on, 480),
      updated_at: at(on, 480),
      ...empty,
    },
  };
}

function makeProspects(making: Making): DemoOwner[] {
  const chance = making.chance.fork('prospects');
  const phones = phoneBook(making.chance.fork('prospect phones'));
  const consultants = ['sc', 'sc2', 'sc3'].map(making.person);
  return Array.from({ length: making.size.prospects }, (_, at): DemoOwner => {
    const on = addDays(making.lastDay, -Math.floor(chance.next() ** 1.8 * 500));
    const id = chance.id<CustomerId>(millisecondsOf(making.at(on, 620)));
    return {
      id,
      valid: false,
      phones: [phones()],
      cars: [],
      row: {
        ...personHead(chance, making.today),
        id,
        id_document: null,
        province: '江苏省',
        city: '苏州市',
        ...address(chance),
        preferred_contact_time: null,
        preferred_channel: null,
        source: chance.weighted(words.SOURCES),
        consultant_id: chance.pick(consultants),
        advisor_id: null,
        is_fleet: false,
        is_vip: false,
        is_difficult: false,
        difficult_reason: null,
        flagged_by: null,
        flagged_at: null,
        is_store_itself: false,
        reachable: true,
        external_id: `Q${String(at + 1).padStart(6, '0')}`,
        remark: null,
        first_delivered_on: null,
        last_visit_on: null,
        last_contact_at: null,
        verified_on: null,
        created_at: making.at(on, 620),
        updated_at: making.at(on, 620),
      },
    };
  });
}

function makeOrders(
  { chance: all, at, lastDay, size }: Making,
  owners: readonly DemoOwner[],
  prospects: readonly DemoOwner[],
): NewRow<'orders'>[] {
  const chance = all.fork('orders');
  const prices = new Map(words.MODELS.map((m) => [m.name, m.price]));
  const priceOf = (model: string | null | undefined) =>
    Math.round((prices.get(model ?? '') ?? 120_000) * (0.9 + chance.next() * 0.08)) * 100;
  const delivered = owners.flatMap((owner) =>
    owner.cars
      .filter((car) => car.soldByUs)
      .map(({ row, id, deliveredOn }) => {
        const orderedOn = addDays(deliveredOn, -Math.round(Math.min(90, chance.skewed(12, 0.8))));
        return {
          id: chance.id(millisecondsOf(at(orderedOn, 700))),
          customer_id: owner.id,
          vehicle_id: id as string | null,
          ordered_on: orderedOn as string,
          delivered_on: deliveredOn as string | null,
          delivered_at: at(deliveredOn, chance.whole(570, 1_050)) as string | null,
          model: row.model,
          colour: row.colour,
          price_fen: priceOf(row.model),
          payment: chance.weighted(words.PAYMENTS),
          consultant_id: owner.row.consultant_id,
          source: owner.row.source,
          state: 'delivered',
          created_at: at(orderedOn, 700),
          updated_at: at(deliveredOn, 1_080),
        };
      }),
  );
  const buyers = [
    ...prospects.slice(0, Math.ceil(prospects.length / 6)),
    ...owners.filter((o) => o.valid && o.row.kind === 'person').slice(0, Math.ceil(size.sold / 600)),
  ];
  const open = buyers.map((buyer) => {
    const orderedOn = addDays(lastDay, -chance.whole(0, 40));
    const model = chance.weighted(words.MODELS.map((m) => [m.name, m.share] as const));
    return {
      id: chance.id(millisecondsOf(at(orderedOn, 720))),
      customer_id: buyer.id,
      vehicle_id: null,
      ordered_on: orderedOn,
      delivered_on: null,
      delivered_at: null,
      model,
      colour: chance.weighted(words.COLOURS),
      price_fen: priceOf(model),
      payment: chance.weighted(words.PAYMENTS),
      consultant_id: buyer.row.consultant_id,
      source: buyer.row.source,
      state: chance.happens(0.12) ? 'cancelled' : 'open',
      created_at: at(orderedOn, 720),
      updated_at: at(orderedOn, 720),
    };
  });
  return [...delivered, ...open];
}

function makeLeads({ chance: all, at, lastDay }: Making, owners: readonly DemoOwner[], prospects: readonly DemoOwner[]): NewRow<'leads'>[] {
  const chance = all.fork('leads');
  const again = owners.filter(
    (o) =>
      o.valid && o.row.kind === 'person' && daysBetween(o.row.first_delivered_on as CivilDate, lastDay) > 1_600 && chance.happens(0.045),
  );
  return [...prospects, ...again].map((customer) => {
    const on = customer.cars.length > 0 ? addDays(lastDay, -chance.whole(0, 400)) : (customer.row.created_at?.slice(0, 10) as CivilDate);
    const age = daysBetween(on, lastDay);
    const status =
      age > 60
        ? chance.weighted([
            ['lost', 5],
            ['closed', 2],
            ['open', 3],
          ])
        : chance.weighted([
            ['open', 9],
            ['lost', 1],
          ]);
    const follow = addDays(on, Math.min(age, chance.whole(0, 30)));
    const level =
      status === 'lost'
        ? 'F'
        : chance.weighted([
            ['H', 2],
            ['A', 3],
            ['B', 3],
            ['C', 2],
          ]);
    return {
      id: chance.id(millisecondsOf(at(on, 640))),
      customer_id: customer.id,
      registered_on: on,
      source: customer.row.source,
      level,
      model: chance.weighted(words.MODELS.map((m) => [m.name, m.share] as const)),
      expected_purchase: addMonths(lastDay, chance.whole(0, 8)).slice(0, 7),
      consultant_id: customer.row.consultant_id,
      last_follow_up_on: follow,
      follow_up: chance.pick(words.LEAD_NOTES),
      test_driven: chance.happens(0.45),
      status,
      complete: chance.happens(0.85),
      created_at: at(on, 640),
      updated_at: at(follow, 960),
    };
  });
}

function makeConsents({ chance: all, at, today }: Making, owners: readonly DemoOwner[]): NewRow<'consents'>[] {
  const chance = all.fork('consents');
  const rows: NewRow<'consents'>[] = [];
  const add = (owner: DemoOwner, purpose: string, channel: string, granted: boolean, on: CivilDate, source: string) =>
    rows.push({
      id: chance.id(millisecondsOf(at(on, 660))),
      customer_id: owner.id,
      purpose,
      channel,
      granted,
      source,
      evidence: granted ? '交车确认单签字' : '来电要求',
      at: at(on, 660),
      staff_id: owner.row.consultant_id,
    });
  for (const owner of owners) {
    const on = owner.row.first_delivered_on as CivilDate;
    if (!owner.valid || on < addMonths(today, -72)) continue;
    if (chance.happens(0.62))
      for (const channel of chance.happens(0.7) ? ['sms', 'wechat'] : ['sms']) add(owner, 'marketing', channel, true, on, 'delivery');
    if (chance.happens(0.8)) add(owner, 'service', 'phone', true, on, 'delivery');
    const later = addDays(on, chance.whole(60, 700));
    if (chance.happens(0.03) && later < today) add(owner, 'marketing', 'phone', false, later, 'customer');
  }
  return rows;
}

function makeObservations({ chance: all, at, today }: Making, owners: readonly DemoOwner[]): NewRow<'observations'>[] {
  const chance = all.fork('observations');
  return owners
    .filter((o) => o.valid && o.row.kind === 'person' && chance.happens(0.14))
    .map((owner) => {
      const [point, content] = chance.pick(words.OBSERVATIONS);
      const on = addDays(today, -chance.whole(1, 500));
      const first = owner.row.first_delivered_on as CivilDate;
      const moment = at(on > first ? on : first, chance.whole(560, 1_060));
      const author = chance.happens(0.5) ? owner.row.consultant_id : owner.row.advisor_id;
      return {
        id: chance.id(millisecondsOf(moment)),
        customer_id: owner.id,
        staff_id: author ?? owner.row.consultant_id ?? '',
        point,
        content,
        at: moment,
      };
    });
}

type Kept = { readonly owner: DemoOwner; readonly car: DemoCar };

function makePolicies({ chance: all, at, today }: Making, cars: readonly Kept[]): NewRow<'insurance_policies'>[] {
  const chance = all.fork('policies');
  return cars.flatMap(({ owner, car }) => {
    if (!owner.valid || car.goneOn !== null || !chance.happens(car.soldByUs ? 0.86 : 0.5)) return [];
    const years = Math.max(1, Math.ceil(daysBetween(car.deliveredOn, today) / 365.25));
    const next = addMonths(car.deliveredOn, years * 12);
    const expiresOn = addDays(chance.happens(0.06) ? addMonths(next, -12) : next, -chance.whole(0, 3));
    const insurer = chance.pick(words.INSURERS);
    const kinds = chance.happens(0.85) ? ['commercial', 'compulsory'] : ['commercial'];
    return kinds.map((kind) => ({
      id: chance.id(millisecondsOf(at(addMonths(expiresOn, -12), 600))),
      vehicle_id: car.id,
      kind,
      insurer,
      expires_on: expiresOn,
    }));
  });
}

// What the law asks of a car depends on its age.
function setInspections({ today }: Making, owners: readonly DemoOwner[]): void {
  for (const car of owners.flatMap(({ cars }) => cars)) {
    const { row } = car;
    if (row.status !== 'in_use') continue;
    for (const years of [6, 10, 11, 12, 13, 14]) {
      const due = addMonths(car.deliveredOn, years * 12);
      if (due < addDays(today, -40)) continue;
      row.inspection_due_on = due;
      break;
    }
  }
}
