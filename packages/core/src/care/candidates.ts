import { addDays, addMonths, lunarOf, type CivilDate, type CustomerId } from '../kernel/index.ts';
import { festivalDay, lunarDay, solarDayIn, storeClock, yearlyDays } from './dates.ts';
import type { CarePolicy, CareRule, EventAnchor, PlanWindow } from './model.ts';
import { intervalTurns, runDays, type IntervalStart } from './planner.ts';

/** Which customers a window can concern, in terms a database index answers. */
export type Candidates = {
  /** A festival opens in the window: everybody. */
  readonly everyone: boolean;
  /** Events dated in these closed ranges. */
  readonly ranges: readonly { readonly anchor: EventAnchor; readonly from: CivilDate; readonly to: CivilDate }[];
  /** Cars delivered on one of these days (anniversaries). */
  readonly deliveredOn: readonly CivilDate[];
  /** People born on one of these days, by the calendar they celebrate in. */
  readonly bornOn: { readonly solar: readonly CivilDate[]; readonly lunar: readonly CivilDate[] };
  /** Events old enough for a turn of an interval rule, and which of them have one in the window. */
  readonly intervals: readonly {
    readonly anchor: EventAnchor;
    readonly to: CivilDate;
    readonly hasTurn: (customerId: CustomerId, start: IntervalStart) => boolean;
  }[];
};

/** People born longer ago are not sought; neither are cars. */
const YEARS_OF_BIRTH = 110;
const YEARS_OF_CARS = 40;

/**
 * Narrows a run to the customers whose anchors can open something in the window. May name too many, never too few, which
 * a law shows: planning the candidates is planning everybody.
 */
export function candidates(rules: readonly CareRule[], policy: CarePolicy, window: PlanWindow): Candidates {
  const clock = storeClock(policy);
  const ranges: { anchor: EventAnchor; from: CivilDate; to: CivilDate }[] = [];
  const intervals: Candidates['intervals'][number][] = [];
  const deliveredOn = new Set<CivilDate>();
  const solar = new Set<CivilDate>();
  const lunar = new Set<CivilDate>();
  let everyone = false;
  const last = addDays(window.to, -1);

  for (const rule of rules) {
    if (rule.activeSince === null) continue;
    const { trigger } = rule;
    const anchor = rule.anchor as EventAnchor; // births and festivals have shapes of their own below
    switch (trigger.shape) {
      case 'after':
      case 'before':
        ranges.push({ anchor, ...clock.before(trigger.notBefore, window.from, last) });
        break;
      case 'manual':
        ranges.push({ anchor, from: window.from, to: last });
        break;
      case 'interval':
        intervals.push({
          anchor,
          to: clock.before(trigger.every, last, last).to,
          hasTurn: intervalTurns(rule, trigger.every, policy, window),
        });
        break;
      case 'yearly': {
        const { from, to } = clock.before(trigger.notBefore, window.from, last);
        for (let day = from; day <= to; day = addDays(day, 1)) {
          if (rule.anchor === 'birthday') addBirths(day, solar, lunar);
          else if (rule.anchor === 'delivery')
            for (let years = 1; years <= YEARS_OF_CARS; years += 1) addYearsBack(day, years, deliveredOn);
        }
        break;
      }
      case 'festival': {
        const { from, to } = clock.before(trigger.notBefore, window.from, last);
        everyone ||= trigger.festivals.some((festival) => yearlyDays(festivalDay(festival), from, to).length > 0);
        break;
      }
      case 'absence':
        for (const run of runDays(trigger, { from: window.from, to: last })) {
          const from = trigger.toMonths === null ? ('1900-01-01' as CivilDate) : addMonths(run, -trigger.toMonths);
          ranges.push({ anchor, from, to: addMonths(run, -trigger.fromMonths) });
        }
        break;
      case 'minimum':
        // Months before a month's end clamp, so that up to three days of deliveries are seen on one.
        for (let day = window.from; day <= last; day = addDays(day, 1)) {
          const ends = addMonths(day, trigger.warnMonths);
          for (let beyond = 0; beyond <= 3; beyond += 1)
            for (let years = 1; years <= YEARS_OF_CARS; years += 1) addYearsBack(addDays(ends, beyond), years, deliveredOn);
        }
        break;
    }
  }
  return { everyone, ranges, deliveredOn: [...deliveredOn], bornOn: { solar: [...solar], lunar: [...lunar] }, intervals };
}

function addYearsBack(day: CivilDate, years: number, into: Set<CivilDate>): void {
  const year = Number(day.slice(0, 4)) - years;
  const back = solarDayIn(year, Number(day.slice(5, 7)), Number(day.slice(8, 10)));
  into.add(back);
  // On 28 February those of the 29th keep their day too.
  if (day.endsWith('-02-28')) into.add(solarDayIn(year, 2, 29));
}

function addBirths(on: CivilDate, solar: Set<CivilDate>, lunar: Set<CivilDate>): void {
  for (let years = 0; years <= YEARS_OF_BIRTH; years += 1) addYearsBack(on, years, solar);
  const { year, month, day } = lunarOf(on);
  for (let born = year - YEARS_OF_BIRTH; born <= year; born += 1) {
    for (const leap of [false, true]) {
      lunar.add(lunarDay(born, { month, day, leap }));
      // Day 30 is kept on day 29 of a short month.
      if (day === 29) lunar.add(lunarDay(born, { month, day: 30, leap }));
    }
  }
}
