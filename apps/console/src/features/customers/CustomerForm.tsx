import { MinusCircleOutlined, PlusOutlined } from '@ant-design/icons';
import { BIRTH_CALENDARS, CONTACT_CHANNEL_PREFERENCES, CUSTOMER_KINDS, GENDERS, readIdNumber } from '@baoke/core/customers';
import type { CustomerId, StaffId } from '@baoke/core/kernel';
import { DateField } from '@baoke/ui';
import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Form, Input, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../shell/session.ts';
import { useToday } from '../../shell/today.ts';

/** A customer file as its form holds it; fields nobody filled in are missing. */
export type CustomerValues = {
  readonly kind: 'person' | 'company';
  readonly name: string;
  readonly phones: readonly string[];
  readonly gender?: 'male' | 'female' | null;
  readonly birthDate?: string | null;
  readonly birthCalendar?: 'solar' | 'lunar' | null;
  readonly idNumber?: string;
  readonly identityConsent?: boolean;
  readonly email?: string | null;
  readonly wechatId?: string | null;
  readonly province?: string | null;
  readonly city?: string | null;
  readonly district?: string | null;
  readonly address?: string | null;
  readonly postcode?: string | null;
  readonly occupation?: string | null;
  readonly employer?: string | null;
  readonly jobTitle?: string | null;
  readonly preferredContactTime?: string | null;
  readonly preferredChannel?: 'phone' | 'sms' | 'wechat' | 'email' | 'post' | null;
  readonly source?: string | null;
  readonly consultantId?: StaffId | null;
  readonly advisorId?: StaffId | null;
  readonly remark?: string | null;
  readonly contactPersons?: readonly { readonly name: string; readonly purchaseRole?: string | null; readonly phone?: string | null }[];
  readonly vehicle?: { readonly plate?: string; readonly vin?: string; readonly model?: string };
  readonly seenDuplicates?: readonly CustomerId[];
};

/** The fields of a file; the first ones are all that a first entry needs. */
export function CustomerFields({ isNew, idNumberMasked }: { readonly isNew: boolean; readonly idNumberMasked?: string | null }) {
  const { t } = useTranslation();
  const { trpc } = useApi();
  const today = useToday();
  const { data } = useQuery(trpc.customers.options.queryOptions());
  const form = Form.useFormInstance<CustomerValues>();
  const company = Form.useWatch('kind', form) === 'company';
  const typedNumber = Form.useWatch('idNumber', form)?.trim() ?? '';
  // Asked for beside the number, as the law wants it apart from everything else; the code of an organisation is nobody's personal data.
  const reading = readIdNumber(typedNumber);
  const needsConsent = typedNumber !== '' && !(reading.ok && reading.kind === 'organisation_code');
  const name = (field: Parameters<typeof label>[0]) => label(field);
  function label(
    field:
      | 'name'
      | 'gender'
      | 'birthDate'
      | 'birthCalendar'
      | 'email'
      | 'wechatId'
      | 'province'
      | 'city'
      | 'district'
      | 'address'
      | 'postcode'
      | 'occupation'
      | 'employer'
      | 'jobTitle'
      | 'preferredContactTime'
      | 'preferredChannel'
      | 'source'
      | 'consultantId'
      | 'advisorId'
      | 'remark'
      | 'idNumber',
  ) {
    return t(`customers.fields.${field}`);
  }
  const staff = data?.staff.filter((person) => person.active).map(({ id, name: person }) => ({ value: id, label: person }));
  const text = (field: Parameters<typeof label>[0], max: number) => (
    <Form.Item name={field} label={name(field)}>
      <Input maxLength={max} />
    </Form.Item>
  );
  return (
    <>
      <Form.Item name="kind">
        <Radio.Group optionType="button" options={CUSTOMER_KINDS.map((value) => ({ value, label: t(`customers.kinds.${value}`) }))} />
      </Form.Item>
      <div className="ui-form-grid">
        <Form.Item
          name="name"
          label={company ? t('customers.fields.companyName') : name('name')}
          rules={[{ required: true, whitespace: true, message: t('fieldFaults.required') }]}
        >
          <Input maxLength={100} autoFocus={isNew} autoComplete="off" />
        </Form.Item>
        <Phones />
      </div>
      {isNew && (
        <fieldset className="customer-fieldset">
          <legend>{t('customers.sections.vehicle')}</legend>
          <div className="ui-form-grid">
            <Form.Item name={['vehicle', 'plate']} label={t('vehicles.fields.plate')} extra={t('vehicles.plateHint')}>
              <Input maxLength={20} autoComplete="off" />
            </Form.Item>
            <Form.Item name={['vehicle', 'vin']} label={t('vehicles.fields.vin')} extra={t('vehicles.vinHint')}>
              <Input maxLength={40} autoComplete="off" />
            </Form.Item>
          </div>
          <Form.Item name={['vehicle', 'model']} label={t('vehicles.fields.model')}>
            <Input maxLength={100} />
          </Form.Item>
        </fieldset>
      )}
      <fieldset className="customer-fieldset">
        <legend>{t('customers.sections.basics')}</legend>
        {!company && (
          <div className="ui-form-grid">
            <Form.Item name="gender" label={name('gender')}>
              <Select allowClear options={GENDERS.map((value) => ({ value, label: t(`customers.genders.${value}`) }))} />
            </Form.Item>
            <Form.Item label={name('birthDate')} className="customer-birth">
              <Form.Item name="birthDate" noStyle>
                <DateField aria-label={name('birthDate')} max={today} />
              </Form.Item>
              <Form.Item name="birthCalendar" noStyle>
                <Select
                  allowClear
                  aria-label={name('birthCalendar')}
                  placeholder={name('birthCalendar')}
                  options={BIRTH_CALENDARS.map((value) => ({ value, label: t(`customers.calendars.${value}`) }))}
                />
              </Form.Item>
            </Form.Item>
          </div>
        )}
        <Form.Item
          name="idNumber"
          label={name('idNumber')}
          extra={idNumberMasked ? t('customers.idKeep', { tail: idNumberMasked }) : undefined}
        >
          <Input maxLength={30} autoComplete="off" />
        </Form.Item>
        {needsConsent && (
          <Form.Item
            name="identityConsent"
            valuePropName="checked"
            extra={t('customers.identityConsentHint')}
            rules={[
              {
                validator: (_, agreed: boolean) =>
                  agreed ? Promise.resolve() : Promise.reject(new Error(t('refusals.customers.id_number_needs_consent'))),
              },
            ]}
          >
            <Checkbox>{t('customers.identityConsent')}</Checkbox>
          </Form.Item>
        )}
      </fieldset>
      <fieldset className="customer-fieldset">
        <legend>{t('customers.sections.contact')}</legend>
        <div className="ui-form-grid">
          {text('wechatId', 60)}
          {text('email', 200)}
          {text('province', 40)}
          {text('city', 40)}
          {text('district', 40)}
          {text('postcode', 6)}
        </div>
        {text('address', 200)}
      </fieldset>
      {company && <ContactPersons />}
      <fieldset className="customer-fieldset">
        <legend>{t('customers.sections.care')}</legend>
        <div className="ui-form-grid">
          {!company && text('occupation', 60)}
          {!company && text('employer', 100)}
          {text('preferredContactTime', 60)}
          <Form.Item name="preferredChannel" label={name('preferredChannel')}>
            <Select allowClear options={CONTACT_CHANNEL_PREFERENCES.map((value) => ({ value, label: t(`customers.channels.${value}`) }))} />
          </Form.Item>
          <Form.Item name="consultantId" label={name('consultantId')}>
            <Select allowClear showSearch={{ optionFilterProp: 'label' }} options={staff} />
          </Form.Item>
          <Form.Item name="advisorId" label={name('advisorId')}>
            <Select allowClear showSearch={{ optionFilterProp: 'label' }} options={staff} />
          </Form.Item>
          {text('source', 60)}
        </div>
        <Form.Item name="remark" label={name('remark')}>
          <Input.TextArea rows={3} maxLength={2000} />
        </Form.Item>
      </fieldset>
    </>
  );
}

