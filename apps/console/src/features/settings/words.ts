import { branchOf, COMPLAINT_KINDS, type DeadlineRow, type Limit } from '@baoke/core/complaints';
import type { CalendarException } from '@baoke/core/kernel';
import { WEEKDAYS, conditionsOf, type Section, type Setting, type SettingValues, type Weekday } from '@baoke/core/settings';
import { COMPANY_WEIGHTS, PERSON_WEIGHTS } from '@baoke/core/settings';
import type { CodeEntry, CodeList } from '@baoke/core/tasks';
import { complaintKindText } from '@baoke/i18n/lazy';
import type { TFunction } from 'i18next';

/** One thing a setting says: what about, and what. `key` finds the same thing again in another version. */
/** What one field says. `compared` lines say what is read off the others, and serve where two versions are compared. */
export type Line = { readonly key: string; readonly label: string; readonly text: string; readonly compared?: true };
export type LineChange = { readonly key: string; readonly label: string; readonly before?: string; readonly after?: string };

export function limitText(t: TFunction, limit: Limit): string {
  if (limit === 'same_day') return t('settings.complaints.sameDay');
  const [hours, minutes] = [Math.floor(limit.minutes / 60), limit.minutes % 60];
  if (hours === 0) return t('settings.complaints.within', { time: t('common.minutes', { count: minutes }) });
  const time = minutes === 0 ? t('common.hours', { count: hours }) : t('settings.complaints.hoursMinutes', { hours, minutes });
  return t('settings.complaints.within', { time });
}

/** What a row asks for, `微信评价 · 售后（全部）· 严重`; the row that asks for nothing is for all others. */
export function whichText(t: TFunction, { source, kind, severity }: Partial<DeadlineRow>): string {
  const parts = [
    ...(source ? [t(`complaints.sources.${source}`)] : []),
    ...(kind ? [kindChoiceText(t, kind)] : []),
    ...(severity ? [t(`complaints.severities.${severity}`)] : []),
  ];
  return parts.length === 0 ? t('settings.complaints.others') : parts.join(' · ');
}

/** What a row about kinds may name: each branch, then the kinds of it. */
export const KINDS_AND_BRANCHES = (['sales', 'service'] as const).flatMap((branch) => [
  branch,
  ...COMPLAINT_KINDS.filter((kind) => branchOf(kind) === branch),
]);

/** A kind, or a whole branch of them. */
export function kindChoiceText(t: TFunction, kind: NonNullable<DeadlineRow['kind']>): string {
  const name = complaintKindText(t, kind);
  return kind.includes('.') ? name : t('settings.complaints.wholeBranch', { branch: name });
}

/** What a row promises, in one sentence. */
export function rowSentence(t: TFunction, row: DeadlineRow): string {
  const values = { which: whichText(t, row), response: limitText(t, row.response), close: limitText(t, row.close) };
  return t(row.businessHours ? 'settings.complaints.sentenceBusiness' : 'settings.complaints.sentence', values);
}

function roleLines(t: TFunction, key: string, roles: SettingValues['complaints']['copies'], none: string): Line[] {
  const label = t(`settings.fields.${key as 'copies'}`);
  return [{ key, label, text: roles.length === 0 ? none : roles.map((role) => t(`roles.${role}`)).join(t('common.listMark')) }];
}

function hoursText(t: TFunction, hours: { from: string; to: string } | null): string {
  return hours === null ? t('settings.calendar.closed') : t('settings.calendar.hours', hours);
}

function dayText(t: TFunction, { open, name }: CalendarException): string {
  const state = t(open ? 'settings.calendar.open' : 'settings.calendar.closed');
  return name ? t('settings.named', { state, name }) : state;
}

function monthLine(t: TFunction, key: 'atRiskMonths' | 'lostMonths' | 'verifyMonths', months: number): Line[] {
  return [{ key, label: t(`settings.fields.${key}`), text: t('settings.customers.monthsValue', { count: months }) }];
}

function weightLines(t: TFunction, key: 'personWeights' | 'companyWeights', weights: Readonly<Record<string, number | undefined>>): Line[] {
  const [kind, fields] = key === 'personWeights' ? (['person', PERSON_WEIGHTS] as const) : (['company', COMPANY_WEIGHTS] as const);
  return fields
    .filter((field) => weights[field])
    .map((field) => ({
      key: `${key}.${field}`,
      label: `${t(`settings.customers.${kind}`)} · ${t(`customers.fields.${field}`)}`,
      text: String(weights[field]),
    }));
}

// Each entry, and the order they are offered in: one that moved is no other entry.
function codeLines(t: TFunction, list: CodeList, entries: readonly CodeEntry[]): Line[] {
  const label = t(`settings.fields.${list}`);
  const name = ({ zh, en }: CodeEntry) => (zh === en ? zh : `${zh} / ${en}`);
  return [
    ...entries.map((entry) => ({
      key: `${list}.${entry.code}`,
      label,
      text: entry.off ? t('settings.named', { state: name(entry), name: t('settings.results.off') }) : name(entry),
    })),
    {
      key: `${list}.order`,
      label: t('settings.results.order', { list: label }),
      compared: true,
      text: entries
        .filter(({ off }) => !off)
        .map(({ zh }) => zh)
        .join(t('common.listMark')),
    },
  ];
}

type FieldLines = {
  readonly [S in Section]: { readonly [F in keyof SettingValues[S]]: (t: TFunction, value: SettingValues[S][F]) => Line[] };
};

