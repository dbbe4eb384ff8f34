import type { Role } from '@baoke/core/access';
import type { StaffId, TaskId } from '@baoke/core/kernel';
import { FormDialog, useToast } from '@baoke/ui';
import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../shell/session.ts';
import { ReceiverItem } from './ReceiverItem.tsx';

/** The tasks chosen, or everything open of one person; `roles` are those the tasks are for. */
export type ReassignWhat = { readonly roles: readonly Role[] } & (
  | { readonly taskIds: readonly TaskId[] }
  | { readonly fromId: StaffId; readonly name: string; readonly count: number }
);

type Values = { readonly toIds: readonly StaffId[]; readonly reason: string };
type Props = { readonly what: ReassignWhat; readonly onClose: () => void; readonly onMoved: () => void };

/** Gives many tasks away at once; says beforehand how many go to how many. */
export function ReassignDialog({ what, onClose, onMoved }: Props) {
  const { t } = useTranslation();
  const toast = useToast();
  const api = useApi();
  const submit = async ({ toIds, reason }: Values) => {
    const { moved, refused } = await api.client.tasks.reassign.mutate({
      ...('fromId' in what ? { fromId: what.fromId } : { taskIds: [...what.taskIds] }),
      toIds: [...toIds],
      reason,
    });
    void api.queryClient.invalidateQueries(api.trpc.tasks.pathFilter());
    toast.success(t('tasks.reassigned', { moved }));
    if (refused > 0) toast.warning(t('tasks.desk.reassignRefused', { count: refused }), 8);
    onMoved();
    onClose();
  };
  return (
    <FormDialog<Values>
      draftKey={`reassign.${'fromId' in what ? what.fromId : 'selection'}`}
      title={t('tasks.desk.reassignTitle')}
      hint={'fromId' in what ? t('tasks.desk.reassignFrom', { name: what.name }) : undefined}
      submitText={t('tasks.reassign')}
      onSubmit={submit}
      onClose={onClose}
    >
      <ReassignFields what={what} />
    </FormDialog>
  );
}

const REASONS = ['holiday', 'leaving', 'busy', 'sharing'] as const;

function ReassignFields({ what }: { readonly what: ReassignWhat }) {
  const { t } = useTranslation();
  const { trpc } = useApi();
  const { data } = useQuery(trpc.tasks.receivers.queryOptions());
  const form = Form.useFormInstance<Values>();
  const chosen = Form.useWatch('toIds', form)?.length ?? 0;
  const count = 'fromId' in what ? what.count : what.taskIds.length;
  return (
    <>
      <ReceiverItem
        name="toIds"
        label={t('tasks.desk.receivers')}
        people={data?.people.filter(({ id, inReach }) => inReach && (!('fromId' in what) || id !== what.fromId))}
        roles={what.roles}
      />
      <Form.Item
        name="reason"
        label={t('tasks.desk.reason')}
        rules={[{ required: true, whitespace: true, message: t('fieldFaults.required') }]}
      >
        <Input.TextArea rows={2} maxLength={500} />
      </Form.Item>
      <div className="task-chips">
        {REASONS.map((reason) => (
          <Button key={reason} size="small" onClick={() => form.setFieldsValue({ reason: t(`tasks.desk.reassignReasons.${reason}`) })}>
            {t(`tasks.desk.reassignReasons.${reason}`)}
          </Button>
        ))}
      </div>
      <p role="status" className="task-starts">
        {chosen === 0
          ? t('tasks.desk.reassignNobody')
          : t('tasks.desk.reassignPreview', { count, people: chosen, each: Math.ceil(count / chosen) })}
      </p>
    </>
  );
}
