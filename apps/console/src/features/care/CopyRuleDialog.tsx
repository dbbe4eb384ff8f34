import type { RuleView } from '@baoke/core/care/wire';
import { FormDialog, useToast } from '@baoke/ui';
import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { ruleName } from '../../shell/care-words.ts';
import { useApi } from '../../shell/session.ts';
import { freeKey } from './keys.ts';
import { ruleInputOf } from './words.ts';

type Values = { readonly name: string };
type Props = {
  readonly rule: RuleView['rule'];
  readonly rules: readonly RuleView[];
  readonly onCopied: (key: string) => void;
  readonly onClose: () => void;
};

/** Makes a rule of the store's own from another one. It is off until somebody switches it on. */
export function CopyRuleDialog({ rule, rules, onCopied, onClose }: Props) {
  const { t } = useTranslation();
  const { client, trpc, queryClient } = useApi();
  const toast = useToast();
  const name = ruleName(t, rule);
  const copy = async (values: Values) => {
    const key = freeKey(rule.key, new Set(rules.map((one) => one.rule.key)));
    await client.care.saveRule.mutate({ rule: { ...ruleInputOf(rule), key, name: values.name }, version: null });
    await queryClient.invalidateQueries(trpc.care.pathFilter());
    toast.success(t('careRules.copied', { name: values.name }));
    onClose();
    onCopied(key);
  };
  return (
    <FormDialog<Values>
      draftKey={`care.copy.${rule.key}`}
      title={t('careRules.copyTitle', { name })}
      hint={t('careRules.copyHint')}
      submitText={t('careRules.copy')}
      initial={{ name: t('careRules.copyName', { name }).slice(0, 60) }}
      onSubmit={copy}
      onClose={onClose}
    >
      <Form.Item name="name" label={t('careRules.name')} rules={[{ required: true, whitespace: true, message: t('fieldFaults.required') }]}>
        <Input maxLength={60} />
      </Form.Item>
    </FormDialog>
  );
}
