import { createContext, useCallback, useContext, useEffect, useState, type ReactNode } from 'react';
import { useHotkeys } from 'react-hotkeys-hook';

type Shortcut = { readonly keys: string; readonly label: string };
type Add = (shortcut: Shortcut) => () => void;

const AddContext = createContext<Add>(() => () => undefined);
export const ShortcutList = createContext<readonly Shortcut[]>([]);

/** Knows every shortcut that works on the page at this moment, so that the help cannot disagree with it. */
export function ShortcutRegistry({ children }: { readonly children: ReactNode }) {
  const [list, setList] = useState<readonly Shortcut[]>([]);
  const add = useCallback<Add>((shortcut) => {
    setList((known) => [...known, shortcut]);
    return () => setList((known) => known.filter((other) => other !== shortcut));
  }, []);
  return (
    <AddContext value={add}>
      <ShortcutList value={list}>{children}</ShortcutList>
    </AddContext>
  );
}

type Options = {
  /** Also while somebody types. */
  readonly whileTyping?: boolean;
  readonly enabled?: boolean;
};

/**
 * Listens for keys and lists them in the help. Keys are written as people read them: `Ctrl+K` (⌘ on a Mac), `?`, `j`.
 * While a dialog is open only what `whileTyping` allows is heard, so that a list behind it stays still.
 */
export function useShortcut(keys: string, label: string, act: () => void, { whileTyping = false, enabled = true }: Options = {}): void {
  const add = useContext(AddContext);
  useEffect(() => (enabled ? add({ keys, label }) : undefined), [add, keys, label, enabled]);
  useHotkeys(
    keys.toLowerCase().replace('ctrl', 'mod').replace('?', 'shift+?'),
    (event) => {
      event.preventDefault();
      act();
    },
    {
      enabled,
      useKey: !keys.includes('+'),
      enableOnFormTags: whileTyping,
      enableOnContentEditable: whileTyping,
      ignoreModifiers: keys === '?',
      ignoreEventWhen: () => !whileTyping && document.querySelector('.ant-modal-wrap:not([style*="display: none"])') !== null,
    },
    [act],
  );
}

const IS_MAC = typeof navigator !== 'undefined' && navigator.platform.startsWith('Mac');

export function KeyHint({ keys }: { readonly keys: string }) {
  return (
    <span className="ui-keys" aria-hidden="true">
      {keys.split('+').map((key) => (
        <kbd key={key}>{IS_MAC && key === 'Ctrl' ? '⌘' : key}</kbd>
      ))}
    </span>
  );
}
