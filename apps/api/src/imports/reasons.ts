import { FAULTS, type Fault } from '@baoke/core/imports';
import type { createI18n } from '@baoke/i18n';

type Translate = ReturnType<typeof createI18n>['t'];

/** The reason of a refusal in words, the column before it. */
export function reasonText(t: Translate, rejection: { readonly column: string; readonly reason: string }): string {
  return t('imports.correction.cell', {
    column: rejection.column,
    reason: isFault(rejection.reason) ? t(`imports.faults.${rejection.reason}`) : rejection.reason,
  });
}

function isFault(reason: string): reason is Fault {
  return (FAULTS as readonly string[]).includes(reason);
}
