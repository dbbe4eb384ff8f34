import { ESCALATION_LEVELS, limitMinutes, type ComplaintPolicy, type DeadlineRow } from '../complaints/index.ts';
import type { SettingFault } from './faults.ts';

/**
 * The longest limit counted in opening hours. With the fewest hours a calendar may have (`calendar.ts`) it still ends within the 400 days
 * the clock looks ahead.
 */
export const LONGEST_BUSINESS_MINUTES = 7 * 24 * 60;

/** What a row asks for, as one text: two rows that ask for the same cannot both be the one that rules. */
export function conditionsOf({ source, kind, severity }: Pick<DeadlineRow, 'source' | 'kind' | 'severity'>): string {
  return [source ?? '', kind ?? '', severity ?? ''].join('|');
}
const GENERAL = conditionsOf({});

/**
 * What is wrong with a complaint policy as a whole.
 *
 * Exactly one row asks for nothing, so that every complaint has a promise; no two rows ask for the same; nothing closes before it has to be
 * answered; each rung of the ladder is climbed at most once, in order; somebody may confirm; no kind has points twice.
 *
 * Source: spec 05, complaints; decisions, "Complaint deadlines".
 */
export function faultsOfComplaintPolicy({
  deadlines,
  escalationPercents,
  copies,
  confirmingRoles,
  scoring: { byKind = [] },
}: ComplaintPolicy): SettingFault[] {
  const faults: SettingFault[] = [];
  const seen = new Set<string>();
  deadlines.forEach((row, index) => {
    const conditions = conditionsOf(row);
    if (seen.has(conditions)) faults.push({ path: ['deadlines', index], code: 'settings.row_twice' });
    seen.add(conditions);
    faults.push(...faultsOfRow(row).map(({ path, code }) => ({ path: ['deadlines', index, ...path], code })));
  });
  if (!seen.has(GENERAL)) faults.push({ path: ['deadlines'], code: 'settings.general_row_missing' });

  if (escalationPercents.length > ESCALATION_LEVELS.length)
    faults.push({ path: ['escalationPercents'], code: 'settings.one_step_per_level' });
  escalationPercents.forEach((percent, index) => {
    const before = escalationPercents[index - 1];
    if (before !== undefined && percent <= before)
      faults.push({ path: ['escalationPercents', index], code: 'settings.percents_ascending' });
  });

  if (new Set(copies).size < copies.length) faults.push({ path: ['copies'], code: 'settings.role_twice' });
  if (new Set(confirmingRoles).size < confirmingRoles.length) faults.push({ path: ['confirmingRoles'], code: 'settings.role_twice' });
  byKind.forEach(({ kind }, index) => {
    if (byKind.findIndex((row) => row.kind === kind) < index)
      faults.push({ path: ['scoring', 'byKind', index], code: 'settings.row_twice' });
  });
  if (confirmingRoles.length === 0) faults.push({ path: ['confirmingRoles'], code: 'settings.nobody_confirms' });
  return faults;
}

function faultsOfRow({ response, close, businessHours }: DeadlineRow): SettingFault[] {
  const faults: SettingFault[] = [];
  if (limitMinutes(close) < limitMinutes(response)) faults.push({ path: ['close'], code: 'settings.close_before_response' });
  if (!businessHours) return faults;
  for (const [name, limit] of [
    ['response', response],
    ['close', close],
  ] as const) {
    // The end of the day is a time of the clock: counted in opening hours, the other limit could come after it.
    if (limit === 'same_day') faults.push({ path: [name], code: 'settings.same_day_by_clock_only' });
    else if (limit.minutes > LONGEST_BUSINESS_MINUTES) faults.push({ path: [name], code: 'settings.too_long_in_opening_hours' });
  }
  return faults;
}
