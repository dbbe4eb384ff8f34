import type { Role } from '@baoke/core/access';
import type { StaffId } from '@baoke/core/kernel';
import { byFitnessFor } from '@baoke/core/tasks';
import { SelectMany } from '@baoke/ui';
import { Form, Select } from 'antd';
import { useTranslation } from 'react-i18next';

type Person = { readonly id: StaffId; readonly name: string; readonly role: Role };
type Props = {
  readonly name: 'toId' | 'toIds';
  readonly label: string;
  readonly people: readonly Person[] | undefined;
  /** What the tasks are for: people of these roles are offered first. */
  readonly roles: readonly Role[];
};

/** Who takes the tasks. */
export function ReceiverItem({ name, label, people, roles }: Props) {
  const { t } = useTranslation();
  const choice = {
    showSearch: { optionFilterProp: 'label' },
    options: people
      ?.toSorted(byFitnessFor(roles))
      .map(({ id, name: called, role }) => ({ value: id, label: `${called} · ${t(`roles.${role}`)}` })),
  };
  return (
    <Form.Item name={name} label={label} rules={[{ required: true, message: t('fieldFaults.required') }]}>
      {name === 'toIds' ? <SelectMany {...choice} /> : <Select {...choice} />}
    </Form.Item>
  );
}
