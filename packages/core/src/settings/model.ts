import { DEFAULT_SECURITY_POLICY, type SecurityPolicy } from '../access/index.ts';
import { DEFAULT_COMPLAINT_POLICY, type ComplaintPolicy } from '../complaints/index.ts';
import { DEFAULT_CUSTOMER_POLICY, type CustomerPolicy } from '../customers/index.ts';
import { DEFAULT_BUSINESS_CALENDAR, type BusinessCalendar } from '../kernel/index.ts';
import { DEFAULT_RESULT_CODES, type ResultCodes } from '../tasks/index.ts';

/**
 * What a store sets for itself, by section. Adding one: its value here and in `SHIPPED`, its schema in `wire.ts`, its form and words on
 * the screen; the compiler names each place.
 */
export type SettingValues = {
  readonly complaints: ComplaintPolicy;
  readonly results: ResultCodes;
  readonly calendar: BusinessCalendar;
  readonly customers: CustomerPolicy;
  readonly security: SecurityPolicy;
};
export const SECTIONS = ['complaints', 'results', 'calendar', 'customers', 'security'] as const satisfies readonly (keyof SettingValues)[];
export type Section = (typeof SECTIONS)[number];

/** One section with its value, so that whoever looks at the section knows the value's shape. */
export type Setting = { readonly [S in Section]: { readonly section: S; readonly value: SettingValues[S] } }[Section];

/** What rules until a store has saved a section of its own: version 0. */
export const SHIPPED: SettingValues = {
  complaints: DEFAULT_COMPLAINT_POLICY,
  results: DEFAULT_RESULT_CODES,
  calendar: DEFAULT_BUSINESS_CALENDAR,
  customers: DEFAULT_CUSTOMER_POLICY,
  security: DEFAULT_SECURITY_POLICY,
};

/**
 * A section as it is stored, what it leaves out taken from the shipped value; the shipped one for null. Stored values were judged by the
 * schema when they were saved.
 */
export function settingOf(section: Section, stored: unknown): Setting {
  // The pair is right by construction: both halves are of this section.
  return { section, value: { ...SHIPPED[section], ...(stored as object | null) } } as Setting;
}
