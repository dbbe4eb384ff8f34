import { addDays, instant, type CivilDate } from '@baoke/core/kernel';
import { namePinyin, searchTokens } from '@baoke/core/customers';
import { vinCheckDigit } from '@baoke/core/vehicles';
import { MODELS, SURNAMES } from '@baoke/api/demo/words';
import { seededChance, type Chance } from '@baoke/api/demo/random';

/** The day the data is of. The servers run with their clocks moved to it, so that a kept database does not grow old. */
export const TODAY = '2026-06-30' as CivilDate;
export const NOW = instant('2026-06-30T02:00:00.000Z');

/** Tables that are filled row by row, with their columns in the order of the rows. */
export const COLUMNS = {
  customers: [
    'store_id',
    'id',
    'kind',
    'name',
    'name_pinyin',
    'gender',
    'birth_date',
    'birth_calendar',
    'city',
    'source',
    'consultant_id',
    'advisor_id',
    'is_fleet',
    'is_vip',
    'first_delivered_on',
    'last_visit_on',
    'last_contact_at',
    'verified_on',
    'created_at',
    'updated_at',
  ],
  customer_phones: ['store_id', 'customer_id', 'e164', 'rank', 'kind'],
  search_tokens: ['store_id', 'token', 'customer_id'],
  consents: ['store_id', 'id', 'customer_id', 'purpose', 'channel', 'granted', 'source', 'at'],
  vehicles: [
    'store_id',
    'id',
    'vin',
    'vin_check',
    'plate',
    'brand',
    'model',
    'purchased_on',
    'sold_by_us',
    'delivered_on',
    'warranty_until',
    'inspection_due_on',
    'last_visit_on',
    'last_mileage_km',
    'last_mileage_on',
    'metres_per_day',
    'owner_id',
    'created_at',
    'updated_at',
  ],
  ownerships: ['store_id', 'vehicle_id', 'customer_id', 'from_on'],
  insurance_policies: ['store_id', 'id', 'vehicle_id', 'kind', 'insurer', 'expires_on'],
  service_visits: [
    'store_id',
    'id',
    'order_no',
    'vehicle_id',
    'customer_id',
    'category',
    'state',
    'arrived_on',
    'left_on',
    'settled_on',
    'mileage_km',
    'advisor_id',
    'labour_fen',
    'parts_fen',
    'received_fen',
    'created_at',
    'updated_at',
  ],
  contacts: ['store_id', 'id', 'customer_id', 'channel', 'outcome', 'content', 'satisfied', 'occurred_at', 'staff_id', 'created_at'],
  tasks: [
    'store_id',
    'id',
    'kind',
    'status',
    'rule_key',
    'customer_id',
    'vehicle_id',
    'assignee_id',
    'role',
    'channel',
    'purpose',
    'priority',
    'not_before_on',
    'due_at',
    'show_at',
    'reason',
    'attempts',
    'finished_at',
    'finished_by',
    'created_at',
    'updated_at',
  ],
  complaints: [
    'store_id',
    'id',
    'number',
    'status',
    'source',
    'kind',
    'severity',
    'customer_id',
    'content',
    'department_id',
    'handler_id',
    'registered_at',
    'registered_by',
    'policy_version',
    'response_minutes',
    'close_minutes',
    'business_hours',
    'response_due_at',
    'close_due_at',
    'responded_at',
    'responded_by',
    'response',
    'solved_at',
    'solved_by',
    'solution',
    'closed_at',
    'confirmed_by',
    'verdict',
    'created_at',
    'updated_at',
  ],
  complaint_events: ['store_id', 'id', 'complaint_id', 'kind', 'at', 'staff_id'],
} as const;
export type Table = keyof typeof COLUMNS;
export type Value = string | number | boolean | null;
export type Emit = (table: Table, row: readonly Value[]) => Promise<void> | void;

/** Who works in a store: ids of its people and of its departments, as the loader made them. */
export type StoreOfData = { readonly id: number; readonly staff: readonly string[]; readonly department: string };

