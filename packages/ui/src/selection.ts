/** The row that Enter chooses: the one somebody moved to as long as it is there, otherwise the first. */
export function selectedOf(keys: readonly string[], moved: string | undefined): string | undefined {
  return moved !== undefined && keys.includes(moved) ? moved : keys[0];
}

/** Where a key moves to; round at both ends. */
export function movedBy(keys: readonly string[], selected: string | undefined, key: string): string | undefined {
  const at = selected === undefined ? -1 : keys.indexOf(selected);
  switch (key) {
    case 'ArrowDown':
      return keys[(at + 1) % keys.length];
    case 'ArrowUp':
      return keys.at(at <= 0 ? -1 : at - 1);
    case 'Home':
      return keys[0];
    case 'End':
      return keys.at(-1);
    default:
      return undefined;
  }
}