/** What each field of a setting says, so that reading, comparing and settling a conflict use the same words. */
const FIELD_LINES: FieldLines = {
  complaints: {
    deadlines: (t, rows) =>
      rows.map((row) => ({ key: `deadlines.${conditionsOf(row)}`, label: whichText(t, row), text: promiseText(t, row) })),
    escalationPercents: (t, percents) => [
      {
        key: 'escalationPercents',
        label: t('settings.fields.escalationPercents'),
        text:
          percents.length === 0 ? t('settings.complaints.noSteps') : percents.map((percent) => `${percent}%`).join(t('common.listMark')),
      },
    ],
    copies: (t, roles) => roleLines(t, 'copies', roles, t('settings.complaints.nobody')),
    confirmingRoles: (t, roles) => roleLines(t, 'confirmingRoles', roles, t('common.none')),
    longestPauseHours: (t, hours) => [
      { key: 'longestPauseHours', label: t('settings.fields.longestPauseHours'), text: t('common.hours', { count: hours }) },
    ],
    scoring: (t, { bySeverity, byKind = [], perBreach, perReopening }) => [
      ...(['low', 'normal', 'high'] as const).map((severity) => ({
        key: `scoring.${severity}`,
        label: t('settings.complaints.perSeverity', { severity: t(`complaints.severities.${severity}`) }),
        text: t('settings.complaints.pointsEach', { count: bySeverity[severity] }),
      })),
      ...byKind.map((row) => ({
        key: `scoring.kind.${row.kind}`,
        label: kindChoiceText(t, row.kind),
        text: t('settings.complaints.pointsBySeverity', row.bySeverity),
      })),
      { key: 'scoring.breach', label: t('settings.complaints.perBreach'), text: t('settings.complaints.pointsEach', { count: perBreach }) },
      {
        key: 'scoring.reopening',
        label: t('settings.complaints.perReopening'),
        text: t('settings.complaints.pointsEach', { count: perReopening }),
      },
    ],
  },
  results: {
    saidAbout: (t, entries) => codeLines(t, 'saidAbout', entries),
    causes: (t, entries) => codeLines(t, 'causes', entries),
    unreached: (t, entries) => codeLines(t, 'unreached', entries),
  },
  calendar: {
    week: (t, week) =>
      WEEKDAYS.map((day: Weekday) => ({
        key: `week.${day}`,
        label: t(`settings.calendar.weekdays.d${day}`),
        text: hoursText(t, week[day]),
      })),
    exceptions: (t, days) => days.map((day) => ({ key: `day.${day.date}`, label: day.date, text: dayText(t, day) })),
  },
  customers: {
    atRiskMonths: (t, months) => monthLine(t, 'atRiskMonths', months),
    lostMonths: (t, months) => monthLine(t, 'lostMonths', months),
    verifyMonths: (t, months) => monthLine(t, 'verifyMonths', months),
    personWeights: (t, weights) => weightLines(t, 'personWeights', weights),
    companyWeights: (t, weights) => weightLines(t, 'companyWeights', weights),
  },
  security: {
    secondStepRoles: (t, roles) => roleLines(t, 'secondStepRoles', roles, t('settings.security.nobody')),
  },
};

function promiseText(t: TFunction, row: DeadlineRow): string {
  const parts = [
    `${t('settings.complaints.response')} ${limitText(t, row.response)}`,
    `${t('settings.complaints.close')} ${limitText(t, row.close)}`,
    ...(row.businessHours ? [t('settings.complaints.businessHours')] : []),
  ];
  return parts.join(t('settings.clauseMark'));
}

/** What one field says. The value is of this field: it comes from a setting or from a conflict about it. */
export function linesOfField(t: TFunction, section: Section, field: string, value: unknown): Line[] {
  const fields = FIELD_LINES[section] as unknown as Readonly<Record<string, (t: TFunction, value: unknown) => Line[]>>;
  return fields[field]?.(t, value) ?? [];
}

export function fieldsOf(section: Section): readonly string[] {
  return Object.keys(FIELD_LINES[section]);
}

/** What a field says, a line each, for the settling of a conflict. */
export function fieldText(t: TFunction, section: Section, field: string, value: unknown): string {
  const lines = linesOfField(t, section, field, value);
  return lines.length === 1 ? (lines[0]?.text ?? '') : lines.map(({ label, text }) => `${label}: ${text}`).join('\n');
}

function linesOf(t: TFunction, { section, value }: Setting): Line[] {
  return Object.entries(value).flatMap(([field, part]) => linesOfField(t, section, field, part));
}

/** What differs between two versions, in the order of the later one; what is gone stands at the end. */
export function changesBetween(t: TFunction, before: Setting, after: Setting): LineChange[] {
  const [old, fresh] = [linesOf(t, before), linesOf(t, after)].map((lines) => new Map(lines.map((line) => [line.key, line]))) as [
    Map<string, Line>,
    Map<string, Line>,
  ];
  const come: LineChange[] = [...fresh.values()]
    .filter(({ key, text }) => old.get(key)?.text !== text)
    .map(({ key, label, text }) => ({ key, label, after: text, ...(old.has(key) ? { before: old.get(key)?.text ?? '' } : {}) }));
  const gone = [...old.values()].filter(({ key }) => !fresh.has(key)).map(({ key, label, text }) => ({ key, label, before: text }));
  return [...come, ...gone];
}
