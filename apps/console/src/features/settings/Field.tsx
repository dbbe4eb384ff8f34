import { Form } from 'antd';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Catalogue } from '@baoke/i18n/lazy';
import { below, type Fault } from './judge.ts';

export type SettingField = keyof Catalogue['settings']['fields'];

type Props = {
  readonly name: SettingField;
  readonly faults: readonly Fault[];
  readonly extra?: string;
  readonly children: ReactElement;
};

/** Fields of one control, which is marked as a whole; in the others the part at fault is marked. */
const SINGLE: ReadonlySet<SettingField> = new Set([
  'copies',
  'confirmingRoles',
  'longestPauseHours',
  'secondStepRoles',
  'atRiskMonths',
  'lostMonths',
  'verifyMonths',
]);
/** Fields that leave it to their line to say what is wrong with a part. */
const TOLD_HERE: ReadonlySet<SettingField> = new Set([...SINGLE, 'scoring', 'week', 'personWeights', 'companyWeights']);

/** One field of a setting. Its faults are told as one types, those of a part at that part; any of them keeps it from being saved. */
export function Field({ name, faults, extra, children }: Props) {
  const { t } = useTranslation();
  const wrong = below(faults, name);
  const told = wrong.filter(({ path }) => path.length === 0 || TOLD_HERE.has(name)).map(({ text }) => text);
  return (
    <Form.Item
      name={name}
      label={t(`settings.fields.${name}`)}
      {...(extra === undefined ? {} : { extra })}
      // Both always given: what the form itself remembers of its last refusal would outlive the fault.
      validateStatus={wrong.length > 0 && SINGLE.has(name) ? 'error' : ''}
      help={
        told.length > 0 ? (
          <span role="alert" className="settings-fault">
            {[...new Set(told)].join(t('settings.sentenceMark'))}
          </span>
        ) : (
          ''
        )
      }
      rules={[{ validator: () => (wrong[0] ? Promise.reject(new Error(wrong[0].text)) : Promise.resolve()) }]}
    >
      {children}
    </Form.Item>
  );
}
