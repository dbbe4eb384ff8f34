import { GIVE_UP_REASONS, type GiveUpReason } from '@baoke/core/customers';
import type { CustomerCard } from '@baoke/core/customers/wire';
import type { CivilDate } from '@baoke/core/kernel';
import { DateField, FormDialog, useToast, useUi } from '@baoke/ui';
import { Button, Form, Input, Modal, Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../shell/session.ts';
import { useToday } from '../../shell/today.ts';
import { cardOptions, refreshCustomers } from './queries.ts';

type Stop = Exclude<CustomerCard['standing'], 'active'>;
type Values = { readonly change: { readonly on: CivilDate; readonly reason?: GiveUpReason; readonly note?: string } };

/** Records that a customer has died, or is given up: says what that does before it is done. */
export function StandingDialog({ card, to, onClose }: { readonly card: CustomerCard; readonly to: Stop; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const toast = useToast();
  const today = useToday();
  const dies = to === 'deceased';
  const required = [{ required: true, whitespace: true, message: t('fieldFaults.required') }];
  return (
    <FormDialog<Values>
      draftKey={`customer.${card.id}.standing.${to}`}
      title={t(dies ? 'customers.standing.deceasedTitle' : 'customers.standing.giveUpTitle')}
      hint={t(dies ? 'customers.standing.deceasedHint' : 'customers.standing.giveUpHint')}
      submitText={t('customers.standing.submit')}
      initial={{ change: { on: today } }}
      conflictLabels={{
        standing: {
          label: t('customers.fields.standing'),
          show: (standing) => t(`customers.standings.${standing as CustomerCard['standing']}`), // the server names one
        },
      }}
      onConflict={() => api.queryClient.refetchQueries(cardOptions(api, card.id))}
      onSubmit={async ({ change: { on, reason, note } }) => {
        const { tasks } = await api.client.customers.setStanding.mutate({
          customerId: card.id,
          version: card.version,
          change: dies
            ? { standing: 'deceased', on, note: note ?? '' }
            : { standing: 'given_up', on, reason: reason ?? 'other', note: note ?? null }, // the form asks for both
        });
        await refreshCustomers(api);
        toast.success(t('customers.standing.recorded', { count: tasks }));
        onClose();
      }}
      onClose={onClose}
    >
      {!dies && (
        <Form.Item
          name={['change', 'reason']}
          label={t('customers.standing.giveUpReason')}
          rules={[{ required: true, message: t('fieldFaults.required') }]}
        >
          <Radio.Group options={GIVE_UP_REASONS.map((value) => ({ value, label: t(`customers.standing.reasons.${value}`) }))} />
        </Form.Item>
      )}
      <Form.Item
        name={['change', 'on']}
        label={t(dies ? 'customers.standing.deceasedOn' : 'customers.standing.giveUpOn')}
        rules={[{ required: true, message: t('fieldFaults.required') }]}
        {...(dies ? { extra: t('customers.standing.deceasedOnHint') } : {})}
      >
        <DateField max={today} />
      </Form.Item>
      {dies ? (
        <Form.Item name={['change', 'note']} label={t('customers.standing.deceasedNote')} rules={required}>
          <Input maxLength={500} placeholder={t('customers.standing.deceasedNoteHint')} autoComplete="off" />
        </Form.Item>
      ) : (
        <Form.Item noStyle dependencies={[['change', 'reason']]}>
          {({ getFieldValue }) => (
            <Form.Item
              name={['change', 'note']}
              label={t('customers.standing.giveUpNote')}
              rules={
                getFieldValue(['change', 'reason']) === 'other'
                  ? [{ required: true, whitespace: true, message: t('refusals.customers.give_up_needs_note') }]
                  : []
              }
            >
              <Input.TextArea rows={2} maxLength={500} />
            </Form.Item>
          )}
        </Form.Item>
      )}
    </FormDialog>
  );
}

/** That care for a customer has stopped, since when and why; whoever may takes it back here. */
export function StoppedNote({ card }: { readonly card: CustomerCard }) {
  const { t } = useTranslation();
  const api = useApi();
  const toast = useToast();
  const { describeFailure } = useUi();
  const [modal, asking] = Modal.useModal();
  const { stopped } = card;
  if (!stopped) return null;
  const undo = async () => {
    try {
      const { tasks } = await api.client.customers.setStanding.mutate({
        customerId: card.id,
        version: card.version,
        change: { standing: 'active' },
      });
      toast.success(t('customers.standing.undone', { count: tasks }));
    } catch (error) {
      toast.error(describeFailure(error).text);
    }
    await refreshCustomers(api);
  };
  const ask = () =>
    void modal.confirm({
      title: t('customers.standing.undoTitle'),
      content: t('customers.standing.undoHint'),
      okText: t('customers.standing.undo'),
      cancelText: t('common.cancel'),
      onOk: undo,
    });
  const told = [stopped.note, stopped.byName && t('customers.standing.by', { name: stopped.byName })].filter(Boolean).join(' · ');
  return (
    <section className="ui-panel customer-stopped" aria-label={t('customers.fields.standing')}>
      {asking}
      <div>
        <strong>
          {card.standing === 'deceased'
            ? t('customers.standing.stoppedDeceased', { on: stopped.on })
            : t('customers.standing.stoppedGivenUp', {
                on: stopped.on,
                reason: t(`customers.standing.reasons.${stopped.reason ?? 'other'}`),
              })}
        </strong>
        <p className="ui-quiet">
          {t('customers.standing.quiet')} {told}
        </p>
      </div>
      {card.may.setStanding && <Button onClick={ask}>{t('customers.standing.undo')}</Button>}
    </section>
  );
}
