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

/** One field of a setting. Its faults are told as one types; those of a part of it are told at that part, and all of them keep it from being saved. */
export function Field({ name, faults, extra, children }: Props) {
  const { t } = useTranslation();
  const wrong = below(faults, name);
  const own = wrong.filter(({ path }) => path.length === 0 || name === 'scoring' || name === 'week');
  return (
    <Form.Item
      name={name}
      label={t(`settings.fields.${name}`)}
      {...(extra === undefined ? {} : { extra })}
      validateStatus={wrong.length > 0 ? 'error' : ''}
      // Always given: what the form itself remembers of its last refusal would outlive the fault.
      help={[...new Set(own.map(({ text }) => text))].join('；')}
      rules={[{ validator: () => (wrong[0] ? Promise.reject(new Error(wrong[0].text)) : Promise.resolve()) }]}
    >
      {children}
    </Form.Item>
  );
}
