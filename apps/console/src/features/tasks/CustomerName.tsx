import { ExclamationCircleFilled } from '@ant-design/icons';
import type { TaskRow } from '@baoke/core/tasks/wire';
import { StatusTag } from '@baoke/ui';
import { useTranslation } from 'react-i18next';
import { CustomerFlags } from '../../shell/CustomerName.tsx';

/** Whom a task is about: his name, his flags, and a complaint of his that is still open. */
export function CustomerName({ customer }: { readonly customer: TaskRow['customer'] }) {
  const { t } = useTranslation();
  return (
    <span className="task-customer">
      <strong>{customer.name}</strong>
      <CustomerFlags customer={customer} />
      {customer.hasOpenComplaint && (
        <StatusTag tone="warn" icon={<ExclamationCircleFilled />}>
          {t('tasks.desk.flags.complaint')}
        </StatusTag>
      )}
    </span>
  );
}
