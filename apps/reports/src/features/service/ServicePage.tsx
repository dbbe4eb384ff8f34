import type { Outputs } from '@baoke/client';
import { categoryChart, stepName, visitTrend } from '@baoke/core/insight';
import type { DateRange } from '@baoke/core/kernel';
import { Money, NoValue } from '@baoke/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState, LoadingState } from '@baoke/ui';
import { ChartPanel } from '../../report/ChartPanel.tsx';
import { Change, Definition, Figure, OpenFigure, Panel, RelativeChange, Stat } from '../../report/figures.tsx';
import { PeriodBar } from '../../report/PeriodBar.tsx';
import { ReportTable, type Column } from '../../report/ReportTable.tsx';
import { useReport } from '../../report/search.ts';
import { VisitsDrawer, type VisitFilter } from '../../report/VisitsDrawer.tsx';
import { useFormats } from '../../shell/formats.ts';
import { useApi, useMe } from '../../shell/session.ts';

type Report = Outputs['reports']['service'];
type Line = {
  readonly key: string;
  readonly name: string;
  readonly visits: number;
  readonly previous: number;
  readonly lastYear: number;
  readonly receivedFen: number | null;
  readonly sum: boolean;
};

/** The weekly service report: effective and ineffective visits by category (RPT-03, RPT-04). */
export function ServicePage() {
  const { t } = useTranslation();
  const { trpc } = useApi();
  const report = useReport();
  const input = { ...report.chosen, lastYearBy: report.lastYearBy };
  const { data, error, refetch } = useQuery(trpc.reports.service.queryOptions(input, { placeholderData: keepPreviousData }));
  return (
    <>
      <PeriodBar title={t('reports.service.title')} report={report} compared={data} taken={{ report: 'service', ...input }} />
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <ServiceReport data={data} report={report} />
      ) : (
        <LoadingState rows={10} />
      )}
    </>
  );
}

