import type { ContactId } from '@baoke/core/kernel';
import type { ResultRow } from '@baoke/core/tasks/wire';
import { DateText, EmptyState, ErrorState, LoadingState, MoreButton, StatusTag, moreOf, useUi } from '@baoke/ui';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { CustomerLink } from '../../shell/CustomerName.tsx';
import { outcomeText } from '../../shell/outcome-words.ts';
import { pagesOf } from '../../shell/paging.ts';
import { useApi, useMe } from '../../shell/session.ts';
import { TakeBackButton, type Taken } from '../../shell/take-back.tsx';
import { titleOf } from './words.ts';

type Props = { readonly onClose: () => void; readonly onTaken: (contactId: ContactId, taken: Taken) => void };

/** What one recorded today, the latest first: to be looked over, and taken back. */
export function TodayResults({ onClose, onTaken }: Props) {
  const { t } = useTranslation();
  const { client, trpc } = useApi();
  const list = useInfiniteQuery(pagesOf(trpc.tasks.results.infiniteQueryKey({}), (page) => client.tasks.results.query(page)));
  const rows = list.data?.pages.flatMap((page) => page.items);
  return (
    <Modal open onCancel={onClose} footer={null} title={t('contacts.takeBack.today')} width={640}>
      {!rows ? (
        list.error ? (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        ) : (
          <LoadingState rows={4} />
        )
      ) : rows.length === 0 ? (
        <EmptyState title={t('contacts.takeBack.todayEmpty')} />
      ) : (
        <>
          <p className="ui-quiet">{t('contacts.takeBack.todayHint')}</p>
          <ul className="day-results">
            {rows.map((row) => (
              <ResultLine key={row.id} row={row} onTaken={(taken) => onTaken(row.id, taken)} />
            ))}
          </ul>
          <MoreButton more={moreOf(list)} />
        </>
      )}
    </Modal>
  );
}

function ResultLine({ row, onTaken }: { readonly row: ResultRow; readonly onTaken: (taken: Taken) => void }) {
  const { t } = useTranslation();
  const { formatDateTime } = useUi();
  const me = useMe();
  const { id, at, customer, vehicle, channel, outcome, note, takenBack, takeBack } = row;
  const result = outcomeText(t, outcome, channel);
  const said = note === null ? result : t('contacts.takeBack.said', { outcome: result, note });
  return (
    <li>
      <div className="day-result-said">
        <CustomerLink customer={customer} />
        <span className="ui-quiet">
          <DateText at={at} /> {titleOf(t, { task: row, ruleName: row.ruleName })} {vehicle?.plate}
        </span>
        {takenBack ? (
          <>
            <del>{said}</del>
            <StatusTag tone="neutral">{t('contacts.takeBack.mark', { by: takenBack.by, at: formatDateTime(takenBack.at) })}</StatusTag>
          </>
        ) : (
          <span>{said}</span>
        )}
      </div>
      <div className="day-result-act">
        <TakeBackButton contactId={id} customerName={customer.name} view={takeBack} recordedBy={me.name} onTaken={onTaken} />
      </div>
    </li>
  );
}
