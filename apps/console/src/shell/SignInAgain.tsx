import type { MeView } from '@baoke/core/access';
import { useToast, useUi } from '@baoke/ui';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { Button, Modal } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { failureCode } from './api.ts';
import { CodeStep } from './CodeStep.tsx';
import { paths } from './paths.ts';
import { putOffSignIn, regainSession } from './session-end.ts';
import { useApi } from './session.ts';

const FIELD = 'password';

/** Asks whoever worked here for his password where he is: the page below stays, with everything typed on it. */
export function SignInAgain({ me }: { readonly me: MeView }) {
  const { t } = useTranslation();
  const { trpc, queryClient } = useApi();
  const router = useRouter();
  const toast = useToast();
  const { describeFailure } = useUi();
  const { username } = me;
  const field = useRef<HTMLInputElement>(null);
  const [before] = useState(() => document.activeElement);
  useEffect(() => () => void (before instanceof HTMLElement && before.focus()), [before]);
  /** The password that fitted, while the code is asked for. */
  const [known, setKnown] = useState<string>();
  const signIn = useMutation(
    trpc.access.signIn.mutationOptions({
      onSuccess: async () => {
        regainSession();
        toast.success(t('access.signedInAgain'));
        await queryClient.invalidateQueries();
        // A form is not loaded anew; a page that could not be shown is.
        if (router.state.matches.some(({ status }) => status === 'error')) await router.invalidate();
      },
      onError: (error, { password }) => {
        if (failureCode(error) === 'access.second_factor_required') setKnown(password);
      },
    }),
  );
  const wrong =
    signIn.error && failureCode(signIn.error) !== 'access.second_factor_required' ? describeFailure(signIn.error).text : undefined;
  return (
    <Modal
      open
      title={t('access.signInAgain')}
      footer={null}
      width={420}
      onCancel={putOffSignIn}
      mask={{ closable: false }}
      afterOpenChange={(open) => open && field.current?.focus()}
    >
      <div className="sign-in-again">
        <p className="ui-quiet">{t('access.sessionEnded')}</p>
        {wrong && (
          <p className="sign-in-note sign-in-note-bad" role="alert">
            {wrong}
          </p>
        )}
        {known === undefined ? (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              const password = String(new FormData(event.currentTarget).get(FIELD) ?? '');
              if (password === '') field.current?.focus();
              else signIn.mutate({ username, password });
            }}
          >
            <p>
              <strong>{me.name}</strong> <span className="ui-quiet">{username}</span>
            </p>
            <input type="text" name="username" value={username} readOnly hidden autoComplete="username" />
            <div className="sign-in-field">
              <label htmlFor="sign-in-again-password">{t('access.password')}</label>
              <input id="sign-in-again-password" ref={field} name={FIELD} type="password" autoComplete="current-password" />
            </div>
            <Button type="primary" htmlType="submit" size="large" block loading={signIn.isPending}>
              {t('access.signIn')}
            </Button>
            <Button type="text" block href={router.buildLocation(paths.signIn(router.state.location.href)).href}>
              {t('access.signInAsOther')}
            </Button>
          </form>
        ) : (
          <CodeStep
            busy={signIn.isPending}
            onCode={(code) => signIn.mutate({ username, password: known, code })}
            onBack={() => {
              setKnown(undefined);
              signIn.reset();
            }}
          />
        )}
      </div>
    </Modal>
  );
}
