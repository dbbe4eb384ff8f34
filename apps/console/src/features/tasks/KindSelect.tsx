import { TASK_KINDS, type TaskKind } from '@baoke/core/tasks';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';

type Props = { readonly value: TaskKind | undefined; readonly onChange: (kind: TaskKind | undefined) => void };

/** Narrows my day to one kind of task. */
export function KindSelect({ value, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <Select
      allowClear
      className="day-kind"
      placeholder={t('tasks.fields.kind')}
      aria-label={t('tasks.fields.kind')}
      value={value}
      options={TASK_KINDS.filter((kind) => kind !== 'message').map((kind) => ({ value: kind, label: t(`tasks.kinds.${kind}`) }))}
      onChange={(chosen: TaskKind | undefined) => onChange(chosen)}
    />
  );
}
