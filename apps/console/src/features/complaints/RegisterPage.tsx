import {
  COMPLAINT_KINDS,
  COMPLAINT_SOURCES,
  branchOf,
  SEVERITIES,
  type ComplaintKind,
  type ComplaintSource,
  type Severity,
} from '@baoke/core/complaints';
import type { CustomerId, DepartmentId, StaffId, VehicleId } from '@baoke/core/kernel';
import { DateText, FormPage, type Intent, useToast } from '@baoke/ui';
import { keepPreviousData, skipToken, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Form, Input, Radio, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CustomerPicker } from '../../shell/RecordPickers.tsx';
import { paths } from '../../shell/paths.ts';
import { useApi } from '../../shell/session.ts';
import './complaints.css';
import { occasionOf, type OccasionKey } from '../../shell/complaints/occasion.ts';
import { OccasionItems } from '../../shell/complaints/OccasionItems.tsx';
import { complaintKindText } from '@baoke/i18n/lazy';

type Values = {
  readonly customerId: CustomerId;
  readonly vehicleId?: VehicleId;
  readonly occasion?: OccasionKey;
  readonly kind: ComplaintKind;
  readonly severity: Severity;
  readonly source: ComplaintSource;
  readonly departmentId: DepartmentId;
  readonly accusedId?: StaffId;
  readonly content: string;
};

/** Registers a complaint; what the customer will be promised is seen before it is frozen. */
export function RegisterPage() {
  const { t } = useTranslation();
  const toast = useToast();
  const api = useApi();
  const navigate = useNavigate();
  const { customerId } = useSearch({ from: '/signed-in/complaints/new' });
  const [typed, setTyped] = useState<Partial<Values>>({});
  const submit = async ({ vehicleId, occasion, accusedId, ...values }: Values, intent: Intent) => {
    const { complaint } = await api.client.complaints.register.mutate({
      ...values,
      vehicleId: vehicleId ?? null,
      ...occasionOf(occasion),
      accusedId: accusedId ?? null,
    });
    void api.queryClient.invalidateQueries(api.trpc.complaints.pathFilter());
    toast.success(t('complaints.registered', { number: complaint.number }));
    if (intent !== 'new') await navigate(paths.complaint(complaint.id));
  };
  return (
    <FormPage<Values>
      draftKey="complaint.new"
      title={t('complaints.register')}
      hint={t('complaints.hint')}
      submitText={t('complaints.register')}
      initial={{ severity: 'normal', ...(customerId ? { customerId: customerId as CustomerId } : {}) }}
      onSubmit={submit}
      onChange={setTyped}
      onCancel={() => void navigate(paths.complaints())}
      aside={<PromisePreview values={typed} />}
    >
      <RegisterFields />
    </FormPage>
  );
}

function RegisterFields() {
  const { t } = useTranslation();
  const { trpc } = useApi();
  const { data } = useSuspenseQuery(trpc.complaints.options.queryOptions());
  const form = Form.useFormInstance<Values>();
  const customerId = Form.useWatch('customerId', form);
  const departmentId = Form.useWatch('departmentId', form);
  const required = [{ required: true, message: t('fieldFaults.required') }];
  // The kind says which part of the house it is about; the department follows unless somebody chooses another.
  const followKind = (kind: ComplaintKind) => {
    const department = data.departments.find((candidate) => candidate.kind === branchOf(kind));
    if (department) form.setFieldsValue({ departmentId: department.id });
  };
  const colleagues = data.staff.filter((person) => person.active && (departmentId === undefined || person.departmentId === departmentId));
  return (
    <>
      <Form.Item name="customerId" label={t('complaints.fields.customer')} rules={required}>
        <CustomerPicker
          placeholder={t('complaints.searchCustomer')}
          onPicked={() => form.setFieldsValue({ vehicleId: undefined, occasion: undefined })}
        />
      </Form.Item>
      <div className="ui-form-grid">
        <OccasionItems customerId={customerId} />
      </div>
      <Form.Item
        name="content"
        label={t('complaints.fields.content')}
        rules={[{ required: true, whitespace: true, message: t('fieldFaults.required') }]}
      >
        <Input.TextArea rows={5} maxLength={4000} />
      </Form.Item>
      <div className="ui-form-grid">
        <Form.Item name="kind" label={t('complaints.fields.kind')} rules={required}>
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            onChange={followKind}
            options={(['sales', 'service'] as const).map((branch) => ({
              label: t(`complaints.branches.${branch}`),
              options: COMPLAINT_KINDS.filter((kind) => branchOf(kind) === branch).map((kind) => ({
                value: kind,
                label: complaintKindText(t, kind),
              })),
            }))}
          />
        </Form.Item>
        <Form.Item name="source" label={t('complaints.fields.source')} rules={required}>
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            options={COMPLAINT_SOURCES.filter((source) => source !== 'api').map((value) => ({
              value,
              label: t(`complaints.sources.${value}`),
            }))}
          />
        </Form.Item>
      </div>
      <Form.Item name="severity" label={t('complaints.fields.severity')} rules={required}>
        <Radio.Group optionType="button" options={SEVERITIES.map((value) => ({ value, label: t(`complaints.severities.${value}`) }))} />
      </Form.Item>
      <div className="ui-form-grid">
        <Form.Item name="departmentId" label={t('complaints.fields.department')} rules={required}>
          <Select
            options={data.departments.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={() => form.setFieldsValue({ accusedId: undefined })}
          />
        </Form.Item>
        <Form.Item name="accusedId" label={t('complaints.fields.accused')}>
          <Select
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            placeholder={t('complaints.noAccused')}
            options={colleagues.map(({ id, name, role }) => ({ value: id, label: name, role }))}
          />
        </Form.Item>
      </div>
    </>
  );
}

/** What a complaint registered now would promise, and who would handle it. */
function PromisePreview({ values: { source, kind, severity, departmentId, accusedId } }: { readonly values: Partial<Values> }) {
  const { t } = useTranslation();
  const { trpc } = useApi();
  const ready =
    source && kind && departmentId
      ? { source, kind, severity: severity ?? 'normal', departmentId, accusedId: accusedId ?? null }
      : skipToken;
  const { data } = useQuery(trpc.complaints.preview.queryOptions(ready, { placeholderData: keepPreviousData }));
  const shown = ready === skipToken ? undefined : data;
  return (
    <>
      <h2>{t('complaints.promisePreview')}</h2>
      {shown ? (
        <dl className="complaint-promises">
          <div>
            <dt>{t('complaints.promises.response')}</dt>
            <dd>
              <strong>
                <DateText at={shown.responseDueAt} />
              </strong>
            </dd>
          </div>
          <div>
            <dt>{t('complaints.promises.close')}</dt>
            <dd>
              <strong>
                <DateText at={shown.closeDueAt} />
              </strong>
            </dd>
          </div>
          <div>
            <dt>{t('complaints.firstHandler')}</dt>
            <dd>
              <strong>{shown.handler?.name ?? t('refusals.complaints.no_handler')}</strong>
            </dd>
          </div>
        </dl>
      ) : (
        <p className="ui-quiet">{t('complaints.previewLater')}</p>
      )}
      <p className="ui-quiet complaint-frozen">{t('complaints.promiseFrozen')}</p>
    </>
  );
}
