import { InboxOutlined, WarningOutlined } from '@ant-design/icons';
import { Button, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { useUi } from './UiProvider.tsx';

type EmptyProps = { readonly title: string; readonly hint?: string; readonly action?: ReactNode };

/** Nothing to show: what would stand here, why it is empty, one thing to do. */
export function EmptyState({ title, hint, action }: EmptyProps) {
  return (
    <div className="ui-state">
      <InboxOutlined aria-hidden="true" />
      <p className="ui-state-title">{title}</p>
      {hint && <p>{hint}</p>}
      {action}
    </div>
  );
}

/** A failure: what to do, and the number by which an administrator finds it. */
export function ErrorState({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { words, describeFailure } = useUi();
  const { text, requestId, remedy, isFinal } = describeFailure(error);
  return (
    <div className="ui-state" role="alert">
      <WarningOutlined aria-hidden="true" className="ui-state-bad" />
      {!isFinal && <p className="ui-state-title">{words('failed')}</p>}
      <p>{text}</p>
      {requestId && <p className="ui-quiet ui-figures">{words('requestId', { id: requestId })}</p>}
      {remedy && (
        <Button type="primary" onClick={remedy.run}>
          {remedy.text}
        </Button>
      )}
      {onRetry && !remedy && !isFinal && <Button onClick={onRetry}>{words('retry')}</Button>}
    </div>
  );
}

export function LoadingState({ rows = 6 }: { readonly rows?: number }) {
  return (
    <div className="ui-loading" aria-busy="true">
      <Skeleton active title={false} paragraph={{ rows }} />
    </div>
  );
}

/** The pages of a list that are not here yet. */
export type More = { readonly load: () => void; readonly busy: boolean };
type Paged = { readonly hasNextPage: boolean; readonly isFetchingNextPage: boolean; readonly fetchNextPage: () => unknown };

/** What a list read page by page still has; undefined at its end. */
export function moreOf({ hasNextPage, isFetchingNextPage, fetchNextPage }: Paged): More | undefined {
  return hasNextPage ? { load: () => void fetchNextPage(), busy: isFetchingNextPage } : undefined;
}

/** Fetches the next page; nothing at the end of the list. */
export function MoreButton({ more }: { readonly more: More | undefined }) {
  const { words } = useUi();
  if (!more) return null;
  return (
    <div className="ui-more">
      <Button loading={more.busy} onClick={more.load}>
        {words('loadMore')}
      </Button>
    </div>
  );
}
