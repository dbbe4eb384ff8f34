import type { CareChannel } from '@baoke/core/care';
import type { ContactChannel } from '@baoke/core/contacts';
import type { Outcome } from '@baoke/core/tasks';
import type { TFunction } from 'i18next';

type Way = 'letter' | 'email' | 'message' | 'meeting';

/** The ways whose results have words of their own; the others are told as on the telephone. */
const WAYS: Readonly<Record<Exclude<CareChannel | ContactChannel, 'phone'>, Way>> = {
  letter: 'letter',
  email: 'email',
  sms: 'message',
  wechat: 'message',
  e_card: 'message',
  app_push: 'message',
  visit: 'meeting',
  in_store: 'meeting',
  visit_customer: 'meeting',
  visit_store: 'meeting',
  event: 'meeting',
};

/** What came of a contact, in the words of the way it went: wherever a result is chosen or shown. A code of a file shows itself. */
export function outcomeText(t: TFunction, outcome: string, channel: string): string {
  const way = (WAYS as Readonly<Record<string, Way | undefined>>)[channel];
  const own: Readonly<Record<string, string>> = way ? t(`contacts.outcomesBy.${way}`, { returnObjects: true }) : {};
  return (
    own[outcome] ??
    (t('contacts.outcomes', { returnObjects: true }) as Readonly<Record<Outcome | (string & {}), string>>)[outcome] ??
    outcome
  );
}

/** What a contact went by, and what came of it. */
export function contactText(t: TFunction, { channel, outcome }: { readonly channel: string; readonly outcome: string }): string {
  const way = (t('contacts.channels', { returnObjects: true }) as Readonly<Record<string, string>>)[channel];
  return `${way ?? channel} · ${outcomeText(t, outcome, channel)}`;
}
