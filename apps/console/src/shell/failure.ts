import type { AppRouter } from '@baoke/api/router';
import { failureTexts } from '@baoke/i18n/lazy';
import type { Failure } from '@baoke/ui';
import { TRPCClientError } from '@trpc/client';
import type { TFunction } from 'i18next';
import { askToSignIn, whenRegained } from './session-end.ts';

/** What an error means to the reader: the words of its code, its fields, and the number an administrator finds it by. */
export function describeFailure(t: TFunction, error: unknown): Failure {
  if (!(error instanceof TRPCClientError)) return { text: t('errors.unexpected') };
  const { data } = error as TRPCClientError<AppRouter>;
  if (!data) return { text: t('errors.network'), unreachable: true };
  return {
    ...failureTexts(t, data),
    ...(data.code === 'access.signed_out' ? { remedy: { text: t('access.signInAgain'), run: askToSignIn, done: whenRegained() } } : {}),
  };
}
