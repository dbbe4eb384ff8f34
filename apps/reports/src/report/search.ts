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
  /** The period to compare with, where that is a choice. */
  readonly againstFrom?: CivilDate;
  readonly againstTo?: CivilDate;
  readonly by?: string;
  readonly calls?: 'service' | 'sales';
  /** The figure whose rows are open. */
  readonly rows?: string;
  /** The group of that figure: a category, rule, role or person. */
  readonly key?: string;
  /** The days of those rows where they are not the report's: of a period beside it, or a month of it. */
  readonly rowsFrom?: CivilDate;
  readonly rowsTo?: CivilDate;
};

/** What an address says when no rows are open. */
export const NO_ROWS = { rows: undefined, key: undefined, rowsFrom: undefined, rowsTo: undefined } satisfies {
  [K in keyof ReportSearch]?: undefined;
};

const text = (value: unknown) => (typeof value === 'string' && value.length <= 80 ? value : undefined);
const date = (value: unknown) => (typeof value === 'string' && isCivilDate(value) ? value : undefined);

function rangeOf(from: CivilDate | undefined, to: CivilDate | undefined): DateRange | undefined {
  return from !== undefined && to !== undefined && from < to && isReportable({ from, to }) ? { from, to } : undefined;
}

export function validateReportSearch(search: Record<string, unknown>): ReportSearch {
  const [from, to, by, rows, key] = [date(search.from), date(search.to), text(search.by), text(search.rows), text(search.key)];
  const kind = PERIOD_KINDS.find((known) => known === search.kind);
  const lastYearBy = LAST_YEAR_BY.find((known) => known === search.lastYearBy);
  const calls = search.calls === 'sales' ? 'sales' : search.calls === 'service' ? 'service' : undefined;
  const period = rangeOf(from, to);
  const against = rangeOf(date(search.againstFrom), date(search.againstTo));
  const ofRows = rows && rangeOf(date(search.rowsFrom), date(search.rowsTo));
  // Days that are no whole week or month are shown as the days they are.
  const fits = kind === undefined || period === undefined || isWhole(kind, period);
  return {
    ...(kind && { kind: fits ? kind : ('custom' as const) }),
    ...period,
    ...(lastYearBy && { lastYearBy }),
    ...(against && { againstFrom: against.from, againstTo: against.to }),
    ...(by && { by }),
    ...(calls && { calls }),
    ...(rows && { rows }),
    ...(key && { key }),
    ...(ofRows && { rowsFrom: ofRows.from, rowsTo: ofRows.to }),
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
    /** The days of the rows that are open. */
    opened: countedOf(search.rowsFrom && search.rowsTo ? { from: search.rowsFrom, to: search.rowsTo } : period, today),
    change,
    choose: (next: Chosen) => change({ kind: next.kind, from: next.period.from, to: next.period.to, ...NO_ROWS }),
    step: (steps: number) => {
      const next = shiftPeriod(kind, period, steps);
      change({ kind, ...next, ...NO_ROWS });
    },
    // Rows are a place of their own: the browser's back button closes them.
    open: (rows: string, key?: string) =>
      void navigate({ to: '.', search: (before: ReportSearch) => ({ ...before, kind, ...period, ...NO_ROWS, rows, key }) }),
    /** The rows of other days than the report's, which stays what it is: closing them shows it again. */
    openIn: ({ from, to }: DateRange, rows: string, key?: string) =>
      void navigate({
        to: '.',
        search: (before: ReportSearch) => ({ ...before, kind, ...period, rows, key, rowsFrom: from, rowsTo: to }),
      }),
    close: () => change(NO_ROWS),
  };
}
