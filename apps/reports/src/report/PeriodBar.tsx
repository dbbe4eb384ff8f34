import { CopyOutlined, FileExcelOutlined, LeftOutlined, PrinterOutlined, RightOutlined } from '@ant-design/icons';
import type { Inputs } from '@baoke/client';
import { periodOf } from '@baoke/core/insight';
import { addDays, civilDate, daysBetween, isoWeek, type DateRange } from '@baoke/core/kernel';
import { DateRange as DateRangeField, useToast, useUi } from '@baoke/ui';
import { useMutation } from '@tanstack/react-query';
import { Button, Segmented, Skeleton } from 'antd';
import type { TFunction } from 'i18next';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useMe } from '../shell/session.ts';
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

type Props = { readonly title: string; readonly report: ReturnType<typeof useReport>; readonly taken?: Inputs['reports']['export']['of'] };

/** Title, period and what one does with a report: Excel, print, pass on. */
export function PeriodBar({ title, report, taken }: Props) {
  const { t } = useTranslation();
  const toast = useToast();
  const { chosen, choose, step } = report;
  const { today } = useMe();
  const name = periodName(t, chosen);
  const copyLink = async () => {
    await navigator.clipboard.writeText(location.href);
    toast.success(t('reports.shared'));
  };
  const changeKind = (kind: Chosen['kind']) => choose(kind === 'custom' ? { kind, period: chosen.period } : { kind, period: periodOf(kind, addDays(chosen.period.to, -1) > today ? today : addDays(chosen.period.to, -1)) });
  return (
    <>
      <div className="rp-head">
        <div>
          <h1>{title}</h1>
          <p className="rp-period">
            {name}
            {chosen.kind !== 'custom' && <span className="ui-quiet ui-figures">{daysOf(chosen.period)}</span>}
            {chosen.period.from <= today && today < chosen.period.to && <span className="ui-quiet">{t('reports.soFar')}</span>}
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
              onChange={(span) => span?.[0] && span[1] && choose({ kind: 'custom', period: { from: civilDate(span[0]), to: addDays(civilDate(span[1]), 1) } })}
            />
          ) : (
            <Suspense fallback={<Skeleton.Input active size="small" />}>
              <Picker chosen={chosen} label={name} onChoose={choose} />
            </Suspense>
          )}
          <Button icon={<RightOutlined />} aria-label={t('reports.later')} disabled={chosen.period.to > today} onClick={() => step(1)} />
        </div>
      </div>
    </>
  );
}

/** Fetches the report or its rows as an Excel file; shown to who may take reports away. */
export function ExcelButton({ taken }: { readonly taken: Inputs['reports']['export']['of'] }) {
  const { t, i18n } = useTranslation();
  const { trpc } = useApi();
  const toast = useToast();
  const { describeFailure } = useUi();
  const me = useMe();
  const save = useMutation(
    trpc.reports.export.mutationOptions({
      onSuccess: ({ fileName, contentType, base64, rows }) => {
        const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
        const address = URL.createObjectURL(new Blob([bytes], { type: contentType }));
        const link = Object.assign(document.createElement('a'), { href: address, download: fileName });
        link.click();
        URL.revokeObjectURL(address);
        toast.success(t('reports.exported', { count: rows }));
      },
      onError: (error) => void toast.error(describeFailure(error).text),
    }),
  );
  if (!me.can('insight', 'export')) return null;
  return (
    <Button icon={<FileExcelOutlined />} loading={save.isPending} onClick={() => save.mutate({ of: taken, locale: i18n.language === 'zh' ? 'zh' : 'en' })}>
      {t('reports.excel')}
    </Button>
  );
}
