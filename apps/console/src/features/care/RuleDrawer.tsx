import type { RuleView } from '@baoke/core/care/wire';
import { DateText, ErrorState, LoadingState, StatusTag } from '@baoke/ui';
import { useQuery } from '@tanstack/react-query';
import { Drawer, Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import { ruleName, scriptText } from '../../shell/care-words.ts';
import { useApi, useMe } from '../../shell/session.ts';
import { PreviewPanel } from './PreviewPanel.tsx';
import { RuleForm } from './RuleForm.tsx';
import { whenText, whoText } from './words.ts';

/** One rule: what it does, whom it would reach, and its numbers. */
export function RuleDrawer({ view, onClose }: { readonly view: RuleView; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const { rule } = view;
  return (
    <Drawer open onClose={onClose} size={860} title={ruleName(t, rule.key)}>
      <p className="care-sentence">
        {whenText(t, rule)} · {t(`care.channels.${rule.channel}`)} · {whoText(t, rule)}{' '}
        <StatusTag tone={rule.activeSince ? 'good' : 'neutral'}>{t(rule.activeSince ? 'care.active' : 'care.inactive')}</StatusTag>
      </p>
      <p className="care-script">{scriptText(t, rule.script)}</p>
      <p className="ui-quiet">
        {t(`care.origins.${rule.origin}`)}
        {rule.source !== '' && ` · ${t('care.source')}: ${rule.source}`}
        {rule.ours && ` · ${t('care.ours', { text: rule.ours })}`}
        {rule.activeSince && (
          <>
            {' · '}
            <DateText at={rule.activeSince} />
          </>
        )}
      </p>
      <Tabs
        items={[
          { key: 'preview', label: t('care.screen.previewTab'), children: <StoredPreview ruleKey={rule.key} /> },
          ...(me.can('care_rules', 'edit')
            ? [{ key: 'edit', label: t('care.screen.editTab'), children: <RuleForm key={view.version} view={view} onSaved={onClose} /> }]
            : []),
        ]}
      />
    </Drawer>
  );
}

function StoredPreview({ ruleKey }: { readonly ruleKey: string }) {
  const { data, error, refetch } = useQuery(useApi().trpc.care.preview.queryOptions({ key: ruleKey, days: 30 }));
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return data ? <PreviewPanel preview={data} /> : <LoadingState rows={8} />;
}
