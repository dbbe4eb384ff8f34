import type { Instant, StaffId } from '@baoke/core/kernel';
import { lastTryAt, SKIP_REASONS, type SkipReason } from '@baoke/core/tasks';
import type { TaskRow } from '@baoke/core/tasks/wire';
import { FormDialog, useToast } from '@baoke/ui';
import { useQuery } from '@tanstack/react-query';
import { Form, Input, Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../shell/session.ts';
import { InstantPicker } from './InstantPicker.tsx';
import { taskOptions } from './queries.ts';
import { ReceiverItem } from './ReceiverItem.tsx';

export type TaskStep = 'postpone' | 'skip' | 'handOver';
type Props = { readonly step: TaskStep; readonly row: TaskRow; readonly onClose: () => void; readonly onDone: () => void };

/** Everything a step may ask for; each dialog shows its own part. */
type Values = { readonly until: Instant; readonly reason?: string; readonly skipReason: SkipReason; readonly toId: StaffId };

/** Puts a task off, leaves it undone, or gives it to a colleague. */
export function TaskDialog({ step, row, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const toast = useToast();
  const api = useApi();
  const { tasks } = api.client;
  const { data: receivers } = useQuery(api.trpc.tasks.receivers.queryOptions());
  const customer = row.customer.name;
  const versioned = { taskId: row.task.id, version: row.task.version };
  const send = async ({ until, reason, skipReason, toId }: Values): Promise<string> => {
    const words = reason?.trim() || null;
    switch (step) {
      case 'postpone':
        await tasks.postpone.mutate({ ...versioned, until, reason: words });
        return t('tasks.desk.postponed', { customer });
      case 'skip':
        await tasks.skip.mutate({ ...versioned, reason: skipReason, note: words });
        return t('tasks.desk.skipped', { customer });
      case 'handOver':
        await tasks.handOver.mutate({ ...versioned, toId, reason: words });
        return t('tasks.desk.handed', { customer, name: receivers?.people.find(({ id }) => id === toId)?.name ?? '' });
    }
  };
  return (
    <FormDialog<Values>
      draftKey={`task.${row.task.id}.${step}`}
      title={`${t(`tasks.${step}`)}: ${customer}`}
      hint={t(`tasks.desk.${step}Hint`)}
      submitText={t(`tasks.${step}`)}
      onSubmit={async (values) => {
        toast.success(await send(values));
        onClose();
        onDone();
      }}
      onConflict={() => api.queryClient.refetchQueries(taskOptions(api, row.task.id))}
      onClose={onClose}
    >
      <StepFields step={step} task={row.task} />
    </FormDialog>
  );
}

function StepFields({ step, task }: { readonly step: TaskStep; readonly task: TaskRow['task'] }) {
  const { t } = useTranslation();
  const { trpc } = useApi();
  const { data } = useQuery(trpc.tasks.receivers.queryOptions());
  const form = Form.useFormInstance<Values>();
  const other = Form.useWatch('skipReason', form) === 'other';
  const required = [{ required: true, message: t('fieldFaults.required') }];
  return (
    <>
      {step === 'postpone' && (
        <Form.Item name="until" label={t('tasks.fields.until')} rules={required}>
          <InstantPicker lapsesAt={task.lapsesAt} last={lastTryAt(task)} />
        </Form.Item>
      )}
      {step === 'skip' && (
        <Form.Item name="skipReason" label={t('tasks.desk.reason')} rules={required}>
          <Radio.Group
            className="task-reasons"
            options={SKIP_REASONS.map((value) => ({ value, label: t(`tasks.skipReasons.${value}`) }))}
          />
        </Form.Item>
      )}
      {step === 'handOver' && (
        <ReceiverItem
          name="toId"
          label={t('tasks.desk.handTo')}
          people={data?.people.filter(({ id }) => id !== task.assigneeId)}
          roles={[task.role]}
        />
      )}
      <Form.Item
        name="reason"
        label={step === 'skip' ? t('tasks.note') : t('tasks.desk.reason')}
        rules={step === 'skip' && other ? [{ required: true, whitespace: true, message: t('refusals.tasks.note_needed') }] : []}
      >
        <Input.TextArea rows={2} maxLength={500} />
      </Form.Item>
    </>
  );
}
