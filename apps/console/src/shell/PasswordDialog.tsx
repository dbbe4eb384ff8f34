import { useUi, useToast } from '@baoke/ui';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Form, Input, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { useApi } from './session.ts';

type Values = { current: string; next: string; again: string };
const SHORTEST = 10;

/** Passwords are never kept as a draft, so this is no draft form. */
export function PasswordDialog({ forced, onClose }: { readonly forced: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { trpc } = useApi();
  const { describeFailure } = useUi();
  const toast = useToast();
  const queryClient = useQueryClient();
  const [form] = Form.useForm<Values>();
  const change = useMutation(
    trpc.access.changePassword.mutationOptions({
      onSuccess: async () => {
        toast.success(t('access.passwordChanged'));
        onClose();
        await queryClient.invalidateQueries({ queryKey: ['me'] });
      },
      onError: (error) => {
        const { fields = [], text } = describeFailure(error);
        if (fields.length === 0) toast.error(text);
        else form.setFields(fields.map((field) => ({ name: field.path as never, errors: [field.text] })));
      },
    }),
  );
  return (
    <Modal
      open
      title={t(forced ? 'access.mustChange' : 'access.changePassword')}
      okText={t('common.save')}
      cancelText={t('common.cancel')}
      confirmLoading={change.isPending}
      onOk={form.submit}
      onCancel={onClose}
      cancelButtonProps={{ style: { display: forced ? 'none' : undefined } }}
      closable={!forced}
      mask={{ closable: false }}
      keyboard={!forced}
    >
      <Form<Values> form={form} layout="vertical" onFinish={({ current, next }) => change.mutate({ current, next })}>
        {/* The dialog's own button stands outside the form; this one lets Enter submit. */}
        <button type="submit" hidden aria-hidden tabIndex={-1} />
        <Form.Item name="current" label={t('access.currentPassword')} rules={[{ required: true, message: t('fieldFaults.required') }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item
          name="next"
          label={t('access.newPassword')}
          extra={t('access.passwordHint')}
          rules={[{ required: true, min: SHORTEST, message: t('access.passwordHint') }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="again"
          label={t('access.newPasswordAgain')}
          dependencies={['next']}
          rules={[
            ({ getFieldValue }) => ({
              validator: async (_, again) =>
                again === getFieldValue('next') ? undefined : Promise.reject(new Error(t('access.passwordsDiffer'))),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
      </Form>
    </Modal>
  );
}
