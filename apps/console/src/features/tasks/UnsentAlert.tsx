import { Alert, Button } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

type Props = {
  /** Whether it goes by itself once the network is back, or only when it is saved again. */
  readonly unsent: 'waiting' | 'held';
  readonly onHold: () => void;
};

/** What becomes of a result that found no server: the one place that says it, brought into view. */
export function UnsentAlert({ unsent, onHold }: Props) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div ref={place} className="ui-form-failure" role="status">
      <Alert
        type="warning"
        showIcon
        role="none"
        className="ui-form-alert"
        title={t(`contacts.takeBack.${unsent}`)}
        action={
          unsent === 'waiting' && (
            <Button size="small" onClick={onHold}>
              {t('contacts.takeBack.stopWaiting')}
            </Button>
          )
        }
      />
    </div>
  );
}
