import {
  maxDate,
  millisecondsOf,
  startOfWeek,
  type CivilDate,
  type CustomerId,
  type Instant,
  type StaffId,
  type VehicleId,
} from '../kernel/index.ts';
import {
  dayOf,
  plusDays,
  plusMonths,
  dueAtOffset,
  festivalDay,
  offsetReachDays,
  spread,
  storeClock,
  yearlyDays,
  type StoreClock,
} from './dates.ts';
import {
  CARE_ROLES,
  CONSENT_CHANNEL,
  type BirthFact,
  type CareFacts,
  type CarePlan,
  type CarePolicy,
  type CareRule,
  type EventFact,
  type Occurrence,
  type OccurrenceKey,
  type Offset,
  type PlanWindow,
  type Suppression,
  type SuppressionReason,
} from './model.ts';

/** One moment at which a rule fires for one customer, before anybody asks whether it may. */
type Firing = {
  readonly recordId: string | null;
  readonly vehicleId: VehicleId | null;
  readonly staffId: StaffId | null;
  readonly anchorOn: CivilDate;
  readonly notBeforeOn: CivilDate;
  readonly dueAt: Instant;
  readonly sequence: string;
  readonly oncePerSlot: boolean;
  readonly params: Readonly<Record<string, string | number>>;
};

type Days = { readonly from: CivilDate; readonly to: CivilDate };
type Finder = (facts: CareFacts, fire: (firing: Firing, since: Instant) => void) => void;

/**
 * Makes a planner for a set of rules and a window: facts of one customer in, his occurrences and suppressions out.
 *
 * Deterministic: the same facts, rules and window give the same keys and dates, whenever and however often it runs, and
 * a window planned in two parts gives what the whole gives. Rules that are off give nothing; nothing that was due before
 * its rule was switched on or its record was known is planned (13, Planner).
 *
 * Source: 04; requirements 5.2 and W-12; 10 §1.
 */
export function planner(rules: readonly CareRule[], policy: CarePolicy, window: PlanWindow): (facts: CareFacts) => CarePlan {
  const clock = storeClock(policy);
  const active = rules.filter((rule) => rule.activeSince !== null).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const margin = marginDays(active, clock, policy);
  // One day beyond on both sides: finders take closed ranges, the cut to the window comes last.
  const days: Days = { from: plusDays(window.from, -margin - MERGE_LOOK_BACK_DAYS), to: plusDays(window.to, margin) };
  const finders = active.map((rule) => ({ rule, find: finder(rule, clock, days) }));

  return (facts) => {
    const found = new Map<OccurrenceKey, { readonly rule: CareRule; readonly occurrence: Occurrence }>();
    for (const { rule, find } of finders) {
      find(facts, (firing, since) => {
        const start = rule.activeSince! > since ? rule.activeSince! : since; // inactive rules were filtered out above
        if (firing.dueAt < start || firing.notBeforeOn < days.from || firing.notBeforeOn > days.to) return;
        const occurrence = toOccurrence(rule, facts, firing, clock);
        // Two records of one day (two policies that end together) are one occurrence, whichever is told first.
        const same = found.get(occurrence.key);
        if (same === undefined || byDueThenRecord(occurrence, same.occurrence) < 0) found.set(occurrence.key, { rule, occurrence });
      });
    }
    const open: Occurrence[] = [];
    const suppressions: Suppression[] = [];
    for (const { rule, occurrence } of found.values()) {
      const reason = suppressedBy(rule, facts);
      if (reason) suppressions.push(suppression(occurrence, reason, null));
      else open.push(occurrence);
    }
    const limited = limitMessages(merge(open, policy, suppressions), policy, suppressions);
    const inWindow = (item: { readonly notBeforeOn: CivilDate }) => window.from <= item.notBeforeOn && item.notBeforeOn < window.to;
    return { occurrences: limited.filter(inWindow).toSorted(byDueThenKey), suppressions: suppressions.filter(inWindow).toSorted(byKey) };
  };
}

