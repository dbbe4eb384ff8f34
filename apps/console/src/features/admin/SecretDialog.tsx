import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { Alert, Button, Modal, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

type Props = { readonly title: string; readonly hint: string; readonly secret: string; readonly onClose: () => void };

/** A secret that is told once. It closes by its button alone, so that a stray click does not lose it. */
export function SecretDialog({ title, hint, secret, onClose }: Props) {
  const { t } = useTranslation();
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
      <Typography.Paragraph
        className="admin-secret"
        copyable={{
          text: secret,
          icon: [<Marked key="copy" done={false} />, <Marked key="copied" done />],
          tooltips: false,
        }}
      >
        <code>{secret}</code>
      </Typography.Paragraph>
    </Modal>
  );
}

function Marked({ done }: { readonly done: boolean }) {
  const { t } = useTranslation();
  return (
    <span className="admin-copy" role="status">
      {done ? <CheckOutlined /> : <CopyOutlined />} {t(done ? 'admin.secret.copied' : 'admin.secret.copy')}
    </span>
  );
}
