import type { CustomerId } from '@baoke/core/kernel';
import type { VehicleView } from '@baoke/core/vehicles/wire';
import { DateField, FormDialog, useToast } from '@baoke/ui';
import { Form, InputNumber } from 'antd';
import { useTranslation } from 'react-i18next';
import { CustomerPicker } from '../../shell/RecordPickers.tsx';
import { useApi } from '../../shell/session.ts';
import { useToday } from '../../shell/today.ts';
import { refreshVehicles, vehicleOptions } from './queries.ts';

type Props = { readonly vehicle: VehicleView; readonly onClose: () => void };

export function MileageDialog({ vehicle, onClose }: Props) {
  const { t } = useTranslation();
  const api = useApi();
  const toast = useToast();
  const today = useToday();
  return (
    <FormDialog<{ readonly mileageKm: number; readonly readOn: string }>
      draftKey={`vehicle.${vehicle.id}.mileage`}
      title={t('vehicles.addMileage')}
      submitText={t('common.save')}
      initial={{ readOn: today }}
      onSubmit={async (values) => {
        const { doubtful } = await api.client.vehicles.addMileage.mutate({ vehicleId: vehicle.id, ...values });
        await refreshVehicles(api);
        if (doubtful) toast.error(t('vehicles.mileageDoubtful'));
        else toast.success(t('vehicles.mileageAdded'));
        onClose();
      }}
      onClose={onClose}
    >
      <Form.Item name="mileageKm" label={t('vehicles.fields.mileageKm')} rules={[{ required: true, message: t('fieldFaults.required') }]}>
        <InputNumber min={0} max={3_000_000} precision={0} className="ui-wide" />
      </Form.Item>
      <Form.Item name="readOn" label={t('vehicles.fields.readOn')} rules={[{ required: true, message: t('fieldFaults.required') }]}>
        <DateField max={today} />
      </Form.Item>
    </FormDialog>
  );
}

export function OwnerDialog({ vehicle, onClose }: Props) {
  const { t } = useTranslation();
  const api = useApi();
  const toast = useToast();
  return (
    <FormDialog<{ readonly customerId: CustomerId; readonly from?: string | null }>
      draftKey={`vehicle.${vehicle.id}.owner`}
      title={t('vehicles.changeOwner')}
      hint={t('vehicles.changeOwnerHint')}
      submitText={t('common.save')}
      conflictLabels={{ ownerId: { label: t('vehicles.fields.owner') } }}
      onConflict={() => api.queryClient.refetchQueries(vehicleOptions(api, vehicle.id))}
      onSubmit={async ({ customerId, from }) => {
        await api.client.vehicles.changeOwner.mutate({
          vehicleId: vehicle.id,
          version: vehicle.version,
          customerId,
          ...(from ? { from } : {}),
        });
        await refreshVehicles(api);
        toast.success(t('vehicles.ownerChanged'));
        onClose();
      }}
      onClose={onClose}
    >
      <Form.Item name="customerId" label={t('vehicles.fields.owner')} rules={[{ required: true, message: t('fieldFaults.required') }]}>
        <CustomerPicker placeholder={t('complaints.searchCustomer')} />
      </Form.Item>
      <Form.Item name="from" label={t('vehicles.fields.from')}>
        <DateField />
      </Form.Item>
    </FormDialog>
  );
}
