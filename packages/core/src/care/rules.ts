import { accept, refuse, type Instant, type Verdict } from '../kernel/index.ts';
import { offsetReachDays } from './dates.ts';
import { BIRTH_ANCHORS, MESSAGE_CHANNELS, MOST_OPEN_DAYS, type CareRule, type Offset, type Trigger } from './model.ts';

export const CARE_REFUSALS = [
  'care.shape_needs_event',
  'care.shape_needs_yearly_date',
  'care.shape_needs_festival',
  'care.window_ends_before_it_opens',
  'care.window_too_long',
  'care.before_lies_after',
  'care.after_lies_before',
  'care.interval_not_positive',
  'care.absence_ends_before_it_begins',
  'care.channel_needs_person',
  'care.channel_is_message',
  'care.survey_by_seller',
  'care.already_on',
  'care.already_off',
  'care.waits_for_occasion',
  'care.rule_exists',
] as const;
export type CareRefusal = (typeof CARE_REFUSALS)[number];
export type ReviseRefusal = Exclude<CareRefusal, 'care.already_on' | 'care.already_off' | 'care.waits_for_occasion' | 'care.rule_exists'>;

/**
 * Whether a rule as edited can be planned; the switch-on time of the stored rule is kept, an edit does not restart it.
 *
 * Refuses a trigger that does not fit its anchor, windows that end before they open or are longer than `MOST_OPEN_DAYS`, a message by a
 * channel that needs a person and the reverse, and a satisfaction survey asked by the person it is about.
 *
 * Source: 04, rules are data; requirements X-04 (survey calls).
 */
export function revise(rule: CareRule): Verdict<CareRule, ReviseRefusal> {
  const { trigger, anchor } = rule;
  const isBirth = BIRTH_ANCHORS.some((birth) => birth === anchor);
  if (trigger.shape === 'festival' ? anchor !== 'festival' : anchor === 'festival') return refuse('care.shape_needs_festival');
  if (isBirth && trigger.shape !== 'yearly') return refuse('care.shape_needs_yearly_date');
  if (trigger.shape === 'manual' && anchor !== 'occasion') return refuse('care.shape_needs_event');
  if (trigger.shape === 'absence' && anchor !== 'last_visit' && anchor !== 'last_contact') return refuse('care.shape_needs_event');

  switch (trigger.shape) {
    case 'after':
      if (offsetReachDays(trigger.notBefore) < 0 || offsetReachDays(trigger.due) < 0) return refuse('care.after_lies_before');
      break;
    case 'before':
      if (offsetReachDays(trigger.notBefore) > 0 || offsetReachDays(trigger.due) > 0) return refuse('care.before_lies_after');
      break;
    case 'interval':
      if (trigger.every.amount <= 0 || trigger.every.unit === 'hour') return refuse('care.interval_not_positive');
      break;
    case 'absence':
      if (trigger.toMonths !== null && trigger.toMonths < trigger.fromMonths) return refuse('care.absence_ends_before_it_begins');
      break;
    case 'yearly':
    case 'festival':
    case 'manual':
    case 'minimum':
      break;
  }
  if ('notBefore' in trigger && offsetReachDays(trigger.due) < offsetReachDays(trigger.notBefore))
    return refuse('care.window_ends_before_it_opens');
  if (windowDays(trigger) > MOST_OPEN_DAYS) return refuse('care.window_too_long');
  if (rule.outcome === 'message' && !MESSAGE_CHANNELS.has(rule.channel)) return refuse('care.channel_needs_person');
  if (rule.outcome === 'task' && MESSAGE_CHANNELS.has(rule.channel)) return refuse('care.channel_is_message');
  if ((rule.result === 'ssi' || rule.result === 'csi') && rule.assignment.to === 'responsible') return refuse('care.survey_by_seller');
  return accept(rule);
}

/** From the day a task opens to the day it is due, as such days usually lie apart: five working days in a week, twelve months in a leap year. */
function windowDays(trigger: Trigger): number {
  const days = ({ amount, unit }: Offset) =>
    ({ hour: amount / 24, day: amount, working_day: (amount * 7) / 5, month: amount * 30.5 })[unit];
  if ('notBefore' in trigger) return days(trigger.due) - days(trigger.notBefore);
  return trigger.shape === 'manual' ? days(trigger.due) : 0;
}

/** Whether a rule waits for an occasion that somebody starts: weather, an event, a new model (CARE-23, CARE-25). Nothing starts one yet. */
export function waitsForOccasion({ anchor }: Pick<CareRule, 'anchor'>): boolean {
  return anchor === 'occasion';
}

/** A shipped rule as a store gets it: on since then, unless it could only look as if it ran. */
export function onSince(rule: CareRule, since: Instant): CareRule {
  return { ...rule, activeSince: waitsForOccasion(rule) ? null : since };
}

/**
 * Switches a rule on: it plans from this moment. Nothing earlier is planned or counted as missed; what repeats and is already
 * overdue is spread over one interval (13, Planner). Refuses a rule that is on, and one that waits for an occasion.
 */
export function switchOn(rule: CareRule, now: Instant): Verdict<CareRule, 'care.already_on' | 'care.waits_for_occasion' | ReviseRefusal> {
  if (rule.activeSince !== null) return refuse('care.already_on');
  if (waitsForOccasion(rule)) return refuse('care.waits_for_occasion');
  return revise({ ...rule, activeSince: now });
}

/** Switches a rule off; its open tasks are cancelled by the next plan. Refuses a rule that is off. */
export function switchOff(rule: CareRule): Verdict<CareRule, 'care.already_off'> {
  if (rule.activeSince === null) return refuse('care.already_off');
  return accept({ ...rule, activeSince: null });
}
