import { EmptyState, ErrorState } from '@baoke/ui';
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { TRPCClientError } from '@trpc/client';
import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { LinkButton } from './LinkButton.tsx';
import { paths } from './paths.ts';

/** A page that could not be shown. What was typed is kept as a draft. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
  const { reset: resetQueries } = useQueryErrorResetBoundary();
  const retry = () => {
    resetQueries();
    reset();
    void router.invalidate();
  };
  // A request failed: say which and why. Anything else is a fault of the page itself, which React has written to the console.
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
      action={
        <LinkButton {...paths.home()} type="primary">
          {t('errors.goHome')}
        </LinkButton>
      }
    />
  );
}