/** Plans many customers; the order of facts and rules does not matter. */
export function plan(facts: Iterable<CareFacts>, rules: readonly CareRule[], policy: CarePolicy, window: PlanWindow): CarePlan {
  const planOne = planner(rules, policy, window);
  const occurrences: Occurrence[] = [];
  const suppressions: Suppression[] = [];
  for (const customer of facts) {
    const one = planOne(customer);
    occurrences.push(...one.occurrences);
    suppressions.push(...one.suppressions);
  }
  return { occurrences: occurrences.toSorted(byDueThenKey), suppressions: suppressions.toSorted(byKey) };
}

/** Merging counts a week from the week before, and looks at what that one made of the week before it. */
const MERGE_LOOK_BACK_DAYS = 21;

/** How far around the window neighbours decide what happens in it: a week for the weekly limit, the longest open time for merging. */
function marginDays(rules: readonly CareRule[], clock: StoreClock, policy: CarePolicy): number {
  let longest = 0;
  for (const { trigger } of rules) longest = Math.max(longest, openDays(trigger, clock));
  return 8 + longest + Math.ceil(policy.mergeHours / 24);
}

/** How many days back something may have opened that can still be carried out today. */
export function reachBackDays(rules: readonly CareRule[], policy: CarePolicy): number {
  const clock = storeClock(policy);
  return Math.max(0, ...rules.map((rule) => openDays(rule.trigger, clock) + rule.lapseDays)) + 2;
}

function openDays(trigger: CareRule['trigger'], clock: StoreClock): number {
  switch (trigger.shape) {
    case 'after':
    case 'before':
    case 'yearly':
    case 'festival':
      return (
        offsetReachDays(trigger.due) - offsetReachDays(trigger.notBefore) + clock.doubt(trigger.due) + clock.doubt(trigger.notBefore) + 3
      );
    case 'absence':
      return trigger.run.windowDays;
    case 'manual':
      return offsetReachDays(trigger.due) + clock.doubt(trigger.due);
    case 'minimum':
      return trigger.warnMonths * 31;
    case 'interval':
      return 0;
  }
}

/** Parts the rules whose occurrences become tasks and messages from those that are only listed (`check`). */
export function partedRules(rules: readonly CareRule[]): { readonly planned: readonly CareRule[]; readonly listed: readonly CareRule[] } {
  return { planned: rules.filter(({ outcome }) => outcome !== 'check'), listed: rules.filter(({ outcome }) => outcome === 'check') };
}

/**
 * What rules that only list have found of a customer, with the days on which it is listed: from the day it opens to the day it is due.
 *
 * Source: CARE-14; 04, Preview.
 */
export function listedDays(plan: CarePlan, policy: CarePolicy): readonly (Occurrence & { readonly dueOn: CivilDate })[] {
  const { dateOf } = storeClock(policy);
  return plan.occurrences.flatMap((occurrence) =>
    occurrence.outcome === 'check' ? [{ ...occurrence, dueOn: maxDate(occurrence.notBeforeOn, dateOf(occurrence.dueAt)) }] : [],
  );
}

/** Whether a rule counts the contacts of the customers, which are read for such a rule alone. */
export function countsContacts({ trigger, activeSince }: CareRule): boolean {
  return activeSince !== null && trigger.shape === 'minimum';
}

/** Whether what a rule plans depends on which days the store works. */
export function countsWorkingDays({ trigger, activeSince }: CareRule): boolean {
  if (activeSince === null) return false;
  const offsets = [
    ...('notBefore' in trigger ? [trigger.notBefore] : []),
    ...('due' in trigger ? [trigger.due] : []),
    ...('every' in trigger ? [trigger.every] : []),
  ];
  return offsets.some(({ unit }) => unit === 'working_day');
}

