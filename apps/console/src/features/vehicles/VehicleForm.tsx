import { MinusCircleOutlined, PlusOutlined } from '@ant-design/icons';
import type { CustomerId, VehicleId } from '@baoke/core/kernel';
import {
  POLICY_KINDS,
  readVin,
  TRANSMISSIONS,
  VEHICLE_STATUSES,
  type PolicyKind,
  type Transmission,
  type VehicleStatus,
  hasLeftOwner,
} from '@baoke/core/vehicles';
import type { AppRouter } from '@baoke/api/router';
import type { VehicleView } from '@baoke/core/vehicles/wire';
import { DateField, FormPage, useToast, type FieldLabels } from '@baoke/ui';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { TRPCClientError } from '@trpc/client';
import { Button, Checkbox, Form, Input, InputNumber, Select } from 'antd';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Api } from '../../shell/api.ts';
import { paths } from '../../shell/paths.ts';
import { useApi } from '../../shell/session.ts';
import { refreshVehicles, vehicleOptions } from './queries.ts';
import './vehicles.css';

const TEXTS = ['plate', 'vin', 'brand', 'model', 'configuration', 'engineNo', 'colour'] as const;
const DATES = ['deliveredOn', 'purchasedOn', 'platedOn', 'inspectionDueOn', 'warrantyUntil', 'nextServiceOn'] as const;
const KILOMETRES = ['nextServiceKm', 'warrantyKm'] as const;
const FIELDS = [...TEXTS, ...DATES, ...KILOMETRES, 'transmission', 'status', 'soldByUs', 'remark', 'policies'] as const;

type Policy = { readonly kind: PolicyKind; readonly insurer?: string | null; readonly expiresOn: string };
type Values = { readonly [K in (typeof TEXTS)[number] | (typeof DATES)[number]]?: string | null } & {
  readonly [K in (typeof KILOMETRES)[number]]?: number | null;
} & {
  readonly transmission?: Transmission | null;
  readonly status?: VehicleStatus;
  readonly soldByUs?: boolean;
  readonly remark?: string | null;
  readonly policies?: readonly Policy[];
  readonly vinReason?: string;
};

/** Another car on file with the plate that was typed: it is looked at before the plate goes to this one. */
type PlateHolder = { readonly vehicleId: VehicleId; readonly plate: string };

/** What is told of a plate on file, and which cars with it were looked at. */
function usePlateHolder() {
  const [holder, setHolder] = useState<PlateHolder>();
  const [seen, setSeen] = useState<readonly VehicleId[]>([]);
  return {
    fields: {
      holder,
      isSeen: holder !== undefined && seen.includes(holder.vehicleId),
      onSee: (vehicleId: VehicleId, looked: boolean) =>
        setSeen(looked ? [...seen, vehicleId] : seen.filter((other) => other !== vehicleId)),
    },
    /** Saves with the cars that were looked at; a plate refused is told beside its field. */
    async save<T>(plate: string | null | undefined, send: (seenVehicles: VehicleId[]) => Promise<T>): Promise<T> {
      try {
        return await send([...seen]);
      } catch (error) {
        const vehicleId = plateHolderOf(error);
        if (vehicleId && plate) setHolder({ vehicleId, plate });
        throw error;
      }
    },
  };
}

function plateHolderOf(error: unknown): VehicleId | undefined {
  if (!(error instanceof TRPCClientError)) return undefined;
  const { data } = error as TRPCClientError<AppRouter>;
  const told = data?.fields?.find(({ code }) => code === 'vehicles.plate_on_file');
  return told?.params?.['vehicleId'] as VehicleId | undefined; // the server names the vehicle that has it
}

/** A car of a customer, entered with what stands on its papers. */
export function NewVehiclePage() {
  const { t } = useTranslation();
  const api = useApi();
  const toast = useToast();
  const navigate = useNavigate();
  const { customerId } = useParams({ from: '/signed-in/customers/$customerId/vehicles/new' });
  const { data: owner } = useSuspenseQuery(customerOptionsOf(api, customerId));
  const plates = usePlateHolder();
  return (
    <FormPage<Values>
      draftKey={`vehicle.new.${customerId}`}
      title={t('vehicles.createTitle', { name: owner.name })}
      submitText={t('common.save')}
      initial={{ status: 'in_use', soldByUs: false, policies: [] }}
      onSubmit={async ({ policies, vinReason, ...values }) => {
        const { vehicleId } = await plates.save(values.plate, (seenVehicles) =>
          api.client.vehicles.create.mutate({
            customerId,
            ...emptied(values),
            policies: [...(policies ?? [])],
            vinReason: vinReason ?? null,
            seenVehicles,
          }),
        );
        await refreshVehicles(api);
        toast.success(t('vehicles.saved'));
        await navigate(paths.vehicle(vehicleId));
      }}
      onCancel={() => void navigate(paths.customer(customerId))}
    >
      <VehicleFields {...plates.fields} />
    </FormPage>
  );
}

