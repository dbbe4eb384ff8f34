import { SHIPPED_RULES } from '@baoke/core/care';
import type * as wire from '@baoke/core/insight/wire';
import {
  CALLBACK_COLUMNS,
  callbackTrend,
  careChart,
  categoryChart,
  complaintChart,
  countedOf,
  MOST_CARE_BARS,
  stepName,
  visitTrend,
  type LastYearBy,
  type PeriodKind,
  type Series,
} from '@baoke/core/insight';
import { RATE_DECIMALS, relativeChange, type ComplaintKind } from '@baoke/core/complaints';
import { addDays, dateIn, isSameRange, shareOf, type DateRange, type Instant, type Rate, type StaffId } from '@baoke/core/kernel';
import type { exported } from '@baoke/core/kernel/wire';
import { listCategories } from '@baoke/db/service';
import { getStore } from '@baoke/db/stores';
import { CALLBACK_HEADS, complaintKindText, formatsFor, type Locale } from '@baoke/i18n';
import type { z } from 'zod';
import { recordChange } from '../audit/record.ts';
import { STATISTIC_GROUPS, type rateReport } from '@baoke/core/complaints/wire';
import { complaintRates, complaintStatistics } from '../complaints/statistics.ts';
import type { StaffContext } from '../context.ts';
import { shareFormat, type Cell } from '../exports/cells.ts';
import { aboutFile, daysOf, fileNameOf, personNamed, wordsOf, type Filters, type Words } from '../exports/file.ts';
import type { Drawn } from '../exports/charts.ts';
import { toXlsx, type Sheet } from '../exports/sheet.ts';
import { callbackReport, careReport, countedSoFar, serviceReport } from './reports.ts';
import { callbackRows, careRows, deliveryRows, returnedRows, serviceRows } from './rows.ts';

const MOST_ROWS = 20_000;
const ALL = { limit: MOST_ROWS };
/** A name of a sheet has 31 signs at most, eleven of them for the day behind it. */
const MOST_NAME = 20;
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/**
 * A report as its table shows it, or the rows behind a figure (20,000 at most), as an Excel file; who took what is recorded.
 *
 * Source: 07 Reports; RPT-15; 11 row 34.
 */
export async function exportReport(ctx: StaffContext, { of: input, locale }: wire.ExportInput): Promise<z.output<typeof exported>> {
  const t = wordsOf(locale);
  // The right to take away may reach less far than the right to look.
  const reader: StaffContext = { ...ctx, reach: (capability) => ctx.reach(capability, capability === 'insight' ? 'export' : 'view') };
  const sheet = await makeSheet(reader, input, locale, t);
  const { period } = input;
  const store = await ctx.readStore((tx) => getStore(tx, ctx.storeId));
  const counted = countedSoFar(ctx, period);
  const days = [
    `${t('reports.period')} ${daysOf(period)}`,
    ...(counted.to < period.to ? [t('reports.soFar', { days: daysOf(counted) })] : []),
  ];
  const title = {
    ...sheet,
    name: `${sheet.name.slice(0, MOST_NAME)} ${period.from}`,
    about: aboutFile(ctx, t, { store: store.name, title: sheet.name, days, filters: sheet.filters, notes: sheet.about }),
    more: sheet.more?.map((table) => ({ ...table, about: [`${store.name} · ${table.name}`, ...days, ...(table.about ?? [])] })) ?? [],
  };
  await ctx.inStore((tx) =>
    recordChange(tx, ctx, {
      action: 'reports.export',
      entity: 'report',
      entityId: input.report,
      after: { ...input, rows: sheet.rows.length },
    }),
  );
  const content = await toXlsx(title);
  return {
    fileName: fileNameOf([store.name, sheet.name, period.from, addDays(period.to, -1)], ctx, 'xlsx'),
    contentType: XLSX,
    base64: content.toString('base64'),
    rows: sheet.rows.length,
    complete: sheet.complete !== false,
  };
}

/** A table with what its rows are narrowed down to, in words. */
type Narrowed = Sheet & { readonly filters?: Filters };

