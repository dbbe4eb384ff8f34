import type { Outputs } from '@baoke/client';
import {
  CALLBACK_COLUMNS,
  CALLBACK_GROUPS,
  CALLBACK_MEASURES,
  callbackTrend,
  stepName,
  type CallbackGroup,
  type CallbackMeasure,
} from '@baoke/core/insight';
import { CALLBACK_HEADS } from '@baoke/i18n/lazy';
import { ErrorState, LoadingState } from '@baoke/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Alert, Segmented } from 'antd';
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

type Report = Outputs['reports']['callbacks'];
type Figures = Report['total'];
type Line = { readonly key: string; readonly name: string; readonly figures: Figures; readonly kind: 'group' | 'total' | 'other' };
type Task = Outputs['reports']['callbackRows']['items'][number];
/** The rows a share counts as its part; its base is a column of its own. */
const PART_OF = { completion: 'dueCalled', satisfaction: 'satisfied' } as const satisfies Partial<Record<string, CallbackMeasure>>;
const CHART_ROWS = ['reached', 'notReached', 'satisfied'] as const;

/** Callback statistics (RPT-05, W-03, G-11): due, carried over, called, reached, asked, satisfied; praise and complaints; with analysed reasons (05). */
export function CallbacksPage() {
  const { t } = useTranslation();
  const { trpc } = useApi();
  const report = useReport();
  const { chosen, lastYearBy, search, change } = report;
  const calls = search.calls ?? 'service';
  const groupBy = CALLBACK_GROUPS.find((known) => known === search.by) ?? 'person';
  const input = { ...chosen, lastYearBy, calls, groupBy } as const;
  const { data, error, refetch } = useQuery(trpc.reports.callbacks.queryOptions(input, { placeholderData: keepPreviousData }));
  return (
    <>
      <PeriodBar title={t('reports.callbacks.title')} report={report} compared={data} taken={{ report: 'callbacks', ...input }} />
      <div className="rp-bar no-print">
        <Segmented
          value={calls}
          options={(['service', 'sales'] as const).map((value) => ({ value, label: t(`reports.callbacks.calls.${value}`) }))}
          onChange={(value) => change({ calls: value, ...NO_ROWS })}
        />
        <Segmented
          value={groupBy}
          options={CALLBACK_GROUPS.map((value) => ({ value, label: t(`reports.callbacks.group.${value}`) }))}
          onChange={(value) => change({ by: value, ...NO_ROWS })}
        />
      </div>
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <CallbackReport data={data} report={report} calls={calls} groupBy={groupBy} />
      ) : (
        <LoadingState rows={10} />
      )}
    </>
  );
}

type Props = {
  readonly data: Report;
  readonly report: ReturnType<typeof useReport>;
  readonly calls: 'service' | 'sales';
  readonly groupBy: CallbackGroup;
};

