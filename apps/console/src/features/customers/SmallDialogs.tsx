import {
  CONSENT_CHANNELS,
  CONSENT_PURPOSES,
  endsIdNumber,
  OBSERVATION_POINTS,
  type ConsentChannel,
  type ConsentPurpose,
  type ObservationPoint,
} from '@baoke/core/customers';
import type { CustomerCard } from '@baoke/core/customers/wire';
import { FormDialog, useToast } from '@baoke/ui';
import { Alert, Checkbox, Form, Input, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../shell/session.ts';
import { cardOptions, refreshCustomers } from './queries.ts';

type Props = { readonly card: CustomerCard; readonly onClose: () => void };

type FlagValues = {
  readonly isFleet: boolean;
  readonly isVip: boolean;
  readonly isDifficult: boolean;
  readonly difficultReason?: string | null;
};

/** Fleet, VIP, difficult: the last needs its reason. */
export function FlagsDialog({ card, onClose }: Props) {
  const { t } = useTranslation();
  const api = useApi();
  const toast = useToast();
  const labels = {
    isFleet: t('customers.flags.fleet'),
    isVip: t('customers.flags.vip'),
    isDifficult: t('customers.flags.difficult'),
    difficultReason: t('customers.fields.difficultReason'),
  };
  return (
    <FormDialog<FlagValues>
      draftKey={`customer.${card.id}.flags`}
      title={t('customers.flagsTitle')}
      hint={t('customers.flagsHint')}
      submitText={t('common.save')}
      initial={{ isFleet: card.isFleet, isVip: card.isVip, isDifficult: card.isDifficult, difficultReason: card.difficultReason }}
      conflictLabels={Object.fromEntries(
        Object.entries(labels).map(([field, label]) => [
          field,
          { label, ...(field.startsWith('is') && { show: (flag: unknown) => t(flag ? 'common.yes' : 'common.no') }) },
        ]),
      )}
      onConflict={() => api.queryClient.refetchQueries(cardOptions(api, card.id))}
      onSubmit={async (values) => {
        await api.client.customers.setFlags.mutate({ customerId: card.id, version: card.version, ...values });
        await refreshCustomers(api);
        toast.success(t('common.saved'));
        onClose();
      }}
      onClose={onClose}
    >
      {(['isFleet', 'isVip', 'isDifficult'] as const).map((flag) => (
        <Form.Item key={flag} name={flag} valuePropName="checked" className="customer-flag">
          <Checkbox>{labels[flag]}</Checkbox>
        </Form.Item>
      ))}
      <Form.Item noStyle dependencies={['isDifficult']}>
        {({ getFieldValue }) =>
          getFieldValue('isDifficult') && (
            <Form.Item
              name="difficultReason"
              label={labels.difficultReason}
              rules={[{ required: true, whitespace: true, message: t('refusals.customers.difficult_needs_reason') }]}
            >
              <Input.TextArea rows={3} maxLength={500} />
            </Form.Item>
          )
        }
      </Form.Item>
    </FormDialog>
  );
}

type ObservationValues = { readonly point?: ObservationPoint; readonly content: string };

export function ObservationDialog({ card, onClose }: Props) {
  const { t } = useTranslation();
  const api = useApi();
  const toast = useToast();
  return (
    <FormDialog<ObservationValues>
      draftKey={`customer.${card.id}.observation`}
      title={t('customers.observeTitle')}
      hint={t('customers.observeHint')}
      submitText={t('common.save')}
      onSubmit={async ({ point, content }) => {
        await api.client.customers.addObservation.mutate({ customerId: card.id, point: point ?? null, content });
        await refreshCustomers(api);
        toast.success(t('customers.observed'));
        onClose();
      }}
      onClose={onClose}
    >
      <Form.Item
        name="content"
        label={t('customers.observeContent')}
        rules={[{ required: true, whitespace: true, message: t('fieldFaults.required') }]}
      >
        <Input.TextArea rows={4} maxLength={2000} />
      </Form.Item>
      <Form.Item name="point" label={t('customers.observePoint')}>
        <Select allowClear options={OBSERVATION_POINTS.map((value) => ({ value, label: t(`customers.points.${value}`) }))} />
      </Form.Item>
    </FormDialog>
  );
}

type ConsentValues = {
  readonly purpose: ConsentPurpose;
  readonly channel: ConsentChannel;
  readonly granted: boolean;
  readonly source: string;
};

/** Consent to be reached is given by channel; that to the keeping of an ID number is not. */
const REACHING = CONSENT_CHANNELS.filter((channel) => channel !== 'none');

export function ConsentDialog({ card, onClose }: Props) {
  const { t } = useTranslation();
  const api = useApi();
  const toast = useToast();
  return (
    <FormDialog<ConsentValues>
      draftKey={`customer.${card.id}.consent`}
      title={t('customers.consentTitle')}
      submitText={t('common.save')}
      initial={{ purpose: 'service', channel: 'phone', granted: true }}
      onSubmit={async (values) => {
        await api.client.customers.recordConsent.mutate({
          customerId: card.id,
          ...values,
          channel: values.purpose === 'identity' ? 'none' : values.channel,
        });
        await refreshCustomers(api);
        toast.success(t('customers.consentRecorded'));
        onClose();
      }}
      onClose={onClose}
    >
      <Form.Item name="granted">
        <Radio.Group
          optionType="button"
          options={[
            { value: true, label: t('customers.consentGranted') },
            { value: false, label: t('customers.consentWithdrawn') },
          ]}
        />
      </Form.Item>
      <div className="ui-form-grid">
        <Form.Item name="purpose">
          <Select
            aria-label={t('customers.consentPurpose')}
            options={CONSENT_PURPOSES.map((value) => ({ value, label: t(`customers.purposes.${value}`) }))}
          />
        </Form.Item>
        <Form.Item noStyle dependencies={['purpose']}>
          {({ getFieldValue }) =>
            getFieldValue('purpose') !== 'identity' && (
              <Form.Item name="channel">
                <Select
                  aria-label={t('customers.consentChannel')}
                  options={REACHING.map((value) => ({ value, label: t(`customers.channels.${value}`) }))}
                />
              </Form.Item>
            )
          }
        </Form.Item>
      </div>
      <Form.Item noStyle dependencies={['purpose', 'granted']}>
        {({ getFieldsValue }) =>
          endsIdNumber(card.idDocument, getFieldsValue()) && (
            <Form.Item>
              <Alert type="warning" showIcon title={t('customers.consentForgetsIdNumber')} />
            </Form.Item>
          )
        }
      </Form.Item>
      <Form.Item
        name="source"
        label={t('customers.consentSource')}
        rules={[{ required: true, whitespace: true, message: t('fieldFaults.required') }]}
      >
        <Input maxLength={100} placeholder={t('customers.consentSourceHint')} />
      </Form.Item>
    </FormDialog>
  );
}
