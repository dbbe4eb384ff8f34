const collator = new Intl.Collator('zh-CN');

/** Compares names as a Chinese reader looks for them, by pinyin, whatever the language of the screen: the order must not change with it. */
export function compareNames(a: string, b: string): number {
  return collator.compare(a, b);
}

/** Orders whatever has a name by it, as `compareNames` does. */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return compareNames(a.name, b.name);
}
