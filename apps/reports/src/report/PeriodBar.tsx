import { CopyOutlined, LeftOutlined, PrinterOutlined, RightOutlined } from '@ant-design/icons';
import type { Inputs, Outputs } from '@baoke/client';
import { includesDay, isReportable, LAST_YEAR_BY, periodOf } from '@baoke/core/insight';
import { addDays, civilDate, daysBetween, isoWeek, type DateRange } from '@baoke/core/kernel';
import { DateRange as DateRangeField, useToast } from '@baoke/ui';
import { Button, Segmented, Skeleton } from 'antd';
import type { TFunction } from 'i18next';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../shell/session.ts';
import { ExcelButton } from './ExcelButton.tsx';
import type { Chosen, useReport } from './search.ts';

const Picker = lazy(async () => ({ default: (await import('./PeriodPicker.tsx')).PeriodPicker }));

/** How a period is called in a title. */
export function periodName(t: TFunction, { kind, period }: Chosen): string {
  const [year, week] = isoWeek(period.from).split('-W');
  if (kind === 'week') return t('reports.weekOf', { year, week: Number(week) });
  if (kind === 'month') return t('reports.monthOf', { year: period.from.slice(0, 4), month: Number(period.from.slice(5, 7)) });
  return daysOf(period);
}

/** First and last day, both in it. */
export function daysOf({ from, to }: DateRange): string {
  return daysBetween(from, to) === 1 ? from : `${from} – ${addDays(to, -1)}`;
}

type Props = {
  readonly title: string;
  readonly report: ReturnType<typeof useReport>;
  /** What the figures of last year are of, once they are there; left out by a report that has none. */
  readonly compared?: Pick<Outputs['reports']['service'], 'lastYear' | 'lastYearBy' | 'lunarLastYear'> | undefined;
  readonly taken?: Inputs['reports']['export']['of'];
};

/** Title, period and what one does with a report: Excel, print, pass on. */
export function PeriodBar({ title, report, compared, taken }: Props) {
  const { t } = useTranslation();
  const toast = useToast();
  const { chosen, choose, change, step } = report;
  const { today } = useMe();
  const name = periodName(t, chosen);
  const copyLink = async () => {
    await navigator.clipboard.writeText(location.href);
    toast.success(t('reports.shared'));
  };
  const changeKind = (kind: Chosen['kind']) =>
    choose(
      kind === 'custom'
        ? { kind, period: chosen.period }
        : { kind, period: periodOf(kind, addDays(chosen.period.to, -1) > today ? today : addDays(chosen.period.to, -1)) },
    );
  return (
    <>
      <div className="rp-head">
        <div>
          <h1>{title}</h1>
          <p className="rp-period">
            {name}
            {chosen.kind !== 'custom' && <span className="ui-quiet ui-figures">{daysOf(chosen.period)}</span>}
            {report.counted.to < chosen.period.to ? (
              <span className="ui-quiet">{t('reports.soFar', { days: daysOf(report.counted) })}</span>
            ) : (
              includesDay(report.counted, today) && <span className="ui-quiet">{t('reports.todayRuns')}</span>
            )}
            {compared && (
              <span className="ui-quiet">{t(`reports.comparedBy.${compared.lastYearBy}`, { days: daysOf(compared.lastYear) })}</span>
            )}
          </p>
        </div>
        <div className="rp-actions no-print">
          {taken && <ExcelButton taken={taken} />}
          <Button icon={<PrinterOutlined />} onClick={() => window.print()}>
            {t('reports.print')}
          </Button>
          <Button icon={<CopyOutlined />} onClick={() => void copyLink()}>
            {t('reports.share')}
          </Button>
        </div>
      </div>
      <div className="rp-bar no-print">
        <Segmented
          aria-label={t('reports.period')}
          value={chosen.kind}
          options={(['week', 'month', 'custom'] as const).map((value) => ({ value, label: t(`reports.${value}`) }))}
          onChange={changeKind}
        />
        <div className="rp-steps">
          <Button icon={<LeftOutlined />} aria-label={t('reports.earlier')} onClick={() => step(-1)} />
          {chosen.kind === 'custom' ? (
            <DateRangeField
              value={[chosen.period.from, addDays(chosen.period.to, -1)]}
              onChange={(span) => {
                if (!span?.[0] || !span[1]) return;
                const period = { from: civilDate(span[0]), to: addDays(civilDate(span[1]), 1) };
                if (isReportable(period)) choose({ kind: 'custom', period });
                else toast.warning(t('fieldFaults.period_too_wide'), 8);
              }}
            />
          ) : (
            <Suspense fallback={<Skeleton.Input active size="small" />}>
              <Picker chosen={chosen} label={name} onChoose={choose} />
            </Suspense>
          )}
          <Button icon={<RightOutlined />} aria-label={t('reports.later')} disabled={chosen.period.to > today} onClick={() => step(1)} />
        </div>
        {compared?.lunarLastYear && (
          <Segmented
            aria-label={t('reports.lastYearBy.label')}
            value={report.lastYearBy}
            options={LAST_YEAR_BY.map((value) => ({ value, label: t(`reports.lastYearBy.${value}`) }))}
            onChange={(value) => change({ lastYearBy: value })}
          />
        )}
      </div>
    </>
  );
}
