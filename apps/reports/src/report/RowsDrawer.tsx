import type { Inputs } from '@baoke/client';
import type { DateRange } from '@baoke/core/kernel';
import { ErrorState, LoadingState, usePhone } from '@baoke/ui';
import { useInfiniteQuery, type QueryKey } from '@tanstack/react-query';
import { Button } from 'antd';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { pagesOf } from '../shell/paging.ts';
import { ExcelButton, TakeButton, type Take } from './ExcelButton.tsx';
import { daysOf } from './PeriodBar.tsx';
import { ReportTable, type Column } from './ReportTable.tsx';
import { RowCards } from './RowCards.tsx';

const Sheet = lazy(async () => ({ default: (await import('./Sheet.tsx')).Sheet }));

type Props<Row> = {
  readonly title: string;
  /** The days the rows are of; left out by rows of now. */
  readonly period?: DateRange | undefined;
  readonly queryKey: QueryKey;
  readonly load: (page: { cursor: string | null }) => Promise<{ items: readonly Row[]; nextCursor: string | null }>;
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  readonly taken?: Inputs['reports']['export']['of'];
  /** Makes the file where the rows are no report's; left out for who may not take them away. */
  readonly take?: Take | undefined;
  readonly onClose: () => void;
};

/** The rows behind a figure, page by page; its address can be passed on. */
export function RowsDrawer<Row>({ title, period, queryKey, load, columns, rowKey, taken, take, onClose }: Props<Row>) {
  const { t } = useTranslation();
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(pagesOf(queryKey, load));
  const List = usePhone() ? RowCards<Row> : ReportTable<Row>;
  const rows = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Suspense>
      <Sheet
        onClose={onClose}
        title={title}
        note={period && daysOf(period)}
        extra={rows.length > 0 && (taken ? <ExcelButton taken={taken} /> : take && <TakeButton take={take} />)}
      >
        {error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : isPending ? (
          <LoadingState />
        ) : (
          <>
            <List caption={title} columns={columns} rows={rows} rowKey={rowKey} empty={t('reports.noRows')} />
            <p className="rp-more">
              <span className="ui-quiet">{t(hasNextPage ? 'reports.someRows' : 'reports.allRows', { count: rows.length })}</span>
              {hasNextPage && (
                <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                  {t('reports.loadMore')}
                </Button>
              )}
            </p>
          </>
        )}
      </Sheet>
    </Suspense>
  );
}
