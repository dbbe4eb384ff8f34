import type { Outputs } from '@baoke/client';
import { RATE_DECIMALS, wholeMonthsIn, type ComplaintBranch } from '@baoke/core/complaints';
import { isReportable } from '@baoke/core/insight';
import { addDays, civilDate, formatShare, isSameRange, shareOf, type DateRange } from '@baoke/core/kernel';
import { DateRange as DateRangeField, NoValue, useToast } from '@baoke/ui';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Figure, OpenFigure, Panel, RelativeChange } from '../../report/figures.tsx';
import { daysOf } from '../../report/PeriodBar.tsx';
import { ReportTable, type Column } from '../../report/ReportTable.tsx';
import type { useReport } from '../../report/search.ts';
import { useFormats } from '../../shell/formats.ts';

export const BRANCHES: readonly ComplaintBranch[] = ['service', 'sales'];
/** What a rate is a share of: the visits, or the deliveries. */
export const BASE_ROWS: Readonly<Record<ComplaintBranch, string>> = { service: 'visits', sales: 'deliveries' };

type Rates = Outputs['complaints']['rates'];
type OfPeriod = Pick<Rates, 'service' | 'sales' | 'mean' | 'period'>;
type Report = ReturnType<typeof useReport>;
type Line = { readonly branch: ComplaintBranch; readonly of: 'mean' | 'pooled' };

/** The mean of monthly rates; it opens the complaints of the months it is the mean of. */
export function MeanFigure({ branch, of, report }: { readonly branch: ComplaintBranch; readonly of: OfPeriod; readonly report: Report }) {
  const { t } = useTranslation();
  const mean = of.mean[branch];
  if (!mean) return <NoValue />;
  return (
    <>
      <OpenFigure
        title={`${t(`reports.complaints.${branch}Rate`)} · ${t('reports.complaints.monthlyAverage')}`}
        onOpen={mean.share > 0 ? () => report.openIn(wholeMonthsIn(of.period), 'branch', branch) : undefined}
      >
        {formatShare(mean.share, RATE_DECIMALS[branch])}
      </OpenFigure>{' '}
      <span className="ui-quiet">{t('reports.complaints.ofMonths', { count: mean.months })}</span>
    </>
  );
}

/** The rate of a period with the counts it is made of, each opening its rows. */
function PooledFigure({ branch, of, report }: { readonly branch: ComplaintBranch; readonly of: OfPeriod; readonly report: Report }) {
  const { t } = useTranslation();
  const { rate } = useFormats();
  const pooled = of[branch];
  if (!pooled) return <NoValue />;
  const title = `${t(`reports.complaints.${branch}Rate`)} ${daysOf(of.period)}`;
  const openComplaints = () => report.openIn(of.period, 'branch', branch);
  return (
    <>
      <OpenFigure title={title} onOpen={pooled.part > 0 && pooled.whole > 0 ? openComplaints : undefined}>
        {rate(pooled, RATE_DECIMALS[branch])}
      </OpenFigure>{' '}
      <span className="ui-quiet">
        {'('}
        <Figure value={pooled.part} title={title} onOpen={openComplaints} />
        {' / '}
        <Figure
          value={pooled.whole}
          title={`${title} · ${t('reports.complaints.base')}`}
          onOpen={() => report.openIn(of.period, BASE_ROWS[branch])}
        />
        {')'}
      </span>
    </>
  );
}

function shareIn(of: OfPeriod, { branch, of: measure }: Line): number | undefined {
  if (measure === 'mean') return of.mean[branch]?.share;
  const pooled = of[branch];
  return pooled ? shareOf(pooled) : undefined;
}

/**
 * Both rates, as the mean of their months and of all months together, beside the period chosen to compare with and the same days of last
 * year (COMP-10, COMP-16).
 */
export function RateComparison({ data, report }: { readonly data: Rates; readonly report: Report }) {
  const { t } = useTranslation();
  const seen = BRANCHES.filter((branch) => data[branch] !== null);
  const lines = seen.flatMap((branch): Line[] => [
    { branch, of: 'mean' },
    { branch, of: 'pooled' },
  ]);
  const ofPeriod = (key: string, name: string, of: OfPeriod): Column<Line> => ({
    key,
    title: <Days name={name} period={of.period} />,
    align: 'right',
    cell: ({ branch, of: measure }) =>
      measure === 'mean' ? (
        <MeanFigure branch={branch} of={of} report={report} />
      ) : (
        <PooledFigure branch={branch} of={of} report={report} />
      ),
  });
  const changeTo = (key: string, of: OfPeriod): Column<Line> => ({
    key,
    title: t('reports.complaints.relativeChange'),
    align: 'right',
    cell: (line) => <RelativeChange now={shareIn(data, line)} before={shareIn(of, line)} goodWhen="down" />,
  });
  const chosen = report.search.againstFrom !== undefined && report.search.againstTo !== undefined;
  const [before, lastYear] = [t(chosen ? 'reports.complaints.against' : 'reports.previous'), t('reports.lastYear.solar')];
  // Of a whole year, what came before is the same days of last year.
  const isOne = isSameRange(data.previous.period, data.lastYear.period);
  return (
    <Panel title={t('reports.complaints.comparison')} extra={<Against period={data.previous.period} report={report} />}>
      <ReportTable
        caption={t('reports.complaints.comparison')}
        columns={[
          {
            key: 'name',
            title: '',
            cell: ({ branch, of }) =>
              `${t(`reports.complaints.${branch}Rate`)} · ${t(of === 'mean' ? 'reports.complaints.monthlyAverage' : 'reports.complaints.pooled')}`,
          },
          ofPeriod('now', t('reports.current'), data),
          ofPeriod('previous', isOne ? `${before} · ${lastYear}` : before, data.previous),
          changeTo('changed', data.previous),
          ...(isOne ? [] : [ofPeriod('lastYear', lastYear, data.lastYear), changeTo('changedYear', data.lastYear)]),
        ]}
        rows={lines}
        rowKey={({ branch, of }) => `${branch}.${of}`}
      />
      <p className="rp-definition">{t('reports.complaints.meanDefinition')}</p>
    </Panel>
  );
}

function Days({ name, period }: { readonly name: string; readonly period: DateRange }) {
  return (
    <>
      {name}
      <br />
      <span className="ui-figures">{daysOf(period)}</span>
    </>
  );
}

/** Which period to compare with: the one before until another is chosen. */
function Against({ period, report: { search, change } }: { readonly period: DateRange; readonly report: Report }) {
  const { t } = useTranslation();
  const toast = useToast();
  const chosen = search.againstFrom !== undefined && search.againstTo !== undefined;
  return (
    <div className="rp-actions no-print" role="group" aria-label={t('reports.complaints.compareWith')}>
      <span className="ui-quiet">{t('reports.complaints.compareWith')}</span>
      <DateRangeField
        value={[period.from, addDays(period.to, -1)]}
        onChange={(span) => {
          if (!span?.[0] || !span[1]) return change({ againstFrom: undefined, againstTo: undefined });
          const against = { from: civilDate(span[0]), to: addDays(civilDate(span[1]), 1) };
          if (isReportable(against)) change({ againstFrom: against.from, againstTo: against.to });
          else toast.warning(t('fieldFaults.period_too_wide'), 8);
        }}
      />
      {chosen && (
        <Button type="text" onClick={() => change({ againstFrom: undefined, againstTo: undefined })}>
          {t('reports.complaints.againstPrevious')}
        </Button>
      )}
    </div>
  );
}
