const KEY = 'baoke.store';

/** The store this tab works in; undefined until somebody with several chose one, then the server takes the first. */
export function chosenStore(): number | undefined {
  const stored = Number(sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY) ?? undefined);
  return Number.isSafeInteger(stored) && stored > 0 ? stored : undefined;
}

/** A tab keeps its store; a new tab begins where the last choice was made. */
export function chooseStore(storeId: number): void {
  sessionStorage.setItem(KEY, String(storeId));
  localStorage.setItem(KEY, String(storeId));
}

export function forgetStore(): void {
  sessionStorage.removeItem(KEY);
  localStorage.removeItem(KEY);
}
