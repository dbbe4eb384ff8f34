import { ANCHORS, CARE_CHANNELS, type Anchor, type CareChannel } from '@baoke/core/care';
import { given, oneOf, setOf, textOf, type RawSearch } from '../../shell/address.ts';

export const CARE_TABS = ['all', 'on', 'off'] as const;
export type CareTab = (typeof CARE_TABS)[number];
export const CARE_SORTS = ['name', 'open', 'missed'] as const;
export type CareFilter = {
  readonly name?: string | undefined;
  readonly anchor?: Anchor | undefined;
  readonly channel?: CareChannel | undefined;
  readonly purpose?: 'service' | 'marketing' | undefined;
};
export type CareSearch = CareFilter & {
  readonly tab?: CareTab | undefined;
  readonly sort?: (typeof CARE_SORTS)[number] | undefined;
  readonly ascending?: boolean | undefined;
  /** The rule that lies open. */
  readonly rule?: string | undefined;
};

export function readCareSearch(search: RawSearch): CareSearch {
  return given({
    tab: oneOf(CARE_TABS, search.tab),
    name: textOf(search.name),
    anchor: oneOf(ANCHORS, search.anchor),
    channel: oneOf(CARE_CHANNELS, search.channel),
    purpose: oneOf(['service', 'marketing'] as const, search.purpose),
    sort: oneOf(CARE_SORTS, search.sort),
    ascending: setOf(search.ascending),
    rule: textOf(search.rule),
  });
}
