import { waitsForOccasion } from '@baoke/core/care';
import type { RuleView } from '@baoke/core/care/wire';
import { DateText, ErrorState, LoadingState } from '@baoke/ui';
import { useQuery } from '@tanstack/react-query';
import { CopyOutlined } from '@ant-design/icons';
import { Button, Drawer, Tabs } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ruleName, scriptText } from '../../shell/care-words.ts';
import { useApi, useMe } from '../../shell/session.ts';
import { CopyRuleDialog } from './CopyRuleDialog.tsx';
import { PreviewPanel } from './PreviewPanel.tsx';
import { RuleForm } from './RuleForm.tsx';
import { RuleSwitch } from './RuleSwitch.tsx';
import { whenText, whoText } from './words.ts';

type Props = {
  readonly view: RuleView;
  readonly rules: readonly RuleView[];
  readonly onOpen: (key: string) => void;
  readonly onClose: () => void;
};

/** One rule: what it does, whom it would reach, its words and its numbers. */
export function RuleDrawer({ view, rules, onOpen, onClose }: Props) {
  const { t } = useTranslation();
  const me = useMe();
  const { rule } = view;
  const [isCopying, setIsCopying] = useState(false);
  const mayEdit = me.can('care_rules', 'edit');
  return (
    <Drawer
      open
      onClose={onClose}
      size={860}
      title={ruleName(t, rule)}
      extra={
        mayEdit && (
          <Button icon={<CopyOutlined />} onClick={() => setIsCopying(true)}>
            {t('careRules.copy')}
          </Button>
        )
      }
    >
      {isCopying && <CopyRuleDialog rule={rule} rules={rules} onCopied={onOpen} onClose={() => setIsCopying(false)} />}
      <p className="care-sentence">
        {whenText(t, rule)} · {t(`care.channels.${rule.channel}`)} · {whoText(t, rule)}{' '}
        <RuleSwitch view={view} enabled={me.can('care_rules', 'decide')} />
      </p>
      {waitsForOccasion(rule) && <p className="care-held">{t('careRules.byHandHint')}</p>}
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
          // Of an occasion that nothing starts there is nothing to see ahead.
          ...(waitsForOccasion(rule)
            ? []
            : [
                {
                  key: 'preview',
                  label: t(rule.outcome === 'check' ? 'careRules.listTab' : 'careRules.previewTab'),
                  children: <StoredPreview rule={rule} />,
                },
              ]),
          ...(mayEdit
            ? [{ key: 'edit', label: t('careRules.editTab'), children: <RuleForm key={view.version} view={view} onSaved={onClose} /> }]
            : []),
        ]}
      />
    </Drawer>
  );
}

function StoredPreview({ rule: { key, outcome } }: { readonly rule: RuleView['rule'] }) {
  const { data, error, refetch } = useQuery(useApi().trpc.care.preview.queryOptions({ key, days: 30 }));
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return data ? <PreviewPanel preview={data} lists={outcome === 'check'} /> : <LoadingState rows={8} />;
}
