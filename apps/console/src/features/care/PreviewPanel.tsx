import type { Preview } from '@baoke/core/care/wire';
import { EmptyState, NoValue, StatusTag } from '@baoke/ui';
import { Link } from '@tanstack/react-router';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { reasonText, scriptText, topicText } from '../../shell/care-words.ts';
import { paths } from '../../shell/paths.ts';
import { useMe } from '../../shell/session.ts';

type Row = Preview['rows'][number];

/** Whom a rule would reach in the coming days, and what each would hear or read; of one that only lists, who stands on its list today. */
export function PreviewPanel({ preview, lists = false }: { readonly preview: Preview; readonly lists?: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const { reached, suppressed, customers, byDay, byReason, rows } = preview;
  if (reached === 0 && suppressed === 0) return <EmptyState title={t('care.previewNobody')} />;
  return (
    <div className="care-preview">
      {lists ? (
        <p className="care-reach">
          {t('careRules.onList', { customers })}{' '}
          {me.can('customers', 'view') && (
            <Link {...paths.customers()} search={{ tab: 'few_contacts' }}>
              {t('careRules.openList')}
            </Link>
          )}
        </p>
      ) : (
        <>
          <p className="care-reach">{t('careRules.reach', { reached, customers })}</p>
          <Days byDay={byDay} />
        </>
      )}
      {suppressed > 0 && (
        <p className="care-held">
          {t('care.previewSuppressed', { count: suppressed })}
          {byReason.map(({ reason, count }) => (
            <StatusTag key={reason} tone="warn">
              {t(`care.suppressions.${reason}`)} {count}
            </StatusTag>
          ))}
        </p>
      )}
      {rows.length < reached && <p className="ui-quiet">{t('careRules.firstRows', { count: rows.length })}</p>}
      <Table<Row>
        size="small"
        rowKey={({ customerId, notBeforeOn, reason }) => `${customerId}.${notBeforeOn}.${reason.code}.${reason.params.anchorOn ?? ''}`}
        dataSource={rows}
        pagination={{ pageSize: 20, showSizeChanger: false, hideOnSinglePage: true }}
        scroll={{ x: 'max-content' }}
        columns={[
          { key: 'day', title: t('careRules.day'), width: 110, className: 'ui-figures', render: (_, row) => row.notBeforeOn },
          {
            key: 'customer',
            title: t('careRules.customer'),
            width: 120,
            render: (_, { customerId, customerName }) =>
              customerName === null ? (
                <NoValue />
              ) : me.can('customers', 'view') ? (
                <Link {...paths.customer(customerId)}>{customerName}</Link>
              ) : (
                customerName
              ),
          },
          { key: 'why', title: t('careRules.why'), render: (_, { reason }) => reasonText(t, reason) },
          {
            key: 'who',
            title: t('careRules.assignee'),
            render: (_, { assigneeName, role }) => assigneeName ?? t('careRules.nobody', { role: t(`roles.${role}`) }),
          },
          {
            key: 'says',
            title: t('careRules.says'),
            render: (_, { channel, script, topics }) => (
              <span className="care-says">
                <StatusTag tone="neutral">{t(`care.channels.${channel}`)}</StatusTag> {scriptText(t, script)}
                {topics.length > 0 && <span className="ui-quiet"> {topics.map((topic) => topicText(t, topic)).join(' · ')}</span>}
              </span>
            ),
          },
        ]}
      />
    </div>
  );
}

/** A bar per day; its number is in its name, for whoever hears the page. */
function Days({ byDay }: { readonly byDay: Preview['byDay'] }) {
  const { t } = useTranslation();
  const most = Math.max(1, ...byDay.map(({ count }) => count));
  return (
    <ol className="care-days">
      {byDay.map(({ on, count }) => (
        <li key={on} title={`${on}: ${count}`}>
          <span className="ui-visually-hidden">
            {on} {t('careRules.byDay', { count })}
          </span>
          <progress max={most} value={count} aria-hidden="true" />
          <span aria-hidden="true" className="ui-figures">
            {on.slice(5)} · {count}
          </span>
        </li>
      ))}
    </ol>
  );
}
