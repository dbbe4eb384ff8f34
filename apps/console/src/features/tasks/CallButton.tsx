import { PhoneOutlined } from '@ant-design/icons';
import type { Outputs } from '@baoke/client';
import { useShortcut, useToast, useUi } from '@baoke/ui';
import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';

type Numbers = Outputs['tasks']['revealPhone'];
type Props = {
  /** A message goes to the number without a call. */
  readonly rings?: boolean;
  /** Null where the file has no number. */
  readonly masked: string | null;
  readonly dialable: boolean;
  /** Why not, once that is known. */
  readonly hidden: string | undefined;
  readonly reveal: () => Promise<Numbers>;
  readonly onDialled?: () => void;
};

/** Calls the customer. The number of one's own work is fetched on the tap, which the server records; then the phone dials. */
export function CallButton({ rings = true, masked, dialable: may, hidden, reveal: fetch, onDialled }: Props) {
  const { t } = useTranslation();
  const toast = useToast();
  const { describeFailure } = useUi();
  const reveal = useMutation({ mutationFn: fetch, onError: (error) => toast.error(describeFailure(error).text) });
  const dialable = may && masked !== null;
  const ring = ([first]: Numbers['phones']) => {
    if (!first || !rings) return;
    location.href = `tel:${first.tel}`;
    onDialled?.();
  };
  // A number that comes when another task lies open already is not dialled.
  const dial = () => (reveal.data ? ring(reveal.data.phones) : reveal.mutate(undefined, { onSuccess: ({ phones }) => ring(phones) }));
  const act = t(rings ? 'tasks.desk.dial' : 'tasks.reveal');
  useShortcut('d', act, dial, { enabled: dialable });
  if (masked === null) return <p className="ui-quiet">{t('tasks.desk.noPhone')}</p>;
  return (
    <div className="task-call">
      {dialable ? (
        <Button {...(rings ? { type: 'primary', icon: <PhoneOutlined /> } : {})} size="large" loading={reveal.isPending} onClick={dial}>
          {act} <span className="ui-figures">{reveal.data?.phones[0]?.number ?? masked}</span>
        </Button>
      ) : (
        <span className="ui-figures" title={hidden}>
          {masked}
        </span>
      )}
      {reveal.data && (
        <span className="task-numbers ui-figures" role="status">
          {reveal.data.phones.slice(1).map(({ number, tel }) => (
            <a key={tel} href={`tel:${tel}`}>
              {number}
            </a>
          ))}
          {rings && <span className="ui-quiet">{t('tasks.desk.calling')}</span>}
        </span>
      )}
    </div>
  );
}
