type Page = Pick<Window, 'addEventListener' | 'removeEventListener'>;

/** What was typed since, once the box stands that it was meant for. */
export type TypeAhead = { readonly end: () => string };

/**
 * Takes every key from the press that opens a box until the box stands, so that none reaches the page behind it: signs are kept for the box,
 * Esc gives it up.
 */
export function typeAhead(page: Page, onEscape: () => void): TypeAhead {
  let typed = '';
  const take = (event: KeyboardEvent) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    typed = withKey(typed, event);
    if (event.key !== 'Escape') return;
    end();
    onEscape();
  };
  const end = () => {
    page.removeEventListener('keydown', take, { capture: true });
    return typed;
  };
  page.addEventListener('keydown', take, { capture: true });
  return { end };
}

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>;

export function withKey(typed: string, { key, ctrlKey, metaKey, altKey }: Key): string {
  if (ctrlKey || metaKey || altKey) return typed;
  if (key === 'Backspace') return [...typed].slice(0, -1).join('');
  return [...key].length === 1 ? typed + key : typed;
}
