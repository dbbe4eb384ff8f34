import type { ContactId, Instant, TaskId } from '@baoke/core/kernel';
import { mayTakeBack } from '@baoke/core/tasks';
import type { TakeBackView } from '@baoke/core/tasks/wire';
import { refusalText } from '@baoke/i18n/lazy';
import { ActionButton, useNow, useToast, useUi } from '@baoke/ui';
import { Link } from '@tanstack/react-router';
import { Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { paths } from './paths.ts';
import { resultDraftKey, typedAgain } from './result-draft.ts';
import { useApi, useMe } from './session.ts';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The result whose taking back opened this task: its form begins with what had been typed. */
    retaken?: ContactId;
  }
}

type Result = { readonly contactId: ContactId; readonly customerName: string };

/** What was taken back: the task to go on with, its form filled with what had been typed; null where it is another's again. */
export type Taken = { readonly task: TaskId | null };

/** Takes a result back, and says so. Undefined where it stands still, which has been said too. */
export function useTakeBack(): (result: Result) => Promise<Taken | undefined> {
  const { t } = useTranslation();
  const { client, trpc, queryClient } = useApi();
  const me = useMe();
  const toast = useToast();
  const { drafts, describeFailure } = useUi();
  return async ({ contactId, customerName }) => {
    try {
      const { task, typed, stands } = await client.tasks.takeBack.mutate({ contactId });
      const mine = task.assigneeId === me.staffId || (task.assigneeId === null && task.role === me.role);
      if (mine) {
        const { to, search } = paths.myDay(task.id);
        drafts.keep({
          key: resultDraftKey(task.id),
          title: `${t('tasks.record')}: ${customerName}`,
          place: `${to}?task=${search.task}`,
          savedAt: Date.now(),
          unsent: false,
          values: typedAgain(typed),
        });
        await queryClient.fetchQuery({ ...trpc.tasks.get.queryOptions({ taskId: task.id }), staleTime: 0 });
      }
      toast.success({
        duration: stands.length > 0 ? 8 : 3,
        content: [
          mine
            ? t('contacts.takeBack.done', { customer: customerName })
            : t(task.assigneeId === null ? 'contacts.takeBack.doneForPool' : 'contacts.takeBack.doneFor'),
          ...stands.map((what) => t(`contacts.takeBack.stands.${what}`)),
        ].join(t('contacts.takeBack.between')),
      });
      return { task: mine ? task.id : null };
    } catch (error) {
      const { text, fields = [] } = describeFailure(error);
      toast.error({ duration: 8, content: [text, ...fields.map((field) => field.text)].join(' ') });
      return undefined;
    } finally {
      void queryClient.invalidateQueries(trpc.tasks.pathFilter());
      void queryClient.invalidateQueries(trpc.customers.pathFilter());
    }
  };
}

type Props = Result & {
  readonly view: TakeBackView | null;
  /** Who recorded it, asked about where it is somebody else's. */
  readonly recordedBy: string | null;
  readonly onTaken: (taken: Taken) => void;
};

/** The button beside a result: nothing where its time is over or it is not the reader's to take back, and the reason where it cannot be. */
export function TakeBackButton({ view, recordedBy, onTaken, ...result }: Props) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const takeBack = useTakeBack();
  const [modal, asking] = Modal.useModal();
  const [busy, setBusy] = useState(false);
  if (view === null) return null;
  const verdict = mayTakeBack(view, new Date(now).toISOString() as Instant);
  if (!verdict.ok && (verdict.refusal === 'tasks.taken_back_already' || verdict.refusal === 'tasks.take_back_too_late')) return null;
  const run = async () => {
    // One's own is recorded anew with a key; what another recorded he alone can tell.
    const sure =
      view.by === 'recorder' ||
      (await modal.confirm({
        title: t('contacts.takeBack.ask', { name: recordedBy ?? '' }),
        content: t('contacts.takeBack.askHint'),
        okText: t('contacts.takeBack.action'),
        cancelText: t('common.cancel'),
      }));
    if (!sure) return;
    setBusy(true);
    const taken = await takeBack(result);
    setBusy(false);
    if (taken) onTaken(taken);
  };
  return (
    <>
      {view.complaint && (
        <>
          <Link {...paths.complaint(view.complaint.id)}>{t('contacts.takeBack.complaint', { number: view.complaint.number })}</Link>{' '}
        </>
      )}
      <ActionButton
        size="small"
        loading={busy}
        onClick={() => void run()}
        disabledReason={verdict.ok ? undefined : refusalText(t, verdict.refusal)}
      >
        {t('contacts.takeBack.action')}
      </ActionButton>
      {asking}
    </>
  );
}
