import type { TaskDetail, TaskRow } from '@baoke/core/tasks/wire';
import { useToast, useUi } from '@baoke/ui';
import { skipToken, useMutation, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useApi, useMe } from '../../shell/session.ts';
import './recipient.css';

type Props = { readonly row: TaskRow; readonly detail: TaskDetail | undefined; readonly by: 'letter' | 'email' };

/** Where what is written goes: masked, and in full for whoever has the task, which the server records. */
export function Recipient({ row: { customer, task }, detail, by }: Props) {
  const { t } = useTranslation();
  const { trpc, client } = useApi();
  const me = useMe();
  const toast = useToast();
  const { describeFailure } = useUi();
  const { data: card } = useQuery(trpc.customers.get.queryOptions(me.can('customers', 'view') ? { customerId: customer.id } : skipToken));
  const reveal = useMutation({
    mutationFn: () => client.tasks.revealAddress.mutate({ taskId: task.id }),
    onError: (error) => toast.error(describeFailure(error).text),
  });
  const file = reveal.data ?? (card && { ...card, address: card.addressMasked, email: card.emailMasked });
  const place = file && [file.province, file.city, file.district].filter(Boolean).join(' ');
  const exact = by === 'letter' ? file?.address : file?.email;
  const mayReveal = detail?.canReveal === true && !reveal.data && (!file || Boolean(exact));
  return (
    <div className="task-recipient">
      {file && (
        <span className={exact ? undefined : 'ui-quiet'} role={reveal.data && 'status'}>
          {exact
            ? t('contacts.written.to', { address: by === 'letter' && place ? `${place} ${exact}` : exact })
            : by === 'letter' && place
              ? t('contacts.written.noStreet', { place })
              : t('contacts.written.noAddress')}
        </span>
      )}
      {mayReveal && (
        <Button size="small" loading={reveal.isPending} onClick={() => reveal.mutate()}>
          {t('contacts.written.reveal')}
        </Button>
      )}
    </div>
  );
}
