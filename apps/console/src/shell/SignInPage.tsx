import { useUi } from '@baoke/ui';
import { useMutation } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { Alert, Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { Brand } from './Brand.tsx';
import { DemoAccounts } from './DemoAccounts.tsx';
import { switchLocale } from './language.ts';
import { useApi } from './session.ts';

type Values = { username: string; password: string };

export function SignInPage() {
  const { t, i18n } = useTranslation();
  const { trpc } = useApi();
  const { describeFailure } = useUi();
  const { next } = useSearch({ from: '/sign-in' });
  const signIn = useMutation(
    trpc.access.signIn.mutationOptions({
      // The page is loaded afresh: nothing of whoever was here before stays in memory. `//elsewhere` would leave the site.
      onSuccess: () => location.replace(next?.startsWith('/') && !next.startsWith('//') ? next : import.meta.env.BASE_URL),
    }),
  );
  const required = [{ required: true, message: t('fieldFaults.required') }];
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <Brand />
        <p className="ui-quiet">{t('common.slogan')}</p>
        {next && !signIn.error && <Alert type="info" showIcon title={t('access.sessionEnded')} />}
        {signIn.error && <Alert type="error" showIcon title={describeFailure(signIn.error).text} />}
        <Form<Values> layout="vertical" onFinish={(values) => signIn.mutate(values)} requiredMark={false}>
          <Form.Item name="username" label={t('access.username')} rules={required}>
            <Input autoFocus autoComplete="username" autoCapitalize="none" size="large" />
          </Form.Item>
          <Form.Item name="password" label={t('access.password')} rules={required}>
            <Input.Password autoComplete="current-password" size="large" />
          </Form.Item>
          <Button type="primary" htmlType="submit" size="large" block loading={signIn.isPending}>
            {t('access.signIn')}
          </Button>
        </Form>
        <DemoAccounts busy={signIn.isPending} onChoose={(values) => signIn.mutate(values)} />
      </div>
      <Button type="text" onClick={() => void switchLocale(i18n, i18n.language === 'zh' ? 'en' : 'zh')}>
        {i18n.language === 'zh' ? 'English' : '中文'}
      </Button>
    </main>
  );
}
