import type { Outputs } from '@baoke/client';
import { DateText, NoValue, StatusTag, type Tone } from '@baoke/ui';
import { useTranslation } from 'react-i18next';
import { useNames } from './names.ts';
import type { Column } from './ReportTable.tsx';

type TaskRow = Outputs['reports']['careRows']['items'][number];
const TONES: Readonly<Record<TaskRow['status'], Tone>> = {
  open: 'info',
  done: 'good',
  skipped: 'neutral',
  missed: 'bad',
  cancelled: 'neutral',
};

/** What a call or care task shows of itself in a list of rows; `heard` adds what callbacks brought beside their outcome. */
export function useTaskColumns({ heard = false } = {}): readonly Column<TaskRow>[] {
  const { t, i18n } = useTranslation();
  const words = (names: TaskRow['said']) => names?.[i18n.language === 'en' ? 'en' : 'zh'];
  const names = useNames();
  return [
    { key: 'customer', title: t('common.customer'), cell: (row) => <a href={`/customers/${row.customer.id}`}>{row.customer.name}</a> },
    { key: 'plate', title: t('common.plate'), cell: (row) => row.plate ?? <NoValue /> },
    { key: 'rule', title: t('reports.callbacks.rule'), cell: (row) => names.rule(row.ruleKey) },
    { key: 'due', title: t('reports.callbacks.dueAt'), cell: (row) => <DateText at={row.dueAt} /> },
    {
      key: 'status',
      title: t('common.status'),
      cell: (row) => <StatusTag tone={TONES[row.status]}>{t(`tasks.statuses.${row.status}`)}</StatusTag>,
    },
    { key: 'finished', title: t('reports.callbacks.finishedAt'), cell: (row) => <DateText at={row.finishedAt} /> },
    { key: 'person', title: t('reports.callbacks.person'), cell: (row) => row.person ?? names.role(row.role) },
    {
      key: 'outcome',
      title: t('reports.callbacks.outcome'),
      cell: (row) => (row.outcome ? t(`contacts.outcomes.${row.outcome}`) : <NoValue />),
    },
    ...(heard
      ? [
          {
            key: 'heard',
            title: t('reports.callbacks.heard.title'),
            className: 'wide',
            cell: (row: TaskRow) =>
              [
                row.satisfaction && t(`reports.callbacks.satisfactions.${row.satisfaction}`),
                row.praised && t('reports.callbacks.heard.praised'),
                words(row.said),
                words(row.cause),
                words(row.unreached),
              ]
                .filter(Boolean)
                .join(' · ') || <NoValue />,
          },
        ]
      : []),
    { key: 'note', title: t('reports.callbacks.note'), cell: (row) => row.note ?? <NoValue />, className: 'wide' },
  ];
}

/** Whose rows lie open, by the line that was chosen; undefined for the rows of all. */
export function nameOfRows(
  lines: readonly { readonly key: string; readonly name: string; readonly kind: string }[],
  key: string | undefined,
): string | undefined {
  return lines.find((line) => line.kind === 'group' && line.key === key)?.name;
}