function ServiceReport({ data, report }: { readonly data: Report; readonly report: ReturnType<typeof useReport> }) {
  const { t, i18n } = useTranslation();
  const { rate } = useFormats();
  const me = useMe();
  const { open, openIn, search, chosen } = report;
  const nameOf = (c: Report['categories'][number]) => (i18n.language === 'zh' ? c.zh : c.en);
  const lines: Line[] = useMemo(() => {
    const group = (effective: boolean, sum: Line): Line[] => [
      ...data.categories
        .filter((c) => c.effective === effective)
        .map((c) => ({ ...c, key: c.code, name: i18n.language === 'zh' ? c.zh : c.en, sum: false })),
      sum,
    ];
    const sumLine = (key: 'effective' | 'ineffective' | 'total', receivedFen: number | null): Line => ({
      key,
      name: t(`reports.service.${key}`),
      ...data[key],
      receivedFen,
      sum: true,
    });
    return [...group(true, sumLine('effective', null)), ...group(false, sumLine('ineffective', null)), sumLine('total', data.receivedFen)];
  }, [data, t, i18n.language]);
  const rowsOf = (key: string) => (key === 'total' ? 'all' : key);
  const columns: Column<Line>[] = [
    { key: 'name', title: t('reports.service.category'), cell: (line) => line.name },
    {
      key: 'visits',
      title: t('reports.current'),
      align: 'right',
      cell: (line) => <Figure value={line.visits} title={line.name} onOpen={() => open(rowsOf(line.key))} />,
    },
    {
      key: 'share',
      title: t('reports.share100'),
      align: 'right',
      cell: (line) => (
        <OpenFigure title={line.name} onOpen={line.visits > 0 ? () => open(rowsOf(line.key)) : undefined}>
          {rate({ part: line.visits, whole: data.total.visits }, 1)}
        </OpenFigure>
      ),
    },
    {
      key: 'previous',
      title: t('reports.previous'),
      align: 'right',
      cell: (line) => <Figure value={line.previous} title={line.name} onOpen={() => openIn(data.previous, rowsOf(line.key))} />,
    },
    {
      key: 'change',
      title: t('reports.change'),
      align: 'right',
      cell: (line) => <Change now={line.visits} before={line.previous} goodWhen="none" />,
    },
    {
      key: 'lastYear',
      title: t(`reports.lastYear.${data.lastYearBy}`),
      align: 'right',
      cell: (line) => <Figure value={line.lastYear} title={line.name} onOpen={() => openIn(data.lastYear, rowsOf(line.key))} />,
    },
    {
      key: 'changeYear',
      title: t(`reports.changeYear.${data.lastYearBy}`),
      align: 'right',
      cell: (line) => <Change now={line.visits} before={line.lastYear} goodWhen="none" />,
    },
    {
      key: 'received',
      title: t('reports.service.received'),
      align: 'right',
      cell: (line) =>
        line.receivedFen === null ? (
          <NoValue />
        ) : (
          <OpenFigure
            title={`${line.name} · ${t('reports.service.received')}`}
            onOpen={line.receivedFen === 0 ? undefined : () => open('money', line.sum ? undefined : line.key)}
          >
            <Money fen={line.receivedFen} />
          </OpenFigure>
        ),
    },
  ];
  const money = (fen: number, onOpen: () => void) => (
    <OpenFigure title={t('reports.service.received')} onOpen={fen === 0 ? undefined : onOpen}>
      <Money fen={fen} />
    </OpenFigure>
  );
  const moneyBefore = (fen: number, period: DateRange) => (
    <>
      <RelativeChange now={data.receivedFen} before={fen > 0 ? fen : undefined} goodWhen="up" decimals={1} />{' '}
      {money(fen, () => openIn(period, 'money'))}
    </>
  );
  const stats = (['total', 'effective', 'ineffective'] as const).map((key) => (
    <Stat
      key={key}
      label={t(`reports.service.${key}`)}
      notes={[
        {
          label: t('reports.change'),
          value: <Change now={data[key].visits} before={data[key].previous} goodWhen={key === 'ineffective' ? 'none' : 'up'} />,
        },
        {
          label: t(`reports.changeYear.${data.lastYearBy}`),
          value: <Change now={data[key].visits} before={data[key].lastYear} goodWhen={key === 'ineffective' ? 'none' : 'up'} />,
        },
      ]}
    >
      <Figure value={data[key].visits} title={t(`reports.service.${key}`)} onOpen={() => open(rowsOf(key))} />
    </Stat>
  ));
  const openCategory = data.categories.find((c) => c.code === (search.rows === 'money' ? search.key : search.rows));
  const sumName = t(
    `reports.service.${search.rows === 'effective' || search.rows === 'ineffective' ? search.rows : search.rows === 'money' ? 'received' : 'total'}`,
  );
  const openName = openCategory ? (search.rows === 'money' ? `${nameOf(openCategory)} · ${sumName}` : nameOf(openCategory)) : sumName;
  return (
    <>
      {me.rights.insight?.view !== 'store' && me.rights.insight?.view !== 'group' && <p className="ui-quiet">{t('reports.onlyYours')}</p>}
      <div className="rp-stats">
        {stats}
        <Stat
          label={t('reports.service.received')}
          notes={[
            { label: t('reports.change'), value: moneyBefore(data.previousReceivedFen, data.previous) },
            { label: t(`reports.changeYear.${data.lastYearBy}`), value: moneyBefore(data.lastYearReceivedFen, data.lastYear) },
          ]}
        >
          {money(data.receivedFen, () => open('money'))}
        </Stat>
      </div>
      <div className="rp-two">
        <ChartPanel
          title={t('reports.service.categories')}
          of={t('reports.service.title')}
          report={report}
          categories={data.categories.map(nameOf)}
          series={categoryChart(data.categories).map((s) => ({ ...s, name: t(`reports.${s.name}`) }))}
          height={300}
          onChoose={(at, series) =>
            data.categories[at] && (series === 0 ? open(data.categories[at].code) : openIn(data.previous, data.categories[at].code))
          }
        />
        <ChartPanel
          title={t('reports.service.trend')}
          of={t('reports.service.title')}
          report={report}
          categories={data.trend.map(({ from }) => stepName(chosen.kind, from))}
          series={visitTrend(data.trend).map((s) => ({ ...s, name: t(`reports.service.${s.name}`) }))}
          height={300}
          onChoose={(at, series) => data.trend[at] && openIn(data.trend[at], series === 0 ? 'effective' : 'ineffective')}
        />
      </div>
      <Panel title={t('reports.table')}>
        <ReportTable
          caption={t('reports.service.title')}
          columns={columns}
          rows={lines}
          rowKey={(line) => line.key}
          isSum={(line) => line.sum}
        />
      </Panel>
      <Definition text={t('reports.service.definition')} />
      {search.rows && <VisitsDrawer name={openName} filter={filterOf(report)} categories={data.categories} onClose={report.close} />}
    </>
  );
}

function filterOf({ search, opened }: ReturnType<typeof useReport>): VisitFilter {
  const { rows, key } = search;
  const period = opened;
  if (rows === 'effective' || rows === 'ineffective') return { period, effective: rows === 'effective' };
  if (rows === 'money') return { period, of: 'money', ...(key ? { category: key } : {}) };
  return rows === 'all' ? { period } : { period, category: rows };
}
