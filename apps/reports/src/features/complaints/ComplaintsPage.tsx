import { RATE_DECIMALS, type ComplaintBranch, type ComplaintKind } from '@baoke/core/complaints';
import type { Inputs, Outputs } from '@baoke/client';
import { complaintChart, periodOf } from '@baoke/core/insight';
import { addMonths, maxDate, minDate, shareOf, startOfMonth, type CivilDate, type DateRange, type Rate } from '@baoke/core/kernel';
import { complaintKindText } from '@baoke/i18n/lazy';
import { ErrorState, LoadingState, Money, NoValue } from '@baoke/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Segmented } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ChartPanel } from '../../report/ChartPanel.tsx';
import { Definition, Figure, OpenFigure, Panel, RelativeChange, Stat } from '../../report/figures.tsx';
import { DeliveriesDrawer } from '../../report/DeliveriesDrawer.tsx';
import { PeriodBar } from '../../report/PeriodBar.tsx';
import { ReportTable, type Column } from '../../report/ReportTable.tsx';
import { NO_ROWS, useReport, type Chosen } from '../../report/search.ts';
import { VisitsDrawer } from '../../report/VisitsDrawer.tsx';
import { useFormats } from '../../shell/formats.ts';
import { useApi } from '../../shell/session.ts';
import { ComplaintRows } from './ComplaintRows.tsx';
import { BASE_ROWS, BRANCHES, MeanFigure, RateComparison } from './RateComparison.tsx';

type Rates = Outputs['complaints']['rates'];
type Groups = Outputs['complaints']['statistics']['groups'];
type GroupBy = Inputs['complaints']['statistics']['groupBy'];
const GROUPS: readonly GroupBy[] = ['kind', 'source', 'department', 'accused'];
type Line = {
  readonly key: string;
  readonly name: string;
  readonly month: boolean;
  readonly service: Rate | null;
  readonly sales: Rate | null;
};

// Complaints are few: a single month says little, twelve show where it goes.
function lastYearOf(today: CivilDate): Chosen {
  const month = startOfMonth(today);
  return { kind: 'custom', period: { from: addMonths(month, -11), to: addMonths(month, 1) } };
}

/** Complaint rates with their counts, kept promises, and what the complaints are about (RPT-08, COMP-09, COMP-10, COMP-16). */
export function ComplaintsPage() {
  const { t } = useTranslation();
  const { trpc } = useApi();
  const report = useReport(lastYearOf);
  const { chosen, counted, search, change } = report;
  const of = { ...chosen, ...(search.againstFrom && search.againstTo && { against: { from: search.againstFrom, to: search.againstTo } }) };
  const groupBy = GROUPS.find((known) => known === search.by) ?? 'kind';
  const rates = useQuery(trpc.complaints.rates.queryOptions(of, { placeholderData: keepPreviousData }));
  const groups = useQuery(trpc.complaints.statistics.queryOptions({ period: counted, groupBy }, { placeholderData: keepPreviousData }));
  const error = rates.error ?? groups.error;
  return (
    <>
      <PeriodBar title={t('reports.complaints.title')} report={report} taken={{ report: 'complaints', ...of }} />
      {error ? (
        <ErrorState error={error} onRetry={() => void (rates.refetch(), groups.refetch())} />
      ) : rates.data ? (
        <RateReport data={rates.data} report={report} />
      ) : (
        <LoadingState rows={8} />
      )}
      <Panel
        title={t(`reports.complaints.by.${groupBy}`)}
        extra={
          <Segmented
            className="no-print"
            value={groupBy}
            options={GROUPS.map((value) => ({ value, label: t(`reports.complaints.by.${value}`) }))}
            onChange={(value) => change({ by: value, ...NO_ROWS })}
          />
        }
      >
        {groups.data ? <GroupTable groups={groups.data.groups} groupBy={groupBy} report={report} /> : <LoadingState />}
      </Panel>
      <Definition text={t('reports.complaints.definition')} />
      {search.rows === 'visits' ? (
        <BaseVisits report={report} />
      ) : search.rows === 'deliveries' ? (
        <DeliveriesDrawer period={report.opened} onClose={report.close} />
      ) : (
        search.rows && <ComplaintRows report={report} />
      )}
    </>
  );
}

/** The visits a rate is a share of, with their categories by name. */
function BaseVisits({ report: { opened, close } }: { readonly report: ReturnType<typeof useReport> }) {
  const { t } = useTranslation();
  const { trpc } = useApi();
  const { data } = useQuery(trpc.reports.service.queryOptions({ kind: 'custom', period: opened }));
  return <VisitsDrawer name={t('reports.service.total')} filter={{ period: opened }} categories={data?.categories ?? []} onClose={close} />;
}

