import { EyeOutlined } from '@ant-design/icons';
import { Button, Tag, type TagProps } from 'antd';
import { useState, type ReactNode } from 'react';
import { useToast, useUi } from './UiProvider.tsx';

/** Money in fen, written out; red when negative, with its sign. */
export function Money({ fen }: { readonly fen: number }) {
  const { formatMoney } = useUi();
  return <span className={fen < 0 ? 'ui-figures ui-negative' : 'ui-figures'}>{formatMoney(fen)}</span>;
}

/** An instant on the store's clock; a dash where there is none. */
export function DateText({ at }: { readonly at: string | null | undefined }) {
  const { formatDateTime } = useUi();
  if (!at) return <NoValue />;
  return (
    <time dateTime={at} className="ui-figures">
      {formatDateTime(at)}
    </time>
  );
}

/** How many rows stand behind a tab or a group; red where they wait for somebody and there are any. */
export function CountMark({ count, urgent = false }: { readonly count: number; readonly urgent?: boolean }) {
  const { formatCount } = useUi();
  return <span className={urgent && count > 0 ? 'ui-count ui-count-urgent' : 'ui-count'}>{formatCount(count)}</span>;
}

/** A text whose dates stay whole where its line breaks. */
export function DatedText({ children }: { readonly children: string }) {
  return children.split(/(\d{4}-\d{2}-\d{2})/).map((part, at) =>
    // Split by a group, every second part is a date; the text does not change under its place.
    at % 2 === 0 ? (
      part
    ) : (
      <span key={at} className="ui-unbroken">
        {part}
      </span>
    ),
  );
}

export function NoValue() {
  return <span className="ui-quiet">–</span>;
}

type PhoneProps = { readonly masked: string; readonly onReveal?: () => Promise<string> };

/** A masked number. Revealing asks the server, which records who looked; the number is kept only while it is shown. */
export function PhoneText({ masked, onReveal }: PhoneProps) {
  const { words, describeFailure } = useUi();
  const toast = useToast();
  const [shown, setShown] = useState<string>();
  const [busy, setBusy] = useState(false);
  const reveal = async () => {
    if (!onReveal) return;
    setBusy(true);
    try {
      setShown(await onReveal());
    } catch (error) {
      toast.error(describeFailure(error).text);
    } finally {
      setBusy(false);
    }
  };
  return (
    <span className="ui-phone ui-figures">
      {shown ? <a href={`tel:${shown}`}>{shown}</a> : masked}
      {onReveal && !shown && (
        <Button
          type="text"
          size="small"
          icon={<EyeOutlined />}
          loading={busy}
          aria-label={words('reveal')}
          title={words('reveal')}
          onClick={reveal}
        />
      )}
    </span>
  );
}

export type Tone = 'neutral' | 'info' | 'good' | 'warn' | 'bad' | 'ended';
const COLOURS: Readonly<Record<Tone, TagProps['color']>> = {
  neutral: 'default',
  info: 'processing',
  good: 'success',
  warn: 'warning',
  bad: 'error',
  ended: 'default',
};

/** A state in word and colour, with a sign where it must be seen from afar; `ended` is quiet and not to be passed over. */
export function StatusTag({ tone, icon, children }: { readonly tone: Tone; readonly icon?: ReactNode; readonly children: ReactNode }) {
  return (
    <Tag color={COLOURS[tone]} icon={icon} className={tone === 'ended' ? 'ui-status ui-status-ended' : 'ui-status'}>
      {children}
    </Tag>
  );
}