function finder(rule: CareRule, clock: StoreClock, days: Days): Finder {
  const { trigger } = rule;
  switch (trigger.shape) {
    case 'after':
    case 'before':
      return eventFinder(rule, trigger.notBefore, trigger.due, clock, days);
    case 'manual':
      return eventFinder(rule, { amount: 0, unit: 'day' }, trigger.due, clock, days);
    case 'interval':
      return intervalFinder(rule, trigger.every, clock, days);
    case 'yearly':
      return rule.anchor === 'birthday' || rule.anchor === 'family_birthday'
        ? birthFinder(rule.anchor, trigger.notBefore, trigger.due, clock, days)
        : anniversaryFinder(rule, trigger.notBefore, trigger.due, clock, days);
    case 'festival':
      return festivalFinder(trigger, clock, days);
    case 'absence':
      return absenceFinder(rule, trigger, clock, days);
    case 'minimum':
      return minimumFinder(rule, trigger, clock, days);
  }
}

function eventFinder(rule: CareRule, notBefore: Offset, due: Offset, clock: StoreClock, days: Days): Finder {
  const { from: first, to: last } = clock.before(notBefore, days.from, days.to);
  return (facts, fire) => {
    if (!applies(rule, facts)) return;
    for (const event of facts.events) {
      if (!matches(rule, event) || event.on < first || event.on > last) continue;
      fire(
        {
          ...subjectOf(event),
          anchorOn: event.on,
          notBeforeOn: clock.at(event.on, notBefore),
          dueAt: dueAtOffset(clock, event.on, event.at, due),
          sequence: '0',
          oncePerSlot: true,
          params: { anchorOn: event.on, ...amountParams(due) },
        },
        event.recordedAt,
      );
    }
  };
}

function intervalFinder(rule: CareRule, every: Offset, clock: StoreClock, days: Days): Finder {
  const turns = turnsOf(rule, every, clock, days);
  return (facts, fire) => {
    if (!applies(rule, facts)) return;
    for (const event of facts.events) {
      if (!matches(rule, event)) continue;
      for (const { nth, on } of turns(facts.customerId, event)) {
        fire(
          {
            ...subjectOf(event),
            anchorOn: event.on,
            notBeforeOn: on,
            dueAt: clock.endOf(on),
            sequence: String(nth),
            oncePerSlot: false,
            params: { anchorOn: event.on, ...amountParams(every) },
          },
          event.recordedAt,
        );
      }
    }
  };
}

/** What an interval is counted from. */
export type IntervalStart = Pick<EventFact, 'on' | 'recordedAt'>;

/**
 * Every so often since the event. Whoever is already overdue when the rule starts gets his first turn on a day of one
 * interval that his id decides, so that switching a rule on does not bring everybody at once.
 */
function turnsOf(rule: CareRule, every: Offset, clock: StoreClock, days: Days) {
  const length = Math.max(1, offsetReachDays(every));
  return (customerId: CustomerId, { on: since, recordedAt }: IntervalStart): { readonly nth: number; readonly on: CivilDate }[] => {
    const start = rule.activeSince! > recordedAt ? rule.activeSince! : recordedAt; // asked of active rules only
    const first = clock.at(since, every);
    const overdue = clock.endOf(first) < start;
    const base = overdue ? plusDays(clock.dateOf(start), spread(`${rule.key}|${customerId}`, length)) : first;
    const turns = [];
    // Turns are counted from the base, so that the month's end is clamped once and not carried on.
    let turn = Math.max(0, Math.floor((dayOf(days.from) - dayOf(base) - clock.doubt(every)) / length) - 1);
    for (; ; turn += 1) {
      const on = turn === 0 ? base : overdue ? clock.at(base, times(every, turn)) : clock.at(since, times(every, turn + 1));
      if (on > days.to) return turns;
      if (on >= days.from) turns.push({ nth: turn + 1, on });
    }
  };
}

/**
 * Tells whether a turn of an interval rule that is on falls on a day of the window, before anybody asks what is done about it. Far
 * cheaper than a plan: a daily run asks it of every owner of the store.
 */
