import { DownOutlined } from '@ant-design/icons';
import type { CustomerSort } from '@baoke/core/customers';
import { useToast } from '@baoke/ui';
import { Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { ExportButton } from '../../shell/ExportButton.tsx';
import { useApi, useMe } from '../../shell/session.ts';
import { titleOf, type BulkAct, type Which } from './BulkDialog.tsx';

const FLAG_ACTS: readonly BulkAct[] = [
  { field: 'isVip', to: true },
  { field: 'isVip', to: false },
  { field: 'isFleet', to: true },
  { field: 'isFleet', to: false },
];

type Props = {
  readonly which: Which;
  readonly chosen: number;
  readonly order: { readonly sort: CustomerSort; readonly descending: boolean };
  readonly onAct: (act: BulkAct) => void;
};

/** What can be done to the customers chosen. */
export function SelectionActions({ which, chosen, order, onAct }: Props) {
  const { t } = useTranslation();
  const me = useMe();
  const { client } = useApi();
  const toast = useToast();
  const take = async (as: { format: 'xlsx' | 'csv'; locale: 'zh' | 'en' }) => {
    const file = await client.customers.export.mutate({ ...('filter' in which ? which.filter : which), ...order, ...as });
    // Whom one sees one may not always take away.
    if (file.rows < chosen && file.complete) toast.warning(t('customers.bulk.exportedFewer', { count: chosen - file.rows }), 8);
    return file;
  };
  // Enter that chose from the menu is not to press what the dialog focuses first.
  const open = (event: { preventDefault: () => void }, act: BulkAct) => {
    event.preventDefault();
    onAct(act);
  };
  return (
    <>
      {me.can('customers', 'edit') && (
        <>
          {(['consultantId', 'advisorId'] as const).map((field) => (
            <Button key={field} size="small" onClick={() => onAct({ field })}>
              {t(`customers.bulk.assign_${field}`)}
            </Button>
          ))}
          <Dropdown
            trigger={['click']}
            autoFocus
            menu={{
              items: FLAG_ACTS.map((act, at) => ({ key: at, label: titleOf(t, act), onClick: ({ domEvent }) => open(domEvent, act) })),
            }}
          >
            <Button size="small" icon={<DownOutlined />} iconPlacement="end">
              {t('customers.bulk.flags')}
            </Button>
          </Dropdown>
        </>
      )}
      {me.can('customers', 'export') && <ExportButton small take={take} />}
    </>
  );
}
