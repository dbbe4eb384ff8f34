/** What is wrong with a setting as a whole, told at the field that has to change. */
export const SETTINGS_REFUSALS = [
  'settings.general_row_missing',
  'settings.row_twice',
  'settings.close_before_response',
  'settings.same_day_by_clock_only',
  'settings.too_long_in_opening_hours',
  'settings.percents_ascending',
  'settings.one_step_per_level',
  'settings.role_twice',
  'settings.nobody_confirms',
  'settings.closes_before_opening',
  'settings.opens_too_little',
  'settings.day_twice',
  'settings.closed_too_long',
  'settings.lost_before_at_risk',
  'settings.nothing_weighs',
  'settings.code_twice',
  'settings.name_twice',
] as const;
export type SettingsRefusal = (typeof SETTINGS_REFUSALS)[number];

/** A fault and where it lies in the value. */
export type SettingFault = { readonly path: readonly (string | number)[]; readonly code: SettingsRefusal };
