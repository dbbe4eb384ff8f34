import type { TaskRow } from '@baoke/core/tasks/wire';
import { Timeline, type TimelineItem } from '@baoke/ui';
import { useTranslation } from 'react-i18next';
import { contactText } from '../../shell/outcome-words.ts';

/** What was said lately with whoever is called. */
export function LastContacts({ contacts }: { readonly contacts: TaskRow['contacts'] }) {
  const { t } = useTranslation();
  const items = contacts.map(({ id, occurredAt, staffName, content, satisfied, ...contact }): TimelineItem => ({
    key: id,
    at: occurredAt,
    title: contactText(t, contact),
    by: staffName,
    body: content,
    tone: satisfied === false ? 'bad' : satisfied ? 'good' : 'neutral',
  }));
  return (
    <section className="ui-panel task-contacts">
      <h2>{t('tasks.lastContacts')}</h2>
      {items.length === 0 ? (
        <p className="ui-quiet">{t('tasks.noContacts')}</p>
      ) : (
        <Timeline items={items} label={t('tasks.lastContacts')} />
      )}
    </section>
  );
}
