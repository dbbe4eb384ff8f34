import { CONTACT_CHANNELS, outcomesOf, type ContactChannel } from '@baoke/core/contacts';
import { addDays, instantAt, type CivilDate, type CustomerId, type TimeZone } from '@baoke/core/kernel';
import type { Outcome } from '@baoke/core/tasks';
import { DateField, FormDialog, useToast } from '@baoke/ui';
import { useNavigate } from '@tanstack/react-router';
import { Button, Form, Input, Modal, Radio, Select } from 'antd';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { outcomeText } from './outcome-words.ts';
import { paths } from './paths.ts';
import './record-contact.css';
import { useApi, useMe } from './session.ts';
import { useToday } from './today.ts';

type Values = {
  readonly channel: ContactChannel;
  readonly outcome: Outcome;
  readonly content?: string;
  readonly satisfied?: 'yes' | 'no';
  readonly appointment?: string | null;
  readonly nextOn?: string | null;
};
type Props = { readonly customer: { readonly id: CustomerId; readonly name: string }; readonly onClose: () => void };

/**
 * A contact written down in a few keys: a digit for the outcome, Tab, the words, Ctrl+Enter (spec 01: under 10 seconds by keyboard alone).
 */
export function RecordContactDialog({ customer, onClose }: Props) {
  const { t } = useTranslation();
  const api = useApi();
  const me = useMe();
  const toast = useToast();
  const [modal, asking] = Modal.useModal();
  const navigate = useNavigate();
  const zone = me.store.timeZone as TimeZone; // the server sends a zone it checked
  const submit = async ({ channel, outcome, content, satisfied, appointment, nextOn }: Values) => {
    const [day, time] = appointment?.split('T') ?? [];
    const { suggestsComplaint } = await api.client.contacts.record.mutate({
      customerId: customer.id,
      channel,
      outcome,
      content: content ?? null,
      satisfied: satisfied === undefined ? null : satisfied === 'yes',
      appointmentAt: day && time ? instantAt(zone, day as CivilDate, time) : null,
      nextOn: nextOn || null,
    });
    void api.queryClient.invalidateQueries(api.trpc.customers.pathFilter());
    void api.queryClient.invalidateQueries({ queryKey: [['tasks']] });
    toast.success(nextOn ? t('contacts.recordedNext', { on: nextOn }) : t('contacts.recorded'));
    // Asked while the dialog is still there: the question hangs on it.
    const registers =
      suggestsComplaint &&
      me.can('complaints', 'edit') &&
      (await modal.confirm({
        title: t('contacts.suggestComplaint'),
        okText: t('contacts.registerComplaint'),
        cancelText: t('common.cancel'),
      }));
    onClose();
    if (registers) void navigate(paths.registerComplaint(customer.id));
  };
  return (
    <>
      <FormDialog<Values>
        draftKey={`contact.${customer.id}`}
        title={t('contacts.recordTitle', { name: customer.name })}
        hint={t('contacts.recordHint')}
        submitText={t('common.save')}
        initial={{ channel: 'phone', outcome: 'reached' }}
        onSubmit={submit}
        onClose={onClose}
      >
        <Fields />
      </FormDialog>
      {asking}
    </>
  );
}

function Fields() {
  const { t } = useTranslation();
  const today = useToday();
  const form = Form.useFormInstance<Values>();
  const channel = Form.useWatch('channel', form) ?? 'phone';
  const outcome = Form.useWatch('outcome', form);
  const outcomes = outcomesOf(channel);
  const choose = (next: Outcome) => form.setFieldsValue({ outcome: next });
  // Digits choose an outcome from anywhere but a field one writes in.
  const keys = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    const chosen = outcomes[Number(event.key) - 1];
    if (!chosen || event.ctrlKey || event.metaKey || target.tagName === 'TEXTAREA' || target.closest('.contact-day, .ant-picker-dropdown'))
      return;
    event.preventDefault();
    choose(chosen);
  };
  const days = { one: 1, three: 3, seven: 7, thirty: 30 } as const;
  return (
    <div onKeyDown={keys}>
      <Form.Item name="outcome" label={t('contacts.fields.outcome')} rules={[{ required: true, message: t('fieldFaults.required') }]}>
        <Radio.Group
          className="contact-outcomes"
          optionType="button"
          options={outcomes.map((value, at) => ({ value, label: `${at + 1} ${outcomeText(t, value, channel)}` }))}
        />
      </Form.Item>
      {outcome === 'appointment' && (
        <Form.Item
          name="appointment"
          label={t('contacts.fields.appointmentAt')}
          className="contact-day"
          rules={[{ required: true, message: t('fieldFaults.required') }]}
        >
          <DateField time min={today} />
        </Form.Item>
      )}
      <Form.Item name="content" label={t('contacts.fields.content')}>
        <Input.TextArea rows={3} maxLength={2000} />
      </Form.Item>
      <div className="ui-form-grid">
        <Form.Item name="channel" label={t('contacts.fields.channel')}>
          <Select
            options={CONTACT_CHANNELS.map((value) => ({ value, label: t(`contacts.channels.${value}`) }))}
            onChange={(next: ContactChannel) => choose(outcomesOf(next)[0] ?? 'reached')}
          />
        </Form.Item>
        <Form.Item name="satisfied" label={t('contacts.fields.satisfied')}>
          <Select
            allowClear
            placeholder={t('contacts.notAsked')}
            options={[
              { value: 'yes', label: t('contacts.satisfied') },
              { value: 'no', label: t('contacts.dissatisfied') },
            ]}
          />
        </Form.Item>
      </div>
      <Form.Item label={t('contacts.fields.nextOn')} className="contact-day contact-next">
        <Form.Item name="nextOn" noStyle>
          <DateField min={today} aria-label={t('contacts.fields.nextOn')} />
        </Form.Item>
        <span>
          {(Object.keys(days) as (keyof typeof days)[]).map((key) => (
            <Button key={key} size="small" onClick={() => form.setFieldsValue({ nextOn: addDays(today, days[key]) })}>
              {t(`contacts.nextIn.${key}`)}
            </Button>
          ))}
        </span>
      </Form.Item>
    </div>
  );
}
