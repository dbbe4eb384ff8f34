import {
  AlertOutlined,
  ArrowLeftOutlined,
  CarOutlined,
  HomeOutlined,
  PhoneOutlined,
  ScheduleOutlined,
  TranslationOutlined,
} from '@ant-design/icons';
import { EmptyState, LoadingState } from '@baoke/ui';
import { useMutation } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { Button } from 'antd';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { switchLocale } from './language.ts';
import { Printed } from './Printed.tsx';
import { useApi, useMe } from './session.ts';

// Few work in more than one store: the list is fetched for those.
const StoreSelect = lazy(async () => ({ default: (await import('./StoreSelect.tsx')).StoreSelect }));

const PLACES = [
  { to: '/', key: 'home', icon: <HomeOutlined /> },
  { to: '/service', key: 'service', icon: <CarOutlined /> },
  { to: '/callbacks', key: 'callbacks', icon: <PhoneOutlined /> },
  { to: '/care', key: 'care', icon: <ScheduleOutlined /> },
  { to: '/complaints', key: 'complaints', icon: <AlertOutlined /> },
] as const;

/** The frame around every report: where one is, which store, which language, and the way back to work. */
export function Shell() {
  const { t, i18n } = useTranslation();
  const { trpc } = useApi();
  const me = useMe();
  const saveLocale = useMutation(trpc.access.setLocale.mutationOptions());
  const other = i18n.language === 'zh' ? 'en' : 'zh';
  const changeLocale = () => {
    void switchLocale(other);
    saveLocale.mutate({ locale: other });
  };
  const places = PLACES.filter(({ key }) => key !== 'complaints' || me.can('complaints', 'view'));
  return (
    <div className="rp">
      <a className="rp-skip" href="#main">
        {t('shell.skip')}
      </a>
      <header className="rp-top">
        <Link to="/" className="rp-brand">
          <img src="/reports/favicon.svg" alt="" width="26" height="26" />
          <span>{t('reports.app')}</span>
        </Link>
        <nav className="rp-nav" aria-label={t('shell.navigation')}>
          {places.map(({ to, key, icon }) => (
            <Link
              key={key}
              to={to}
              activeOptions={{ exact: to === '/', includeSearch: false }}
              activeProps={{ className: 'here', 'aria-current': 'page' }}
            >
              <span aria-hidden="true">{icon}</span>
              {t(`reports.nav.${key}`)}
            </Link>
          ))}
        </nav>
        <div className="rp-top-right">
          {me.stores.length > 1 ? (
            <Suspense fallback={<span className="rp-store">{me.store.name}</span>}>
              <StoreSelect />
            </Suspense>
          ) : (
            <span className="rp-store">{me.store.name}</span>
          )}
          <span className="rp-who">
            {me.name} · {t(`roles.${me.role}`)}
          </span>
          <Button type="text" icon={<TranslationOutlined />} onClick={changeLocale} lang={other === 'zh' ? 'zh-CN' : 'en'}>
            {other === 'zh' ? '中文' : 'English'}
          </Button>
          <Button href="/" type="text" icon={<ArrowLeftOutlined />} className="rp-back">
            {t('reports.console')}
          </Button>
        </div>
      </header>
      <main id="main" className="rp-main" tabIndex={-1}>
        <Printed />
        {me.can('insight', 'view') ? (
          <Suspense fallback={<LoadingState />}>
            <Outlet />
          </Suspense>
        ) : (
          <EmptyState title={t('reports.noRight')} action={<Button href="/">{t('reports.console')}</Button>} />
        )}
      </main>
    </div>
  );
}