function RateReport({ data, report }: { readonly data: Rates; readonly report: ReturnType<typeof useReport> }) {
  const { t } = useTranslation();
  const { rate } = useFormats();
  const { open, openIn, counted } = report;
  const { sla } = data;
  const minutes = (value: number | null) =>
    value === null ? '–' : value < 120 ? t('common.minutes', { count: value }) : t('common.hours', { count: Math.round(value / 6) / 10 });
  // A share opens what it counts; where nothing was in time, what was late.
  const share = (promise: 'response' | 'close', kept: number, decided: number) => (
    <OpenFigure
      title={t(`reports.complaints.${promise}Kept`)}
      onOpen={decided === 0 ? undefined : () => open(kept > 0 ? `kept.${promise}Kept` : `broken.${promise}`)}
    >
      {rate({ part: kept, whole: decided }, 1)}
    </OpenFigure>
  );
  const promised = (promise: 'response' | 'close', kept: number, decided: number) => ({
    label: t(`reports.complaints.${promise}Breaches`),
    value: <Figure value={decided - kept} title={t(`reports.complaints.${promise}Breaches`)} onOpen={() => open(`broken.${promise}`)} />,
  });
  const lines: Line[] = [
    ...data.months.map((m) => ({ key: m.month, name: m.month, month: true, service: m.service, sales: m.sales })),
    { key: 'total', name: t('reports.complaints.pooled'), month: false, service: data.service, sales: data.sales },
  ];
  // A line counts the days of its month that are in the period.
  const daysOfLine = (line: Line): DateRange => {
    if (!line.month) return counted;
    const month = periodOf('month', `${line.key}-01` as CivilDate);
    return { from: maxDate(month.from, counted.from), to: minDate(month.to, counted.to) };
  };
  const openMonth = (line: Line, branch: ComplaintBranch) => () => openIn(daysOfLine(line), 'branch', branch);
  // A branch his rights hide is left out: a few of its complaints over none of its work would be no rate.
  const seen = BRANCHES.filter((branch) => data[branch] !== null);
  const ofLine = (line: Line, branch: ComplaintBranch, show: (rate: Rate) => ReactNode) => {
    const shown = line[branch];
    return shown === null ? <NoValue /> : show(shown);
  };
  /** A figure is told by its line and its column: two branches stand in one line. */
  const nameOf = (line: Line, branch: ComplaintBranch, what: 'count' | 'base') =>
    [line.name, t(`complaints.branches.${branch}`), t(`reports.complaints.${what}`)].join(' · ');
  const columnsOf = (branch: ComplaintBranch): Column<Line>[] => [
    {
      key: `${branch}Count`,
      title: `${t(`complaints.branches.${branch}`)} · ${t('reports.complaints.count')}`,
      align: 'right',
      cell: (line) =>
        ofLine(line, branch, ({ part }) => <Figure value={part} title={nameOf(line, branch, 'count')} onOpen={openMonth(line, branch)} />),
    },
    {
      key: `${branch}Base`,
      title: t('reports.complaints.base'),
      align: 'right',
      cell: (line) =>
        ofLine(line, branch, ({ whole }) => (
          <Figure value={whole} title={nameOf(line, branch, 'base')} onOpen={() => openIn(daysOfLine(line), BASE_ROWS[branch])} />
        )),
    },
    {
      key: `${branch}Rate`,
      title: t(`reports.complaints.${branch}Rate`),
      align: 'right',
      cell: (line) =>
        ofLine(line, branch, (shown) => (
          <OpenFigure
            title={`${line.name} · ${t(`reports.complaints.${branch}Rate`)}`}
            onOpen={shown.part > 0 && shown.whole > 0 ? openMonth(line, branch) : undefined}
          >
            {rate(shown, RATE_DECIMALS[branch])}
          </OpenFigure>
        )),
    },
  ];
  const chart = complaintChart(data);
  return (
    <>
      <div className="rp-stats">
        {seen.map((branch) => (
          <BranchStat key={branch} branch={branch} data={data} report={report} />
        ))}
        <Stat
          label={t('reports.complaints.responseKept')}
          notes={[
            promised('response', sla.responseKept, sla.responseDecided),
            {
              label: t('reports.complaints.averageResponse'),
              value: (
                <OpenFigure
                  title={t('reports.complaints.averageResponse')}
                  onOpen={sla.averageResponseMinutes === null ? undefined : () => open('responded')}
                >
                  {minutes(sla.averageResponseMinutes)}
                </OpenFigure>
              ),
            },
          ]}
        >
          {share('response', sla.responseKept, sla.responseDecided)}
        </Stat>
        <Stat
          label={t('reports.complaints.closeKept')}
          notes={[
            promised('close', sla.closeKept, sla.closeDecided),
            {
              label: t('reports.complaints.averageClose'),
              value: (
                <OpenFigure
                  title={t('reports.complaints.averageClose')}
                  onOpen={sla.averageCloseMinutes === null ? undefined : () => open('closed')}
                >
                  {minutes(sla.averageCloseMinutes)}
                </OpenFigure>
              ),
            },
            {
              label: t('reports.complaints.open'),
              value: <Figure value={sla.open} title={t('reports.complaints.open')} onOpen={() => open('unclosed')} />,
            },
          ]}
        >
          {share('close', sla.closeKept, sla.closeDecided)}
        </Stat>
      </div>
      <ChartPanel
        title={t('reports.complaints.months')}
        of={t('reports.complaints.title')}
        report={report}
        categories={data.months.map((m) => m.month)}
        series={chart.map((s) => ({ ...s, name: t(`reports.complaints.${s.name}Rate`) }))}
        height={240}
        onChoose={(at, series) => lines[at]?.month && openMonth(lines[at], chart[series]?.name ?? 'service')()}
      >
        <ReportTable
          caption={t('reports.complaints.months')}
          columns={[{ key: 'month', title: t('reports.complaints.month'), cell: (line) => line.name }, ...seen.flatMap(columnsOf)]}
          rows={lines}
          rowKey={(line) => line.key}
          isSum={(line) => !line.month}
        />
      </ChartPanel>
      <RateComparison data={data} report={report} />
    </>
  );
}