async function makeSheet(ctx: StaffContext, input: wire.Taken, locale: Locale, t: Words): Promise<Narrowed> {
  switch (input.report) {
    case 'service':
      return serviceSheet(await serviceReport(ctx, input), input.kind, locale, t);
    case 'serviceRows':
      return serviceRowsSheet(ctx, input, locale, t);
    case 'deliveryRows': {
      const rows = await deliveryRows(ctx, input.period, ALL);
      return {
        name: t('reports.deliveries.title'),
        header: [
          t('reports.deliveries.deliveredOn'),
          t('reports.deliveries.orderedOn'),
          t('common.customer'),
          t('common.plate'),
          t('reports.service.model'),
          t('reports.owners.consultant'),
        ],
        ...held(rows, (r) => [r.deliveredOn, r.orderedOn, r.customer.name, r.plate, r.model, r.consultant]),
      };
    }
    case 'callbacks':
      return callbackSheet(await callbackReport(ctx, input), input, locale, t);
    case 'callbackRows': {
      const rows = await callbackRows(ctx, input, ALL);
      const name = `${t(`reports.callbacks.calls.${input.calls}`)} ${t(`reports.callbacks.${input.measure}`)}`;
      return { ...taskSheet(ctx, rows, { name, heard: locale }, t), filters: await narrowing(ctx, input, t) };
    }
    case 'care':
      return careSheet(await careReport(ctx, input), input.groupBy, t);
    case 'careRows': {
      const rows = await careRows(ctx, input, ALL);
      const name = `${t('reports.care.title')} ${t(`reports.care.${input.measure}`)}`;
      return {
        ...taskSheet(ctx, rows, { name }, t),
        filters: [input.role && t(`roles.${input.role}`), ...(await narrowing(ctx, input, t))],
      };
    }
    case 'returnedRows': {
      const rows = await returnedRows(ctx, input, ALL);
      return {
        name: `${t('reports.care.title')} ${t(`reports.care.${input.measure}`)}`,
        header: [t('common.customer'), t('reports.care.spokenOn'), t('reports.service.arrivedOn'), t('reports.service.orderNo')],
        ...held(rows, (r) => [r.customer.name, r.spokenOn, r.arrivedOn, r.orderNo]),
      };
    }
    case 'complaints':
      return complaintSheet(ctx, input, t);
  }
}

/** Whose tasks, and by which rule. */
async function narrowing(
  ctx: StaffContext,
  { personId, unassigned, ruleKey }: { personId?: StaffId | undefined; unassigned?: boolean | undefined; ruleKey?: string | undefined },
  t: Words,
): Promise<Filters> {
  return [
    await ctx.readStore((tx) => personNamed(tx, ctx, t('reports.callbacks.person'), personId)),
    unassigned && t('tasks.unassigned'),
    ruleKey !== undefined && ruleName(ruleKey, t),
  ];
}

/** What of the rows, read with one beyond the most, a file holds. */
function held<Row>(rows: readonly Row[], cellsOf: (row: Row) => Cell[]): Pick<Sheet, 'rows' | 'complete'> {
  return { rows: rows.slice(0, MOST_ROWS).map(cellsOf), complete: rows.length <= MOST_ROWS };
}

/** Which days the figures of last year are of. */
function aboutLastYear({ lastYear, lastYearBy }: { lastYear: DateRange; lastYearBy: LastYearBy }, t: Words): string[] {
  return [t(`reports.comparedBy.${lastYearBy}`, { days: daysOf(lastYear) })];
}

function percent({ part, whole }: Rate, decimals = 2): Cell {
  return whole === 0 ? null : { value: part / whole, format: shareFormat(decimals) };
}

/** The difference and, where there was something before, its share: two numbers that show their sign. */
function change(now: number, before: number): [Cell, Cell] {
  const share = before === 0 ? null : { value: (now - before) / before, format: '+0.0%;-0.0%;0.0%' };
  return [{ value: now - before, format: '+#,##0;-#,##0;0' }, share];
}

