import {
  countedOf,
  isReportable,
  isWhole,
  LAST_YEAR_BY,
  PERIOD_KINDS,
  periodOf,
  shiftPeriod,
  type LastYearBy,
  type PeriodKind,
} from '@baoke/core/insight';
import { addDays, isCivilDate, type CivilDate, type DateRange } from '@baoke/core/kernel';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMe } from '../shell/session.ts';

/** What an address says of a report: a link opens the same view, its rows included. */
export type ReportSearch = {
  readonly kind?: PeriodKind;
  readonly from?: CivilDate;
  /** The day after the last one. */
  readonly to?: CivilDate;
  /** How last year is found where that is a choice. */
  readonly lastYearBy?: LastYearBy;
  readonly by?: string;
  readonly calls?: 'service' | 'sales';
  /** The figure whose rows are open. */
  readonly rows?: string;
  /** The group of that figure: a category, rule, role or person. */
  readonly key?: string;
};

const text = (value: unknown) => (typeof value === 'string' && value.length <= 80 ? value : undefined);
const date = (value: unknown) => (typeof value === 'string' && isCivilDate(value) ? value : undefined);

export function validateReportSearch(search: Record<string, unknown>): ReportSearch {
  const [from, to, by, rows, key] = [date(search.from), date(search.to), text(search.by), text(search.rows), text(search.key)];
  const kind = PERIOD_KINDS.find((known) => known === search.kind);
  const lastYearBy = LAST_YEAR_BY.find((known) => known === search.lastYearBy);
  const calls = search.calls === 'sales' ? 'sales' : search.calls === 'service' ? 'service' : undefined;
  const period = from !== undefined && to !== undefined && from < to && isReportable({ from, to }) ? { from, to } : undefined;
  // Days that are no whole week or month are shown as the days they are.
  const fits = kind === undefined || period === undefined || isWhole(kind, period);
  return {
    ...(kind && { kind: fits ? kind : ('custom' as const) }),
    ...period,
    ...(lastYearBy && { lastYearBy }),
    ...(by && { by }),
    ...(calls && { calls }),
    ...(rows && { rows }),
    ...(key && { key }),
  };
}

export type Chosen = { readonly kind: PeriodKind; readonly period: DateRange };

/** The report's address: what it says now, and how to say something else. On a Monday morning the week meant is the one that ended. */
export function useReport(standard?: (today: CivilDate) => Chosen) {
  const search: ReportSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const { today } = useMe();
  const begin: Chosen = standard?.(today) ?? { kind: 'week', period: periodOf('week', addDays(today, -1)) };
  const kind = search.kind ?? begin.kind;
  const period: DateRange =
    search.from && search.to
      ? { from: search.from, to: search.to }
      : kind === begin.kind
        ? begin.period
        : periodOf(kind === 'month' ? 'month' : 'week', addDays(today, -1));
  const change = (next: Partial<ReportSearch>) =>
    void navigate({ to: '.', search: (before: ReportSearch) => ({ ...before, ...next }), replace: true });
  return {
    search,
    chosen: { kind, period } satisfies Chosen,
    lastYearBy: search.lastYearBy ?? 'solar',
    /** The days that are counted: while the period is not over, up to today. */
    counted: countedOf(period, today),
    change,
    choose: (next: Chosen) => change({ kind: next.kind, from: next.period.from, to: next.period.to, rows: undefined, key: undefined }),
    step: (steps: number) => {
      const next = shiftPeriod(kind, period, steps);
      change({ kind, ...next, rows: undefined, key: undefined });
    },
    // Rows are a place of their own: the browser's back button closes them.
    open: (rows: string, key?: string) =>
      void navigate({ to: '.', search: (before: ReportSearch) => ({ ...before, kind, ...period, rows, key }) }),
    /** The rows of a period beside this one, which becomes the period shown. */
    openIn: ({ from, to }: { from: CivilDate; to: CivilDate }, rows: string, key?: string) =>
      void navigate({
        to: '.',
        search: (before: ReportSearch) => ({ ...before, kind: isWhole(kind, { from, to }) ? kind : 'custom', from, to, rows, key }),
      }),
    /** What a complaint rate is a share of: the visits, which have a report of their own, or the deliveries. */
    openBase: (branch: 'service' | 'sales', range: DateRange = countedOf(period, today)) =>
      void (branch === 'service'
        ? navigate({ to: '/service', search: { kind: 'custom', ...range, rows: 'all' } })
        : navigate({
            to: '.',
            search: (before: ReportSearch) => ({ ...before, kind: 'custom' as const, ...range, rows: 'deliveries', key: undefined }),
          })),
    close: () => change({ rows: undefined, key: undefined }),
  };
}
