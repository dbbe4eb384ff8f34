import { ConfigProvider } from 'antd';
import type { Locale as AntdLocale } from 'antd/es/locale';
import { createContext, lazy, Suspense, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { ClockOffset } from './clock.ts';
import type { Drafts } from './drafts.ts';
import { returnFocus } from './focus-return.ts';
import { spareInputMethod } from './input-method.ts';
import { ShortcutRegistry } from './shortcuts.tsx';
import type { Failure, UiWords } from './texts.ts';
import { THEME_CLASS, themeFor, type Appearance } from './theme.ts';
import { createToast, type Toast } from './toast.ts';
import { usePhone, useStill } from './use-media.ts';

export type Ui = {
  readonly words: UiWords;
  /** Translates whatever a request threw into what the reader is told. */
  readonly describeFailure: (error: unknown) => Failure;
  readonly formatMoney: (fen: number) => string;
  readonly formatCount: (n: number) => string;
  readonly formatDateTime: (instant: string) => string;
  readonly drafts: Drafts;
  /** Path of the page that is open, kept with a draft so that its form is found again. */
  readonly place: () => string;
};

const UiContext = createContext<Ui | undefined>(undefined);
const ToastContext = createContext<Toast | undefined>(undefined);

export function useUi(): Ui {
  const ui = useContext(UiContext);
  if (!ui) throw new Error('useUi needs a UiProvider above it');
  return ui;
}

/** Short words at the top of the page that go by themselves: for what succeeded, or failed outside a form. */
export function useToast(): Toast {
  const toast = useContext(ToastContext);
  if (!toast) throw new Error('useToast needs a UiProvider above it');
  return toast;
}

/** The nonce that the server put into the page; antd's style elements carry it, so that the policy needs no unsafe-inline. */
function pageNonce(): string | undefined {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce || undefined;
}

type Props = {
  readonly ui: Ui;
  readonly antdLocale: AntdLocale;
  readonly appearance: Appearance;
  readonly clockOffset: number;
  readonly children: ReactNode;
};

/** Theme, language of the controls, clock, drafts and shortcuts of an application. Stands once, around everything. */
export function UiProvider({ ui, antdLocale, appearance, clockOffset, children }: Props) {
  const phone = usePhone();
  const still = useStill();
  const theme = useMemo(() => themeFor(appearance, phone, still), [appearance, phone, still]);
  const csp = useMemo(() => ({ nonce: pageNonce() }), []);
  useEffect(() => {
    document.documentElement.classList.add(THEME_CLASS);
    document.documentElement.dataset.appearance = appearance;
  }, [appearance]);
  useEffect(() => spareInputMethod(document), []);
  useEffect(() => returnFocus(document), []);
  return (
    <ConfigProvider
      theme={theme}
      locale={antdLocale}
      csp={csp}
      button={{ autoInsertSpace: false }}
      form={{ requiredMark: true, scrollToFirstError: { focus: true } }}
    >
      <Toasts>
        <UiContext value={ui}>
          <ClockOffset value={clockOffset}>
            <ShortcutRegistry>{children}</ShortcutRegistry>
          </ClockOffset>
        </UiContext>
      </Toasts>
    </ConfigProvider>
  );
}

const ToastHolder = lazy(async () => ({ default: (await import('./ToastHolder.tsx')).ToastHolder }));

// Inside the theme, so that it is themed. Fetched with the first words it says: most pages are read without any.
function Toasts({ children }: { readonly children: ReactNode }) {
  const [said, setSaid] = useState(false);
  const [{ toast, speaker }] = useState(() => createToast(() => setSaid(true)));
  return (
    <ToastContext value={toast}>
      <Suspense>{said && <ToastHolder speaker={speaker} />}</Suspense>
      {children}
    </ToastContext>
  );
}