type BranchStatProps = { readonly branch: ComplaintBranch; readonly data: Rates; readonly report: ReturnType<typeof useReport> };

function BranchStat({ branch, data, report }: BranchStatProps) {
  const { t } = useTranslation();
  const { rate } = useFormats();
  const { open } = report;
  const [now, before, mean] = [data[branch], data.previous[branch], data.mean[branch]];
  if (now === null) return null;
  const title = t(`reports.complaints.${branch}Rate`);
  const notes = [
    {
      label: t('reports.complaints.base'),
      value: <Figure value={now.whole} title={t('reports.complaints.base')} onOpen={() => open(BASE_ROWS[branch])} />,
    },
    ...(mean ? [{ label: t('reports.complaints.monthlyAverage'), value: <MeanFigure branch={branch} of={data} report={report} /> }] : []),
    ...(before
      ? [
          {
            label: t('reports.complaints.relativeChange'),
            value: <RelativeChange now={shareOf(now)} before={shareOf(before)} goodWhen="down" />,
          },
        ]
      : []),
  ];
  return (
    <Stat label={title} notes={notes}>
      <OpenFigure title={title} onOpen={now.part > 0 && now.whole > 0 ? () => open('branch', branch) : undefined}>
        {rate(now, RATE_DECIMALS[branch])}
      </OpenFigure>
    </Stat>
  );
}

function GroupTable({
  groups,
  groupBy,
  report,
}: {
  readonly groups: Groups;
  readonly groupBy: GroupBy;
  readonly report: ReturnType<typeof useReport>;
}) {
  const { t } = useTranslation();
  type Group = Groups[number];
  const nameOf = ({ key, label }: Group) => {
    if (label !== null) return label;
    if (key === null) return t('reports.complaints.nobody');
    return groupBy === 'kind' ? complaintKindText(t, key as ComplaintKind) : t(`complaints.sources.${key as 'phone'}`);
  };
  const openFor = (g: Group, only?: 'closed' | 'response' | 'close' | 'reopened' | 'goodwill') => () =>
    report.open(only ? `${groupBy}.${only}` : groupBy, g.key ?? undefined);
  const columns: Column<Group>[] = [
    { key: 'name', title: t(`complaints.fields.${groupBy}`), cell: nameOf },
    {
      key: 'total',
      title: t('reports.complaints.count'),
      align: 'right',
      cell: (g) => <Figure value={g.total} title={nameOf(g)} onOpen={openFor(g)} />,
    },
    {
      key: 'closed',
      title: t('reports.complaints.closed'),
      align: 'right',
      cell: (g) => <Figure value={g.closed} title={nameOf(g)} onOpen={openFor(g, 'closed')} />,
    },
    {
      key: 'response',
      title: t('reports.complaints.responseBreaches'),
      align: 'right',
      cell: (g) => <Figure value={g.responseBreaches} title={nameOf(g)} onOpen={openFor(g, 'response')} />,
    },
    {
      key: 'close',
      title: t('reports.complaints.closeBreaches'),
      align: 'right',
      cell: (g) => <Figure value={g.closeBreaches} title={nameOf(g)} onOpen={openFor(g, 'close')} />,
    },
    {
      key: 'reopened',
      title: t('reports.complaints.reopened'),
      align: 'right',
      cell: (g) => <Figure value={g.reopened} title={nameOf(g)} onOpen={openFor(g, 'reopened')} />,
    },
    {
      key: 'goodwill',
      title: t('reports.complaints.goodwill'),
      align: 'right',
      cell: (g) => (
        <OpenFigure
          title={`${nameOf(g)} · ${t('reports.complaints.goodwill')}`}
          onOpen={g.goodwillFen > 0 ? openFor(g, 'goodwill') : undefined}
        >
          <Money fen={g.goodwillFen} />
        </OpenFigure>
      ),
    },
  ];
  return (
    <ReportTable
      caption={t(`reports.complaints.by.${groupBy}`)}
      columns={columns}
      rows={groups}
      rowKey={(g) => g.key ?? 'none'}
      empty={t('reports.noRows')}
    />
  );
}
