import { EmptyState, ErrorState } from '@baoke/ui';
import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { failureCode } from './api.ts';
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
  // An error of our own, not of a request: the text for the reader is general, the error itself goes to the console.
  if (failureCode(error) !== undefined || error instanceof TypeError === false) return <ErrorState error={error} onRetry={retry} />;
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
        <Link {...paths.home()}>
          <Button type="primary">{t('errors.goHome')}</Button>
        </Link>
      }
    />
  );
}
