import { PictureOutlined } from '@ant-design/icons';
import { saveFile, useToast, useUi } from '@baoke/ui';
import { useMutation } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { lazy, Suspense, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../shell/session.ts';
import type { ChartProps } from './EChart.tsx';
import { Panel } from './figures.tsx';
import { daysOf, periodName } from './PeriodBar.tsx';
import type { useReport } from './search.ts';

// The chart library weighs half of the rest: it follows once the figures are there.
const EChart = lazy(async () => ({ default: (await import('./EChart.tsx')).EChart }));

type Props = Omit<ChartProps, 'label'> & {
  readonly title: string;
  /** The report it belongs to, by name. */
  readonly of: string;
  readonly report: ReturnType<typeof useReport>;
  readonly children?: ReactNode;
};

/** A chart with its title, and as a picture for whoever does not open reports. */
export function ChartPanel({ title, of, report, height = 280, onChoose, children, ...drawn }: Props) {
  const { t } = useTranslation();
  const toast = useToast();
  const { describeFailure } = useUi();
  const { store } = useMe();
  const drawing = { label: title, ...drawn };
  const save = useMutation({
    mutationFn: async () => {
      const { drawPicture } = await import('./picture.ts');
      const days = daysOf(report.counted);
      const name = periodName(t, report.chosen);
      return drawPicture(drawing, [store.name, of, ...(name === days ? [] : [name]), days].join(' · '), Math.max(height, 300));
    },
    onSuccess: (picture) => saveFile(picture, `${title} ${daysOf(report.counted)}.png`.replaceAll(/[\\/:*?"<>|]/g, ' ')),
    onError: (error) => toast.error(describeFailure(error).text),
  });
  return (
    <Panel
      title={title}
      extra={
        drawn.series.length > 0 && (
          <Button
            type="text"
            className="rp-beside no-print"
            icon={<PictureOutlined />}
            aria-label={t('reports.savePicture', { title })}
            title={t('reports.savePicture', { title })}
            loading={save.isPending}
            onClick={() => save.mutate()}
          />
        )
      }
    >
      {drawn.series.length > 0 && (
        <Suspense fallback={<Skeleton.Node active className="rp-chart" />}>
          <EChart {...drawing} height={height} {...(onChoose ? { onChoose } : {})} />
        </Suspense>
      )}
      {children}
    </Panel>
  );
}
