import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useApi } from './session.ts';

type Props = { readonly busy: boolean; readonly onChoose: (account: { username: string; password: string }) => void };

/** One account for every role, where the server runs the demo store and answers its own machine. */
export function DemoAccounts({ busy, onChoose }: Props) {
  const { t } = useTranslation();
  const { trpc } = useApi();
  const { data } = useQuery(trpc.access.demoAccounts.queryOptions(undefined, { staleTime: Infinity }));
  if (!data?.password) return null;
  const { password, accounts } = data;
  return (
    <section className="sign-in-demo" aria-label={t('access.demoAccounts')}>
      <h2>{t('access.demoAccounts')}</h2>
      <p className="ui-quiet">{t('access.demoAccountsHint')}</p>
      <ul>
        {accounts.map(({ username, name, role }) => (
          <li key={username}>
            <Button disabled={busy} onClick={() => onChoose({ username, password })}>
              <span>{name}</span>
              <span className="ui-quiet">{t(`roles.${role}`)}</span>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
