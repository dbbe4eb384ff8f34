import type { TaskId } from '@baoke/core/kernel';
import type { TaskFate } from '@baoke/core/tasks/wire';
import { ErrorState, LoadingState, useUi } from '@baoke/ui';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Input } from 'antd';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { outcomeText } from '../../shell/outcome-words.ts';
import { resultDraftKey } from '../../shell/result-draft.ts';
import { useApi } from '../../shell/session.ts';

type Props = { readonly taskId: TaskId; readonly channel: string | undefined; readonly onNext: () => void };

/** A task that a colleague settled or took while it lay open here: who and when, what was typed meanwhile, and the way on. */
export function LostTask({ taskId, channel = 'phone', onNext }: Props) {
  const { t } = useTranslation();
  const { trpc } = useApi();
  const { drafts, formatDateTime } = useUi();
  const fate = useQuery(trpc.tasks.fate.queryOptions({ taskId }));
  const note = (drafts.find(resultDraftKey(taskId))?.values as { readonly note?: string } | undefined)?.note; // written by the result form
  if (!fate.data) return fate.error ? <ErrorState error={fate.error} onRetry={() => void fate.refetch()} /> : <LoadingState rows={2} />;
  return (
    <section className="ui-panel task-lost" aria-live="polite">
      <Alert
        type="warning"
        showIcon
        title={fateText(t, fate.data, channel, formatDateTime)}
        action={
          <Button type="primary" onClick={onNext}>
            {t('tasks.desk.nextTask')}
          </Button>
        }
      />
      {note && (
        <label>
          <span className="ui-quiet">{t('tasks.desk.lost.note')}</span>
          <Input.TextArea readOnly autoSize value={note} onFocus={({ target }) => target.select()} />
        </label>
      )}
    </section>
  );
}

function fateText(
  t: TFunction,
  { act, by, at, outcome, assigneeName }: TaskFate,
  channel: string,
  formatDateTime: (instant: string) => string,
): string {
  if (act === 'over' || by === null || at === null) return t('tasks.desk.lost.over');
  const who = { by, at: formatDateTime(at) };
  if (act === 'moved') return t('tasks.desk.lost.moved', { ...who, to: assigneeName ?? '' });
  if (act === 'takenBack' && assigneeName === null) return t('tasks.desk.lost.takenBackToPool', who);
  if (act === 'takenBack') return t('tasks.desk.lost.takenBack', { ...who, to: assigneeName ?? '' });
  if (act === 'recorded') return t('tasks.desk.lost.recorded', { ...who, outcome: outcome ? outcomeText(t, outcome, channel) : '' });
  return t(`tasks.desk.lost.${act}`, who);
}
