const FOCUSABLE = 'a[href], button, input, textarea, select, [tabindex]';
const MOST_PLACES = 12;

/** The latest place first, each once. */
export function withPlace<T>(places: readonly T[], place: T): readonly T[] {
  return [place, ...places.filter((other) => other !== place)].slice(0, MOST_PLACES);
}

/**
 * Gives the focus back when a dialog or drawer leaves the page: to where it was last among what still stands, which is what opened it or the
 * dialog below it, and otherwise to the heading of the page.
 */
export function returnFocus(page: Document): () => void {
  let places: readonly HTMLElement[] = [];
  const enter = ({ target }: Event) => {
    const place = target instanceof Element ? target.closest<HTMLElement>(FOCUSABLE) : null;
    if (place) places = withPlace(places, place);
  };
  const [dialogs, drawers] = [page.getElementsByClassName('ant-modal-root'), page.getElementsByClassName('ant-drawer')];
  let open = 0;
  const observer = new MutationObserver(() => {
    const before = open;
    open = dialogs.length + drawers.length;
    if (open < before && (page.activeElement === null || page.activeElement === page.body)) focusOn(places.find(stands) ?? headingOf(page));
  });
  page.addEventListener('focusin', enter);
  // A button that Safari clicks gets no focus of its own.
  page.addEventListener('pointerdown', enter);
  observer.observe(page.body, { childList: true, subtree: true });
  return () => {
    page.removeEventListener('focusin', enter);
    page.removeEventListener('pointerdown', enter);
    observer.disconnect();
  };
}

function stands(place: HTMLElement): boolean {
  return place.isConnected && place.checkVisibility() && !place.matches(':disabled');
}

export function headingOf(page: Document): HTMLElement | null {
  return page.querySelector('main h1') ?? page.querySelector('main');
}

/** Also on what takes no focus by itself. */
export function focusOn(place: HTMLElement | null): void {
  if (!place) return;
  if (!place.matches(FOCUSABLE)) place.tabIndex = -1;
  place.focus({ preventScroll: true });
}
