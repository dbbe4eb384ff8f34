import { formatsFor } from '@baoke/i18n/lazy';
import type { Fen, Instant, TimeZone } from '@baoke/core/kernel';
import { UiProvider, type Ui } from '@baoke/ui';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useRouter } from '@tanstack/react-router';
import enUS from 'antd/es/locale/en_US';
import zhCN from 'antd/es/locale/zh_CN';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useAppearance } from './appearance.ts';
import { useDrafts } from './drafts.ts';
import { describeFailure } from './failure.ts';
import { FormatsContext } from './formats.ts';
import { useSessionState } from './session-end.ts';
import { meQuery, useApi } from './session.ts';

const SignInAgain = lazy(async () => ({ default: (await import('./SignInAgain.tsx')).SignInAgain }));

/** Language, theme, clock and drafts of whoever is here, signed in or not yet. */
export function Root() {
  const { t, i18n } = useTranslation();
  const router = useRouter();
  const { appearance } = useAppearance();
  const { data: me, dataUpdatedAt } = useQuery({ ...meQuery(useApi()), enabled: false });
  const session = useSessionState();
  const drafts = useDrafts(me ? `${me.store.id}.${me.accountId}` : 'guest');
  const zone = (me?.store.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone) as TimeZone; // both are names the platform knows
  const formats = useMemo(() => formatsFor(zone), [zone]);
  const locale = i18n.language;
  const ui = useMemo<Ui>(
    () => ({
      words: (key, values) => t(`controls.${key}`, values ?? {}),
      describeFailure: (error) => describeFailure(t, error),
      formatMoney: (fen) => formats.money(fen as Fen),
      formatCount: formats.count,
      formatDateTime: (at) => formats.dateTime(at as Instant),
      drafts,
      place: () => router.state.location.href,
    }),
    [t, formats, drafts, router],
  );
  return (
    <UiProvider
      ui={ui}
      antdLocale={locale === 'zh' ? zhCN : enUS}
      appearance={appearance}
      clockOffset={me ? Date.parse(me.now) - dataUpdatedAt : 0}
    >
      <FormatsContext value={formats}>
        <Outlet />
        <Suspense>{me && session === 'asking' && <SignInAgain me={me} />}</Suspense>
      </FormatsContext>
    </UiProvider>
  );
}