export function intervalTurns(
  rule: CareRule,
  every: Offset,
  policy: CarePolicy,
  window: PlanWindow,
): (customerId: CustomerId, start: IntervalStart) => boolean {
  const turns = turnsOf(rule, every, storeClock(policy), { from: window.from, to: plusDays(window.to, -1) });
  return (customerId, start) => turns(customerId, start).length > 0;
}

function birthFinder(anchor: BirthFact['kind'], notBefore: Offset, due: Offset, clock: StoreClock, days: Days): Finder {
  const { from: first, to: last } = clock.before(notBefore, days.from, days.to);
  return (facts, fire) => {
    for (const birth of facts.births) {
      if (birth.kind !== anchor) continue;
      for (const { year, on } of yearlyDays(birth, first, last)) {
        fire(
          {
            recordId: birth.recordId,
            vehicleId: null,
            staffId: null,
            anchorOn: on,
            notBeforeOn: clock.at(on, notBefore),
            dueAt: clock.endOf(clock.at(on, due)),
            // Family members share a customer: the record tells their occurrences of one day apart.
            sequence: anchor === 'birthday' ? String(year) : `${birth.recordId}:${year}`,
            oncePerSlot: true,
            params: { anchorOn: on, calendar: birth.calendar },
          },
          birth.recordedAt,
        );
      }
    }
  };
}

function anniversaryFinder(rule: CareRule, notBefore: Offset, due: Offset, clock: StoreClock, days: Days): Finder {
  const { from: first, to: last } = clock.before(notBefore, days.from, days.to);
  return (facts, fire) => {
    if (!applies(rule, facts)) return;
    for (const event of facts.events) {
      if (!matches(rule, event)) continue;
      const born = Number(event.on.slice(0, 4));
      for (let years = Math.max(1, Number(first.slice(0, 4)) - born); years <= Number(last.slice(0, 4)) - born; years += 1) {
        const on = plusMonths(event.on, years * 12);
        fire(
          {
            ...subjectOf(event),
            anchorOn: on,
            notBeforeOn: clock.at(on, notBefore),
            dueAt: clock.endOf(clock.at(on, due)),
            sequence: String(years),
            oncePerSlot: true,
            params: { anchorOn: event.on, years },
          },
          event.recordedAt,
        );
      }
    }
  };
}

function festivalFinder(trigger: Extract<CareRule['trigger'], { shape: 'festival' }>, clock: StoreClock, days: Days): Finder {
  const { from: first, to: last } = clock.before(trigger.notBefore, days.from, days.to);
  const firings = trigger.festivals.flatMap((festival) =>
    yearlyDays(festivalDay(festival), first, last).map(({ on }): Firing => ({
      recordId: null,
      vehicleId: null,
      staffId: null,
      anchorOn: on,
      notBeforeOn: clock.at(on, trigger.notBefore),
      dueAt: clock.endOf(clock.at(on, trigger.due)),
      sequence: festival.key,
      oncePerSlot: false,
      params: { anchorOn: on, festival: festival.key },
    })),
  );
  return (facts, fire) => {
    for (const firing of firings) fire(firing, facts.onFileSince);
  };
}

/**
 * Who has been away at a run of the list, both ends of the window included.
 *
 * Source: requirements F-42, F-43 and W-12; `examples.md`, lost customers.
 */
export function isAbsent(lastVisitOn: CivilDate, runOn: CivilDate, fromMonths: number, toMonths: number | null): boolean {
  return lastVisitOn <= plusMonths(runOn, -fromMonths) && (toMonths === null || lastVisitOn >= plusMonths(runOn, -toMonths));
}

