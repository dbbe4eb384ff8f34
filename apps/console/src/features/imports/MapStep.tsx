import { FIELDS, FILE_KINDS, type FieldName, type FileKind } from '@baoke/core/imports';
import type { ImportView, SampleView } from '@baoke/core/imports/wire';
import { ActionButton, ErrorState, LoadingState, StatusTag, useUi, type Tone, useToast } from '@baoke/ui';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Alert, Checkbox, Modal, Select, Tabs } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../shell/session.ts';
import { LeftOut } from './LeftOut.tsx';
import { chosen, fieldsOf, lostField } from './mapping.ts';
import { cellText, fieldText, leftOutText, sizeText } from './words.ts';

type Props = { readonly view: ImportView; readonly onTried: () => void };

/** Step two: what each column holds, as recognised, to be corrected by hand; then everything is tried without writing. */
export function MapStep({ view, onTried }: Props) {
  const { t } = useTranslation();
  const { client, trpc, queryClient } = useApi();
  const toast = useToast();
  const { describeFailure } = useUi();
  const [position, setPosition] = useState(view.files[0]?.position ?? 0);
  const [mode, setMode] = useState(view.mode);
  const start = useMutation({
    mutationFn: () => client.imports.start.mutate({ importId: view.id, mode, dryRun: true }),
    onSuccess: (started) => {
      queryClient.setQueryData(trpc.imports.get.queryKey({ importId: view.id }), started);
      onTried();
    },
    onError: (error) => toast.error(describeFailure(error).text),
  });
  const nothing = view.files.every((one) => leftOutText(t, one) !== undefined);
  const file = view.files.find((one) => one.position === position);
  return (
    <>
      <div className="ui-panel">
        <Tabs
          activeKey={String(position)}
          onChange={(key) => setPosition(Number(key))}
          items={view.files.map((one) => ({
            key: String(one.position),
            label: (
              <span className="import-tab">
                {one.name}
                <StatusTag tone={one.kind ? 'info' : 'warn'}>
                  {one.kind ? t(`imports.kinds.${one.kind}`) : t('imports.wizard.kindUnknown')}
                </StatusTag>
                {one.missing.length > 0 && <StatusTag tone="warn">{t('imports.wizard.leftOutTag')}</StatusTag>}
              </span>
            ),
          }))}
        />
        {file && <FileMapping key={file.position} view={view} file={file} />}
      </div>
      <LeftOut view={view} />
      <div className="import-actions ui-panel">
        <label className="import-mode">
          {t('imports.wizard.mode')}
          <Select
            value={mode}
            onChange={setMode}
            popupMatchSelectWidth={false}
            options={(['upsert', 'create', 'update'] as const).map((value) => ({ value, label: t(`imports.modes.${value}`) }))}
          />
        </label>
        <span className="ui-quiet">{t('imports.wizard.tryHint')}</span>
        <ActionButton
          type="primary"
          size="large"
          loading={start.isPending}
          disabledReason={nothing ? t('imports.wizard.nothingToTry') : undefined}
          onClick={() => start.mutate()}
        >
          {t('imports.wizard.next')}
        </ActionButton>
      </div>
    </>
  );
}

const BY_TONES: Readonly<Record<SampleView['columns'][number]['by'], Tone>> = {
  header: 'good',
  content: 'info',
  position: 'info',
  person: 'good',
  unknown: 'neutral',
};
const SHOWN_SAMPLES = 3;

