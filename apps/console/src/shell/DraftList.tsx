import { DateText, EmptyState, StatusTag, useUi } from '@baoke/ui';
import { useRouter } from '@tanstack/react-router';
import { Button, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { useDraftList } from './drafts.ts';

/** What was typed and not submitted on this device; each leads back to its form. */
export function DraftList({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const router = useRouter();
  const { drafts } = useUi();
  const list = useDraftList(drafts);
  return (
    <Modal open onCancel={onClose} footer={null} title={t('shell.drafts')}>
      {list.length === 0 ? (
        <EmptyState title={t('shell.drafts')} hint={t('common.none')} />
      ) : (
        <>
          <p className="ui-quiet">{t('shell.draftsHint')}</p>
          <ul className="shell-drafts">
            {list.map((draft) => (
              <li key={draft.key}>
                <span>
                  <strong>{draft.title}</strong> {draft.unsent && <StatusTag tone="warn">{t('shell.draftUnsent')}</StatusTag>}
                  <br />
                  <span className="ui-quiet">
                    <DateText at={new Date(draft.savedAt).toISOString()} />
                  </span>
                </span>
                <Button
                  type="primary"
                  size="small"
                  onClick={() => {
                    onClose();
                    router.history.push(draft.place);
                  }}
                >
                  {t('common.open')}
                </Button>
                <Button size="small" onClick={() => drafts.drop(draft.key)}>
                  {t('common.remove')}
                </Button>
              </li>
            ))}
          </ul>
        </>
      )}
    </Modal>
  );
}
