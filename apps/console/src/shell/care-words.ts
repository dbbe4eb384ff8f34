import type { CareReason } from '@baoke/core/care';
import type { TFunction } from 'i18next';

// Reasons, scripts and topics are codes of rules, and a store may have rules of its own: one without words shows itself.
function word(t: TFunction, key: string, otherwise: string, values: Readonly<Record<string, string | number>> = {}): string {
  return (t as unknown as (key: string, options: object) => string)(key, { ...values, defaultValue: otherwise });
}

/** Why this customer is contacted, in one sentence; a call that the daily cap moved on says so. */
export function reasonText(t: TFunction, { code, params }: CareReason): string {
  const { festival, movedFrom } = params;
  const named = festival === undefined ? params : { ...params, festival: word(t, `care.festivals.${festival}`, String(festival)) };
  const reason = word(t, `care.reasons.${code}`, code, named);
  return movedFrom === undefined ? reason : t('care.movedFrom', { reason, on: movedFrom });
}

/** What a rule is called: by the store, else by the catalogue. */
export function ruleName(t: TFunction, { key, name }: { readonly key: string; readonly name?: string | null | undefined }): string {
  return name ?? word(t, `care.rules.${key}.name`, key);
}

/** What the caller says or the message reads: words of the catalogue by their key, or the store's own, shown as they were written. */
export function scriptText(t: TFunction, script: string): string {
  return /^[a-z][a-z0-9_]*$/.test(script) ? word(t, `care.rules.${script}.script`, script) : script;
}

export function topicText(t: TFunction, topic: string): string {
  return word(t, `care.topics.${topic}`, topic);
}