/** The charts of a report below its table; those of nothing are left out. */
function charts(t: Words, drawn: readonly Drawn[]): NonNullable<Sheet['charts']> {
  return { dataName: t('reports.chartData'), drawn: drawn.filter((d) => d.series.length > 0 && d.categories.length > 0) };
}

function named<Name extends string>(series: readonly Series<Name>[], wordsOf: (name: Name) => string): Series[] {
  return series.map((one) => ({ ...one, name: wordsOf(one.name) }));
}

function yuan(fen: number | null): Cell {
  return fen === null ? null : { value: fen / 100, format: '"¥"#,##0.00' };
}

function serviceSheet(report: z.output<typeof wire.serviceReport>, kind: PeriodKind, locale: Locale, t: Words): Sheet {
  const line = (name: string, kind: string, c: { visits: number; previous: number; lastYear: number }, received: number | null): Cell[] => [
    name,
    kind,
    c.visits,
    percent({ part: c.visits, whole: report.total.visits }, 1),
    c.previous,
    ...change(c.visits, c.previous),
    c.lastYear,
    ...change(c.visits, c.lastYear),
    yuan(received),
  ];
  const group = (effective: boolean) =>
    report.categories
      .filter((c) => c.effective === effective)
      .map((c) => line(c[locale], t(effective ? 'reports.service.effective' : 'reports.service.ineffective'), c, c.receivedFen));
  return {
    name: t('reports.service.title'),
    about: aboutLastYear(report, t),
    header: [
      t('reports.service.category'),
      '',
      t('reports.current'),
      t('reports.share100'),
      t('reports.previous'),
      t('reports.change'),
      `${t('reports.change')} %`,
      t(`reports.lastYear.${report.lastYearBy}`),
      t(`reports.changeYear.${report.lastYearBy}`),
      `${t(`reports.changeYear.${report.lastYearBy}`)} %`,
      t('reports.service.received'),
    ],
    rows: [
      ...group(true),
      line(t('reports.service.effective'), '', report.effective, null),
      ...group(false),
      line(t('reports.service.ineffective'), '', report.ineffective, null),
      line(t('reports.service.total'), '', report.total, report.receivedFen),
    ],
    charts: charts(t, [
      {
        title: t('reports.service.categories'),
        categories: report.categories.map((c) => c[locale]),
        series: named(categoryChart(report.categories), (name) => t(`reports.${name}`)),
      },
      {
        title: t('reports.service.trend'),
        categories: report.trend.map(({ from }) => stepName(kind, from)),
        series: named(visitTrend(report.trend), (name) => t(`reports.service.${name}`)),
      },
    ]),
  };
}

async function serviceRowsSheet(
  ctx: StaffContext,
  input: Extract<wire.Taken, { report: 'serviceRows' }>,
  locale: Locale,
  t: Words,
): Promise<Narrowed> {
  const rows = await serviceRows(ctx, { ...input, ...ALL });
  const categories = await ctx.readStore((tx) => listCategories(tx, ctx.storeId));
  const names = new Map(categories.map((c) => [c.code, locale === 'zh' ? c.nameZh : c.nameEn]));
  const { category, effective } = input;
  const what =
    effective === undefined
      ? t(input.of === 'money' ? 'reports.service.received' : 'reports.service.total')
      : t(`service.effective.${effective}`);
  return {
    name: `${t('reports.service.title')} ${category === undefined ? what : (names.get(category) ?? category)}`,
    filters: [category !== undefined && what],
    header: [
      t('reports.service.orderNo'),
      t(input.of === 'money' ? 'reports.service.moneyOn' : 'reports.service.arrivedOn'),
      t('reports.service.category'),
      t('common.customer'),
      t('common.plate'),
      t('reports.service.model'),
      t('reports.service.advisor'),
      t('reports.service.mileage'),
      t('reports.service.received'),
    ],
    ...held(rows, (r) => [
      r.orderNo,
      input.of === 'money' ? r.moneyOn : r.arrivedOn,
      names.get(r.category) ?? r.category,
      r.customer?.name ?? null,
      r.plate,
      r.model,
      r.advisor,
      r.mileageKm,
      yuan(r.receivedFen),
    ]),
  };
}

