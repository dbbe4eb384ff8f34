import type { SecondStepView } from '@baoke/core/access/wire';
import { useToast, useUi } from '@baoke/ui';
import { useMutation } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../shell/session.ts';
import { showAtFields } from './fields.ts';

type Props = {
  readonly view: SecondStepView & { readonly setUpAt: string };
  readonly onCodes: (codes: readonly string[]) => void;
  readonly onChange: () => Promise<unknown>;
};

/** The second step is set up: new recovery codes, and the way out where the role leaves one. */
export function SecondStepStatus({ view, onCodes, onChange }: Props) {
  const { t } = useTranslation();
  const { trpc } = useApi();
  const { describeFailure, formatDateTime } = useUi();
  const toast = useToast();
  const [renewForm] = Form.useForm<{ code: string }>();
  const [removeForm] = Form.useForm<{ password: string; code: string }>();
  const renew = useMutation(
    trpc.access.renewRecoveryCodes.mutationOptions({
      onSuccess: async ({ recoveryCodes }) => {
        onCodes(recoveryCodes);
        await onChange();
      },
      onError: (error) => {
        const failure = describeFailure(error);
        if (!showAtFields(renewForm, failure)) toast.error(failure.text);
      },
    }),
  );
  const remove = useMutation(
    trpc.access.removeSecondStep.mutationOptions({
      onSuccess: async () => {
        toast.success(t('settings.secondStep.turnedOff'));
        await onChange();
      },
      onError: (error) => {
        const failure = describeFailure(error);
        if (!showAtFields(removeForm, failure)) toast.error(failure.text);
      },
    }),
  );
  const needed = [{ required: true, message: t('fieldFaults.required') }];
  const code = (
    <Form.Item name="code" label={t('access.code')} rules={needed}>
      <Input autoComplete="one-time-code" maxLength={40} />
    </Form.Item>
  );
  return (
    <>
      <header>
        <h1>{t('access.secondStep')}</h1>
        <p>{t('settings.secondStep.on', { at: formatDateTime(view.setUpAt), count: view.recoveryCodesLeft })}</p>
        {view.required && <p className="ui-quiet">{t('settings.secondStep.needed')}</p>}
      </header>
      <Form form={renewForm} name="renew" layout="vertical" requiredMark={false} onFinish={(values) => renew.mutate(values)}>
        <h2>{t('settings.secondStep.renewCodes')}</h2>
        <p className="ui-quiet">{t('settings.secondStep.renewHint')}</p>
        {code}
        <Button htmlType="submit" loading={renew.isPending}>
          {t('settings.secondStep.renewCodes')}
        </Button>
      </Form>
      {!view.required && (
        <Form form={removeForm} name="remove" layout="vertical" requiredMark={false} onFinish={(values) => remove.mutate(values)}>
          <h2>{t('settings.secondStep.turnOff')}</h2>
          <Form.Item name="password" label={t('access.currentPassword')} rules={needed}>
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          {code}
          <Button danger htmlType="submit" loading={remove.isPending}>
            {t('settings.secondStep.turnOff')}
          </Button>
        </Form>
      )}
    </>
  );
}
