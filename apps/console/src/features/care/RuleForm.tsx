import { CARE_CHANNELS, CARE_ROLES, MESSAGE_CHANNELS, OFFSET_UNITS, SHIPPED_RULES, type CareChannel } from '@baoke/core/care';
import type { RuleView } from '@baoke/core/care/wire';
import { useDraftForm, useUi, useToast } from '@baoke/ui';
import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Form, Input, InputNumber, Select, Space } from 'antd';
import { useTranslation } from 'react-i18next';
import { ruleName, scriptText } from '../../shell/care-words.ts';
import { useApi } from '../../shell/session.ts';
import { PreviewPanel } from './PreviewPanel.tsx';
import { ruleInputOf, type RuleInput } from './words.ts';

type Rule = RuleView['rule'];
type Values = {
  readonly name?: string;
  readonly script: string;
  readonly trigger: Record<string, unknown>;
  readonly channel: CareChannel;
  readonly assignment: { readonly to: 'responsible' | 'role'; readonly role: Rule['assignment']['role'] };
  readonly purpose: Rule['purpose'];
  readonly lapseDays: number;
  readonly priority: Rule['priority'];
};

/** Changes the words and numbers of a rule; what it would then reach can be seen before it is saved. */
export function RuleForm({ view, onSaved }: { readonly view: RuleView; readonly onSaved: () => void }) {
  const { t } = useTranslation();
  const { client, trpc, queryClient } = useApi();
  const toast = useToast();
  const { words: controlWords, describeFailure } = useUi();
  const { rule, version } = view;
  const { trigger, channel, assignment, purpose, lapseDays, priority } = rule;
  // Words of the catalogue are edited as they read; left as they are, they stay the catalogue's.
  const shippedScript = SHIPPED_RULES.find(({ key }) => key === rule.key)?.script;
  const words = scriptText(t, rule.script);
  const initial = {
    ...(rule.origin === 'store' ? { name: ruleName(t, rule) } : {}),
    script: words,
    trigger: { ...trigger },
    channel,
    assignment: { to: assignment.to, role: assignment.role },
    purpose,
    lapseDays,
    priority,
  };
  const withScript = (values: Values): Values => {
    const typed = values.script.trim();
    return { ...values, script: typed === words ? rule.script : typed === '' && shippedScript !== undefined ? shippedScript : typed };
  };
  const reload = () => queryClient.invalidateQueries(trpc.care.pathFilter());
  const draft = useDraftForm<Values>({
    draftKey: `care.${rule.key}`,
    title: ruleName(t, rule),
    initial,
    onConflict: reload,
    onSubmit: async (values) => {
      await client.care.saveRule.mutate({ rule: edited(rule, withScript(values)), version });
      await reload();
      toast.success(t('careRules.saved', { name: ruleName(t, rule) }));
      onSaved();
    },
  });
  const preview = useMutation({
    mutationFn: () => client.care.preview.query({ rule: edited(rule, withScript(draft.form.getFieldsValue(true))), days: 30 }),
    onError: (error) => toast.error(describeFailure(error).text),
  });
  const { failure, offered } = draft;
  return (
    <Form<Values> form={draft.form} layout="vertical" initialValues={initial} onValuesChange={draft.changed}>
      {offered && (
        <Alert
          type="info"
          showIcon
          className="ui-form-alert"
          title={controlWords('draftFound', { at: new Date(offered.savedAt).toLocaleString() })}
          action={
            <Button size="small" onClick={draft.restore}>
              {controlWords('restore')}
            </Button>
          }
        />
      )}
      {failure && (
        <Alert
          type="error"
          showIcon
          className="ui-form-alert"
          title={failure.text}
          description={failure.fields?.map(({ path, text }) => (
            <div key={path.join('.')}>{text}</div>
          ))}
        />
      )}
      {rule.origin === 'store' && (
        <Form.Item
          name="name"
          label={t('careRules.name')}
          rules={[{ required: true, whitespace: true, message: t('fieldFaults.required') }]}
        >
          <Input maxLength={60} />
        </Form.Item>
      )}
      <Form.Item
        name="script"
        label={t('careRules.says')}
        extra={t(shippedScript === undefined ? 'careRules.scriptHint' : 'careRules.scriptHintShipped')}
        rules={shippedScript === undefined ? [{ required: true, whitespace: true, message: t('fieldFaults.required') }] : []}
      >
        <Input.TextArea autoSize={{ minRows: 3, maxRows: 10 }} maxLength={1000} showCount />
      </Form.Item>
      <TriggerFields trigger={trigger} />
      <div className="ui-form-grid">
        <Form.Item name="channel" label={t('careRules.channel')}>
          <Select
            options={CARE_CHANNELS.filter(
              (one) => rule.outcome === 'check' || MESSAGE_CHANNELS.has(one) === (rule.outcome === 'message'),
            ).map((value) => ({ value, label: t(`care.channels.${value}`) }))}
          />
        </Form.Item>
        <Form.Item name={['assignment', 'to']} label={t('careRules.assignTo')}>
          <Select
            options={[
              { value: 'responsible', label: t('careRules.toResponsible') },
              { value: 'role', label: t('careRules.toRole') },
            ]}
          />
        </Form.Item>
        <Form.Item name={['assignment', 'role']} label={t('careRules.role')}>
          <Select options={CARE_ROLES.map((value) => ({ value, label: t(`roles.${value}`) }))} />
        </Form.Item>
        <Form.Item name="purpose" label={t('careRules.purpose')}>
          <Select options={(['service', 'marketing'] as const).map((value) => ({ value, label: t(`care.purposes.${value}`) }))} />
        </Form.Item>
        <Form.Item name="lapseDays" label={t('careRules.lapseDays')}>
          <InputNumber min={0} max={90} precision={0} className="ui-wide" />
        </Form.Item>
        <Form.Item name="priority" label={t('careRules.priority')}>
          <Select options={([1, 2, 3, 4, 5] as const).map((value) => ({ value, label: value }))} />
        </Form.Item>
      </div>
      <Space wrap>
        <Button type="primary" loading={draft.busy} onClick={() => void draft.submit()}>
          {t('care.save')}
        </Button>
        <Button loading={preview.isPending} onClick={() => preview.mutate()}>
          {t('careRules.previewEdited')}
        </Button>
      </Space>
      {preview.data && <PreviewPanel preview={preview.data} lists={rule.outcome === 'check'} />}
    </Form>
  );
}

