import { usePhone } from '@baoke/ui';
import { Drawer } from 'antd';
import type { ReactNode } from 'react';

export type SheetProps = { readonly title: string; readonly extra?: ReactNode; readonly onClose: () => void; readonly children: ReactNode };

/** What lies over a report; in a file of its own, because no page begins with it. */
export function Sheet({ title, extra, onClose, children }: SheetProps) {
  const phone = usePhone();
  return (
    <Drawer open onClose={onClose} size={phone ? '100%' : 1060} title={title} extra={extra} className="rp-drawer">
      {children}
    </Drawer>
  );
}
