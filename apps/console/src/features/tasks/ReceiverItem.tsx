import type { Role } from '@baoke/core/access';
import type { StaffId } from '@baoke/core/kernel';
import { byFitnessFor } from '@baoke/core/tasks';
import { Form, Select } from 'antd';
import { useRef, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';

type Person = { readonly id: StaffId; readonly name: string; readonly role: Role };
type Props = {
  readonly name: 'toId' | 'toIds';
  readonly label: string;
  readonly people: readonly Person[] | undefined;
  /** What the tasks are for: people of these roles are offered first. */
  readonly roles: readonly Role[];
};

/** Who takes the tasks. Ctrl+Enter sends the dialog; the list, if it is open, takes nobody by it. */
export function ReceiverItem({ name, label, people, roles }: Props) {
  const { t } = useTranslation();
  const sends = useRef(false);
  const keys = (event: KeyboardEvent) => {
    sends.current = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
    // The list chooses within this very event, or not by it.
    queueMicrotask(() => (sends.current = false));
  };
  return (
    <div onKeyDownCapture={keys}>
      <Form.Item
        name={name}
        label={label}
        normalize={(chosen: unknown, before: unknown) => (sends.current ? before : chosen)}
        rules={[{ required: true, message: t('fieldFaults.required') }]}
      >
        <Select
          {...(name === 'toIds' ? { mode: 'multiple' as const } : {})}
          showSearch={{ optionFilterProp: 'label' }}
          options={people
            ?.toSorted(byFitnessFor(roles))
            .map(({ id, name: called, role }) => ({ value: id, label: `${called} · ${t(`roles.${role}`)}` }))}
        />
      </Form.Item>
    </div>
  );
}
