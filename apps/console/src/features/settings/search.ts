import { SECTIONS, type Section } from '@baoke/core/settings';

export type SettingsSearch = { readonly section?: Section | undefined };

/** Addresses are typed, pasted and saved long ago: what is not understood is left out, never an error. */
export function readSettingsSearch({ section }: Readonly<Record<string, unknown>>): SettingsSearch {
  const known = SECTIONS.find((one) => one === section);
  return known ? { section: known } : {};
}