function absenceFinder(rule: CareRule, trigger: Extract<CareRule['trigger'], { shape: 'absence' }>, clock: StoreClock, days: Days): Finder {
  const step = trigger.run.months === 'even' ? 2 : 1;
  const runs = runDays(trigger, days).map((on) => {
    const limits = (run: CivilDate) => ({
      latest: plusMonths(run, -trigger.fromMonths),
      dueAt: clock.endOf(plusDays(run, trigger.run.windowDays)),
    });
    return {
      on,
      ...limits(on),
      earliest: trigger.toMonths === null ? null : plusMonths(on, -trigger.toMonths),
      before: limits(plusMonths(on, -step)),
    };
  });
  return (facts, fire) => {
    if (runs.length === 0 || !applies(rule, facts)) return;
    for (const event of facts.events) {
      if (!matches(rule, event)) continue;
      const start = rule.activeSince! > event.recordedAt ? rule.activeSince! : event.recordedAt; // finders exist for active rules only
      for (const run of runs) {
        if (event.on > run.latest || (run.earliest !== null && event.on < run.earliest)) continue;
        if (trigger.again === 'once' && event.on <= run.before.latest && run.before.dueAt >= start) continue;
        fire(
          {
            ...subjectOf(event),
            anchorOn: event.on,
            notBeforeOn: run.on,
            dueAt: run.dueAt,
            sequence: trigger.again === 'once' ? '0' : run.on.slice(0, 7),
            oncePerSlot: true,
            params: { anchorOn: event.on, months: trigger.fromMonths, points: facts.points },
          },
          event.recordedAt,
        );
      }
    }
  };
}

/** The days in the range on which an absence rule makes its list; a day the month lacks is its last. */
export function runDays(trigger: Extract<CareRule['trigger'], { shape: 'absence' }>, days: Days): CivilDate[] {
  const runs: CivilDate[] = [];
  for (let month = `${days.from.slice(0, 7)}-01` as CivilDate; month <= days.to; month = plusMonths(month, 1)) {
    if (trigger.run.months === 'even' && Number(month.slice(5, 7)) % 2 === 1) continue;
    const on = plusDays(month, Math.min(trigger.run.day, dayOf(plusMonths(month, 1)) - dayOf(month)) - 1);
    if (days.from <= on && on <= days.to) runs.push(on);
  }
  return runs;
}

/** Owners with too few contacts in the running year of their car, seen before that year ends (CARE-14). */
function minimumFinder(rule: CareRule, trigger: Extract<CareRule['trigger'], { shape: 'minimum' }>, clock: StoreClock, days: Days): Finder {
  return (facts, fire) => {
    if (!applies(rule, facts)) return;
    for (const event of facts.events) {
      if (!matches(rule, event)) continue;
      const born = Number(event.on.slice(0, 4));
      for (let year = Math.max(1, Number(days.from.slice(0, 4)) - born); year <= Number(days.to.slice(0, 4)) - born + 1; year += 1) {
        const ends = plusMonths(event.on, year * 12);
        const seenOn = plusMonths(event.on, year * 12 - trigger.warnMonths);
        if (seenOn < days.from || seenOn > days.to) continue;
        const begins = plusMonths(event.on, year * 12 - 12);
        let contacts = 0;
        for (const on of facts.contactedOn) if (begins <= on && on < ends) contacts += 1;
        if (contacts >= trigger.count) continue;
        fire(
          {
            ...subjectOf(event),
            anchorOn: event.on,
            notBeforeOn: seenOn,
            dueAt: clock.endOf(plusDays(ends, -1)),
            sequence: String(year),
            oncePerSlot: true,
            params: { anchorOn: event.on, contacts, count: trigger.count },
          },
          event.recordedAt,
        );
      }
    }
  };
}

function times(offset: Offset, turns: number): Offset {
  return { amount: offset.amount * turns, unit: offset.unit };
}

function amountParams({ amount, unit }: Offset): { amount: number; unit: string } {
  return { amount: Math.abs(amount), unit };
}

function applies({ condition }: CareRule, facts: CareFacts): boolean {
  if (condition.customerKind !== undefined && facts.kind !== condition.customerKind) return false;
  return condition.pointsAbove === undefined || facts.points > condition.pointsAbove;
}

function matches({ anchor, condition }: CareRule, event: EventFact): boolean {
  return event.kind === anchor && (condition.occasion === undefined || event.occasion === condition.occasion);
}

function subjectOf(event: EventFact): Pick<Firing, 'recordId' | 'vehicleId' | 'staffId'> {
  return { recordId: event.recordId, vehicleId: event.vehicleId, staffId: event.staffId };
}

