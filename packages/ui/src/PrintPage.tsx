import { ArrowLeftOutlined, PrinterOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useUi } from './UiProvider.tsx';

type Props = {
  readonly title: string;
  /** Whose paper it is. */ readonly store: string;
  readonly onBack: () => void;
  readonly footer?: ReactNode;
  readonly children: ReactNode;
};

/** A sheet of A4 on screen as it will lie in the printer; the bar above it stays on screen. */
export function PrintPage({ title, store, onBack, footer, children }: Props) {
  const { words } = useUi();
  return (
    <div className="ui-print">
      <div className="ui-print-bar">
        <Button icon={<ArrowLeftOutlined />} onClick={onBack}>
          {words('back')}
        </Button>
        <Button type="primary" icon={<PrinterOutlined />} onClick={() => window.print()}>
          {words('print')}
        </Button>
      </div>
      <article className="ui-sheet">
        <p className="ui-sheet-store">{store}</p>
        <h1>{title}</h1>
        {children}
        {footer && <footer>{footer}</footer>}
      </article>
    </div>
  );
}
