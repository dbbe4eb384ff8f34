import type { Setting } from '@baoke/core/settings';
import type { SettingView } from '@baoke/core/settings/wire';
import { settingInput } from '@baoke/core/settings/wire';
import { FormPage, useToast, useUi, type FieldLabels } from '@baoke/ui';
import { useBlocker } from '@tanstack/react-router';
import { Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useMe } from '../../shell/session.ts';
import { dateIn, type Instant, type TimeZone } from '@baoke/core/kernel';
import { CalendarFields } from './CalendarFields.tsx';
import { ComplaintFields, TryOut } from './ComplaintFields.tsx';
import { CustomerFields } from './CustomerFields.tsx';
import type { SettingField } from './Field.tsx';
import { ResultFields } from './ResultFields.tsx';
import { SecurityFields } from './SecurityFields.tsx';
import { judge, valueOf, type Fault } from './judge.ts';
import { fieldsOf, fieldText } from './words.ts';

type Values = Setting['value'];

/**
 * The form of a section. It starts from the version that was in force when it opened: a newer one is taken over while nothing was typed, and
 * is a conflict to settle afterwards.
 */
export function SectionForm({ view, aside }: { readonly view: SettingView; readonly aside: ReactNode }) {
  const { t } = useTranslation();
  const { client, trpc, queryClient } = useApi();
  const { drafts } = useUi();
  const toast = useToast();
  const [start, setStart] = useState(view);
  const [round, setRound] = useState(0);
  /** The version the next save starts from; after a conflict it is the one that was shown. */
  const [version, setVersion] = useState(view.version);
  const [edited, setEdited] = useState<Values>();
  const { section, value } = start.of;
  const values = edited ?? value;
  const faults = judge(t, section, values);
  const isDirty = edited !== undefined && !same(valueOf(section, edited), valueOf(section, value));
  const draftKey = `settings.${section}`;
  const query = trpc.settings.get.queryOptions({ section });

  const begin = (from: SettingView) => {
    setStart(from);
    setVersion(from.version);
    setEdited(undefined);
    setRound((n) => n + 1);
  };
  if (view.version > start.version && edited === undefined) begin(view);

  const submit = async (typed: Values) => {
    const saved = await client.settings.save.mutate({ of: settingInput.parse({ section, value: valueOf(section, typed) }), version });
    toast.success(saved.version === version ? t('settings.unchanged') : t('settings.saved', { version: saved.version }));
    // Before the form begins anew, which would offer the draft.
    drafts.drop(draftKey);
    queryClient.setQueryData(query.queryKey, saved);
    begin(saved);
  };
  const conflictLabels: FieldLabels = Object.fromEntries(
    fieldsOf(section).map((field) => [
      field,
      { label: t(`settings.fields.${field as SettingField}`), show: (shown: unknown) => fieldText(t, section, field, shown) },
    ]),
  );
  return (
    <>
      <LeaveGuard active={isDirty} />
      <FormPage<Values>
        key={`${section}.${round}`}
        draftKey={draftKey}
        title={t(`settings.sections.${section}`)}
        hint={t(`settings.hints.${section}`)}
        initial={value}
        submitText={t('common.save')}
        conflictLabels={conflictLabels}
        onChange={setEdited}
        onConflict={async () => setVersion((await queryClient.fetchQuery({ ...query, staleTime: 0 })).version)}
        onSubmit={submit}
        onCancel={() => {
          drafts.drop(draftKey);
          begin(view);
        }}
        aside={
          <>
            {aside}
            {section === 'complaints' && 'deadlines' in values && <TryOut policy={values} sound={faults.length === 0} />}
          </>
        }
      >
        <SectionFields opened={start.of} faults={faults} />
      </FormPage>
    </>
  );
}

function SectionFields({ opened, faults }: { readonly opened: Setting; readonly faults: readonly Fault[] }) {
  const me = useMe();
  switch (opened.section) {
    case 'complaints':
      return <ComplaintFields faults={faults} />;
    case 'results':
      return <ResultFields faults={faults} known={opened.value} />;
    case 'calendar':
      return <CalendarFields faults={faults} today={dateIn(me.store.timeZone as TimeZone, me.now as Instant)} />;
    case 'customers':
      return <CustomerFields faults={faults} />;
    case 'security':
      return <SecurityFields faults={faults} />;
  }
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Asks before the page is left with changes that were not saved. */
function LeaveGuard({ active }: { readonly active: boolean }) {
  const { t } = useTranslation();
  const [modal, asking] = Modal.useModal();
  useBlocker({
    enableBeforeUnload: active,
    disabled: !active,
    shouldBlockFn: async () =>
      !(await modal.confirm({
        title: t('settings.leaveTitle'),
        content: t('settings.leaveHint'),
        okText: t('settings.leave'),
        cancelText: t('settings.stay'),
      })),
  });
  return asking;
}
