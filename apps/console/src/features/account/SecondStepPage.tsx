import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Brand } from '../../shell/Brand.tsx';
import { PasswordDialog } from '../../shell/PasswordDialog.tsx';
import { goToStore, useSignOut } from '../../shell/leave.ts';
import { useApi, useMe } from '../../shell/session.ts';
import './account.css';
import { RecoveryCodes } from './RecoveryCodes.tsx';
import { SecondStepSetUp } from './SecondStepSetUp.tsx';
import { SecondStepStatus } from './SecondStepStatus.tsx';

/** One's own second step of sign-in: set up, looked after, and turned off where the role lets one. */
export function SecondStepPage() {
  const { t } = useTranslation();
  const { trpc } = useApi();
  const queryClient = useQueryClient();
  const me = useMe();
  const signOut = useSignOut();
  const { data: view } = useSuspenseQuery(trpc.access.secondStep.queryOptions());
  const [codes, setCodes] = useState<readonly string[]>();
  const refresh = () => queryClient.invalidateQueries(trpc.access.secondStep.queryFilter());
  // Loaded afresh: what was refused until now must not be remembered as refused.
  const toWork = () => location.replace(import.meta.env.BASE_URL);
  if (me.mustChangePassword) return <PasswordDialog forced onClose={() => me.owesSecondStep || toWork()} />;
  return (
    <main className="account">
      <section className="account-card" aria-label={t('access.secondStep')}>
        <Brand />
        {codes ? (
          <RecoveryCodes codes={codes} onDone={() => (me.owesSecondStep ? toWork() : setCodes(undefined))} />
        ) : view.setUpAt ? (
          <SecondStepStatus view={{ ...view, setUpAt: view.setUpAt }} onCodes={setCodes} onChange={refresh} />
        ) : (
          <SecondStepSetUp
            required={view.required}
            onCodes={(made) => {
              setCodes(made);
              void refresh();
            }}
          />
        )}
        {!codes && !me.owesSecondStep && (
          <Button type="text" onClick={toWork}>
            {t('settings.secondStep.toWork')}
          </Button>
        )}
        {!codes && me.owesSecondStep && (
          <footer className="account-leave">
            <span className="ui-quiet">
              {me.name} · {me.store.name}
            </span>
            {me.stores
              .filter(({ id }) => id !== me.store.id)
              .map(({ id, name }) => (
                <Button key={id} type="link" size="small" onClick={() => goToStore(id)}>
                  {t('access.toStore', { name })}
                </Button>
              ))}
            <Button type="link" size="small" onClick={signOut}>
              {t('shell.signOut')}
            </Button>
          </footer>
        )}
      </section>
    </main>
  );
}