const DAY_MS = 86_400_000;
const TODAY_MS = Date.parse(`${TODAY}T00:00:00Z`);
const GIVEN = [
  ...'伟芳娜秀敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉萍红玲芬燕彬凤洁梅琳云莲真环雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞莉娣叶璧璐娅琦晶妍茜秋珊莎锦黛青倩婷姣婉娴瑾颖露瑶怡婵雁蓓纨仪荷丹蓉眉君琴蕊薇菁梦岚苑筠柔竹霭凝晓欢霄枫芸菲寒伊亚宜可姬舒影荔枝思建国文志海峰林永新立东成家豪浩宇轩子涵诗博楚航翔坤毅哲鹏飞鑫波斌',
];
const CITIES: readonly (readonly [string, number])[] = [
  ['苏州市', 60],
  ['昆山市', 14],
  ['常熟市', 9],
  ['无锡市', 7],
  ['上海市', 6],
  ['嘉兴市', 4],
];
const PLACES: readonly (readonly [string, number])[] = [
  ['自然到店', 40],
  ['老客户介绍', 20],
  ['网络', 22],
  ['车展', 10],
  ['外拓', 8],
];
const CATEGORIES: readonly (readonly [string, number, number])[] = [
  ['regular_maintenance', 46, 68_000],
  ['minor_repair', 18, 90_000],
  ['body_paint', 12, 160_000],
  ['accident', 6, 430_000],
  ['accessories', 6, 80_000],
  ['first_maintenance', 5, 0],
  ['warranty', 4, 0],
  ['annual_inspection', 3, 40_000],
];
const VISITED = CATEGORIES.map(([code, weight]) => [code, weight] as const);
const PRICE = new Map(CATEGORIES.map(([code, , fen]) => [code, fen]));
const CHANNELS: readonly (readonly [string, number])[] = [
  ['phone', 60],
  ['wechat', 25],
  ['sms', 9],
  ['visit_store', 6],
];
const OUTCOMES: readonly (readonly [string, number])[] = [
  ['reached', 55],
  ['not_reached', 23],
  ['appointment', 12],
  ['call_back', 7],
  ['refused', 3],
];
const NOTES = [
  '客户说车况正常，感谢回访',
  '近期会来做保养，想约周末',
  '问了续保价格，等报价',
  '出差在外，月底再联系',
  '上次等候时间偏长，已致歉',
  '关注置换补贴，想看新款',
  '未接通，已发微信',
];
const RULES: readonly (readonly [string, number])[] = [
  ['maintenance_due', 40],
  ['insurance_expiry', 22],
  ['ssi_call', 18],
  ['regular_contact', 12],
  ['birthday', 8],
];
const GRIEVANCES: readonly (readonly [string, number])[] = [
  ['service.waiting', 30],
  ['service.workmanship', 25],
  ['service.price', 20],
  ['sales.delivery', 15],
  ['service.parts', 10],
];
const MODEL_SHARES = MODELS.map((model) => [model, model.share] as const);
const PREFIXES = [
  '130',
  '131',
  '135',
  '136',
  '137',
  '138',
  '139',
  '150',
  '151',
  '152',
  '158',
  '159',
  '176',
  '177',
  '180',
  '181',
  '186',
  '187',
  '188',
  '189',
];
const SIGNS = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789';
const PLATES = SIGNS.length ** 5;

