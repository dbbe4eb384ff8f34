import type { CustomerId, VehicleId } from '@baoke/core/kernel';
import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { customerOptions, useRecordSearch } from './record-search.ts';
import { useApi } from './session.ts';

type CustomerProps = {
  readonly id?: string;
  readonly value?: CustomerId;
  readonly onChange?: (customerId: CustomerId | undefined) => void;
  readonly onPicked?: () => void;
  readonly placeholder?: string;
};

/** Finds a customer as the caller says it: name, pinyin, initials, end of phone, plate. A car found gives its owner. */
export function CustomerPicker({ id, value, onChange, onPicked, placeholder }: CustomerProps) {
  const { t } = useTranslation();
  const api = useApi();
  const [term, setTerm] = useState('');
  const { found, busy } = useRecordSearch(term);
  // The one chosen keeps its name after the search is over, and after a draft is taken up again.
  const { data: chosen } = useQuery(customerOptions(api, value));
  const people = new Map<string, string>();
  if (chosen) people.set(chosen.id, chosen.name);
  for (const { id: customer, name, phoneMasked, plate } of found?.customers ?? [])
    people.set(customer, [name, phoneMasked, plate].filter(Boolean).join('　'));
  for (const { ownerId, ownerName, plate, vin } of found?.vehicles ?? [])
    if (ownerId && !people.has(ownerId)) people.set(ownerId, [ownerName, plate ?? vin].filter(Boolean).join('　'));
  return (
    <Select
      id={id}
      allowClear
      value={value}
      loading={busy}
      placeholder={placeholder}
      showSearch={{ filterOption: false, onSearch: setTerm, searchValue: term }}
      notFoundContent={term === '' || busy ? null : t('controls.noResult')}
      options={[...people].map(([customer, label]) => ({ value: customer as CustomerId, label }))}
      onChange={(customer: CustomerId | undefined) => {
        onChange?.(customer);
        onPicked?.();
        setTerm('');
      }}
    />
  );
}

type VehicleProps = {
  readonly id?: string;
  readonly value?: VehicleId;
  readonly onChange?: (vehicleId: VehicleId | undefined) => void;
  readonly customerId: CustomerId | undefined;
  readonly placeholder?: string;
};

/** One of the customer's cars. */
export function VehiclePicker({ id, value, onChange, customerId, placeholder }: VehicleProps) {
  const { data } = useQuery(customerOptions(useApi(), customerId));
  const options = (data?.vehicles ?? []).map((vehicle) => ({
    value: vehicle.id,
    label: [vehicle.plate ?? vehicle.vin, vehicle.model].filter(Boolean).join('　'),
  }));
  return <Select id={id} allowClear value={value} onChange={onChange} placeholder={placeholder} disabled={!customerId} options={options} />;
}
