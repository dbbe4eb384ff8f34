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
  return amount === 0 ? t('careRules.sameDay') : t(`careRules.amounts.${unit}`, { count: Math.abs(amount) });
}

/** When a rule fires, in one sentence. */
export function whenText(t: TFunction, { anchor: code, trigger }: Pick<Rule, 'anchor' | 'trigger'>): string {
  const anchor = t(`care.anchorsInSentence.${code}`);
  switch (trigger.shape) {
    case 'after': {
      const [from, to] = [offsetText(t, trigger.notBefore), offsetText(t, trigger.due)];
      return trigger.notBefore.amount === 0 || from === to
        ? t('careRules.offset.after', { anchor, to })
        : t('careRules.offset.afterRange', { anchor, from, to });
    }
    case 'before':
      return t('careRules.offset.before', { anchor, to: offsetText(t, trigger.notBefore) });
    case 'interval':
      return t('careRules.offset.interval', { anchor, every: offsetText(t, trigger.every) });
    case 'yearly':
      return trigger.notBefore.amount === 0
        ? t('careRules.offset.yearlyDay', { anchor })
        : t('careRules.offset.yearly', { anchor, to: offsetText(t, trigger.notBefore) });
    case 'festival':
      return trigger.notBefore.amount === 0
        ? t('careRules.offset.festivalDay')
        : t('careRules.offset.festival', { to: offsetText(t, trigger.notBefore) });
    case 'absence':
      return trigger.toMonths === null
        ? t('careRules.offset.absenceOpen', { anchor, from: trigger.fromMonths })
        : t('careRules.offset.absence', { anchor, from: trigger.fromMonths, to: trigger.toMonths });
    case 'minimum':
      return t('careRules.offset.minimum', { count: trigger.count, months: trigger.warnMonths });
    case 'manual':
      return t('careRules.offset.manual', { to: offsetText(t, trigger.due) });
  }
}

export function whoText(t: TFunction, { assignment }: Pick<Rule, 'assignment'>): string {
  const role = t(`roles.${assignment.role}`);
  return assignment.to === 'responsible' ? t('careRules.responsible', { role }) : t('careRules.anyOf', { role });
}