const HEARD_COLUMNS = ['satisfaction', 'praised', 'said', 'cause', 'unreached'] as const;

function callbackSheet(
  report: z.output<typeof wire.callbackReport>,
  { kind, groupBy }: Extract<wire.Taken, { report: 'callbacks' }>,
  locale: Locale,
  t: Words,
): Sheet {
  const nameOf = ({ key, label, names }: (typeof report.groups)[number]) => {
    if (names) return names[locale];
    if (key === null) return t(groupBy === 'person' ? 'reports.unassigned' : 'reports.callbacks.none');
    return label ?? (groupBy === 'rule' ? ruleName(key, t) : key);
  };
  const line = (name: string, f: typeof report.total): Cell[] => [
    name,
    ...CALLBACK_COLUMNS.map((column) => {
      const value = f[column];
      return typeof value === 'number' ? value : percent(value, 1);
    }),
  ];
  return {
    name: t('reports.callbacks.title'),
    about: aboutLastYear(report, t),
    header: [t(CALLBACK_HEADS[groupBy]), ...CALLBACK_COLUMNS.map((c) => t(`reports.callbacks.${c}`))],
    rows: [
      ...report.groups.map((g) => line(nameOf(g), g.figures)),
      line(t('reports.total'), report.total),
      line(t('reports.previous'), report.previousTotal),
      line(t(`reports.lastYear.${report.lastYearBy}`), report.lastYearTotal),
    ],
    charts: charts(t, [
      {
        title: t('reports.callbacks.trend'),
        categories: report.trend.map(({ from }) => stepName(kind, from)),
        series: named(callbackTrend(report.trend), (name) => t(`reports.callbacks.${name}`)),
      },
    ]),
  };
}

const CARE_HEADS = { rule: 'tasks.rule', role: 'tasks.fields.role', person: 'tasks.fields.assignee' } as const;

function careSheet(report: z.output<typeof wire.careReport>, by: 'rule' | 'role' | 'person', t: Words): Sheet {
  const columns = ['planned', 'doneInTime', 'doneLate', 'skipped', 'missed', 'overdue', 'waiting'] as const;
  const line = (name: string, c: wire.CareCounts): Cell[] => [
    name,
    ...columns.map((column) => c[column]),
    percent({ part: c.doneInTime, whole: c.planned - c.waiting }, 1),
  ];
  const nameOf = (key: string | null, label: string | null) => {
    if (key === null) return t('reports.unassigned');
    return by === 'person' ? (label ?? '') : by === 'role' ? t(`roles.${key as wire.TaskRow['role']}`) : ruleName(key, t);
  };
  return {
    name: t('reports.care.title'),
    about: aboutLastYear(report, t),
    header: [t(CARE_HEADS[by]), ...columns.map((c) => t(`reports.care.${c}`)), t('reports.care.rate')],
    rows: [
      ...report.groups.map((g) => line(nameOf(g.key, g.label), g.counts)),
      line(t('reports.total'), report.total),
      line(t('reports.previous'), report.previousTotal),
      line(t(`reports.lastYear.${report.lastYearBy}`), report.lastYearTotal),
    ],
    charts: charts(t, [
      {
        title: t('reports.care.execution'),
        categories: report.groups.slice(0, MOST_CARE_BARS).map(({ key, label }) => nameOf(key, label)),
        series: named(careChart(report.groups.map(({ counts }) => counts)), (name) => t(`reports.care.${name}`)),
      },
    ]),
  };
}

