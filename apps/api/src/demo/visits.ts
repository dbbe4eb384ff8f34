import {
  addDays,
  addMonths,
  dateOfDayNumber,
  dayNumber,
  daysBetween,
  isoWeekday,
  millisecondsOf,
  solarOfLunar,
  type CivilDate,
  type CustomerId,
  type StaffId,
} from '@baoke/core/kernel';
import { SERVICE_CATEGORIES } from '@baoke/core/service';
import type { NewRow } from '@baoke/db/demo';
import type { DemoCar, DemoOwner, Making } from './generator.ts';
import type { Chance } from './random.ts';

/** What a visit of a category usually costs and how long it takes. */
type Habit = {
  /** Times a year for one car, beside its maintenance; the proportions are those of the source's week (W-02). */
  readonly perYear: number;
  /** Median received amount in yuan; 0 where the customer pays nothing. */
  readonly yuan: number;
  readonly spread: number;
  /** Most days in the workshop. */
  readonly days: number;
  readonly team: string;
};
const MAINTENANCE = { first_maintenance: 0, second_maintenance: 380, regular_maintenance: 690 } as const;
const HABITS: Readonly<Record<string, Habit>> = {
  accident: { perYear: 0.72, yuan: 2_600, spread: 0.9, days: 9, team: '钣喷组' },
  minor_repair: { perYear: 0.38, yuan: 420, spread: 0.7, days: 1, team: '机修二组' },
  body_paint: { perYear: 0.11, yuan: 880, spread: 0.5, days: 3, team: '钣喷组' },
  warranty: { perYear: 0.5, yuan: 0, spread: 0, days: 1, team: '机修二组' },
  overhaul: { perYear: 0.012, yuan: 6_800, spread: 0.5, days: 6, team: '机修一组' },
  free_check: { perYear: 0.24, yuan: 0, spread: 0, days: 0, team: '快保组' },
  parts_pickup: { perYear: 0.07, yuan: 230, spread: 0.6, days: 0, team: '快保组' },
  roadside_rescue: { perYear: 0.024, yuan: 200, spread: 0.3, days: 0, team: '机修一组' },
  accessories: { perYear: 0.03, yuan: 650, spread: 0.8, days: 0, team: '快保组' },
  annual_inspection: { perYear: 0.03, yuan: 320, spread: 0.1, days: 0, team: '快保组' },
  rework: { perYear: 0.018, yuan: 0, spread: 0, days: 0, team: '机修一组' },
  internal_repair: { perYear: 0.004, yuan: 0, spread: 0, days: 1, team: '机修一组' },
};

const MAINTENANCE_CODES = new Set(SERVICE_CATEGORIES.filter((category) => category.maintenance).map(({ code }) => code));

/** How busy the workshop is by month and by day of the week. */
const MONTHS = [1.12, 0.74, 0.95, 0.96, 1.0, 1.02, 1.08, 1.08, 1.0, 1.05, 1.0, 1.08] as const;
const WEEKDAYS = [0.9, 0.84, 0.84, 0.9, 0.98, 1.32, 1.22] as const;

type Draft = {
  readonly owner: DemoOwner | null;
  readonly customerId: CustomerId;
  readonly car: DemoCar;
  readonly category: string;
  readonly on: CivilDate;
};

/** Every visit of the last months, refunds and what still stands in the workshop included, and the mileage read at each. */
export function makeVisits(
  making: Making,
  owners: readonly DemoOwner[],
  storeItself: CustomerId,
): { visits: NewRow<'service_visits'>[]; readings: NewRow<'mileage_readings'>[] } {
  const chance = making.chance.fork('visits');
  const { today, size } = making;
  const from = addMonths(today, -size.months);
  const closed = holidays(from, today);
  const place = (wanted: number): CivilDate | undefined => placeDay(chance, wanted, from, today, closed);
  const drafts: Draft[] = [];
  for (const owner of owners) {
    for (const car of owner.cars) {
      const last = lastDay(chance, owner, car, today);
      const check = addDays(car.deliveredOn, -chance.whole(1, 4));
      if (car.soldByUs && check >= from) drafts.push({ owner: null, customerId: storeItself, car, category: 'pdi', on: check });
      for (const draft of visitsOf(chance, car, from, last)) {
        const on = place(draft.day);
        if (on !== undefined && on <= last && on > car.deliveredOn)
          drafts.push({ owner, customerId: owner.id, car, category: draft.category, on });
      }
    }
  }
  drafts.sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
  return writeVisits(making, chance, drafts);
}

// The week of Spring Festival: four days nobody works.
function holidays(from: CivilDate, to: CivilDate): ReadonlySet<CivilDate> {
  const days = new Set<CivilDate>();
  for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year += 1) {
    const first = solarOfLunar(year, { month: 1, day: 1, leap: false });
    for (let day = -1; day <= 2; day += 1) days.add(addDays(first, day));
  }
  return days;
}

