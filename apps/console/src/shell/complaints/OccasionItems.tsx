import type { CustomerId, VehicleId } from '@baoke/core/kernel';
import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query';
import { Form, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { customerOptions, useSettled } from '../record-search.ts';
import { VehiclePicker } from '../RecordPickers.tsx';
import { useApi, useMe } from '../session.ts';
import { occasionOf, occasionOptions, type OccasionKey, type OccasionOption } from './occasion.ts';

type Values = { readonly vehicleId?: VehicleId | undefined; readonly occasion?: OccasionKey | undefined };

/** The vehicle, and the visit or order of it, that a complaint of this customer is about. One that is chosen brings its vehicle. */
export function OccasionItems({ customerId }: { readonly customerId: CustomerId | undefined }) {
  const { t } = useTranslation();
  const me = useMe();
  const form = Form.useFormInstance<Values>();
  const vehicleId = Form.useWatch('vehicleId', form);
  const { data: customer } = useQuery(customerOptions(useApi(), customerId));
  const [chosen, setChosen] = useState<OccasionOption>();
  const pick = (option: OccasionOption | undefined) => {
    setChosen(option);
    const his = customer?.vehicles?.some(({ id }) => id === option?.vehicleId);
    if (option?.vehicleId && his && !form.getFieldValue('vehicleId')) form.setFieldsValue({ vehicleId: option.vehicleId });
  };
  // What is of another vehicle is not what he complains about.
  const vehicleOf = (id: VehicleId | undefined) => {
    if (id && chosen?.vehicleId && chosen.vehicleId !== id) form.setFieldsValue({ occasion: undefined });
    return id;
  };
  return (
    <>
      <Form.Item name="vehicleId" label={t('complaints.fields.vehicle')} getValueFromEvent={vehicleOf}>
        <VehiclePicker customerId={customerId} placeholder={t('complaints.noVehicle')} />
      </Form.Item>
      {(me.can('service', 'view') || me.can('orders', 'view')) && (
        <Form.Item name="occasion" label={t('complaints.fields.occasion')}>
          <OccasionPicker customerId={customerId} vehicleId={vehicleId} onPick={pick} />
        </Form.Item>
      )}
    </>
  );
}

type PickerProps = {
  readonly id?: string;
  readonly value?: OccasionKey;
  readonly onChange?: (occasion: OccasionKey | undefined) => void;
  readonly customerId: CustomerId | undefined;
  readonly vehicleId: VehicleId | undefined;
  readonly onPick: (option: OccasionOption | undefined) => void;
};

/** One of the customer's visits or orders, the latest first, found by number, plate, model, day or category. */
function OccasionPicker({ id, value, onChange, customerId, vehicleId, onPick }: PickerProps) {
  const { t, i18n } = useTranslation();
  const { trpc } = useApi();
  const [typed, setTyped] = useState('');
  const term = useSettled(typed.trim());
  const { visitId, orderId } = occasionOf(value);
  const input = customerId && { customerId, vehicleId: vehicleId ?? null, term, chosenId: visitId ?? orderId };
  const { data, isFetching } = useQuery(trpc.complaints.occasions.queryOptions(input ?? skipToken, { placeholderData: keepPreviousData }));
  const { visits, orders } = occasionOptions(input && data, i18n.language === 'en' ? 'en' : 'zh');
  const groups = [
    { label: t('complaints.occasion.visits'), options: visits },
    { label: t('complaints.occasion.orders'), options: orders },
  ].filter(({ options }) => options.length > 0);
  return (
    <Select<OccasionKey, OccasionOption>
      id={id}
      allowClear
      value={value}
      loading={isFetching}
      disabled={!customerId}
      placeholder={t('complaints.occasion.none')}
      showSearch={{ filterOption: false, onSearch: setTyped, searchValue: typed }}
      notFoundContent={isFetching ? null : t(term === '' ? 'complaints.occasion.empty' : 'controls.noResult')}
      // Options in groups; the type of antd knows those of one level only.
      options={groups as unknown as OccasionOption[]}
      optionRender={({ data: { label, car } }) => (
        <span className="complaint-occasion">
          {label}
          {car && <span className="ui-quiet">{car}</span>}
        </span>
      )}
      onChange={(chosen) => {
        onChange?.(chosen);
        onPick([...visits, ...orders].find((option) => option.value === chosen));
        setTyped('');
      }}
    />
  );
}
