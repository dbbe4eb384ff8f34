import { useUi } from '@baoke/ui';
import { useMutation } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Brand } from './Brand.tsx';
import { CodeStep } from './CodeStep.tsx';
import { DemoAccounts } from './DemoAccounts.tsx';
import { failureCode } from './api.ts';
import { switchLocale } from './language.ts';
import { useApi } from './session.ts';

const FIELDS = ['username', 'password'] as const;
type Field = (typeof FIELDS)[number];

/**
 * Name and password. Two plain fields: whoever comes in over a slow line waits for no form library, which weighs as much as
 * the rest of this page.
 */
export function SignInPage() {
  const { t, i18n } = useTranslation();
  const { trpc } = useApi();
  const { describeFailure } = useUi();
  const { next } = useSearch({ from: '/sign-in' });
  const [missing, setMissing] = useState<readonly Field[]>([]);
  const [shown, setShown] = useState(false);
  /** Name and password that fitted, while the code is asked for. */
  const [known, setKnown] = useState<Record<Field, string>>();
  const signIn = useMutation(
    trpc.access.signIn.mutationOptions({
      // The page is loaded afresh: nothing of whoever was here before stays in memory. `//elsewhere` would leave the site.
      onSuccess: () => location.replace(next?.startsWith('/') && !next.startsWith('//') ? next : import.meta.env.BASE_URL),
      onError: (error, { username, password }) => {
        if (failureCode(error) === 'access.second_factor_required') setKnown({ username, password });
      },
    }),
  );
  const asksCode = failureCode(signIn.error) === 'access.second_factor_required';
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const given = new FormData(form);
    const value = (field: Field) => String(given.get(field) ?? '');
    const empty = FIELDS.filter((field) => value(field) === '');
    setMissing(empty);
    if (empty[0]) form.querySelector<HTMLInputElement>(`[name=${empty[0]}]`)?.focus();
    else signIn.mutate({ username: value('username'), password: value('password') });
  };
  const fieldProps = (field: Field) => ({
    id: `sign-in-${field}`,
    name: field,
    'aria-invalid': missing.includes(field),
    'aria-describedby': missing.includes(field) ? `sign-in-${field}-fault` : undefined,
    onChange: () => setMissing(missing.filter((other) => other !== field)),
  });
  const fault = (field: Field) =>
    missing.includes(field) && (
      <p className="sign-in-fault" id={`sign-in-${field}-fault`} role="alert">
        {t('fieldFaults.required')}
      </p>
    );
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <Brand />
        <p className="ui-quiet">{t('common.slogan')}</p>
        {next && !known && !signIn.error && (
          <p className="sign-in-note" role="status">
            {t('access.sessionEnded')}
          </p>
        )}
        {signIn.error && !asksCode && (
          <p className="sign-in-note sign-in-note-bad" role="alert">
            {describeFailure(signIn.error).text}
          </p>
        )}
        {known ? (
          <CodeStep
            busy={signIn.isPending}
            onCode={(code) => signIn.mutate({ ...known, code })}
            onBack={() => {
              setKnown(undefined);
              signIn.reset();
            }}
          />
        ) : (
          <form onSubmit={submit} noValidate>
            <div className="sign-in-field">
              <label htmlFor="sign-in-username">{t('access.username')}</label>
              <input {...fieldProps('username')} autoFocus autoComplete="username" autoCapitalize="none" spellCheck={false} />
              {fault('username')}
            </div>
            <div className="sign-in-field">
              <label htmlFor="sign-in-password">{t('access.password')}</label>
              <span className="sign-in-secret">
                <input
                  {...fieldProps('password')}
                  type={shown ? 'text' : 'password'}
                  autoComplete="current-password"
                  autoCapitalize="none"
                  spellCheck={false}
                />
                <button type="button" aria-pressed={shown} onClick={() => setShown(!shown)}>
                  {t(shown ? 'access.hide' : 'access.show')}
                </button>
              </span>
              {fault('password')}
            </div>
            <Button type="primary" htmlType="submit" size="large" block loading={signIn.isPending}>
              {t('access.signIn')}
            </Button>
          </form>
        )}
        {!known && <DemoAccounts busy={signIn.isPending} onChoose={(values) => signIn.mutate(values)} />}
      </div>
      <Button type="text" onClick={() => void switchLocale(i18n.language === 'zh' ? 'en' : 'zh')}>
        {i18n.language === 'zh' ? 'English' : '中文'}
      </Button>
    </main>
  );
}
