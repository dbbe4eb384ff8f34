type Key = Pick<KeyboardEvent, 'isComposing' | 'keyCode'>;

// Safari ends the composition before it tells of the key that did: such a key is known by its code alone.
const PROCESSED = 229;

/** Whether a key is part of writing a Chinese word: the Enter that takes the word, the digit that chooses one, the Esc that gives it up. */
export function belongsToInputMethod({ isComposing, keyCode }: Key): boolean {
  return isComposing || keyCode === PROCESSED;
}

/** Keeps those keys from forms, shortcuts, palette, selects and every other control of the page; the input method itself has had them. */
export function spareInputMethod(page: Pick<Document, 'addEventListener' | 'removeEventListener'>): () => void {
  const spare = (event: KeyboardEvent) => {
    if (belongsToInputMethod(event)) event.stopPropagation();
  };
  page.addEventListener('keydown', spare, true);
  return () => page.removeEventListener('keydown', spare, true);
}
