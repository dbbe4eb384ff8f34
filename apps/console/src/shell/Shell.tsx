import { EllipsisOutlined, SearchOutlined } from '@ant-design/icons';
import { WORDS_OF } from '@baoke/i18n/lazy';
import { ConnectionBanner, focusOn, headingOf, KeyHint, typeAhead, useShortcut, useUi, usePhone, type TypeAhead } from '@baoke/ui';
import { Link, Outlet, useLocation, useRouter } from '@tanstack/react-router';
import { Button, Skeleton } from 'antd';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDraftList } from './drafts.ts';
import { needWords } from './language.ts';
import { useConnection, useLiveUpdates } from './live.ts';
import { navigationFor, type NavigationEntry } from './navigation.tsx';
import { useResend } from './resend.ts';
import { useMe } from './session.ts';
import { Brand } from './Brand.tsx';

// The bell and the account follow the page; what opens on request is fetched on request.
const NoticeBell = lazy(async () => ({ default: (await import('./NoticeBell.tsx')).NoticeBell }));
const AccountMenu = lazy(async () => ({ default: (await import('./AccountMenu.tsx')).AccountMenu }));
const ShortcutHelp = lazy(async () => ({ default: (await import('./HelpDialog.ts')).ShortcutHelp }));
const DraftList = lazy(async () => ({ default: (await import('./DraftList.tsx')).DraftList }));
const MoreDrawer = lazy(async () => ({ default: (await import('./MoreDrawer.tsx')).MoreDrawer }));
const loadPalette = async () => ({ default: (await import('./Palette.tsx')).Palette });
const Palette = lazy(loadPalette);

const BOTTOM_PLACES = 4;
const LATER_MS = 1500;
const GROUPS = ['groupWork', 'groupCustomers', 'groupCare', 'groupSetup'] as const;

/** The frame around every page of somebody signed in. */
export function Shell() {
  const { t } = useTranslation();
  const router = useRouter();
  const me = useMe();
  const phone = usePhone();
  const [searching, setSearching] = useState<TypeAhead>();
  const [helping, setHelping] = useState(false);
  const [showsDrafts, setShowsDrafts] = useState(false);
  const connection = useConnection();
  const unsent = useDraftList(useUi().drafts).filter((draft) => draft.unsent).length;
  useLiveUpdates(me.store.id);
  useLaterWords();
  useFocusOnPage();
  useResend();
  const search = () => {
    if (!searching) setSearching(typeAhead(window, () => setSearching(undefined)));
  };
  useEffect(() => () => void searching?.end(), [searching]);
  useShortcut('Ctrl+K', t('shell.shortcutSearch'), search, { whileTyping: true });
  useShortcut('/', t('shell.shortcutSlash'), search);
  useShortcut('?', t('shell.shortcutHelp'), () => setHelping(true));
  const entries = navigationFor(me);
  const searchBox = (
    <button type="button" className="shell-search" onClick={search}>
      <SearchOutlined />
      <span>{t('shell.paletteHint')}</span>
      <KeyHint keys="Ctrl+K" />
    </button>
  );
  return (
    <div className={phone ? 'shell shell-phone' : 'shell'}>
      <a className="shell-skip" href="#main">
        {t('shell.skip')}
      </a>
      {!phone && <SideBar entries={entries} />}
      <div className="shell-column">
        <header className="shell-top">
          {phone ? <Brand /> : searchBox}
          {phone && me.stores.length > 1 && <span className="shell-store">{me.store.name}</span>}
          <div className="shell-top-right">
            {phone && <Button type="text" icon={<SearchOutlined />} aria-label={t('shell.palette')} onClick={search} />}
            <Suspense>
              <NoticeBell />
              <AccountMenu onHelp={() => setHelping(true)} onDrafts={() => setShowsDrafts(true)} />
            </Suspense>
          </div>
        </header>
        <ConnectionBanner
          state={connection}
          unsent={unsent}
          onRetry={() => void router.invalidate()}
          onShowUnsent={() => setShowsDrafts(true)}
        />
        <main id="main" className="shell-main" tabIndex={-1}>
          <Suspense fallback={<Skeleton active />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      {phone && <BottomBar entries={entries} />}
      <Suspense>
        {searching && <Palette ahead={searching} onClose={() => setSearching(undefined)} onHelp={() => setHelping(true)} />}
        {helping && <ShortcutHelp onClose={() => setHelping(false)} />}
        {showsDrafts && <DraftList onClose={() => setShowsDrafts(false)} />}
      </Suspense>
    </div>
  );
}

// A page that is left takes the focus along: the next one begins at its heading.
function useFocusOnPage(): void {
  const pathname = useLocation({ select: (location) => location.pathname });
  const left = useRef(pathname);
  useEffect(() => {
    if (left.current !== pathname && document.activeElement === document.body) focusOn(headingOf(document));
    left.current = pathname;
  }, [pathname]);
}

// Once the page stands the rest of the words comes too, and the palette: the next page opens at once, and a refusal of any capability is worded.
function useLaterWords(): void {
  useEffect(() => {
    const timer = setTimeout(() => void Promise.all([needWords(WORDS_OF), loadPalette()]), LATER_MS);
    return () => clearTimeout(timer);
  }, []);
}

type Entries = { readonly entries: readonly NavigationEntry[] };

function SideBar({ entries }: Entries) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <nav className="shell-side" aria-label={t('shell.navigation')}>
      <Brand />
      {GROUPS.map((group) => {
        const shown = entries.filter((entry) => entry.group === group);
        return (
          shown.length > 0 && (
            <section key={group}>
              <h2>{t(`shell.${group}`)}</h2>
              <NavigationLinks entries={shown} />
            </section>
          )
        );
      })}
      {me.demo && <p className="shell-demo">{t('shell.demo')}</p>}
    </nav>
  );
}

function NavigationLinks({ entries, onGo }: Entries & { readonly onGo?: () => void }) {
  const { t } = useTranslation();
  const pathname = useLocation({ select: (location) => location.pathname });
  // A page below an entry belongs to it, unless it has an entry of its own.
  const here = entries
    .map(({ link }) => ('href' in link ? link.href : link.to))
    .filter((to) => pathname === to || pathname.startsWith(`${to}/`))
    .toSorted((a, b) => b.length - a.length)[0];
  return entries.map(({ key, link, icon, label }) => {
    const shown = (
      <>
        <span aria-hidden="true">{icon}</span>
        {t(label)}
      </>
    );
    if ('href' in link)
      return (
        <a key={key} {...link}>
          {shown}
        </a>
      );
    const current = link.to === here;
    return (
      <Link key={key} {...link} className={current ? 'here' : undefined} aria-current={current ? 'page' : undefined} onClick={onGo}>
        {shown}
      </Link>
    );
  });
}

/** What the thumb reaches: four places, the rest behind 更多. */
function BottomBar({ entries }: Entries) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <nav className="shell-bottom" aria-label={t('shell.navigation')}>
      <NavigationLinks entries={entries.slice(0, BOTTOM_PLACES)} />
      {entries.length > BOTTOM_PLACES && (
        <button type="button" onClick={() => setOpen(true)}>
          <EllipsisOutlined />
          {t('shell.more')}
        </button>
      )}
      {open && (
        <Suspense>
          <MoreDrawer title={t('shell.menu')} onClose={() => setOpen(false)}>
            <NavigationLinks entries={entries.slice(BOTTOM_PLACES)} onGo={() => setOpen(false)} />
          </MoreDrawer>
        </Suspense>
      )}
    </nav>
  );
}