function CallbackReport({ data, report, calls, groupBy }: Props) {
  const { t, i18n } = useTranslation();
  const { rate } = useFormats();
  const names = useNames();
  const { open, openIn, search, chosen } = report;
  const { total, previousTotal } = data;
  const nameOf = ({ key, label, names: words }: Report['groups'][number]) => {
    if (words) return i18n.language === 'en' ? words.en : words.zh;
    if (key === null) return t(groupBy === 'person' ? 'reports.unassigned' : 'reports.callbacks.none');
    return label ?? (groupBy === 'rule' ? names.rule(key) : key);
  };
  const lines: Line[] = [
    ...data.groups.map((g) => ({ key: g.key ?? 'none', name: nameOf(g), figures: g.figures, kind: 'group' as const })),
    { key: 'total', name: t('reports.total'), figures: total, kind: 'total' },
    { key: 'previous', name: t('reports.previous'), figures: previousTotal, kind: 'other' },
    { key: 'lastYear', name: t(`reports.lastYear.${data.lastYearBy}`), figures: data.lastYearTotal, kind: 'other' },
  ];
  const openFor = (line: Line, measure: CallbackMeasure) =>
    line.kind === 'group'
      ? () => open(measure, line.key)
      : line.kind === 'total'
        ? () => open(measure)
        : () => openIn(line.key === 'lastYear' ? data.lastYear : data.previous, measure);
  const columns: Column<Line>[] = [
    { key: 'name', title: t(CALLBACK_HEADS[groupBy]), cell: (line) => line.name },
    ...CALLBACK_COLUMNS.map((column): Column<Line> => ({
      key: column,
      title: t(`reports.callbacks.${column}`),
      align: 'right',
      cell: (line) => {
        const value = line.figures[column];
        if (typeof value !== 'number') {
          const part = column === 'completion' || column === 'satisfaction' ? PART_OF[column] : undefined;
          return (
            <OpenFigure
              title={`${line.name} · ${t(`reports.callbacks.${column}`)}`}
              onOpen={part && value.part > 0 ? openFor(line, part) : undefined}
            >
              {rate(value, 1)}
            </OpenFigure>
          );
        }
        const measure = CALLBACK_MEASURES.find((known) => known === column);
        return (
          <Figure value={value} title={`${line.name} · ${t(`reports.callbacks.${column}`)}`} onOpen={measure && openFor(line, measure)} />
        );
      },
    })),
  ];
  const share = (value: Figures['completion'], name: 'completion' | 'success' | 'satisfaction', part: CallbackMeasure) => (
    <OpenFigure title={t(`reports.callbacks.${name}`)} onOpen={value.part > 0 ? () => open(part) : undefined}>
      {rate(value, 1)}
    </OpenFigure>
  );
  const openMeasure = CALLBACK_MEASURES.find((known) => known === search.rows);
  return (
    <>
      {total.moreThanDue && <Alert type="warning" showIcon title={t('reports.callbacks.moreThanDue', { count: total.ahead })} />}
      <div className="rp-stats">
        <Stat
          label={t('reports.callbacks.completion')}
          notes={[
            {
              label: `${t('reports.callbacks.dueNotCalled')}`,
              value: (
                <Figure
                  value={total.due - total.dueCalled}
                  title={t('reports.callbacks.dueNotCalled')}
                  onOpen={() => open('dueNotCalled')}
                />
              ),
            },
            { label: t('reports.change'), value: <RateChange now={total.completion} before={previousTotal.completion} /> },
          ]}
        >
          {share(total.completion, 'completion', 'dueCalled')}
        </Stat>
        <Stat
          label={t('reports.callbacks.made')}
          notes={[
            {
              label: t('reports.callbacks.carriedOver'),
              value: <Figure value={total.carriedOver} title={t('reports.callbacks.carriedOver')} onOpen={() => open('carriedOver')} />,
            },
            { label: t('reports.change'), value: <Change now={total.made} before={previousTotal.made} /> },
          ]}
        >
          <Figure value={total.made} title={t('reports.callbacks.made')} onOpen={() => open('made')} />
        </Stat>
        <Stat
          label={t('reports.callbacks.success')}
          notes={[
            {
              label: t('reports.callbacks.notAsked'),
              value: <Figure value={total.notAsked} title={t('reports.callbacks.notAsked')} onOpen={() => open('notAsked')} />,
            },
            {
              label: t('reports.callbacks.notReached'),
              value: <Figure value={total.notReached} title={t('reports.callbacks.notReached')} onOpen={() => open('notReached')} />,
            },
            { label: t('reports.change'), value: <RateChange now={total.success} before={previousTotal.success} /> },
          ]}
        >
          {share(total.success, 'success', 'answered')}
        </Stat>
        <Stat
          label={t('reports.callbacks.satisfaction')}
          notes={[
            {
              label: t('reports.callbacks.other'),
              value: <Figure value={total.other} title={t('reports.callbacks.other')} onOpen={() => open('other')} />,
            },
            { label: t('reports.change'), value: <RateChange now={total.satisfaction} before={previousTotal.satisfaction} /> },
          ]}
        >
          {share(total.satisfaction, 'satisfaction', 'satisfied')}
        </Stat>
      </div>
      <ChartPanel
        title={t('reports.callbacks.trend')}
        of={`${t('reports.callbacks.title')} · ${t(`reports.callbacks.calls.${calls}`)}`}
        report={report}
        categories={data.trend.map(({ from }) => stepName(chosen.kind, from))}
        series={callbackTrend(data.trend).map((s) => ({ ...s, name: t(`reports.callbacks.${s.name}`) }))}
        onChoose={(at, series) => data.trend[at] && openIn(data.trend[at], CHART_ROWS[series] ?? 'made')}
      />
      <Panel title={t('reports.table')}>
        <ReportTable
          caption={t('reports.callbacks.title')}
          columns={columns}
          rows={lines}
          rowKey={(line) => line.key}
          isSum={(line) => line.kind !== 'group'}
        />
      </Panel>
      <Definition text={t('reports.callbacks.definition')} />
      {openMeasure && (
        <CallbackRows report={report} measure={openMeasure} of={nameOfRows(lines, search.key)} calls={calls} groupBy={groupBy} />
      )}
    </>
  );
}

function CallbackRows({
  report,
  measure,
  of,
  calls,
  groupBy,
}: {
  readonly report: ReturnType<typeof useReport>;
  readonly measure: CallbackMeasure;
  /** Whose rows; undefined for everybody's. */
  readonly of: string | undefined;
  readonly calls: 'service' | 'sales';
  readonly groupBy: CallbackGroup;
}) {
  const { t } = useTranslation();
  const { client } = useApi();
  const { search, opened, close } = report;
  const columns = useTaskColumns({ heard: true });
  const filter = {
    period: opened,
    calls,
    measure,
    ...(search.key ? { of: { by: groupBy, key: search.key === 'none' ? null : search.key } } : {}),
  };
  return (
    <RowsDrawer<Task>
      title={t('reports.rowsOf', { title: [of, t(`reports.callbacks.${measure}`)].filter(Boolean).join(' · ') })}
      period={opened}
      queryKey={['reports', 'callbackRows', filter]}
      load={({ cursor }) => client.reports.callbackRows.query({ ...filter, cursor })}
      rowKey={(row) => row.id}
      taken={{ report: 'callbackRows', ...filter }}
      onClose={close}
      columns={columns}
    />
  );
}