/** An id that sorts by its time, as the product makes them; `tag` keeps the tables apart and `serial` the rows. */
function idAt(ms: number, tag: number, serial: number): string {
  const time = ms.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tag.toString(16).padStart(3, '0')}-8000-${serial.toString(16).padStart(12, '0')}`;
}

// Steps that share no factor with the number of possibilities visit each of them once: numbers and plates are unique.
const mobileOf = (serial: number) =>
  `+86${PREFIXES[serial % PREFIXES.length]}${String((serial * 7_368_787) % 100_000_000).padStart(8, '0')}`;

function plateOf(serial: number, electric: boolean): string {
  let rest = (serial * 7_654_321) % PLATES;
  let signs = '';
  for (let at = 0; at < 5; at += 1) {
    signs = (SIGNS[rest % SIGNS.length] ?? '') + signs;
    rest = Math.floor(rest / SIGNS.length);
  }
  return `苏${serial % 5 === 0 ? 'U' : 'E'}${electric ? 'D' : ''}${signs}`;
}

function vinOf(serial: number, code: string, year: number): string {
  const yearSign = 'ABCDEFGHJKLMNPRSTVWXY123456789'[(year - 2010 + 30) % 30] ?? 'A';
  const draft = `${code}${SIGNS.charAt(serial % 24).replace('Q', 'P')}${'ABC'.charAt(serial % 3)}2${'0'}${yearSign}${'KLM'.charAt(Math.floor(serial / 1e6) % 3)}${String(serial % 1e6).padStart(6, '0')}`;
  return draft.slice(0, 8) + vinCheckDigit(draft) + draft.slice(9);
}

const dayText = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const timeText = (ms: number) => new Date(ms).toISOString();
/** A moment between half past eight and six at the store, eight hours ahead of UTC. */
const atWork = (dayMs: number, chance: Chance) => dayMs + 1_800_000 + Math.floor(chance.next() * 34_200_000);
const exponential = (chance: Chance, mean: number) => Math.min(60, Math.floor(-Math.log(1 - chance.next()) * mean));

/**
 * Customers with their vehicles, visits, contacts, tasks and complaints: on average 1.2, 6, 4, 0.9 and 1/100 each.
 *
 * Each customer has a stream of chance of his own, so customer 7 of 10,000 is customer 7 of 1,000,000; only store and people differ.
 * Visits and contacts fall off exponentially: a fifth of the customers have none or one, a few have thirty. All of it is invented.
 */
export async function generate(count: number, stores: readonly StoreOfData[], emit: Emit): Promise<void> {
  const perStore = count / stores.length;
  let vehicleNo = 0;
  let visitNo = 0;
  let contactNo = 0;
  for (let n = 1; n <= count; n += 1) {
    const store = stores[Math.floor((n - 1) / perStore)];
    if (!store) throw new Error(`customer ${n} has no store`);
    const chance = seededChance(`customer ${n}`);
    const person = () => chance.pick(store.staff);
    const createdDay = TODAY_MS - (1 + Math.floor((1 - Math.sqrt(1 - chance.next())) * 3650)) * DAY_MS;
    const created = atWork(createdDay, chance);
    const id = idAt(created, 1, n);
    const sign = () => GIVEN[Math.floor(chance.next() ** 1.6 * GIVEN.length)] ?? '';
    const name = chance.weighted(SURNAMES) + sign() + (chance.happens(0.78) ? sign() : '');
    const advisor = person();
    const phones = [mobileOf(n), ...(chance.happens(0.1) ? [mobileOf(n + 50_000_000)] : [])];
    const cars: {
      id: string;
      model: (typeof MODELS)[number];
      bought: number;
      perDay: number;
      plate: string;
      vin: string;
      last: number | null;
      km: number;
    }[] = [];
    const share = chance.next();
    for (let k = share < 0.84 ? 1 : share < 0.97 ? 2 : 3; k > 0; k -= 1) {
      vehicleNo += 1;
      const model = chance.weighted(MODEL_SHARES);
      const bought = Math.min(
        TODAY_MS - DAY_MS,
        createdDay + (cars.length > 0 ? Math.floor(chance.next() * ((TODAY_MS - createdDay) / DAY_MS)) * DAY_MS : 0),
      );
      const car = {
        id: idAt(bought, 2, vehicleNo),
        bought,
        perDay: 18 + chance.next() * 40,
        plate: plateOf(vehicleNo, model.electric),
        vin: vinOf(vehicleNo, model.code, new Date(bought).getUTCFullYear()),
        model,
        last: null,
        km: 0,
      };
      cars.push(car);
    }
    const visits: { ms: number; car: (typeof cars)[number]; row: readonly Value[] }[] = [];
    for (let k = exponential(chance, 6.5); k > 0; k -= 1) {
      visitNo += 1;
      const car = chance.pick(cars);
      const day = car.bought + Math.floor(chance.next() * ((TODAY_MS - car.bought) / DAY_MS)) * DAY_MS;
      const category = chance.weighted(VISITED);
      const received = Math.round((PRICE.get(category) ?? 0) * Math.exp(chance.normal() * 0.5));
      const km = Math.floor(((day - car.bought) / DAY_MS) * car.perDay);
      if (car.last === null || day > car.last) Object.assign(car, { last: day, km });
      const on = dayText(day);
      const at = timeText(atWork(day, chance));
      visits.push({
        ms: day,
        car,
        row: [
          store.id,
          idAt(day, 3, visitNo),
          `WX${visitNo}`,
          car.id,
          id,
          category,
          'settled',
          on,
          on,
          on,
          km,
          person(),
          Math.round(received * 0.4),
          received - Math.round(received * 0.4),
          received,
          at,
          at,
        ],
      });
    }
    let lastContact = 0;
    const contacts: (readonly Value[])[] = [];
    for (let k = exponential(chance, 4.5); k > 0; k -= 1) {
      contactNo += 1;
      const ms = atWork(createdDay + Math.floor(chance.next() * ((TODAY_MS - createdDay) / DAY_MS)) * DAY_MS, chance);
      lastContact = Math.max(lastContact, ms);
      const at = timeText(ms);
      contacts.push([
        store.id,
        idAt(ms, 4, contactNo),
        id,
        chance.weighted(CHANNELS),
        chance.weighted(OUTCOMES),
        chance.pick(NOTES),
        chance.happens(0.2) ? true : null,
        at,
        person(),
        at,
      ]);
    }
    const lastVisit = visits.reduce((latest, visit) => Math.max(latest, visit.ms), 0);
    const born = TODAY_MS - Math.floor((22 + (chance.next() + chance.next()) * 24) * 365.25) * DAY_MS;
    const knowsBirth = chance.happens(0.9);
    await emit('customers', [
      store.id,
      id,
      'person',
      name,
      namePinyin(name).full,
      chance.happens(0.6) ? 'male' : 'female',
      knowsBirth ? dayText(born) : null,
      knowsBirth ? 'solar' : null,
      chance.weighted(CITIES),
      chance.weighted(PLACES),
      person(),
      advisor,
      chance.happens(0.02),
      chance.happens(0.05),
      dayText(createdDay),
      lastVisit > 0 ? dayText(lastVisit) : null,
      lastContact > 0 ? timeText(lastContact) : null,
      chance.happens(0.7) ? dayText(createdDay) : null,
      timeText(created),
      timeText(created),
    ]);
    for (const [at, phone] of phones.entries()) await emit('customer_phones', [store.id, id, phone, at + 1, 'mobile']);
    for (const token of searchTokens({ name, phones, plates: cars.map((c) => c.plate), vins: cars.map((c) => c.vin) }))
      await emit('search_tokens', [store.id, token, id]);
    await emit('consents', [store.id, idAt(created, 5, n), id, 'service', 'phone', true, 'paper', timeText(created)]);
    for (const [at, car] of cars.entries()) {
      const bought = dayText(car.bought) as CivilDate;
      await emit('vehicles', [
        store.id,
        car.id,
        car.vin,
        'valid',
        car.plate,
        '曜岚',
        car.model.name,
        bought,
        true,
        bought,
        addDays(bought, 3 * 365),
        addDays(bought, 2 * 365 * (1 + Math.floor((TODAY_MS - car.bought) / DAY_MS / 730))),
        car.last === null ? null : dayText(car.last),
        car.last === null ? null : car.km,
        car.last === null ? null : dayText(car.last),
        Math.round(car.perDay * 1000),
        id,
        timeText(car.bought),
        timeText(car.bought),
      ]);
      await emit('ownerships', [store.id, car.id, id, bought]);
      const expires = addDays(bought, 365 * (1 + Math.floor((TODAY_MS - car.bought) / DAY_MS / 365)));
      await emit('insurance_policies', [
        store.id,
        idAt(car.bought, 6, n * 4 + at),
        car.id,
        'commercial',
        '太湖财险',
        chance.happens(0.12) ? addDays(expires, -365) : expires,
      ]);
    }
    for (const visit of visits) await emit('service_visits', visit.row);
    for (const row of contacts) await emit('contacts', row);
    for (let k = chance.happens(0.5) ? 1 : chance.happens(0.4) ? 2 : 0; k > 0; k -= 1) {
      const open = chance.happens(0.44);
      const due = TODAY_MS + (open ? chance.whole(-10, 60) : -chance.whole(1, 300)) * DAY_MS;
      const shown = due - 3 * DAY_MS;
      const by = person();
      const done = timeText(atWork(due - DAY_MS, chance));
      await emit('tasks', [
        store.id,
        idAt(shown, 7, n * 4 + k),
        'care_call',
        open ? 'open' : 'done',
        chance.weighted(RULES),
        id,
        cars[0]?.id ?? null,
        by,
        'FU_AGENT',
        'phone',
        'service',
        chance.whole(1, 5),
        dayText(shown),
        timeText(due + 36_000_000),
        timeText(shown),
        '{"code":"care.reason","params":{}}',
        open ? 0 : 1,
        open ? null : done,
        open ? null : by,
        timeText(shown),
        timeText(shown),
      ]);
    }
    if (n % 100 === 7) {
      const closed = chance.happens(0.9);
      const ms = closed ? createdDay + DAY_MS : TODAY_MS - chance.whole(0, 20) * DAY_MS;
      const handler = person();
      const confirmer = store.staff.find((one) => one !== handler) ?? null;
      const [at, later] = [timeText(ms), timeText(ms + 3_600_000)];
      const complaint = idAt(ms, 8, n);
      await emit('complaints', [
        store.id,
        complaint,
        `${dayText(ms).replaceAll('-', '')}-${n}`,
        closed ? 'closed' : 'responded',
        'phone',
        chance.weighted(GRIEVANCES),
        'normal',
        id,
        '等了很久没有人说明原因',
        store.department,
        handler,
        at,
        handler,
        1,
        60,
        1440,
        false,
        later,
        timeText(ms + DAY_MS),
        at,
        handler,
        '已致电致歉',
        closed ? later : null,
        closed ? handler : null,
        closed ? '说明原因并赠送洗车' : null,
        closed ? later : null,
        closed ? confirmer : null,
        closed ? '满意' : null,
        at,
        at,
      ]);
      await emit('complaint_events', [store.id, idAt(ms, 9, n), complaint, 'registered', at, handler]);
      await emit('complaint_events', [store.id, idAt(ms, 10, n), complaint, 'responded', later, handler]);
    }
  }
}
