import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useMe } from './session.ts';
import { chooseStore } from './store-choice.ts';

/** Another store is another set of records: the page begins anew. */
export function StoreSelect() {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Select
      aria-label={t('shell.store')}
      value={me.store.id}
      options={me.stores.map((store) => ({ value: store.id, label: store.name }))}
      onChange={(storeId) => {
        chooseStore(storeId);
        location.reload();
      }}
    />
  );
}
