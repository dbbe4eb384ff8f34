import { ANCHORS, CARE_CHANNELS, type Anchor, type CareChannel } from '@baoke/core/care';

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

/** Addresses are typed, pasted and saved long ago: what is not understood is left out, never an error. */
export function readCareSearch(search: Readonly<Record<string, unknown>>): CareSearch {
  const read: CareSearch = {
    tab: oneOf(CARE_TABS, search.tab),
    name: textOf(search.name),
    anchor: oneOf(ANCHORS, search.anchor),
    channel: oneOf(CARE_CHANNELS, search.channel),
    purpose: oneOf(['service', 'marketing'] as const, search.purpose),
    sort: oneOf(CARE_SORTS, search.sort),
    ascending: search.ascending === true ? true : undefined,
    rule: textOf(search.rule),
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}

function oneOf<const T extends string>(known: readonly T[], value: unknown): T | undefined {
  return known.find((word) => word === value);
}

function textOf(value: unknown): string | undefined {
  return value === undefined || value === '' ? undefined : String(value).slice(0, 60);
}