/** `heard` is the language of the columns with what callbacks brought; without it there are none. */
function taskSheet(
  { zone }: StaffContext,
  tasks: readonly wire.TaskRow[],
  { name, heard }: { readonly name: string; readonly heard?: Locale },
  t: Words,
): Sheet {
  const beside = (r: wire.TaskRow): Cell[] =>
    heard === undefined
      ? []
      : [
          r.satisfaction && t(`reports.callbacks.satisfactions.${r.satisfaction}`),
          r.praised ? t('common.yes') : null,
          r.said && r.said[heard],
          r.cause && r.cause[heard],
          r.unreached && r.unreached[heard],
        ];
  const formats = formatsFor(zone);
  const when = (at: Instant | null) => (at === null ? null : formats.dateTime(at));
  return {
    name,
    header: [
      t('reports.callbacks.rule'),
      t('common.customer'),
      t('common.plate'),
      t('reports.callbacks.dueAt'),
      t('common.status'),
      t('reports.callbacks.finishedAt'),
      t('reports.callbacks.person'),
      t('reports.callbacks.outcome'),
      t('reports.callbacks.note'),
      ...(heard === undefined ? [] : HEARD_COLUMNS.map((column) => t(`reports.callbacks.heard.${column}`))),
    ],
    ...held(tasks, (r) => [
      ruleName(r.ruleKey, t),
      r.customer.name,
      r.plate,
      when(r.dueAt),
      t(`tasks.statuses.${r.status}`),
      when(r.finishedAt),
      r.person ?? t(`roles.${r.role}`),
      r.outcome && t(`contacts.outcomes.${r.outcome}`),
      r.note,
      ...beside(r),
    ]),
  };
}

async function complaintSheet(ctx: StaffContext, input: Extract<wire.Taken, { report: 'complaints' }>, t: Words): Promise<Sheet> {
  const report = await complaintRates(ctx, input);
  const { sla } = report;
  // What his rights hide has no column.
  const cells = (rate: Rate | null, decimals: number): Cell[] => (rate === null ? [] : [rate.part, rate.whole, percent(rate, decimals)]);
  const line = (name: string, service: Rate | null, sales: Rate | null): Cell[] => [name, ...cells(service, 3), ...cells(sales, 2)];
  const columnsOf = (branch: 'service' | 'sales'): string[] => {
    const name = t(`complaints.branches.${branch}`);
    return report[branch] === null
      ? []
      : [`${name} ${t('reports.complaints.count')}`, `${name} ${t('reports.complaints.base')}`, t(`reports.complaints.${branch}Rate`)];
  };
  return {
    name: t('reports.complaints.title'),
    header: [t('reports.complaints.month'), ...columnsOf('service'), ...columnsOf('sales')],
    rows: [...report.months.map((m) => line(m.month, m.service, m.sales)), line(t('reports.total'), report.service, report.sales)],
    charts: charts(t, [
      {
        title: t('reports.complaints.months'),
        categories: report.months.map(({ month }) => month),
        series: named(complaintChart(report), (branch) => t(`reports.complaints.${branch}Rate`)),
      },
    ]),
    more: [
      rateComparison(report, input.against !== undefined, t),
      ...(await complaintGroups(ctx, input, t)),
      {
        name: t('reports.complaints.promises'),
        header: [
          t('reports.complaints.promises'),
          t('reports.complaints.kept'),
          t('reports.complaints.decided'),
          t('reports.share100'),
          t('reports.complaints.minutes'),
        ],
        rows: [
          [
            t('reports.complaints.responseKept'),
            sla.responseKept,
            sla.responseDecided,
            percent({ part: sla.responseKept, whole: sla.responseDecided }, 1),
            sla.averageResponseMinutes,
          ],
          [
            t('reports.complaints.closeKept'),
            sla.closeKept,
            sla.closeDecided,
            percent({ part: sla.closeKept, whole: sla.closeDecided }, 1),
            sla.averageCloseMinutes,
          ],
          [t('reports.complaints.open'), sla.open, sla.total, percent({ part: sla.open, whole: sla.total }, 1), null],
        ],
      },
    ],
  };
}

