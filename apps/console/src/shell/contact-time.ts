import { contactTimeOf } from '@baoke/core/tasks';
import type { TFunction } from 'i18next';

/** The hours a customer likes to be called in: `工作日 18:00–20:00` of `workday 18:00-20:00`; free words show as they were written. */
export function contactTimeText(t: TFunction, preferred: string): string {
  const time = contactTimeOf(preferred);
  if (time === null) return preferred;
  const { days, at } = time;
  if (at === null) return t(`common.contactTimes.${days}`);
  const hours = typeof at === 'string' ? t(`common.contactTimes.${at}`) : `${at.from}–${at.to}`;
  return days === 'any' ? hours : `${t(`common.contactTimes.${days}`)} ${hours}`;
}
