import { IDENTITY_CONSENT } from '@baoke/core/customers';
import { FormPage, useToast } from '@baoke/ui';
import { useQuery } from '@tanstack/react-query';
import { useLoaderData, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Api } from '../../shell/api.ts';
import { paths } from '../../shell/paths.ts';
import { useApi } from '../../shell/session.ts';
import './customers.css';
import { CustomerFields, type CustomerValues } from './CustomerForm.tsx';
import { DuplicatePanel } from './DuplicatePanel.tsx';
import { refreshCustomers } from './queries.ts';
import { conflictLabels } from './words.ts';

type Opened = Awaited<ReturnType<Api['client']['customers']['openForEdit']['mutate']>>;

function fieldsOf({ customerId: _id, version: _version, idNumberMasked: _masked, ...fields }: Opened) {
  return fields;
}

/** Changes a file. Only what was changed is sent, with what stood there before, so that two people's changes are joined. */
export function EditCustomerPage() {
  const { t } = useTranslation();
  const api = useApi();
  const toast = useToast();
  const navigate = useNavigate();
  const opened = useLoaderData({ from: '/signed-in/customers/$customerId/edit' });
  const [started, setStarted] = useState(opened);
  const [typed, setTyped] = useState<Partial<CustomerValues>>({});
  const { customerId, version, idNumberMasked } = started;
  const initial = fieldsOf(started);
  const { data: options } = useQuery(api.trpc.customers.options.queryOptions());
  const submit = async ({ idNumber, identityConsent, seenDuplicates: _seen, vehicle: _vehicle, ...values }: CustomerValues) => {
    const before: Readonly<Record<string, unknown>> = initial;
    const changed = Object.entries(values).filter(
      ([field, value]) => JSON.stringify(value || null) !== JSON.stringify(before[field] || null),
    );
    const changes = Object.fromEntries(changed.map(([field, value]) => [field, value === '' || value === undefined ? null : value]));
    const base = Object.fromEntries(changed.map(([field]) => [field, (before[field] ?? null) as string | null]));
    await api.client.customers.update.mutate({
      customerId,
      version,
      changes: { ...changes, ...(idNumber ? { idNumber } : {}) },
      base,
      consents: idNumber && identityConsent && !initial.identityConsent ? [IDENTITY_CONSENT] : [],
    });
    await refreshCustomers(api);
    toast.success(t('customers.saved'));
    await navigate(paths.customer(customerId));
  };
  return (
    <FormPage<CustomerValues>
      draftKey={`customer.${customerId}`}
      title={t('customers.editTitle')}
      submitText={t('common.save')}
      initial={initial}
      onSubmit={submit}
      onConflict={async () => {
        const stored = await api.client.customers.openForEdit.mutate({ customerId });
        setStarted(stored);
        return fieldsOf(stored);
      }}
      conflictLabels={conflictLabels(t, options?.staff ?? [])}
      onChange={setTyped}
      onCancel={() => void navigate(paths.customer(customerId))}
      aside={<DuplicatePanel values={{ ...initial, ...typed }} except={customerId} />}
    >
      <CustomerFields isNew={false} idNumberMasked={idNumberMasked} />
    </FormPage>
  );
}
