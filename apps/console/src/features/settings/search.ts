import { SECTIONS, type Section } from '@baoke/core/settings';
import { given, oneOf, type RawSearch } from '../../shell/address.ts';

export type SettingsSearch = { readonly section?: Section | undefined };

export function readSettingsSearch(search: RawSearch): SettingsSearch {
  return given({ section: oneOf(SECTIONS, search.section) });
}
