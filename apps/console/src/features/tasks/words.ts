import type { QueueGroup } from '@baoke/core/tasks';
import type { TaskRow } from '@baoke/core/tasks/wire';
import type { TFunction } from 'i18next';
import { ruleName } from '../../shell/care-words.ts';

type Titled = { readonly task: Pick<TaskRow['task'], 'kind' | 'ruleKey'>; readonly ruleName: string | null };

/** What a task is about, in a word or two. */
export function titleOf(t: TFunction, { task: { kind, ruleKey }, ruleName: own }: Titled): string {
  return ruleKey === null ? t(`tasks.kinds.${kind}`) : ruleName(t, { key: ruleKey, name: own });
}

/** The heading a part of the queue stands under. */
export function groupText(t: TFunction, group: QueueGroup): string {
  return group === 'sla' ? t('tasks.desk.groupSla') : t(`tasks.groups.${group}`);
}