// A wanted day gives way to a busier or an open one near it, so that seasons and weekends show.
function placeDay(
  chance: Chance,
  wanted: number,
  from: CivilDate,
  today: CivilDate,
  closed: ReadonlySet<CivilDate>,
): CivilDate | undefined {
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const date = dateOfDayNumber(wanted + (attempt === 0 ? 0 : chance.whole(-9, 9)));
    if (date < from || date > today || closed.has(date)) continue;
    const weight = (MONTHS[Number(date.slice(5, 7)) - 1] ?? 1) * (WEEKDAYS[isoWeekday(date) - 1] ?? 1);
    if (chance.happens(weight / 1.5)) return date;
  }
  return undefined;
}

// Some owners still come, some have stayed away for half a year, some for longer; those who left stopped at the latest then.
function lastDay(chance: Chance, owner: DemoOwner, car: DemoCar, today: CivilDate): CivilDate {
  if (car.goneOn !== null) return car.goneOn;
  if (!owner.valid) return addDays(today, -chance.whole(20, 1_500));
  const age = daysBetween(car.deliveredOn, today);
  const kind =
    age < 400
      ? 'active'
      : chance.weighted([
          ['active', 68],
          ['drifting', 17],
          ['lost', 15],
        ]);
  if (kind === 'active') return today;
  return addDays(today, kind === 'drifting' ? -chance.whole(185, 362) : -chance.whole(368, 900));
}

function visitsOf(chance: Chance, car: DemoCar, from: CivilDate, last: CivilDate): { day: number; category: string }[] {
  if (last < from) return [];
  const begin = dayNumber(car.deliveredOn);
  const start = Math.max(begin, dayNumber(from));
  const end = dayNumber(last);
  const found: { day: number; category: string }[] = [];
  let count = 0;
  let due = begin + chance.whole(70, 110);
  const rhythm = Math.max(130, Math.min(330, 365 / Math.max(1.15, car.kmPerYear / 8_800)));
  while (due < start) {
    due += Math.round(rhythm * (0.85 + chance.next() * 0.3));
    count += 1;
  }
  for (; due <= end; count += 1) {
    const category = count === 0 ? 'first_maintenance' : count === 1 ? 'second_maintenance' : 'regular_maintenance';
    if (chance.happens(count === 0 ? 0.95 : 0.78)) found.push({ day: due, category });
    due += Math.round(rhythm * (0.85 + chance.next() * 0.3));
  }
  const years = Math.max(0, end - start) / 365;
  const warrantyEnds = begin + 1_096;
  for (const [category, { perYear }] of Object.entries(HABITS)) {
    const expected = perYear * years * 0.66;
    let times = Math.floor(expected) + (chance.happens(expected - Math.floor(expected)) ? 1 : 0);
    for (; times > 0; times -= 1) {
      const day = start + Math.floor(chance.next() * (end - start + 1));
      // Claims belong to young cars; an older one pays for a small repair instead.
      if (category === 'warranty' && day > warrantyEnds)
        found.push(chance.happens(0.3) ? { day, category: 'minor_repair' } : { day, category: 'regular_maintenance' });
      else if (category === 'annual_inspection' && day - begin < 1_900) continue;
      else found.push({ day, category });
    }
  }
  return found;
}