/** The rates and their monthly means beside the two periods they are compared with, as the screen shows them (COMP-16). */
function rateComparison(report: z.output<typeof rateReport>, chosen: boolean, t: Words): Sheet {
  const [before, lastYear] = [t(chosen ? 'reports.complaints.against' : 'reports.previous'), t('reports.lastYear.solar')];
  const isOne = isSameRange(report.previous.period, report.lastYear.period);
  const periods = [report, report.previous, ...(isOne ? [] : [report.lastYear])];
  const names = [t('reports.current'), ...(isOne ? [`${before} · ${lastYear}`] : [before, lastYear])];
  const changed = (now: number | undefined, before: number | undefined): Cell => {
    const share = now === undefined || before === undefined ? undefined : relativeChange(now, before);
    return share === undefined ? null : { value: share, format: '+0.00%;-0.00%;0.00%' };
  };
  // Of each period: complaints, base, rate; of those compared with, the change as well.
  const line = (
    name: string,
    decimals: number,
    cells: readonly { readonly counts: readonly Cell[]; readonly share: number | undefined }[],
  ) => [
    name,
    ...cells.flatMap(({ counts, share }, at) => [
      ...counts,
      share === undefined ? null : { value: share, format: shareFormat(decimals) },
      ...(at === 0 ? [] : [changed(cells[0]?.share, share)]),
    ]),
  ];
  return {
    name: t('reports.complaints.comparison'),
    about: [...periods.map(({ period }, at) => `${names[at]} ${daysOf(period)}`), t('reports.complaints.meanDefinition')],
    header: [
      t('reports.complaints.rate'),
      ...names.flatMap((name, at) => [
        `${name} ${t('reports.complaints.count')}`,
        `${name} ${t('reports.complaints.base')}`,
        `${name} ${t('reports.complaints.rate')}`,
        ...(at === 0 ? [] : [t('reports.complaints.relativeChange')]),
      ]),
    ],
    rows: (['service', 'sales'] as const)
      .filter((branch) => report[branch] !== null)
      .flatMap((branch) => {
        const [name, decimals] = [t(`reports.complaints.${branch}Rate`), RATE_DECIMALS[branch]];
        return [
          line(
            `${name} · ${t('reports.complaints.monthlyAverage')}`,
            decimals,
            periods.map(({ mean }) => ({ counts: [null, null], share: mean[branch]?.share })),
          ),
          line(
            `${name} · ${t('reports.complaints.pooled')}`,
            decimals,
            periods.map(({ [branch]: pooled }) => ({
              counts: pooled ? [pooled.part, pooled.whole] : [null, null],
              share: pooled ? shareOf(pooled) : undefined,
            })),
          ),
        ];
      }),
  };
}

/** The tables by kind, source, department and person, as the screen shows one of them. */
async function complaintGroups(ctx: StaffContext, input: Extract<wire.Taken, { report: 'complaints' }>, t: Words): Promise<Sheet[]> {
  const period = countedOf(input.period, dateIn(ctx.zone, ctx.now));
  const sheets: Sheet[] = [];
  for (const by of STATISTIC_GROUPS) {
    const { groups } = await complaintStatistics(ctx, period, by);
    const nameOf = ({ key, label }: (typeof groups)[number]) => {
      if (label !== null) return label;
      if (key === null) return t('reports.complaints.nobody');
      return by === 'kind' ? complaintKindText(t, key as ComplaintKind) : t(`complaints.sources.${key as 'phone'}`);
    };
    sheets.push({
      name: t(`reports.complaints.by.${by}`),
      header: [
        t(`complaints.fields.${by}`),
        ...(['count', 'closed', 'responseBreaches', 'closeBreaches', 'reopened'] as const).map((name) => t(`reports.complaints.${name}`)),
        t('reports.complaints.goodwill'),
      ],
      rows: groups.map((g) => [nameOf(g), g.total, g.closed, g.responseBreaches, g.closeBreaches, g.reopened, yuan(g.goodwillFen)]),
    });
  }
  return sheets;
}

const SHIPPED = new Set<string>(SHIPPED_RULES.map((rule) => rule.key));

/** The name of a rule in words; those a store made itself have none of ours. */
export function ruleName(key: string | null, t: Words): string {
  if (key === null) return t('reports.unknownRule');
  return SHIPPED.has(key) ? t(`care.rules.${key as 'first_call'}.name`) : key;
}
