import type { Offset } from '@baoke/core/care';
import type { AppRouter } from '@baoke/api/router';
import type { RuleView } from '@baoke/core/care/wire';
import type { inferRouterInputs } from '@trpc/server';
import type { TFunction } from 'i18next';

type Rule = RuleView['rule'];
export type RuleInput = inferRouterInputs<AppRouter>['care']['saveRule']['rule'];

/** A stored rule as it is sent: where it came from and when it was switched on are not the editor's. */
export function ruleInputOf({ origin: _origin, source: _source, ours: _ours, activeSince: _since, ...rule }: Rule): RuleInput {
  return { ...rule, topics: [...rule.topics] };
}

/** `3 天`, without its sign: before and after are said by the sentence around it. */
export function offsetText(t: TFunction, { amount, unit }: Offset): string {
  return amount === 0 ? t('care.screen.sameDay') : t(`care.screen.amounts.${unit}`, { count: Math.abs(amount) });
}

/** When a rule fires, in one sentence. */
export function whenText(t: TFunction, { anchor: code, trigger }: Pick<Rule, 'anchor' | 'trigger'>): string {
  const anchor = t(`care.anchorsInSentence.${code}`);
  switch (trigger.shape) {
    case 'after': {
      const [from, to] = [offsetText(t, trigger.notBefore), offsetText(t, trigger.due)];
      return trigger.notBefore.amount === 0 || from === to
        ? t('care.screen.offset.after', { anchor, to })
        : t('care.screen.offset.afterRange', { anchor, from, to });
    }
    case 'before':
      return t('care.screen.offset.before', { anchor, to: offsetText(t, trigger.notBefore) });
    case 'interval':
      return t('care.screen.offset.interval', { anchor, every: offsetText(t, trigger.every) });
    case 'yearly':
      return trigger.notBefore.amount === 0
        ? t('care.screen.offset.yearlyDay', { anchor })
        : t('care.screen.offset.yearly', { anchor, to: offsetText(t, trigger.notBefore) });
    case 'festival':
      return trigger.notBefore.amount === 0
        ? t('care.screen.offset.festivalDay')
        : t('care.screen.offset.festival', { to: offsetText(t, trigger.notBefore) });
    case 'absence':
      return trigger.toMonths === null
        ? t('care.screen.offset.absenceOpen', { anchor, from: trigger.fromMonths })
        : t('care.screen.offset.absence', { anchor, from: trigger.fromMonths, to: trigger.toMonths });
    case 'minimum':
      return t('care.screen.offset.minimum', { count: trigger.count, months: trigger.warnMonths });
    case 'manual':
      return t('care.screen.offset.manual', { to: offsetText(t, trigger.due) });
  }
}

export function whoText(t: TFunction, { assignment }: Pick<Rule, 'assignment'>): string {
  const role = t(`roles.${assignment.role}`);
  return assignment.to === 'responsible' ? t('care.screen.responsible', { role }) : t('care.screen.anyOf', { role });
}
