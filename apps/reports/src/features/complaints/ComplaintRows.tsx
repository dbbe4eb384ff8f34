import type { Inputs, Outputs } from '@baoke/client';
import { metAt, pressing } from '@baoke/core/complaints';
import { minutesBetween } from '@baoke/core/kernel';
import { complaintKindText } from '@baoke/i18n/lazy';
import { Countdown, DateText, Money, NoValue, StatusTag, type Tone } from '@baoke/ui';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Column } from '../../report/ReportTable.tsx';
import { RowsDrawer } from '../../report/RowsDrawer.tsx';
import type { ReportSearch, useReport } from '../../report/search.ts';
import { useApi, useMe } from '../../shell/session.ts';

type Row = Outputs['complaints']['list']['items'][number];
type Filter = Omit<Inputs['complaints']['list'], 'cursor'>;
const TONES: Readonly<Record<Row['complaint']['status'], Tone>> = {
  registered: 'warn',
  responded: 'info',
  solved: 'info',
  closed: 'good',
  reopened: 'bad',
};
const OPEN_STATES: Row['complaint']['status'][] = ['registered', 'responded', 'solved', 'reopened'];

/** The complaints behind a figure: those open now, or those registered in the period by one of their properties. */
export function ComplaintRows({ report }: { readonly report: ReturnType<typeof useReport> }) {
  const { t } = useTranslation();
  const { client } = useApi();
  const me = useMe();
  const { search, opened, close } = report;
  const filter = filterOf(search.rows ?? '', search.key, opened);
  const extra = useExtra(search.rows ?? '');
  return (
    <RowsDrawer<Row>
      title={t('reports.rowsOf', { title: titleOf(t, search) })}
      period={filter.registeredFrom === undefined ? undefined : opened}
      queryKey={['complaints', 'list', filter]}
      load={({ cursor }) => client.complaints.list.query({ ...filter, cursor })}
      rowKey={(row) => row.complaint.id}
      take={me.can('complaints', 'export') ? (locale) => client.complaints.export.mutate({ ...filter, format: 'xlsx', locale }) : undefined}
      onClose={close}
      columns={[
        {
          key: 'number',
          title: t('common.number'),
          cell: ({ complaint }) => <a href={`/complaints/${complaint.id}`}>{complaint.number}</a>,
        },
        {
          key: 'registeredAt',
          title: t('reports.complaints.registeredAt'),
          cell: ({ complaint }) => <DateText at={complaint.registeredAt} />,
        },
        {
          key: 'status',
          title: t('common.status'),
          cell: ({ complaint }) => <StatusTag tone={TONES[complaint.status]}>{t(`complaints.statuses.${complaint.status}`)}</StatusTag>,
        },
        { key: 'clock', title: t('complaints.fields.clock'), cell: (row) => <Clock row={row} /> },
        ...extra,
        { key: 'kind', title: t('complaints.fields.kind'), cell: ({ complaint }) => complaintKindText(t, complaint.kind) },
        { key: 'customer', title: t('common.customer'), cell: ({ customer }) => <a href={`/customers/${customer.id}`}>{customer.name}</a> },
        { key: 'plate', title: t('common.plate'), cell: ({ plate }) => plate ?? <NoValue /> },
        { key: 'handler', title: t('reports.complaints.handler'), cell: ({ handler }) => handler.name },
        { key: 'content', title: t('reports.complaints.content'), cell: ({ complaint }) => complaint.content, className: 'wide' },
      ]}
    />
  );
}

/** Rows of now are called as the figure of the home that opens them; those of a period as their report. */
function titleOf(t: TFunction, { rows, key }: ReportSearch): string {
  if (rows === 'running_out') return t('reports.home.figures.complaints_running_out');
  if (rows === 'to_confirm') return t('reports.home.figures.complaints_to_confirm');
  if (rows === 'open' && key === 'sales') return t('reports.home.figures.sales_complaints');
  return t('reports.complaints.title');
}

/** What the figure was counted from, where no other column shows it: the length of each answer or case, or what was paid. */
function useExtra(shown: string): Column<Row>[] {
  const { t } = useTranslation();
  const [rows = '', only = ''] = shown.split('.');
  const took = (title: string, minutes: (row: Row) => number | null): Column<Row> => ({
    key: 'took',
    title,
    align: 'right',
    cell: (row) => {
      const taken = minutes(row);
      return taken === null ? <NoValue /> : <span className="ui-figures">{t('common.minutes', { count: Math.round(taken) })}</span>;
    },
  });
  if (rows === 'responded' || only === 'responseKept' || (rows === 'broken' && only === 'response'))
    return [
      took(t('reports.complaints.tookResponse'), ({ complaint }) =>
        complaint.status === 'registered' ? null : minutesBetween(complaint.registeredAt, complaint.respondedAt),
      ),
    ];
  if (rows === 'closed' || only === 'closeKept' || (rows === 'broken' && only === 'close'))
    return [
      took(t('reports.complaints.tookClose'), ({ complaint }) =>
        complaint.status === 'closed' ? minutesBetween(complaint.registeredAt, complaint.closedAt) : null,
      ),
    ];
  if (only !== 'goodwill') return [];
  return [
    {
      key: 'goodwill',
      title: t('reports.complaints.goodwill'),
      align: 'right',
      cell: ({ complaint }) => <Money fen={complaint.goodwillFen} />,
    },
  ];
}

/** The clock of the promise that presses, under its own name. */
function Clock({ row: { complaint } }: { readonly row: Row }) {
  const { t } = useTranslation();
  const promise = pressing(complaint);
  const pause = complaint.pause.state === 'paused' ? complaint.pause : null;
  return (
    <Countdown
      {...complaint[promise]}
      label={t(`complaints.promisesShort.${promise}`)}
      metAt={metAt(complaint, promise)}
      stopped={pause && { at: pause.pausedAt, until: pause.until }}
    />
  );
}

const ONLY: Readonly<Record<string, Partial<Filter>>> = {
  closed: { statuses: ['closed'] },
  response: { breached: 'response' },
  close: { breached: 'close' },
  responseKept: { kept: 'response' },
  closeKept: { kept: 'close' },
  reopened: { reopened: true },
  goodwill: { goodwill: true },
};

function filterOf(shown: string, key: string | undefined, period: { from: string; to: string }): Filter {
  const [rows = '', only = ''] = shown.split('.');
  const registered = { registeredFrom: period.from, registeredTo: period.to, ...ONLY[only] };
  const branch = key === 'sales' || key === 'service' ? { kinds: [key] as NonNullable<Filter['kinds']> } : {};
  switch (rows) {
    case 'running_out':
      return { runningOut: true, sort: 'closeDueAt', descending: false };
    case 'open':
      return { statuses: OPEN_STATES, sort: 'closeDueAt', descending: false, ...branch };
    case 'to_confirm':
      return { tab: 'to_confirm' };
    case 'unclosed':
      return { ...registered, statuses: OPEN_STATES };
    case 'responded':
      return { ...registered, statuses: ['responded', 'solved', 'closed', 'reopened'] };
    case 'closed':
      return { ...registered, statuses: ['closed'] };
    case 'branch':
      return { ...registered, ...branch };
    // The values below came from the server's own groups.
    case 'kind':
      return { ...registered, kinds: [key] as NonNullable<Filter['kinds']> };
    case 'source':
      return { ...registered, sources: [key] as NonNullable<Filter['sources']> };
    case 'department':
      return { ...registered, departmentId: key };
    case 'accused':
      return { ...registered, accusedId: key ?? null };
    default:
      return registered;
  }
}
