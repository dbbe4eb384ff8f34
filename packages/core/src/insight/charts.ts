import { RATE_DECIMALS } from '../complaints/rates.ts';
import { shareOf, type CivilDate, type Rate } from '../kernel/index.ts';
import type { CareMeasure } from './model.ts';
import type { PeriodKind } from './periods.ts';

/** What a series means, where that is more than being another one. */
export type Tone = 'quiet' | 'quieter' | 'good' | 'warn' | 'late' | 'bad';
export type Palette = Readonly<Record<Tone, string>> & { readonly colours: readonly string[] };
/** The colours of a chart on white: on the screen, in a picture and in a workbook alike. */
export const ON_WHITE = {
  colours: ['#1357c4', '#7aa7ea', '#187a48', '#c98a1b'],
  quiet: '#c3ccd8',
  quieter: '#e2e7ee',
  late: '#eb9696',
  good: '#2f9e68',
  warn: '#e0a13a',
  bad: '#d34a4a',
} as const satisfies Palette;

/** One row of bars or one line of a chart; its name is a key that whoever shows it has words for. */
export type Series<Name extends string = string> = {
  readonly name: Name;
  /** One value for each category; null where there is none. */
  readonly values: readonly (number | null)[];
  readonly line?: boolean;
  /** Bars of one stack stand on one another. */
  readonly stack?: string;
  /** The values are shares of 1, shown as per cent with so many decimals. */
  readonly shareDecimals?: number;
  readonly tone?: Tone;
};

/** The colour of each series: that of its tone, the others one after another. */
export function coloursOf(series: readonly Series[], { colours, ...tones }: Palette): string[] {
  const plain = series.filter(({ tone }) => tone === undefined);
  return series.map((one) => (one.tone ? tones[one.tone] : (colours[plain.indexOf(one) % colours.length] ?? tones.quiet)));
}

/** How a step of a trend is called below its bar: the day a week begins on, or the month. */
export function stepName(kind: PeriodKind, from: CivilDate): string {
  return kind === 'month' ? from.slice(2, 7) : from.slice(5);
}

/** Visits by category beside those of the period before (RPT-04). */
export function categoryChart(
  categories: readonly { readonly visits: number; readonly previous: number }[],
): Series<'current' | 'previous'>[] {
  return [
    { name: 'current', values: categories.map((c) => c.visits) },
    { name: 'previous', values: categories.map((c) => c.previous), tone: 'quiet' },
  ];
}

export function visitTrend(
  steps: readonly { readonly effective: number; readonly ineffective: number }[],
): Series<'effective' | 'ineffective'>[] {
  return [
    { name: 'effective', values: steps.map((s) => s.effective), stack: 'visits' },
    { name: 'ineffective', values: steps.map((s) => s.ineffective), stack: 'visits', tone: 'quiet' },
  ];
}

export function callbackTrend(
  steps: readonly { readonly made: number; readonly reached: number; readonly satisfaction: Rate }[],
): Series<'reached' | 'notReached' | 'satisfaction'>[] {
  return [
    { name: 'reached', values: steps.map((s) => s.reached), stack: 'calls' },
    { name: 'notReached', values: steps.map((s) => s.made - s.reached), stack: 'calls', tone: 'quiet' },
    { name: 'satisfaction', values: steps.map((s) => share(s.satisfaction)), line: true, shareDecimals: 1 },
  ];
}

/** The largest groups that a chart of care execution has room for. */
export const MOST_CARE_BARS = 14;
// What a bar is made of; together all that was planned.
const CARE_PARTS = [
  { measure: 'doneInTime', tone: 'good' },
  { measure: 'doneLate', tone: 'warn' },
  { measure: 'overdue', tone: 'late' },
  { measure: 'missed', tone: 'bad' },
  { measure: 'skipped', tone: 'quiet' },
  { measure: 'waiting', tone: 'quieter' },
] as const satisfies readonly { readonly measure: CareMeasure; readonly tone: Tone }[];

export function careChart(groups: readonly Readonly<Record<CareMeasure, number>>[]): Series<(typeof CARE_PARTS)[number]['measure']>[] {
  return CARE_PARTS.map(({ measure, tone }) => ({
    name: measure,
    values: groups.slice(0, MOST_CARE_BARS).map((counts) => counts[measure]),
    stack: 'tasks',
    tone,
  }));
}

type ComplaintRates = { readonly service: Rate | null; readonly sales: Rate | null };

/** Complaint rates month by month; a branch that rights hide has no series, and one month alone no chart (RPT-08). */
export function complaintChart(of: ComplaintRates & { readonly months: readonly ComplaintRates[] }): Series<'service' | 'sales'>[] {
  if (of.months.length < 2) return [];
  const seen = (['service', 'sales'] as const).filter((branch) => of[branch] !== null);
  return seen.map((branch) => ({
    name: branch,
    values: of.months.map((month) => share(month[branch])),
    shareDecimals: RATE_DECIMALS[branch],
    ...(branch === 'sales' && seen.length > 1 ? { tone: 'quiet' as const } : {}),
  }));
}

function share(rate: Rate | null): number | null {
  return (rate && shareOf(rate)) ?? null;
}
