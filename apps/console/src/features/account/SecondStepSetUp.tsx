import { useToast, useUi } from '@baoke/ui';
import { useMutation } from '@tanstack/react-query';
import { Button, Form, Input, QRCode, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { useApi, useMe } from '../../shell/session.ts';
import { showAtFields } from './fields.ts';

type Props = { readonly required: boolean; readonly onCodes: (codes: readonly string[]) => void };

/** Password, QR code, first code; then the recovery codes. */
export function SecondStepSetUp({ required, onCodes }: Props) {
  const { t } = useTranslation();
  const { trpc } = useApi();
  const { describeFailure } = useUi();
  const toast = useToast();
  const me = useMe();
  const [passwordForm] = Form.useForm<{ password: string }>();
  const [codeForm] = Form.useForm<{ code: string }>();
  const begin = useMutation(
    trpc.access.beginSecondStep.mutationOptions({
      onError: (error) => {
        const failure = describeFailure(error);
        if (!showAtFields(passwordForm, failure)) toast.error(failure.text);
      },
    }),
  );
  const confirm = useMutation(
    trpc.access.confirmSecondStep.mutationOptions({
      onSuccess: ({ recoveryCodes }) => onCodes(recoveryCodes),
      onError: (error) => {
        const failure = describeFailure(error);
        if (!showAtFields(codeForm, failure)) toast.error(failure.text);
      },
    }),
  );
  const needed = [{ required: true, message: t('fieldFaults.required') }];
  return (
    <>
      <header>
        <h1>{t('settings.secondStep.title')}</h1>
        <p>{required ? t('settings.secondStep.required', { role: t(`roles.${me.role}`) }) : t('settings.secondStep.offer')}</p>
        <p className="ui-quiet">{t('settings.secondStep.why')}</p>
      </header>
      {begin.data ? (
        <Form form={codeForm} layout="vertical" requiredMark={false} onFinish={(values) => confirm.mutate(values)}>
          <h2>{t('settings.secondStep.scan')}</h2>
          <p className="ui-quiet">{t('settings.secondStep.scanHint')}</p>
          <div className="account-qr" role="img" aria-label={t('settings.secondStep.qr')}>
            {/* Scanners want dark on light, whatever the theme. */}
            <QRCode type="svg" value={begin.data.uri} size={192} color="#000" bgColor="#fff" bordered={false} />
          </div>
          <p className="account-secret">
            <span>{t('settings.secondStep.secret')}</span>
            <Typography.Text code copyable={isSecureContext}>
              {begin.data.secret}
            </Typography.Text>
          </p>
          <Form.Item name="code" label={t('settings.secondStep.code')} rules={needed}>
            <Input autoFocus size="large" inputMode="numeric" maxLength={10} autoComplete="one-time-code" />
          </Form.Item>
          <Button type="primary" htmlType="submit" size="large" block loading={confirm.isPending}>
            {t('settings.secondStep.confirm')}
          </Button>
        </Form>
      ) : (
        <Form form={passwordForm} layout="vertical" requiredMark={false} onFinish={(values) => begin.mutate(values)}>
          <h2>{t('settings.secondStep.password')}</h2>
          <Form.Item name="password" label={t('access.currentPassword')} rules={needed}>
            <Input.Password size="large" autoComplete="current-password" />
          </Form.Item>
          <Button type="primary" htmlType="submit" size="large" block loading={begin.isPending}>
            {t('settings.secondStep.next')}
          </Button>
        </Form>
      )}
    </>
  );
}