function customerOptionsOf(api: Api, customerId: CustomerId) {
  return api.trpc.customers.get.queryOptions({ customerId });
}

/** Changes a car's file; only what was changed is sent, with what stood there before. */
export function EditVehiclePage() {
  const { t } = useTranslation();
  const api = useApi();
  const toast = useToast();
  const navigate = useNavigate();
  const { vehicleId } = useParams({ from: '/signed-in/vehicles/$vehicleId/edit' });
  const options = vehicleOptions(api, vehicleId);
  const { data } = useSuspenseQuery(options);
  const [started, setStarted] = useState(data);
  const plates = usePlateHolder();
  const initial = valuesOf(started);
  return (
    <FormPage<Values>
      draftKey={`vehicle.${vehicleId}`}
      title={t('vehicles.editTitle')}
      submitText={t('common.save')}
      initial={initial}
      conflictLabels={conflictLabels(t)}
      onConflict={async () => {
        const stored = await api.queryClient.fetchQuery({ ...options, staleTime: 0 });
        setStarted(stored);
        return valuesOf(stored);
      }}
      onSubmit={async ({ vinReason, ...values }) => {
        const before: Readonly<Record<string, unknown>> = initial;
        const changed = Object.entries(values).filter(
          ([field, value]) => JSON.stringify(value ?? null) !== JSON.stringify(before[field] ?? null),
        );
        const base = Object.fromEntries(changed.map(([field]) => [field, (before[field] ?? null) as string | null]));
        await plates.save(values.plate, (seenVehicles) =>
          api.client.vehicles.update.mutate({
            vehicleId,
            version: started.version,
            changes: emptied(Object.fromEntries(changed)),
            base,
            vinReason: vinReason ?? null,
            seenVehicles,
          }),
        );
        await refreshVehicles(api);
        toast.success(t('vehicles.saved'));
        // A car that has left its owner may be out of sight for whoever looks after him.
        const left = started.owner && values.status !== started.status && values.status && hasLeftOwner(values.status);
        await navigate(left && started.owner ? paths.customer(started.owner.id) : paths.vehicle(vehicleId));
      }}
      onCancel={() => void navigate(paths.vehicle(vehicleId))}
    >
      <VehicleFields {...plates.fields} />
    </FormPage>
  );
}

function valuesOf(vehicle: VehicleView): Values {
  return Object.fromEntries(FIELDS.map((field) => [field, vehicle[field]])) as Values; // the form's own fields, under their names
}

function conflictLabels(t: TFunction): FieldLabels {
  const worded = (words: Readonly<Record<string, string>>) => (value: unknown) =>
    value === null ? '–' : (words[String(value)] ?? String(value));
  const kinds = t('vehicles.policyKinds', { returnObjects: true });
  const shows: Readonly<Record<string, (value: unknown) => string>> = {
    transmission: worded(t('vehicles.transmissions', { returnObjects: true })),
    status: worded(t('vehicles.statuses', { returnObjects: true })),
    soldByUs: (value) => t(value ? 'common.yes' : 'common.no'),
    policies: (value) =>
      (value as readonly Policy[] | null)
        ?.map(({ kind, insurer, expiresOn }) => [kinds[kind], insurer, expiresOn].filter(Boolean).join(' '))
        .join('\n') || '–',
  };
  return Object.fromEntries(
    Object.entries(t('vehicles.fields', { returnObjects: true })).map(([field, label]) => [
      field,
      { label, ...(shows[field] && { show: shows[field] }) },
    ]),
  );
}

// An emptied field is sent as nothing, one never touched not at all.
function emptied<V extends object>(values: V): { [K in keyof V]: Exclude<V[K], undefined> } {
  return Object.fromEntries(
    Object.entries(values).flatMap(([field, value]) => (value === undefined ? [] : [[field, value === '' ? null : value]])),
  ) as { [K in keyof V]: Exclude<V[K], undefined> }; // the same fields, the missing ones left out
}