function toOccurrence(rule: CareRule, facts: CareFacts, firing: Firing, clock: StoreClock): Occurrence {
  const subject: string = firing.vehicleId === null ? facts.customerId : `${facts.customerId}/${firing.vehicleId}`;
  const { assignment } = rule;
  const responsible =
    assignment.to === 'responsible'
      ? (firing.staffId ?? (assignment.relation === 'consultant' ? facts.consultantId : facts.advisorId))
      : null;
  return {
    key: `${rule.key}|${subject}|${firing.anchorOn}|${firing.sequence}` as OccurrenceKey,
    ruleKey: rule.key,
    slot: `${rule.key}|${subject}|${firing.recordId ?? ''}|${firing.sequence}`,
    oncePerSlot: firing.oncePerSlot,
    customerId: facts.customerId,
    vehicleId: firing.vehicleId,
    anchorRecordId: firing.recordId,
    anchorOn: firing.anchorOn,
    notBeforeOn: firing.notBeforeOn,
    dueAt: firing.dueAt,
    lapsesAt: clock.endOf(plusDays(clock.dateOf(firing.dueAt), rule.lapseDays)),
    byTheHour: 'due' in rule.trigger && rule.trigger.due.unit === 'hour',
    priority: rule.priority,
    purpose: rule.purpose,
    purposeKey: rule.purposeKey,
    channel: rule.channel,
    outcome: rule.outcome,
    result: rule.result,
    script: rule.script,
    topics: rule.topics,
    role: assignment.role,
    assigneeId: responsible,
    reason: { code: `${rule.trigger.shape}.${rule.anchor}`, params: firing.params },
    merged: [],
  };
}

/**
 * Why an occurrence is not carried out for this customer, the strongest reason first; undefined when it is.
 *
 * A person calling needs no consent, a marketing message does. "Difficult" customers get nothing by itself.
 *
 * Source: 04, limits; 13, Planner.
 */
export function suppressedBy(rule: Pick<CareRule, 'purpose' | 'outcome' | 'channel'>, facts: CareFacts): SuppressionReason | undefined {
  if (facts.stopped) return facts.stopped;
  const channel = CONSENT_CHANNEL[rule.channel];
  if (facts.objections.some((objection) => objection.purpose === rule.purpose && objection.channel === channel)) return 'objection';
  if (rule.purpose === 'marketing' && facts.openComplaint) return 'open_complaint';
  if (rule.outcome !== 'message') return undefined;
  if (facts.difficult) return 'difficult_by_hand';
  if (rule.purpose === 'marketing' && channel !== null && !facts.marketingConsent.includes(channel)) return 'no_consent';
  return undefined;
}

function suppression(occurrence: Occurrence, reason: SuppressionReason, into: OccurrenceKey | null): Suppression {
  const { key, ruleKey, customerId, notBeforeOn } = occurrence;
  return { key, ruleKey, customerId, notBeforeOn, reason, into };
}

/**
 * Makes one task of those of one purpose that fall due within 48 hours of the first of them: its deadline stays, and the strictest role
 * takes it. What falls due later than that begins anew, so that a fleet with a car in every day is called again every third day.
 *
 * A message and a task do not replace each other. Source: requirements 5.2, merging.
 */
function merge(open: readonly Occurrence[], policy: CarePolicy, suppressions: Suppression[]): Occurrence[] {
  const near = policy.mergeHours * 3_600_000;
  const groups = Map.groupBy(open, (occurrence) => `${occurrence.outcome}|${occurrence.purposeKey}`);
  const kept: Occurrence[] = [];
  for (const group of groups.values()) {
    if (group.length === 1) {
      kept.push(...group);
      continue;
    }
    const inOrder = group.toSorted(byDueThenKey);
    const first = firstOfEach(inOrder, near);
    const absorbed = Map.groupBy(
      inOrder.filter((occurrence) => first.get(occurrence) !== occurrence),
      (occurrence) => first.get(occurrence)!, // each has one
    );
    for (const occurrence of inOrder) {
      const into = first.get(occurrence);
      if (into && into !== occurrence) suppressions.push(suppression(occurrence, 'merged', into.key));
      else kept.push(withAbsorbed(occurrence, absorbed.get(occurrence) ?? []));
    }
  }
  return kept;
}

