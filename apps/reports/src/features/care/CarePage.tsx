import type { Role } from '@baoke/core/access';
import type { Outputs } from '@baoke/client';
import {
  CARE_GROUPS,
  CARE_MEASURES,
  CARE_ROW_MEASURES,
  careChart,
  MOST_CARE_BARS,
  type CareMeasure,
  type CareRowMeasure,
} from '@baoke/core/insight';
import type { StaffId } from '@baoke/core/kernel';
import { ErrorState, LoadingState, NoValue } from '@baoke/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { ChartPanel } from '../../report/ChartPanel.tsx';
import { Change, Definition, Figure, OpenFigure, Panel, RateChange, Stat } from '../../report/figures.tsx';
import { useNames } from '../../report/names.ts';
import { PeriodBar } from '../../report/PeriodBar.tsx';
import { ReportTable, type Column } from '../../report/ReportTable.tsx';
import { RowsDrawer } from '../../report/RowsDrawer.tsx';
import { NO_ROWS, useReport } from '../../report/search.ts';
import { nameOfRows, useTaskColumns } from '../../report/task-columns.tsx';
import { useFormats } from '../../shell/formats.ts';
import { useApi } from '../../shell/session.ts';

type Report = Outputs['reports']['care'];
type Counts = Report['total'];
type GroupBy = (typeof CARE_GROUPS)[number];
const HEADS = { rule: 'tasks.rule', role: 'tasks.fields.role', person: 'tasks.fields.assignee' } as const satisfies Record<GroupBy, string>;
type Line = { readonly key: string; readonly name: string; readonly counts: Counts; readonly kind: 'group' | 'total' | 'other' };
type Task = Outputs['reports']['careRows']['items'][number];

const inTime = (c: Counts) => ({ part: c.doneInTime, whole: c.planned - c.waiting });

/** Care execution: what was due, done in time, late, missed or skipped, by rule, role or person (07; CARE-33). */
export function CarePage() {
  const { t } = useTranslation();
  const { trpc } = useApi();
  const report = useReport();
  const { chosen, lastYearBy, search, change } = report;
  const groupBy = CARE_GROUPS.find((known) => known === search.by) ?? 'rule';
  const input = { ...chosen, lastYearBy, groupBy };
  const { data, error, refetch } = useQuery(trpc.reports.care.queryOptions(input, { placeholderData: keepPreviousData }));
  return (
    <>
      <PeriodBar title={t('reports.care.title')} report={report} compared={data} taken={{ report: 'care', ...input }} />
      <div className="rp-bar no-print">
        <Segmented
          value={groupBy}
          options={CARE_GROUPS.map((value) => ({ value, label: t(`reports.care.group.${value}`) }))}
          onChange={(value) => change({ by: value, ...NO_ROWS })}
        />
      </div>
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <CareReport data={data} report={report} groupBy={groupBy} />
      ) : (
        <LoadingState rows={10} />
      )}
    </>
  );
}

type Props = { readonly data: Report; readonly report: ReturnType<typeof useReport>; readonly groupBy: GroupBy };

