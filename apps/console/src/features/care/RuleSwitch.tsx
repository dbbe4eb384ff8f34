import { waitsForOccasion } from '@baoke/core/care';
import type { RuleView } from '@baoke/core/care/wire';
import { StatusTag, useToast, useUi } from '@baoke/ui';
import { useMutation } from '@tanstack/react-query';
import { Modal, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import { ruleName } from '../../shell/care-words.ts';
import { useApi } from '../../shell/session.ts';

/** On or off. Before a rule goes on, whom it would reach is worked out and shown with the question. */
export function RuleSwitch({ view: { rule, version }, enabled }: { readonly view: RuleView; readonly enabled: boolean }) {
  const { t } = useTranslation();
  const { client, trpc, queryClient } = useApi();
  const toast = useToast();
  const [modal, asking] = Modal.useModal();
  const { describeFailure } = useUi();
  const name = ruleName(t, rule);
  const isOn = rule.activeSince !== null;
  const set = async (on: boolean) => {
    try {
      await (on ? client.care.switchOn : client.care.switchOff).mutate({ key: rule.key, version });
      toast.success(t(on ? 'careRules.switchedOn' : 'careRules.switchedOff', { name }));
    } catch (error) {
      toast.error(describeFailure(error).text);
    }
    await queryClient.invalidateQueries(trpc.care.rules.pathFilter());
  };
  const ask = useMutation({
    mutationFn: () => (isOn ? Promise.resolve(undefined) : client.care.preview.query({ key: rule.key, days: 30 })),
    onSuccess: (preview) =>
      void modal.confirm({
        title: t(isOn ? 'careRules.offTitle' : 'careRules.onTitle', { name }),
        content: (
          <>
            {preview && <p>{t(rule.outcome === 'check' ? 'careRules.onList' : 'careRules.onPreview', preview)}</p>}
            <p className="ui-quiet">{t(isOn ? 'care.switchOffHint' : 'care.switchOnHint')}</p>
          </>
        ),
        okText: t(isOn ? 'care.switchOff' : 'care.switchOn'),
        cancelText: t('common.cancel'),
        onOk: () => set(!isOn),
      }),
    onError: (error) => toast.error(describeFailure(error).text),
  });
  if (!isOn && waitsForOccasion(rule))
    return (
      <span title={t('careRules.byHandHint')}>
        <StatusTag tone="neutral">{t('careRules.byHand')}</StatusTag>
      </span>
    );
  if (!enabled) return <StatusTag tone={isOn ? 'good' : 'neutral'}>{t(isOn ? 'care.active' : 'care.inactive')}</StatusTag>;
  return (
    <>
      {asking}
      <Switch
        size="small"
        checked={isOn}
        loading={ask.isPending}
        aria-label={`${t('careRules.state')} ${name}`}
        onChange={() => ask.mutate()}
      />
    </>
  );
}
