import { BellOutlined } from '@ant-design/icons';
import { DateText, EscapablePopover, EmptyState } from '@baoke/ui';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Badge, Button } from 'antd';
import type { TFunction } from 'i18next';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { pathOfRecord } from './paths.ts';
import { useApi } from './session.ts';

type Params = Readonly<Record<string, string | number>>;

/** What happened while one looked elsewhere. Its number stands on the bell and in the title of the tab. */
export function NoticeBell() {
  const { t } = useTranslation();
  const { trpc } = useApi();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);
  const { data } = useQuery(trpc.notices.list.queryOptions());
  const read = useMutation(
    trpc.notices.markRead.mutationOptions({ onSuccess: () => queryClient.invalidateQueries(trpc.notices.pathFilter()) }),
  );
  const unread = data?.unread ?? 0;
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) ${t('common.product')}` : t('common.product');
  }, [unread, t]);
  const notices = data?.notices ?? [];
  const list = (
    <div className="shell-notices">
      {notices.length === 0 ? (
        <EmptyState title={t('shell.noticesNone')} />
      ) : (
        <>
          <ul>
            {notices.map(({ id, kind, params, entity, entityId, at, readAt }) => {
              const place = pathOfRecord(entity, entityId);
              const text = noticeText(t, kind, params);
              return (
                <li key={id} className={readAt ? undefined : 'shell-unread'}>
                  {place ? (
                    <Link
                      {...place}
                      onClick={() => {
                        setOpen(false);
                        if (!readAt) read.mutate({ ids: [id] });
                      }}
                    >
                      {text}
                    </Link>
                  ) : (
                    text
                  )}
                  <span className="ui-quiet">
                    <DateText at={at} />
                  </span>
                </li>
              );
            })}
          </ul>
          {unread > 0 && (
            <Button type="link" block loading={read.isPending} onClick={() => read.mutate({ ids: 'all' })}>
              {t('shell.noticesRead')}
            </Button>
          )}
        </>
      )}
    </div>
  );
  return (
    <EscapablePopover open={open} onOpenChange={setOpen} title={t('shell.notices')} content={list}>
      <Button
        type="text"
        aria-label={t('shell.noticesUnread', { count: unread })}
        icon={
          <Badge count={unread} size="small">
            <BellOutlined />
          </Badge>
        }
      />
    </EscapablePopover>
  );
}

// The kind comes from the server; a kind newer than this page shows itself rather than nothing.
function noticeText(t: TFunction, kind: string, params: Params): string {
  const translate = t as unknown as (key: string, options: object) => string;
  const promise = params.promise === 'response' || params.promise === 'close' ? t(`navigation.promises.${params.promise}`) : undefined;
  return translate(`notices.${kind}`, { ...params, ...(promise ? { promise } : {}), defaultValue: kind });
}
