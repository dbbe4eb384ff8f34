import { IDENTITY_CONSENT } from '@baoke/core/customers';
import type { CustomerId } from '@baoke/core/kernel';
import { FormPage, useToast, type Intent } from '@baoke/ui';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { paths } from '../../shell/paths.ts';
import { useApi } from '../../shell/session.ts';
import './customers.css';
import { CustomerFields, type CustomerValues } from './CustomerForm.tsx';
import { DuplicatePanel } from './DuplicatePanel.tsx';
import { refreshCustomers } from './queries.ts';

/** Opens a file; who may be on file already is seen beside it while typing. */
export function NewCustomerPage() {
  const { t } = useTranslation();
  const api = useApi();
  const toast = useToast();
  const navigate = useNavigate();
  const [typed, setTyped] = useState<Partial<CustomerValues>>({});
  const [judged, setJudged] = useState<readonly CustomerId[]>([]);
  const submit = async ({ phones, contactPersons, vehicle, birthDate, identityConsent, ...values }: CustomerValues, intent: Intent) => {
    const { customerId } = await api.client.customers.create.mutate({
      ...values,
      birthDate: birthDate || null,
      consents: values.idNumber && identityConsent ? [IDENTITY_CONSENT] : [],
      phones: [...phones],
      contactPersons: [...(contactPersons ?? [])],
      vehicle: vehicle?.plate || vehicle?.vin ? vehicle : null,
      seenDuplicates: [...judged],
    });
    void refreshCustomers(api);
    toast.success(t('customers.created', { name: values.name }));
    setJudged([]);
    if (intent !== 'new') await navigate(paths.customer(customerId));
  };
  return (
    <FormPage<CustomerValues>
      draftKey="customer.new"
      title={t('customers.createTitle')}
      hint={t('customers.createHint')}
      submitText={t('common.save')}
      initial={{ kind: 'person', phones: [''] }}
      onSubmit={submit}
      onChange={setTyped}
      onCancel={() => void navigate(paths.customers())}
      aside={(settled) => (
        <DuplicatePanel
          values={typed}
          judged={judged}
          onJudge={(id, left) => {
            setJudged([...judged, id]);
            if (left === 0) settled();
          }}
        />
      )}
    >
      <CustomerFields isNew />
    </FormPage>
  );
}
