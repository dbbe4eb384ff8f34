import { UndoOutlined } from '@ant-design/icons';
import { useToast, useUi } from '@baoke/ui';
import { useQuery } from '@tanstack/react-query';
import { Button, Modal } from 'antd';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Api } from '../../shell/api.ts';
import { useFormats } from '../../shell/formats.ts';
import { useApi } from '../../shell/session.ts';
import { titleOf, type BulkAct } from './BulkDialog.tsx';
import { refreshCustomers } from './queries.ts';

type Batch = NonNullable<Awaited<ReturnType<Api['client']['customers']['lastChange']['query']>>['batch']>;

/** Takes back the caller's last change of many, for as long as that is possible. */
export function UndoBulkButton() {
  const { t } = useTranslation();
  const api = useApi();
  const toast = useToast();
  const { describeFailure } = useUi();
  const { dateTime } = useFormats();
  const [modal, asking] = Modal.useModal();
  const { data } = useQuery(api.trpc.customers.lastChange.queryOptions(undefined, { staleTime: 60_000 }));
  const batch = data?.batch;
  if (!batch) return null;
  const undo = async () => {
    try {
      const { restored, changedSince, outOfReach, closed } = await api.client.customers.undoChange.mutate({ batchId: batch.id });
      const left = changedSince + outOfReach + closed;
      if (left === 0) toast.success(t('customers.bulk.undone', { count: restored }));
      else toast.warning(t('customers.bulk.undoneSome', { count: restored, left }), 8);
    } catch (error) {
      toast.error(describeFailure(error).text);
    }
    await refreshCustomers(api);
  };
  const ask = () =>
    void modal.confirm({
      title: t('customers.bulk.undoTitle'),
      content: (
        <>
          <p>{whatOf(t, batch, dateTime(batch.at))}</p>
          <p className="ui-quiet">{t('customers.bulk.undoHint', { until: dateTime(batch.undoUntil) })}</p>
        </>
      ),
      okText: t('customers.bulk.undo'),
      cancelText: t('common.cancel'),
      onOk: undo,
    });
  return (
    <>
      {asking}
      <Button type="text" icon={<UndoOutlined />} onClick={ask}>
        {t('customers.bulk.undo')}
      </Button>
    </>
  );
}

function whatOf(t: TFunction, { changed, field, to, toNames }: Batch, at: string): string {
  if (to !== null) return t('customers.bulk.undoWhat_flag', { at, count: changed, flag: titleOf(t, { field, to } as BulkAct) }); // a flag is set or taken
  const what = { at, count: changed, field: t(`customers.fields.${field}`) };
  if (toNames.length === 0) return t('customers.bulk.undoWhat_nobody', what);
  return t('customers.bulk.undoWhat_person', { ...what, to: toNames.join(t('common.listMark')) });
}
