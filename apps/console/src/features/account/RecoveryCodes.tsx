import { CopyOutlined } from '@ant-design/icons';
import { Alert, Button } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

type Props = { readonly codes: readonly string[]; readonly onDone: () => void };

const COPY_WORDS = {
  no: 'settings.secondStep.recoveryCopy',
  copied: 'settings.secondStep.recoveryCopied',
  selected: 'settings.secondStep.recoverySelected',
} as const;

/** The codes for the day the phone is lost. They are told this once, so only their own button leads on. */
export function RecoveryCodes({ codes, onDone }: Props) {
  const { t } = useTranslation();
  const list = useRef<HTMLUListElement>(null);
  const [taken, setTaken] = useState<keyof typeof COPY_WORDS>('no');
  const copy = async () => {
    if (list.current) getSelection()?.selectAllChildren(list.current);
    // A page that came over plain HTTP in a closed network has no clipboard: the codes stand selected for the keys.
    if (isSecureContext) await navigator.clipboard.writeText(codes.join('\n'));
    setTaken(isSecureContext ? 'copied' : 'selected');
  };
  return (
    <>
      <h1>{t('settings.secondStep.recoveryTitle')}</h1>
      <Alert type="warning" showIcon title={t('settings.secondStep.recoveryHint')} />
      <ul ref={list} className="account-codes" aria-label={t('settings.secondStep.recoveryTitle')}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <Button icon={<CopyOutlined />} onClick={() => void copy()}>
        <span role="status">{t(COPY_WORDS[taken])}</span>
      </Button>
      <Button type="primary" size="large" block onClick={onDone}>
        {t('settings.secondStep.recoveryDone')}
      </Button>
    </>
  );
}