function CareReport({ data, report, groupBy }: Props) {
  const { t } = useTranslation();
  const { rate } = useFormats();
  const names = useNames();
  const { open, openIn, search } = report;
  const { total, previousTotal } = data;
  const nameOf = (key: string | null, label: string | null) =>
    key === null ? t('reports.unassigned') : groupBy === 'person' ? (label ?? key) : groupBy === 'role' ? names.role(key) : names.rule(key);
  const lines: Line[] = data.groups.map((g) => ({ key: g.key ?? 'none', name: nameOf(g.key, g.label), counts: g.counts, kind: 'group' }));
  const all: Line[] = [
    ...lines,
    { key: 'total', name: t('reports.total'), counts: total, kind: 'total' },
    { key: 'previous', name: t('reports.previous'), counts: previousTotal, kind: 'other' },
    { key: 'lastYear', name: t(`reports.lastYear.${data.lastYearBy}`), counts: data.lastYearTotal, kind: 'other' },
  ];
  const openFor = (line: Line, measure: CareMeasure) =>
    line.kind === 'group'
      ? () => open(measure, line.key)
      : line.kind === 'total'
        ? () => open(measure)
        : () => openIn(line.key === 'lastYear' ? data.lastYear : data.previous, measure);
  const columns: Column<Line>[] = [
    { key: 'name', title: t(HEADS[groupBy]), cell: (line) => line.name },
    ...CARE_MEASURES.map((measure): Column<Line> => ({
      key: measure,
      title: t(`reports.care.${measure}`),
      align: 'right',
      cell: (line) => (
        <Figure value={line.counts[measure]} title={`${line.name} · ${t(`reports.care.${measure}`)}`} onOpen={openFor(line, measure)} />
      ),
    })),
    {
      key: 'rate',
      title: t('reports.care.rate'),
      align: 'right',
      cell: (line) => (
        <OpenFigure
          title={`${line.name} · ${t('reports.care.rate')}`}
          onOpen={line.counts.doneInTime > 0 ? openFor(line, 'doneInTime') : undefined}
        >
          {rate(inTime(line.counts), 1)}
        </OpenFigure>
      ),
    },
  ];
  const bars = careChart(data.groups.map(({ counts }) => counts));
  const openMeasure = CARE_ROW_MEASURES.find((known) => known === search.rows);
  return (
    <>
      <div className="rp-stats">
        <Stat
          label={t('reports.care.rate')}
          notes={[{ label: t('reports.change'), value: <RateChange now={inTime(total)} before={inTime(previousTotal)} /> }]}
        >
          <OpenFigure title={t('reports.care.rate')} onOpen={total.doneInTime > 0 ? () => open('doneInTime') : undefined}>
            {rate(inTime(total), 1)}
          </OpenFigure>
        </Stat>
        <Stat
          label={t('reports.care.planned')}
          notes={[{ label: t('reports.change'), value: <Change now={total.planned} before={previousTotal.planned} goodWhen="none" /> }]}
        >
          <Figure value={total.planned} title={t('reports.care.planned')} onOpen={() => open('planned')} />
        </Stat>
        <Stat
          label={t('reports.care.missed')}
          notes={[
            {
              label: t('reports.care.overdue'),
              value: <Figure value={total.overdue} title={t('reports.care.overdue')} onOpen={() => open('overdue')} />,
            },
            { label: t('reports.change'), value: <Change now={total.missed} before={previousTotal.missed} goodWhen="down" /> },
          ]}
        >
          <Figure value={total.missed} title={t('reports.care.missed')} onOpen={() => open('missed')} />
        </Stat>
        <Stat
          label={t('reports.care.returned')}
          hint={t('reports.care.returnedHint', { days: data.returnedWithinDays })}
          notes={[
            {
              label: t('reports.care.returnedHint', { days: data.returnedWithinDays }),
              value: (
                <>
                  <Figure value={data.returned.part} title={t('reports.care.returned')} onOpen={() => open('returned')} />
                  {' / '}
                  <Figure value={data.returned.whole} title={t('reports.care.reached')} onOpen={() => open('reached')} />
                </>
              ),
            },
          ]}
        >
          <OpenFigure title={t('reports.care.returned')} onOpen={data.returned.part > 0 ? () => open('returned') : undefined}>
            {rate(data.returned, 1)}
          </OpenFigure>
        </Stat>
      </div>
      <ChartPanel
        title={t('reports.care.execution')}
        of={`${t('reports.care.title')} · ${t(`reports.care.group.${groupBy}`)}`}
        report={report}
        categories={lines.slice(0, MOST_CARE_BARS).map((line) => line.name)}
        series={bars.map((s) => ({ ...s, name: t(`reports.care.${s.name}`) }))}
        height={320}
        onChoose={(at, series) => lines[at] && open(bars[series]?.name ?? 'planned', lines[at].key)}
      />
      <Panel title={t('reports.table')}>
        <ReportTable
          caption={t('reports.care.title')}
          columns={columns}
          rows={all}
          rowKey={(line) => line.key}
          isSum={(line) => line.kind !== 'group'}
        />
      </Panel>
      <Definition text={t('reports.care.definition')} />
      {(search.rows === 'returned' || search.rows === 'reached') && <ReturnedRows report={report} measure={search.rows} />}
      {openMeasure && <CareRows report={report} measure={openMeasure} of={nameOfRows(lines, search.key)} groupBy={groupBy} />}
    </>
  );
}

function CareRows({
  report,
  measure,
  of,
  groupBy,
}: {
  readonly report: ReturnType<typeof useReport>;
  readonly measure: CareRowMeasure;
  /** Whose rows; undefined for everybody's. */
  readonly of: string | undefined;
  readonly groupBy: GroupBy;
}) {
  const { t } = useTranslation();
  const { client } = useApi();
  const { search, opened, close } = report;
  const columns = useTaskColumns();
  const { key } = search;
  const group =
    key === undefined
      ? {}
      : key === 'none'
        ? { unassigned: true }
        : groupBy === 'person'
          ? { personId: key as StaffId }
          : groupBy === 'role'
            ? { role: key as Role }
            : { ruleKey: key };
  const filter = { period: opened, measure, ...group };
  return (
    <RowsDrawer<Task>
      title={t('reports.rowsOf', { title: [of, t(`reports.care.${measure}`)].filter(Boolean).join(' · ') })}
      period={opened}
      queryKey={['reports', 'careRows', filter]}
      load={({ cursor }) => client.reports.careRows.query({ ...filter, cursor })}
      rowKey={(row) => row.id}
      taken={{ report: 'careRows', ...filter }}
      onClose={close}
      columns={columns}
    />
  );
}

type Returned = Outputs['reports']['returnedRows']['items'][number];

/** The customers behind the share that came back: each once, with the first talk of the period and the first visit after it. */
function ReturnedRows({
  report: { opened, close },
  measure,
}: {
  readonly report: ReturnType<typeof useReport>;
  readonly measure: 'returned' | 'reached';
}) {
  const { t } = useTranslation();
  const { client } = useApi();
  const filter = { period: opened, measure };
  return (
    <RowsDrawer<Returned>
      title={t('reports.rowsOf', { title: t(`reports.care.${measure}`) })}
      period={opened}
      queryKey={['reports', 'returnedRows', filter]}
      load={({ cursor }) => client.reports.returnedRows.query({ ...filter, cursor })}
      rowKey={(row) => row.customer.id}
      taken={{ report: 'returnedRows', ...filter }}
      onClose={close}
      columns={[
        { key: 'customer', title: t('common.customer'), cell: (row) => <a href={`/customers/${row.customer.id}`}>{row.customer.name}</a> },
        { key: 'spokenOn', title: t('reports.care.spokenOn'), cell: (row) => <span className="ui-figures">{row.spokenOn}</span> },
        {
          key: 'arrivedOn',
          title: t('reports.service.arrivedOn'),
          cell: (row) => (row.arrivedOn === null ? <NoValue /> : <span className="ui-figures">{row.arrivedOn}</span>),
        },
        { key: 'orderNo', title: t('reports.service.orderNo'), cell: (row) => row.orderNo ?? <NoValue /> },
      ]}
    />
  );
}
