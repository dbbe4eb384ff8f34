import { formatPhone, type Relationship } from '@baoke/core/customers';
import type { CustomerCard } from '@baoke/core/customers/wire';
import type { Catalogue } from '@baoke/i18n/lazy';
import type { FieldLabels, Tone } from '@baoke/ui';
import type { TFunction } from 'i18next';

export type CustomerFieldName = keyof Catalogue['customers']['fields'];

export const RELATIONSHIP_TONES: Readonly<Record<Relationship, Tone>> = {
  prospect: 'info',
  owner: 'good',
  at_risk: 'warn',
  lost: 'bad',
  former: 'neutral',
};

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

/** What the fields of a file are called and how their values are read, where two people's changes are compared. */
export function conflictLabels(t: TFunction, staff: readonly { readonly id: string; readonly name: string }[]): FieldLabels {
  const worded = (words: Readonly<Record<string, string>>) => (value: unknown) => (value === null ? '–' : wordOf(words, String(value)));
  const people = worded(Object.fromEntries(staff.map(({ id, name }) => [id, name])));
  const shows: Readonly<Partial<Record<CustomerFieldName, (value: unknown) => string>>> = {
    kind: worded(t('customers.kinds', { returnObjects: true })),
    gender: worded(t('customers.genders', { returnObjects: true })),
    birthCalendar: worded(t('customers.calendars', { returnObjects: true })),
    preferredChannel: worded(t('customers.channels', { returnObjects: true })),
    consultantId: people,
    advisorId: people,
    phones: (value) => (Array.isArray(value) ? value.map(phoneText).join('\n') : '–'),
  };
  const names = t('customers.fields', { returnObjects: true });
  return Object.fromEntries(
    (Object.keys(names) as CustomerFieldName[]).map((field) => [
      field,
      { label: names[field], ...(shows[field] && { show: shows[field] }) },
    ]),
  );
}

// The server compares numbers in E.164; the form holds them as they were typed.
function phoneText(phone: unknown): string {
  return typeof phone === 'string' && phone.startsWith('+') ? formatPhone(phone) : String(phone);
}