const WEEK = 7 * 86_400_000;

/**
 * The one that each becomes part of, itself where it begins anew, of occurrences in the order of their due times.
 *
 * Where a chain begins may lie any time back; a window must not decide it. So each week counts from the beginning of the week before it:
 * exact for chains of up to a week, and a longer one may begin anew at a turn of the week.
 */
function firstOfEach(inOrder: readonly Occurrence[], near: number): ReadonlyMap<Occurrence, Occurrence> {
  const due = new Map(inOrder.map((occurrence) => [occurrence, millisecondsOf(occurrence.dueAt)]));
  const weeks = Map.groupBy(inOrder, (occurrence) => Math.floor(due.get(occurrence)! / WEEK)); // each has one
  const first = new Map<Occurrence, Occurrence>();
  for (const [week, own] of weeks) {
    let begun: Occurrence | undefined;
    for (const occurrence of [...(weeks.get(week - 1) ?? []), ...own]) {
      if (begun === undefined || due.get(occurrence)! - due.get(begun)! > near) begun = occurrence;
      if (Math.floor(due.get(occurrence)! / WEEK) === week) first.set(occurrence, begun);
    }
  }
  // At a turn of the week the one named may not stand by its own week's counting: better a task too many than one that comes to nothing.
  return new Map(
    inOrder.map((occurrence) => {
      const into = first.get(occurrence)!;
      return [occurrence, first.get(into) === into ? into : occurrence];
    }),
  );
}

function withAbsorbed(keeper: Occurrence, absorbed: readonly Occurrence[]): Occurrence {
  const strictest = [keeper, ...absorbed].reduce((a, b) => (CARE_ROLES.indexOf(b.role) < CARE_ROLES.indexOf(a.role) ? b : a));
  return {
    ...keeper,
    ...(strictest === keeper ? {} : { role: strictest.role, assigneeId: strictest.assigneeId }),
    merged: [...keeper.merged, ...absorbed.map(({ key }) => key)],
  };
}

/** Keeps the most urgent marketing messages of each ISO week, up to the store's limit. */
function limitMessages(open: readonly Occurrence[], policy: CarePolicy, suppressions: Suppression[]): Occurrence[] {
  const isLimited = (occurrence: Occurrence) => occurrence.outcome === 'message' && occurrence.purpose === 'marketing';
  if (open.filter(isLimited).length <= policy.marketingMessagesPerWeek) return [...open];
  const tooMany = new Set<Occurrence>();
  for (const week of Map.groupBy(open.filter(isLimited), ({ notBeforeOn }) => startOfWeek(notBeforeOn)).values()) {
    const inOrder = week.toSorted(
      (a, b) => a.priority - b.priority || (a.notBeforeOn < b.notBeforeOn ? -1 : a.notBeforeOn > b.notBeforeOn ? 1 : byKey(a, b)),
    );
    for (const occurrence of inOrder.slice(policy.marketingMessagesPerWeek)) {
      tooMany.add(occurrence);
      suppressions.push(suppression(occurrence, 'weekly_limit', null));
    }
  }
  return open.filter((occurrence) => !tooMany.has(occurrence));
}

function byDueThenRecord(a: Occurrence, b: Occurrence): number {
  if (a.dueAt !== b.dueAt) return a.dueAt < b.dueAt ? -1 : 1;
  return byKey({ key: a.slot }, { key: b.slot });
}

function byDueThenKey(a: Occurrence, b: Occurrence): number {
  return a.dueAt < b.dueAt ? -1 : a.dueAt > b.dueAt ? 1 : byKey(a, b);
}

function byKey(a: { readonly key: string }, b: { readonly key: string }): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
