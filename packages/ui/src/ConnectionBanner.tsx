import { DisconnectOutlined, SyncOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useUi } from './UiProvider.tsx';

export type Connection = 'online' | 'reconnecting' | 'offline';

type Props = { readonly state: Connection; readonly unsent: number; readonly onRetry: () => void; readonly onShowUnsent: () => void };

/** Says that the line is down and that nothing typed is lost; gone as soon as all is well. */
export function ConnectionBanner({ state, unsent, onRetry, onShowUnsent }: Props) {
  const { words } = useUi();
  if (state === 'online' && unsent === 0) return null;
  return (
    <div className={`ui-banner ui-banner-${state}`} role="status">
      {state === 'offline' && <DisconnectOutlined aria-hidden="true" />}
      {state === 'reconnecting' && <SyncOutlined spin aria-hidden="true" />}
      {state !== 'online' && <span>{words(state)}</span>}
      {unsent > 0 && (
        <Button size="small" type="link" onClick={onShowUnsent}>
          {words('unsent', { count: unsent })}
        </Button>
      )}
      {state !== 'online' && (
        <Button size="small" onClick={onRetry}>
          {words('retry')}
        </Button>
      )}
    </div>
  );
}