function VehicleFields({ holder, isSeen, onSee }: ReturnType<typeof usePlateHolder>['fields']) {
  const { t } = useTranslation();
  const form = Form.useFormInstance<Values>();
  const vin = Form.useWatch('vin', form);
  const read = vin ? readVin(vin) : undefined;
  const plate = Form.useWatch('plate', form);
  const plateHint = holder && holder.plate === plate && (
    <span className="vehicle-plate-holder">
      <Checkbox checked={isSeen} onChange={({ target }) => onSee(holder.vehicleId, target.checked)}>
        {t('vehicles.plateMoved')}
      </Checkbox>
      <Link {...paths.vehicle(holder.vehicleId)} target="_blank">
        {t('vehicles.plateHolder')}
      </Link>
    </span>
  );
  const name = (field: (typeof FIELDS)[number]) => t(`vehicles.fields.${field}`);
  return (
    <>
      <div className="ui-form-grid">
        {TEXTS.map((field) => (
          <Form.Item
            key={field}
            name={field}
            label={name(field)}
            extra={field === 'vin' ? t('vehicles.vinHint') : field === 'plate' ? plateHint || t('vehicles.plateHint') : undefined}
          >
            <Input maxLength={field === 'vin' ? 40 : 60} autoComplete="off" />
          </Form.Item>
        ))}
        <Form.Item name="transmission" label={name('transmission')}>
          <Select allowClear options={TRANSMISSIONS.map((value) => ({ value, label: t(`vehicles.transmissions.${value}`) }))} />
        </Form.Item>
        {read?.ok && read.check === 'wrong_check_digit' && (
          <Form.Item
            name="vinReason"
            label={t('vehicles.fields.vinReason')}
            extra={t('refusals.vehicles.vin_check_digit')}
            rules={[{ required: true, whitespace: true, message: t('fieldFaults.required') }]}
          >
            <Input maxLength={200} />
          </Form.Item>
        )}
        {DATES.map((field) => (
          <Form.Item key={field} name={field} label={name(field)}>
            <DateField />
          </Form.Item>
        ))}
        {KILOMETRES.map((field) => (
          <Form.Item key={field} name={field} label={name(field)}>
            <InputNumber min={0} max={3_000_000} precision={0} className="ui-wide" />
          </Form.Item>
        ))}
        <Form.Item name="status" label={name('status')} extra={t('vehicles.statusHint')}>
          <Select options={VEHICLE_STATUSES.map((value) => ({ value, label: t(`vehicles.statuses.${value}`) }))} />
        </Form.Item>
      </div>
      <Form.Item name="soldByUs" valuePropName="checked">
        <Checkbox>{name('soldByUs')}</Checkbox>
      </Form.Item>
      <Policies />
      <Form.Item name="remark" label={name('remark')}>
        <Input.TextArea rows={3} maxLength={2000} />
      </Form.Item>
    </>
  );
}

function Policies() {
  const { t } = useTranslation();
  return (
    <Form.List name="policies">
      {(fields, { add, remove }) => (
        <Form.Item label={t('vehicles.sections.policies')}>
          {fields.map(({ key, name: at }) => (
            <div key={key} className="vehicle-policy-row">
              <Form.Item name={[at, 'kind']} noStyle>
                <Select
                  aria-label={t('vehicles.fields.policyKind')}
                  options={POLICY_KINDS.map((value) => ({ value, label: t(`vehicles.policyKinds.${value}`) }))}
                />
              </Form.Item>
              <Form.Item name={[at, 'insurer']} noStyle>
                <Input maxLength={60} placeholder={t('vehicles.fields.insurer')} aria-label={t('vehicles.fields.insurer')} />
              </Form.Item>
              <Form.Item name={[at, 'expiresOn']} noStyle rules={[{ required: true, message: t('fieldFaults.required') }]}>
                <DateField placeholder={t('vehicles.fields.expiresOn')} aria-label={t('vehicles.fields.expiresOn')} />
              </Form.Item>
              <Button type="text" icon={<MinusCircleOutlined />} aria-label={t('vehicles.removePolicy')} onClick={() => remove(at)} />
            </div>
          ))}
          <Button type="link" size="small" icon={<PlusOutlined />} onClick={() => add({ kind: 'commercial' })}>
            {t('vehicles.addPolicy')}
          </Button>
        </Form.Item>
      )}
    </Form.List>
  );
}
