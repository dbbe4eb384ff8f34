import type { StaffId } from '@baoke/core/kernel';
import type { ImportView } from '@baoke/core/imports/wire';
import { useToast, useUi } from '@baoke/ui';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../shell/session.ts';

/** Names of people in the files whom nobody here goes by: who they are, before records are given to them. */
export function StaffNames({ view }: { readonly view: Pick<ImportView, 'id'> }) {
  const { t } = useTranslation();
  const { client, trpc, queryClient } = useApi();
  const toast = useToast();
  const { describeFailure } = useUi();
  // A new trial may have met other names.
  const options = trpc.imports.staffNames.queryOptions({ importId: view.id }, { staleTime: 0 });
  const { data } = useQuery(options);
  const choose = useMutation({
    mutationFn: (input: { readonly name: string; readonly staffId: StaffId | null }) =>
      client.imports.mapStaff.mutate({ importId: view.id, ...input }),
    onSuccess: (after) => queryClient.setQueryData(options.queryKey, after),
    onError: (error) => toast.error(describeFailure(error).text),
  });
  if (!data || data.names.length === 0) return null;
  return (
    <section className="ui-panel">
      <h2>{t('imports.wizard.people', { count: data.names.length })}</h2>
      <p className="ui-quiet">{t('imports.wizard.peopleHint')}</p>
      <ul className="import-people">
        {data.names.map(({ name, role, staffId }) => (
          <li key={name}>
            <span>
              {name} <span className="ui-quiet">{t(`roles.${role}`)}</span>
            </span>
            <Select<StaffId>
              allowClear
              showSearch
              optionFilterProp="label"
              value={staffId}
              disabled={choose.isPending}
              placeholder={t('imports.wizard.peopleNew')}
              aria-label={t('imports.wizard.peopleWho', { name })}
              options={data.workers.map((worker) => ({ value: worker.id, label: `${worker.name} · ${t(`roles.${worker.role}`)}` }))}
              onChange={(chosen: StaffId | undefined) => choose.mutate({ name, staffId: chosen ?? null })}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
