import { Drawer } from 'antd';
import type { ReactNode } from 'react';

type Props = { readonly title: string; readonly onClose: () => void; readonly children: ReactNode };

/** The places that do not fit the bottom bar of a phone. */
export function MoreDrawer({ title, onClose, children }: Props) {
  return (
    <Drawer open onClose={onClose} placement="bottom" title={title}>
      <div className="shell-drawer">{children}</div>
    </Drawer>
  );
}
