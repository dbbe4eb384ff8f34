import type { Relationship } from '@baoke/core/customers';
import type { CustomerCard } from '@baoke/core/customers/wire';
import type { Catalogue } from '@baoke/i18n/lazy';
import type { FieldLabels, Tone } from '@baoke/ui';
import type { TFunction } from 'i18next';

export type CustomerFieldName = keyof Catalogue['customers']['fields'];

export const RELATIONSHIP_TONES: Readonly<Record<Relationship, Tone>> = { prospect: 'info', owner: 'good', at_risk: 'warn', lost: 'bad' };

/** A birthday in the calendar it is kept by, with age and signs where the year may be seen. */
export function birthText(t: TFunction, birth: NonNullable<CustomerCard['birth']>): string {
  const { month, day, leap, calendar } = birth;
  const kept =
    calendar === 'solar'
      ? t('customers.birthdaySolar', { month, day })
      : t(leap ? 'customers.birthdayLunarLeap' : 'customers.birthdayLunar', { month, day });
  return [
    birth.date,
    birth.date && calendar === 'solar' ? undefined : kept,
    birth.age === null ? undefined : t('customers.years', { count: birth.age }),
    birth.zodiac && t(`customers.zodiac.${birth.zodiac}`),
    t(`customers.constellations.${birth.constellation}`),
  ]
    .filter(Boolean)
    .join(' · ');
}

/** The words of a code that comes from the server; the code itself where it has none. */
export function wordOf<T extends Readonly<Record<string, string>>>(words: T, code: string): string {
  return words[code] ?? code;
}

/** Names of fields as the conflict dialog asks for them. */
export function labelsOf(words: Readonly<Record<string, string>>): FieldLabels {
  return Object.fromEntries(Object.entries(words).map(([field, label]) => [field, { label }]));
}
