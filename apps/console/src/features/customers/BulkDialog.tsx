import type { Role } from '@baoke/core/access';
import type { BulkChange } from '@baoke/core/customers';
import type { CustomerId, StaffId } from '@baoke/core/kernel';
import { byFitnessFor } from '@baoke/core/tasks';
import { FormDialog, SelectMany, useToast, useUi } from '@baoke/ui';
import { skipToken, useQuery } from '@tanstack/react-query';
import { Checkbox, Form } from 'antd';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Api } from '../../shell/api.ts';
import { useApi } from '../../shell/session.ts';
import { refreshCustomers } from './queries.ts';
import type { CustomerMatch } from './search.ts';

/** Whom a change is about: those chosen, or all that the filter finds. */
export type Which = { readonly customerIds: CustomerId[] } | { readonly filter: CustomerMatch };
/** What is done to them; to whom they go is chosen in the dialog. */
export type BulkAct = { readonly field: 'consultantId' | 'advisorId' } | { readonly field: 'isFleet' | 'isVip'; readonly to: boolean };
type Values = { readonly toIds?: StaffId[]; readonly nobody?: boolean };
type Props = { readonly act: BulkAct; readonly which: Which; readonly onClose: () => void; readonly onChanged: () => void };

function changeOf(act: BulkAct, { toIds = [], nobody = false }: Values): BulkChange | undefined {
  if ('to' in act) return act;
  return nobody || toIds.length > 0 ? { field: act.field, toIds: nobody ? [] : toIds } : undefined;
}

function previewOptions({ trpc }: Api, which: Which, change: BulkChange | undefined) {
  const input = change && { ...which, change: 'to' in change ? change : { ...change, toIds: [...change.toIds] } };
  // What is agreed to is what is seen: a preview is not kept beyond its dialog.
  return trpc.customers.previewChange.queryOptions(input ?? skipToken, { staleTime: Infinity, gcTime: 0, retry: false });
}

/** Changes one field of many customers; how many is seen before. */
export function BulkDialog({ act, which, onClose, onChanged }: Props) {
  const { t } = useTranslation();
  const toast = useToast();
  const api = useApi();
  const submit = async (values: Values) => {
    const change = changeOf(act, values);
    if (!change) return;
    const options = previewOptions(api, which, change);
    const seen = api.queryClient.getQueryData(options.queryKey);
    // Nobody agrees to a number he has not seen.
    if (!seen) return toast.info(t('customers.bulk.look'));
    try {
      // Whoever is no longer among his customers stands in the preview he agreed to; the others are what is changed.
      const left = 'customerIds' in which ? which.customerIds.filter((id) => !seen.missing.includes(id)) : [];
      const there = left.length > 0 ? { customerIds: left } : which;
      const input = { ...there, change: 'to' in change ? change : { ...change, toIds: [...change.toIds] }, stamp: seen.stamp };
      const { changed, outOfReach, closed } = await api.client.customers.changeMany.mutate(input);
      toast.success(t('customers.bulk.done', { count: changed }), 6);
      const skipped = outOfReach.count + closed.count + seen.notFound;
      if (skipped > 0) toast.warning(t('customers.bulk.skipped', { count: skipped }), 8);
    } catch (error) {
      void api.queryClient.invalidateQueries({ queryKey: options.queryKey });
      throw error;
    }
    void refreshCustomers(api);
    onChanged();
    onClose();
  };
  return (
    <FormDialog<Values>
      draftKey={`customers.bulk.${act.field}`}
      title={titleOf(t, act)}
      submitText={t('customers.bulk.submit')}
      onSubmit={submit}
      onClose={onClose}
    >
      {'to' in act ? null : <Receivers field={act.field} />}
      <Preview act={act} which={which} />
    </FormDialog>
  );
}

export function titleOf(t: TFunction, act: BulkAct): string {
  return 'to' in act ? t(`customers.bulk.flag_${act.field}_${act.to}`) : t(`customers.bulk.assign_${act.field}`);
}

/** Whose work it is to look after customers so. */
const RESPONSIBLE: Readonly<Record<'consultantId' | 'advisorId', readonly Role[]>> = { consultantId: ['SC'], advisorId: ['SA'] };

function Receivers({ field }: { readonly field: 'consultantId' | 'advisorId' }) {
  const { t } = useTranslation();
  const { trpc } = useApi();
  const { data } = useQuery(trpc.customers.options.queryOptions());
  const nobody = Form.useWatch<boolean | undefined>('nobody') === true;
  return (
    <>
      <Form.Item
        name="toIds"
        label={t('customers.bulk.receivers')}
        extra={t('customers.bulk.receiversHint')}
        dependencies={['nobody']}
        rules={[{ required: !nobody, message: t('fieldFaults.required') }]}
      >
        <SelectMany
          disabled={nobody}
          showSearch={{ optionFilterProp: 'label' }}
          options={data?.staff
            .filter(({ active }) => active)
            .map((person) => ({ ...person, role: person.role as Role })) // the file of the staff holds no other
            .toSorted(byFitnessFor(RESPONSIBLE[field]))
            .map(({ id, name, role }) => ({ value: id, label: `${name} · ${t(`roles.${role}`)}` }))}
        />
      </Form.Item>
      <Form.Item name="nobody" valuePropName="checked">
        <Checkbox>{t('customers.bulk.nobody')}</Checkbox>
      </Form.Item>
    </>
  );
}

type LeftOut = { readonly count: number; readonly some: readonly { readonly name: string }[] };

/** Who will change and who will not, as soon as it is known what to. */
function Preview({ act, which }: Pick<Props, 'act' | 'which'>) {
  const { t } = useTranslation();
  const { describeFailure } = useUi();
  const form = Form.useFormInstance<Values>();
  const values: Values = { toIds: Form.useWatch('toIds', form) ?? [], nobody: Form.useWatch('nobody', form) ?? false };
  const change = changeOf(act, values);
  const { data, error } = useQuery(previewOptions(useApi(), which, change));
  const names = ({ count, some }: LeftOut) => {
    const text = some.map(({ name }) => name).join(t('common.listMark'));
    return { count, names: count > some.length ? t('customers.bulk.andMore', { names: text }) : text };
  };
  return (
    <div className="customer-bulk" role="status">
      {!change ? (
        <p className="ui-quiet">{t('customers.bulk.choose')}</p>
      ) : error ? (
        <p className="ui-negative">{describeFailure(error).text}</p>
      ) : !data ? (
        <p className="ui-quiet">{t('customers.bulk.counting')}</p>
      ) : (
        <>
          <strong>{t('customers.bulk.willChange', { count: data.changed })}</strong>
          {data.shares.length > 1 && (
            <p>{data.shares.map(({ name, count }) => t('customers.bulk.share', { name, count })).join(t('common.listMark'))}</p>
          )}
          {data.unchanged > 0 && <p className="ui-quiet">{t('customers.bulk.unchanged', { count: data.unchanged })}</p>}
          {data.outOfReach.count > 0 && <p>{t('customers.bulk.outOfReach', names(data.outOfReach))}</p>}
          {data.closed.count > 0 && <p>{t('customers.bulk.closed', names(data.closed))}</p>}
          {data.notFound > 0 && <p>{t('customers.bulk.notFound', { count: data.notFound })}</p>}
        </>
      )}
    </div>
  );
}
