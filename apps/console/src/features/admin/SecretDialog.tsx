import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { Alert, Button, Modal } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

type Props = { readonly title: string; readonly hint: string; readonly secret: string; readonly onClose: () => void };

/** A secret that is told once. It closes by its button alone, so that a stray click does not lose it. */
export function SecretDialog({ title, hint, secret, onClose }: Props) {
  const { t } = useTranslation();
  const text = useRef<HTMLElement>(null);
  const [taken, setTaken] = useState<'copied' | 'selected'>();
  const copy = async () => {
    if (text.current) getSelection()?.selectAllChildren(text.current);
    // A page that came over plain HTTP in a closed network has no clipboard: the secret stands selected for the keys.
    if (isSecureContext) await navigator.clipboard.writeText(secret);
    setTaken(isSecureContext ? 'copied' : 'selected');
  };
  return (
    <Modal
      open
      title={title}
      closable={false}
      mask={{ closable: false }}
      keyboard={false}
      footer={
        <Button type="primary" onClick={onClose}>
          {t('admin.secret.done')}
        </Button>
      }
    >
      <Alert type="warning" showIcon title={hint} className="ui-form-alert" />
      <div className="admin-secret">
        <code ref={text}>{secret}</code>
        <Button icon={taken === 'copied' ? <CheckOutlined /> : <CopyOutlined />} onClick={() => void copy()}>
          <span role="status">{t(`admin.secret.${taken ?? 'copy'}`)}</span>
        </Button>
      </div>
    </Modal>
  );
}
