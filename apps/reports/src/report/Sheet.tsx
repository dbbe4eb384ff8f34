import { usePhone } from '@baoke/ui';
import { Drawer } from 'antd';
import type { ReactNode } from 'react';

export type SheetProps = {
  readonly title: string;
  readonly note?: string | undefined;
  readonly extra?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
};

/** What lies over a report; in a file of its own, because no page begins with it. */
export function Sheet({ title, note, extra, onClose, children }: SheetProps) {
  const phone = usePhone();
  return (
    <Drawer
      open
      onClose={onClose}
      size={phone ? '100%' : 1060}
      title={note === undefined ? title : <Named title={title} note={note} />}
      extra={extra}
      className="rp-drawer"
    >
      {children}
    </Drawer>
  );
}

function Named({ title, note }: { readonly title: string; readonly note: string }) {
  return (
    <>
      {title} <span className="ui-quiet ui-figures rp-drawer-days">{note}</span>
    </>
  );
}
