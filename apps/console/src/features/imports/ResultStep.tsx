import type { ImportView } from '@baoke/core/imports/wire';
import { refusalText } from '@baoke/i18n/lazy';
import { useUi, useToast } from '@baoke/ui';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Alert, Button, Modal } from 'antd';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../shell/LinkButton.tsx';
import { paths } from '../../shell/paths.ts';
import { useApi, useMe } from '../../shell/session.ts';
import { KeptRecords } from './KeptRecords.tsx';
import { LeftOut } from './LeftOut.tsx';
import { Outcomes, totalsOf } from './Outcomes.tsx';
import { leftOutText } from './words.ts';

type Props = { readonly view: ImportView; readonly onBack: () => void };

/** What an import did, what it left to correct, and the way back. */
export function ResultStep({ view, onBack }: Props) {
  const { t } = useTranslation();
  const me = useMe();
  const totals = totalsOf(view);
  const { status, failure, undone } = view;
  const partly = view.files.some((file) => leftOutText(t, file) !== undefined);
  const mayEdit = me.can('imports', 'edit');
  return (
    <>
      <Alert
        type={status === 'done' ? (totals.rejected > 0 || partly ? 'warning' : 'success') : status === 'failed' ? 'error' : 'info'}
        showIcon
        title={headline(t, status)}
        description={
          status === 'done' ? (
            <>
              <div>{t('imports.wizard.doneSummary', totals)}</div>
              {totals.rejected > 0 && <div>{t('imports.wizard.doneRejected', { count: totals.rejected })}</div>}
            </>
          ) : failure ? (
            refusalText(t, failure)
          ) : undone && status === 'undone' ? (
            t('imports.wizard.undoDone', undone)
          ) : status === 'cancelled' ? (
            t('imports.wizard.cancelledHint')
          ) : undefined
        }
      />
      {status === 'done' && <LeftOut view={view} past />}
      {status === 'done' && (
        <div className="import-actions ui-panel">
          {me.can('customers', 'view') && (
            <LinkButton {...paths.customers()} type="primary">
              {t('imports.wizard.toCustomers')}
            </LinkButton>
          )}
          {me.can('care_rules', 'decide') && <PlanToday />}
          <LinkButton {...paths.newImport()}>{t('imports.wizard.again')}</LinkButton>
          {mayEdit && <Undo view={view} />}
        </div>
      )}
      {mayEdit && (failure === 'imports.files_gone' || status === 'cancelled') ? (
        <div className="import-actions ui-panel">
          <LinkButton {...paths.newImport()} type="primary">
            {t('imports.wizard.uploadAgain')}
          </LinkButton>
        </div>
      ) : (
        status === 'failed' &&
        mayEdit && (
          <div className="import-actions ui-panel">
            <Button type="primary" onClick={onBack}>
              {t('imports.wizard.back')}
            </Button>
          </div>
        )
      )}
      {undone !== null && undone.kept > 0 && <KeptRecords view={view} />}
      {status !== 'cancelled' && view.files.some((file) => file.counts !== null) && <Outcomes view={view} />}
    </>
  );
}

function headline(t: TFunction, status: ImportView['status']): string {
  switch (status) {
    case 'done':
      return t('imports.wizard.done');
    case 'failed':
      return t('imports.wizard.failed');
    case 'cancelled':
      return t('imports.wizard.cancelled');
    case 'undone':
      return t('imports.wizard.undone');
    case 'uploaded':
    case 'running':
      return t(`imports.statuses.${status}`);
  }
}

/** New customers mean new work: the planner is asked at once instead of waiting for the night. */
function PlanToday() {
  const { t } = useTranslation();
  const { client, trpc, queryClient } = useApi();
  const toast = useToast();
  const { describeFailure } = useUi();
  const plan = useMutation({
    mutationFn: () => client.care.runNow.mutate(),
    onSuccess: ({ counts }) => {
      void queryClient.invalidateQueries(trpc.tasks.pathFilter());
      toast.success({
        duration: 8,
        content: (
          <>
            {t('imports.wizard.planned', { created: counts.created ?? 0 })} <Link {...paths.myDay()}>{t('imports.wizard.toDay')}</Link>
          </>
        ),
      });
    },
    onError: (error) => toast.error(describeFailure(error).text),
  });
  return (
    <Button loading={plan.isPending} onClick={() => plan.mutate()}>
      {t('imports.wizard.planToday')}
    </Button>
  );
}

function Undo({ view }: { readonly view: ImportView }) {
  const { t } = useTranslation();
  const { client, trpc, queryClient } = useApi();
  const toast = useToast();
  const [modal, asking] = Modal.useModal();
  const { describeFailure } = useUi();
  const ask = () =>
    void modal.confirm({
      title: t('imports.wizard.undoTitle'),
      content: t('imports.wizard.undoHint'),
      okText: t('imports.wizard.undo'),
      cancelText: t('common.cancel'),
      okButtonProps: { danger: true },
      onOk: async () => {
        try {
          const undone = await client.imports.undo.mutate({ importId: view.id });
          toast.success(t('imports.wizard.undoDone', undone), 8);
        } catch (error) {
          toast.error(describeFailure(error).text);
        }
        await queryClient.invalidateQueries(trpc.imports.pathFilter());
      },
    });
  return (
    <>
      {asking}
      <Button danger className="import-undo" onClick={ask}>
        {t('imports.wizard.undo')}
      </Button>
    </>
  );
}