function FileMapping({ view, file }: { readonly view: ImportView; readonly file: ImportView['files'][number] }) {
  const { t } = useTranslation();
  const { client, trpc, queryClient } = useApi();
  const toast = useToast();
  const { describeFailure } = useUi();
  const [remember, setRemember] = useState(true);
  const [modal, asking] = Modal.useModal();
  const options = trpc.imports.sample.queryOptions({ importId: view.id, position: file.position }, { staleTime: Infinity });
  const sample = useQuery(options);
  // Every choice is stored at once: nothing is lost when the page is left.
  const save = useMutation({
    mutationFn: ({ kind, columns }: { kind: FileKind; columns: readonly (FieldName | null)[] }) =>
      client.imports.map.mutate({ importId: view.id, position: file.position, kind, columns: [...columns], remember }),
    onSuccess: (after) => {
      queryClient.setQueryData(options.queryKey, after);
      void queryClient.invalidateQueries(trpc.imports.get.queryFilter({ importId: view.id }));
      toast.success({ key: `mapped.${file.position}`, content: t('imports.wizard.mapped', { name: file.name }) });
    },
    onError: (error) => toast.error(describeFailure(error).text),
  });
  if (sample.error) return <ErrorState error={sample.error} onRetry={() => void sample.refetch()} />;
  if (!sample.data) return <LoadingState rows={6} />;
  const { kind, columns, headerRow, missing, wanted, rows } = sample.data;
  const chooseKind = (next: FileKind) =>
    save.mutate({ kind: next, columns: columns.map(({ field }) => (field !== null && field in FIELDS[next] ? field : null)) });
  const chooseField = (at: number, field: FieldName | null) => {
    if (!kind) return;
    const choose = () => save.mutate({ kind, columns: chosen(columns, at, field) });
    const lost = lostField(kind, columns, at, field);
    if (lost === undefined) return choose();
    void modal.confirm({
      title: t('imports.wizard.requiredLost', { field: fieldText(t, lost) }),
      content: t('imports.wizard.requiredLostHint', { name: file.name, field: fieldText(t, lost) }),
      okText: t('imports.wizard.requiredLostGo'),
      cancelText: t('common.cancel'),
      okButtonProps: { danger: true },
      onOk: choose,
    });
  };
  const timed = kind ? fieldsOf(kind).flatMap((one) => (one.timed ? [one.name] : [])) : [];
  const unknown = columns.filter(({ field }) => field === null).length;
  const samples = rows.filter(({ row }) => headerRow === null || row > headerRow).slice(0, SHOWN_SAMPLES);
  return (
    <>
      {asking}
      <dl className="ui-facts import-facts">
        <div>
          <dt>{t('imports.wizard.kind')}</dt>
          <dd>
            <Select
              className="ui-wide"
              value={kind}
              loading={save.isPending}
              placeholder={t('imports.wizard.kindUnknown')}
              aria-label={t('imports.wizard.kind')}
              options={FILE_KINDS.map((value) => ({ value, label: t(`imports.kinds.${value}`) }))}
              onChange={chooseKind}
            />
          </dd>
        </div>
        <div>
          <dt>{t('imports.wizard.headerRow')}</dt>
          <dd>{headerRow === null ? t('imports.wizard.headerNone') : t('imports.wizard.headerAt', { row: headerRow })}</dd>
        </div>
        <div>
          <dt>{t('imports.wizard.encoding')}</dt>
          <dd>{file.encoding?.toUpperCase() ?? '–'}</dd>
        </div>
        <div>
          <dt>{t('imports.wizard.size')}</dt>
          <dd>{sizeText(file.bytes)}</dd>
        </div>
      </dl>
      {kind === null && <Alert type="warning" showIcon className="ui-form-alert" title={t('imports.wizard.kindMissing')} />}
      {missing.length > 0 && (
        <Alert
          type="error"
          showIcon
          className="ui-form-alert"
          title={t('imports.wizard.missing', { fields: missing.map((field) => fieldText(t, field)).join(', ') })}
          description={wanted.map(({ field, header, synonyms }) => (
            <p key={field} className="import-wanted">
              {t('fieldFaults.column_missing', { header, synonyms: synonyms.join(', ') })}
            </p>
          ))}
        />
      )}
      <div className="import-scroll">
        <table className="import-map">
          <thead>
            <tr>
              <th scope="col">{t('imports.wizard.column')}</th>
              <th scope="col">{t('imports.wizard.samples')}</th>
              <th scope="col">{t('imports.wizard.field')}</th>
            </tr>
          </thead>
          <tbody>
            {columns.map(({ header, field, by }, at) => {
              const name = header === '' ? t('imports.wizard.columnNo', { number: at + 1 }) : header;
              return (
                <tr key={at} className={field === null ? 'import-left-out' : undefined}>
                  <th scope="row">{name}</th>
                  <td className="import-samples">
                    {samples.map(({ row, cells }) => (
                      <span key={row}>{cellText(cells[at] ?? null)}</span>
                    ))}
                  </td>
                  <td>
                    <span className="import-field">
                      <Select<FieldName | 'none'>
                        showSearch={{ optionFilterProp: 'label' }}
                        popupMatchSelectWidth={false}
                        value={field ?? 'none'}
                        disabled={kind === null || save.isPending}
                        aria-label={`${t('imports.wizard.field')} ${name}`}
                        options={[
                          { value: 'none', label: t('imports.wizard.ignore') },
                          ...(kind ? fieldsOf(kind) : []).map(({ name: value, required }) => ({
                            value,
                            label: required ? `${fieldText(t, value)} (${t('imports.wizard.required')})` : fieldText(t, value),
                          })),
                        ]}
                        onChange={(choice) => chooseField(at, choice === 'none' ? null : choice)}
                      />
                      <StatusTag tone={BY_TONES[by]}>{t(`imports.wizard.by.${by}`)}</StatusTag>
                    </span>
                    {field !== null && timed.includes(field) && <p className="import-field-hint">{t('imports.wizard.timed')}</p>}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <p className="import-map-foot">
        <span className="ui-quiet">{unknown > 0 && t('imports.wizard.unknownColumns', { count: unknown })}</span>
        <Checkbox checked={remember} onChange={({ target }) => setRemember(target.checked)}>
          {t('imports.wizard.remember')}
        </Checkbox>
      </p>
    </>
  );
}