/** The stored rule with what the form changed. */
function edited(stored: Rule, values: Values): RuleInput {
  const { assignment, trigger, ...rest } = values;
  const rule = ruleInputOf(stored);
  const relation = stored.assignment.to === 'responsible' ? stored.assignment.relation : 'consultant';
  return {
    ...rule,
    ...rest,
    assignment: assignment.to === 'responsible' ? { ...assignment, to: 'responsible', relation } : { ...assignment, to: 'role' },
    // The form shows the fields of the rule's own shape and no others.
    trigger: { ...rule.trigger, ...trigger } as RuleInput['trigger'],
  };
}

function TriggerFields({ trigger }: { readonly trigger: Rule['trigger'] }) {
  const { t } = useTranslation();
  switch (trigger.shape) {
    case 'after':
    case 'before':
    case 'yearly':
    case 'festival':
      return (
        <>
          <div className="ui-form-grid">
            <OffsetField name="notBefore" label={t('careRules.notBefore')} />
            <OffsetField name="due" label={t('careRules.due')} />
          </div>
          <p className="ui-quiet">{t('careRules.signs')}</p>
        </>
      );
    case 'interval':
      return <OffsetField name="every" label={t('careRules.every')} />;
    case 'manual':
      return <OffsetField name="due" label={t('careRules.due')} />;
    case 'absence':
      return (
        <div className="ui-form-grid">
          <NumberField name="fromMonths" label={t('careRules.fromMonths')} />
          <NumberField name="toMonths" label={t('careRules.toMonths')} />
        </div>
      );
    case 'minimum':
      return (
        <div className="ui-form-grid">
          <NumberField name="count" label={t('careRules.count')} />
          <NumberField name="warnMonths" label={t('careRules.warnMonths')} />
        </div>
      );
  }
}

function OffsetField({ name, label }: { readonly name: string; readonly label: string }) {
  const { t } = useTranslation();
  return (
    <Form.Item label={label}>
      <Space.Compact className="ui-wide">
        <Form.Item name={['trigger', name, 'amount']} noStyle>
          <InputNumber min={-400} max={400} precision={0} aria-label={label} />
        </Form.Item>
        <Form.Item name={['trigger', name, 'unit']} noStyle>
          <Select aria-label={label} options={OFFSET_UNITS.map((value) => ({ value, label: t(`care.units.${value}`) }))} />
        </Form.Item>
      </Space.Compact>
    </Form.Item>
  );
}

function NumberField({ name, label }: { readonly name: string; readonly label: string }) {
  return (
    <Form.Item name={['trigger', name]} label={label}>
      <InputNumber min={1} max={120} precision={0} className="ui-wide" />
    </Form.Item>
  );
}
