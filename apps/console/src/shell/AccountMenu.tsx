import { CheckOutlined, FileTextOutlined, KeyOutlined, LogoutOutlined, QuestionCircleOutlined, SafetyOutlined } from '@ant-design/icons';
import { useUi, usePhone } from '@baoke/ui';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Badge, Button, Dropdown, type MenuProps } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { APPEARANCE_CHOICES, chooseAppearance, useAppearance } from './appearance.ts';
import { useDraftList } from './drafts.ts';
import { switchLocale } from './language.ts';
import { goToStore, useSignOut } from './leave.ts';
import { paths } from './paths.ts';
import { useApi, useMe } from './session.ts';

const PasswordDialog = lazy(async () => ({ default: (await import('./PasswordDialog.tsx')).PasswordDialog }));

const LANGUAGES = [
  { key: 'zh', label: '中文' },
  { key: 'en', label: 'English' },
] as const;
const THEMES = { light: 'shell.themeLight', dark: 'shell.themeDark', system: 'shell.themeSystem' } as const;

/** Who I am, where I work, in which language and light; drafts, help, the way out. */
export function AccountMenu({ onHelp, onDrafts }: { readonly onHelp: () => void; readonly onDrafts: () => void }) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const { trpc } = useApi();
  const { chosen } = useAppearance();
  const { drafts } = useUi();
  const phone = usePhone();
  const kept = useDraftList(drafts).length;
  const [changesPassword, setChangesPassword] = useState(false);
  const saveLocale = useMutation(trpc.access.setLocale.mutationOptions());
  const signOut = useSignOut();
  const mark = (on: boolean) => (on ? <CheckOutlined /> : <span className="shell-no-mark" />);

  // One level: a menu within a menu is hard to reach by thumb and by keyboard.
  const items: MenuProps['items'] = [
    { key: 'who', type: 'group', label: `${me.name} · ${t(`roles.${me.role}`)}` },
    ...(me.stores.length > 1
      ? [
          {
            key: 'stores',
            type: 'group' as const,
            label: t('shell.switchStore'),
            children: me.stores.map((store) => ({
              key: `store-${store.id}`,
              icon: mark(store.id === me.store.id),
              label: store.name,
              onClick: () => goToStore(store.id),
            })),
          },
        ]
      : []),
    {
      key: 'language',
      type: 'group',
      label: t('shell.language'),
      children: LANGUAGES.map(({ key, label }) => ({
        key,
        label,
        icon: mark(i18n.language === key),
        onClick: () => {
          void switchLocale(key);
          saveLocale.mutate({ locale: key });
        },
      })),
    },
    {
      key: 'theme',
      type: 'group',
      label: t('shell.theme'),
      children: APPEARANCE_CHOICES.map((choice) => ({
        key: choice,
        label: t(THEMES[choice]),
        icon: mark(chosen === choice),
        onClick: () => chooseAppearance(choice),
      })),
    },
    { type: 'divider' },
    ...(kept > 0 ? [{ key: 'drafts', icon: <FileTextOutlined />, label: `${t('shell.drafts')}（${kept}）`, onClick: onDrafts }] : []),
    { key: 'help', icon: <QuestionCircleOutlined />, label: t('shell.help'), onClick: onHelp },
    { key: 'password', icon: <KeyOutlined />, label: t('access.changePassword'), onClick: () => setChangesPassword(true) },
    { key: 'second-step', icon: <SafetyOutlined />, label: t('access.secondStep'), onClick: () => void navigate(paths.secondStep()) },
    { type: 'divider' },
    { key: 'out', icon: <LogoutOutlined />, label: t('shell.signOut'), onClick: signOut },
  ];
  return (
    <>
      <Dropdown trigger={['click']} menu={{ items, className: 'shell-account-menu' }} placement="bottomRight">
        <Button type="text" className="shell-account">
          <span className="ui-visually-hidden">{t('shell.account')}</span>
          <Badge dot={kept > 0}>
            <span className="shell-avatar" aria-hidden="true">
              {[...me.name].at(-1)}
            </span>
          </Badge>
          {!phone && (
            <span className="shell-account-text">
              <strong>{me.name}</strong>
              <span>{me.store.name}</span>
            </span>
          )}
        </Button>
      </Dropdown>
      <Suspense>{changesPassword && <PasswordDialog forced={false} onClose={() => setChangesPassword(false)} />}</Suspense>
    </>
  );
}