function Phones() {
  const { t } = useTranslation();
  return (
    <Form.List name="phones">
      {(fields, { add, remove }) => (
        <Form.Item label={t('customers.fields.phones')} required extra={t('customers.phonesHint')}>
          {fields.map(({ key, name: at }) => (
            <div key={key} className="customer-phone-row">
              <Form.Item name={at} rules={[{ required: true, whitespace: true, message: t('refusals.customers.phone_missing') }]} noStyle>
                <Input
                  inputMode="tel"
                  maxLength={40}
                  autoComplete="off"
                  aria-label={t(at === 0 ? 'customers.fields.primaryPhone' : 'customers.fields.otherPhone')}
                />
              </Form.Item>
              {fields.length > 1 && (
                <Button type="text" icon={<MinusCircleOutlined />} aria-label={t('customers.removePhone')} onClick={() => remove(at)} />
              )}
            </div>
          ))}
          {fields.length < 8 && (
            <Button type="link" size="small" icon={<PlusOutlined />} onClick={() => add('')}>
              {t('customers.addPhone')}
            </Button>
          )}
        </Form.Item>
      )}
    </Form.List>
  );
}

function ContactPersons() {
  const { t } = useTranslation();
  return (
    <fieldset className="customer-fieldset">
      <legend>{t('customers.sections.people')}</legend>
      <Form.List name="contactPersons">
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name: at }) => (
              <div key={key} className="customer-person-row">
                <Form.Item name={[at, 'name']} rules={[{ required: true, whitespace: true, message: t('fieldFaults.required') }]}>
                  <Input
                    maxLength={60}
                    placeholder={t('customers.fields.contactPersonName')}
                    aria-label={t('customers.fields.contactPersonName')}
                  />
                </Form.Item>
                <Form.Item name={[at, 'purchaseRole']}>
                  <Input maxLength={60} placeholder={t('customers.fields.purchaseRole')} aria-label={t('customers.fields.purchaseRole')} />
                </Form.Item>
                <Form.Item name={[at, 'phone']}>
                  <Input maxLength={40} inputMode="tel" placeholder={t('common.phone')} aria-label={t('common.phone')} />
                </Form.Item>
                <Button type="text" icon={<MinusCircleOutlined />} aria-label={t('customers.removePerson')} onClick={() => remove(at)} />
              </div>
            ))}
            <Button type="link" size="small" icon={<PlusOutlined />} onClick={() => add({})}>
              {t('customers.addPerson')}
            </Button>
          </>
        )}
      </Form.List>
    </fieldset>
  );
}
