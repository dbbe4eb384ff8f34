import { EmptyState, ErrorState } from '@baoke/ui';
import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { TRPCClientError } from '@trpc/client';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';

/** A report that could not be shown. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
  const { reset: resetQueries } = useQueryErrorResetBoundary();
  const retry = () => {
    resetQueries();
    reset();
    void router.invalidate();
  };
  if (error instanceof TRPCClientError) return <ErrorState error={error} onRetry={retry} />;
  return (
    <EmptyState
      title={t('errors.screenFailed')}
      hint={t('errors.screenFailedHint')}
      action={<Button onClick={retry}>{t('common.retry')}</Button>}
    />
  );
}

export function MissingPage() {
  const { t } = useTranslation();
  return (
    <EmptyState
      title={t('errors.pageMissing')}
      hint={t('errors.pageMissingHint')}
      action={<Button href="/reports/">{t('errors.goHome')}</Button>}
    />
  );
}