function writeVisits({ at, today, now, person }: Making, chance: Chance, drafts: readonly Draft[]) {
  const visits: NewRow<'service_visits'>[] = [];
  const readings: NewRow<'mileage_readings'>[] = [];
  const advisors = ['sa', 'sa2', 'sa3'].map(person);
  const numbers = new Map<CivilDate, number>();
  // Older readings change nothing that anybody looks at.
  const yearAgo = addMonths(today, -12);
  const mileages = new Map<DemoCar, { km: number; on: CivilDate }>();
  for (const { owner, customerId, car, category, on } of drafts) {
    const arrived = at(on, chance.whole(505, 1_020));
    if (arrived > now) continue;
    const number = (numbers.get(on) ?? 0) + 1;
    numbers.set(on, number);
    const habit = HABITS[category];
    const stays = habit === undefined ? 0 : chance.whole(0, habit.days);
    const leftOn = addDays(on, stays);
    const back = at(leftOn, Math.min(1_110, 600 + chance.whole(60, 480)));
    const settled = leftOn <= today && (back > arrived ? back : arrived) <= now;
    const handedBack = back > arrived ? back : arrived;
    const known = mileages.get(car);
    const ideal = Math.round((car.kmPerYear * daysBetween(car.deliveredOn, on)) / 365 + 30);
    const km = category === 'pdi' ? chance.whole(5, 18) : Math.max(ideal, (known?.km ?? 0) + daysBetween(known?.on ?? on, on) * 5);
    if (owner !== null && on > yearAgo && (known === undefined || known.on < on))
      readings.push({ vehicle_id: car.id, read_on: on, mileage_km: km, source: 'visit', doubtful: false });
    if (owner !== null) mileages.set(car, { km, on });
    const money = amounts(chance, category, habit);
    const usual = owner?.row.advisor_id as StaffId | null | undefined;
    const advisor = usual && chance.happens(0.72) ? usual : chance.pick(advisors);
    const orderNo = `RO${on.replaceAll('-', '')}${String(number).padStart(3, '0')}`;
    const row = {
      id: chance.id(millisecondsOf(arrived)),
      order_no: orderNo,
      vehicle_id: car.id,
      customer_id: customerId,
      category,
      state: settled ? 'settled' : 'open',
      is_refund: false,
      arrived_on: on as string,
      left_on: settled ? leftOn : null,
      handed_back_at: settled ? handedBack : null,
      settled_on: settled ? leftOn : null,
      mileage_km: km as number | null,
      advisor_id: advisor,
      team: habit?.team ?? (category === 'pdi' ? '快保组' : chance.pick(['快保组', '机修一组'])),
      labour_fen: settled ? money.labour : null,
      parts_fen: settled ? money.parts : null,
      discount_fen: settled ? money.discount : null,
      received_fen: settled ? money.received : null,
      remark: null as string | null,
      created_at: arrived,
      updated_at: settled ? handedBack : arrived,
    };
    visits.push(row);
    if (settled && money.received > 20_000 && chance.happens(0.007)) {
      const refundOn = addDays(leftOn, chance.whole(1, 9));
      const share = Math.round(money.received * (0.1 + chance.next() * 0.5));
      const moment = at(refundOn, 900);
      if (refundOn <= today && moment <= now)
        visits.push({
          ...row,
          id: chance.id(millisecondsOf(moment)),
          order_no: `${orderNo}-T1`,
          is_refund: true,
          arrived_on: refundOn,
          left_on: refundOn,
          handed_back_at: null,
          settled_on: refundOn,
          mileage_km: null,
          labour_fen: 0,
          parts_fen: -share,
          discount_fen: 0,
          received_fen: -share,
          remark: '配件价格更正',
          created_at: moment,
          updated_at: moment,
        });
    }
    if (owner === null) continue;
    if ((owner.row.last_visit_on ?? '') < on) owner.row.last_visit_on = on;
    // Whoever picks up a part was here, but nobody looked at the car.
    if (category === 'parts_pickup') car.row.last_visit_on = on;
    else remember(car, { category, on, km, settled });
  }
  return { visits, readings };
}

function amounts(
  chance: Chance,
  category: string,
  habit: Habit | undefined,
): { labour: number; parts: number; discount: number; received: number } {
  const median = habit?.yuan ?? MAINTENANCE[category as keyof typeof MAINTENANCE] ?? 0;
  const extra =
    median === 0 && chance.happens(category === 'first_maintenance' ? 0.16 : category === 'warranty' ? 0.1 : 0.02) ? 180 : median;
  if (extra === 0) return { labour: 0, parts: 0, discount: 0, received: 0 };
  const gross = Math.min(6_000_000, Math.round(chance.skewed(extra, habit?.spread || 0.35) * 100));
  const discount = chance.happens(0.35) ? Math.round(gross * chance.pick([0.05, 0.05, 0.1, 0.15])) : 0;
  const labour = Math.round(gross * (0.25 + chance.next() * 0.2));
  return { labour, parts: gross - labour, discount, received: gross - discount };
}

// The car keeps what its last visit told: mileage, its pace, and when it is due again.
function remember({ row, deliveredOn, soldByUs }: DemoCar, visit: { category: string; on: CivilDate; km: number; settled: boolean }): void {
  const known = row.last_mileage_km ?? null;
  const knownOn = row.last_mileage_on ?? null;
  const days = knownOn === null ? daysBetween(deliveredOn, visit.on) : daysBetween(knownOn as CivilDate, visit.on);
  const metres = days > 20 ? Math.round(((visit.km - (known ?? 0)) * 1_000) / days) : (row.metres_per_day ?? null);
  const maintenance = MAINTENANCE_CODES.has(visit.category);
  Object.assign(row, {
    last_visit_on: visit.on,
    last_mileage_km: visit.km,
    last_mileage_on: visit.on,
    metres_per_day: metres === null ? null : Math.max(1, metres),
    ...(maintenance ? { last_maintenance_on: visit.on, last_maintenance_km: visit.km } : {}),
    ...(maintenance && visit.settled
      ? { next_service_on: addMonths(visit.on, 6), next_service_km: visit.km + (soldByUs ? 7_500 : 10_000), next_told_on: visit.on }
      : {}),
  });
}
