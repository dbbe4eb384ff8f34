import type { ImportView } from '@baoke/core/imports/wire';
import { useUi, useToast } from '@baoke/ui';
import { useMutation } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../shell/session.ts';
import { LeftOut } from './LeftOut.tsx';
import { Outcomes, totalsOf } from './Outcomes.tsx';
import { StaffNames } from './StaffNames.tsx';
import { leftOutText } from './words.ts';

type Props = { readonly view: ImportView; readonly onBack: () => void };

/** Step three: what an import would do, before it does it. */
export function TryStep({ view, onBack }: Props) {
  const { t } = useTranslation();
  const { client, trpc, queryClient } = useApi();
  const toast = useToast();
  const { describeFailure } = useUi();
  const start = useMutation({
    mutationFn: (dryRun: boolean) => client.imports.start.mutate({ importId: view.id, mode: view.mode, dryRun }),
    onSuccess: (started) => queryClient.setQueryData(trpc.imports.get.queryKey({ importId: view.id }), started),
    onError: (error) => toast.error(describeFailure(error).text),
  });
  const totals = totalsOf(view);
  const partly = view.files.some((file) => leftOutText(t, file) !== undefined);
  const nothing = totals.created + totals.updated === 0;
  return (
    <>
      <Alert
        type={partly ? 'warning' : nothing ? 'info' : 'success'}
        showIcon
        title={t('imports.wizard.confirmTitle')}
        description={nothing ? t('imports.wizard.confirmNothing') : t('imports.wizard.confirm', totals)}
        action={
          <Button type="primary" size="large" loading={start.isPending} onClick={() => start.mutate(false)}>
            {t('imports.wizard.start')}
          </Button>
        }
      />
      <LeftOut view={view} />
      <StaffNames view={view} />
      <Outcomes view={view} />
      <div className="import-actions ui-panel">
        <Button onClick={onBack}>{t('imports.wizard.back')}</Button>
        <Button loading={start.isPending} onClick={() => start.mutate(true)}>
          {t('imports.wizard.tryAgain')}
        </Button>
        <Button type="primary" loading={start.isPending} onClick={() => start.mutate(false)}>
          {t('imports.wizard.start')}
        </Button>
      </div>
    </>
  );
}
