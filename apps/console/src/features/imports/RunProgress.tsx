import type { ImportView } from '@baoke/core/imports/wire';
import { useUi, useToast } from '@baoke/ui';
import { Button, Modal, Progress } from 'antd';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../shell/session.ts';
import { percentOf } from './progress.ts';

/** A run at work: how far it is, and the way out. The page may be left; the run goes on. */
export function RunProgress({ view }: { readonly view: ImportView }) {
  const { t } = useTranslation();
  const { client, trpc, queryClient } = useApi();
  const toast = useToast();
  const [modal, asking] = Modal.useModal();
  const { describeFailure } = useUi();
  const { progress } = view;
  const cancel = () =>
    void modal.confirm({
      title: t('imports.wizard.cancelTitle'),
      content: t(view.dryRun ? 'imports.wizard.cancelTry' : 'imports.wizard.cancelHint'),
      okText: t('imports.wizard.cancelRun'),
      cancelText: t('imports.wizard.cancelKeep'),
      okButtonProps: { danger: true },
      onOk: async () => {
        try {
          queryClient.setQueryData(
            trpc.imports.get.queryKey({ importId: view.id }),
            await client.imports.cancel.mutate({ importId: view.id }),
          );
        } catch (error) {
          toast.error(describeFailure(error).text);
        }
      },
    });
  return (
    <div className="ui-panel import-run">
      {asking}
      <h2>{t(view.dryRun ? 'imports.wizard.steps.try' : 'imports.wizard.steps.run')}</h2>
      <Progress percent={percentOf(view)} status="active" aria-label={t('imports.statuses.running')} />
      <p role="status" className="ui-figures">
        {view.cancelRequested
          ? t('imports.wizard.cancelling')
          : progress
            ? t('imports.wizard.progress', { phase: t(`imports.phases.${progress.phase}`), file: progress.file, rows: progress.rows })
            : t('imports.wizard.starting')}
      </p>
      <Button danger disabled={view.cancelRequested} onClick={cancel}>
        {t('imports.wizard.cancelRun')}
      </Button>
    </div>
  );
}
