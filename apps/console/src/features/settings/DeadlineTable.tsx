import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { COMPLAINT_SOURCES, SEVERITIES, type DeadlineRow, type Limit } from '@baoke/core/complaints';
import { Button, Checkbox, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { below, type Fault } from './judge.ts';
import { LimitInput } from './LimitInput.tsx';
import { useRowKeys } from './row-keys.ts';
import { KINDS_AND_BRANCHES, kindChoiceText, rowSentence } from './words.ts';

const NEW_ROW: DeadlineRow = { response: { minutes: 60 }, close: { minutes: 1440 }, businessHours: false };

type Props = {
  readonly value?: readonly DeadlineRow[];
  readonly onChange?: (rows: readonly DeadlineRow[]) => void;
  readonly faults: readonly Fault[];
};

/** The deadlines, a row for each set of conditions, with what it promises in words below it. */
export function DeadlineTable({ value: rows = [], onChange, faults }: Props) {
  const { t } = useTranslation();
  const { keyOf, follow } = useRowKeys<DeadlineRow>();
  const change = (row: DeadlineRow, next: Partial<DeadlineRow>) =>
    onChange?.(rows.map((one) => (one === row ? follow(row, { ...row, ...next }) : one)));
  const choice = {
    allowClear: true,
    className: 'ui-wide',
    popupMatchSelectWidth: false,
    showSearch: { optionFilterProp: 'label' },
  } as const;
  return (
    <div className="settings-scroll">
      <table className="settings-deadlines">
        <colgroup>
          <col className="settings-col" />
          <col className="settings-col" />
          <col className="settings-col" />
          <col className="settings-col-wide" />
          <col className="settings-col-wide" />
          <col className="settings-col-narrow" />
          <col className="settings-col-mark" />
        </colgroup>
        <thead>
          <tr>
            <th scope="col" colSpan={3}>
              {t('settings.complaints.where')}
            </th>
            <th scope="col">{t('settings.complaints.response')}</th>
            <th scope="col">{t('settings.complaints.close')}</th>
            <th scope="col">{t('settings.complaints.businessHours')}</th>
            <th aria-label={t('common.actions')} />
          </tr>
        </thead>
        {rows.map((row, index) => {
          const name = t('settings.complaints.row', { number: index + 1 });
          const wrong = below(faults, 'deadlines', index);
          const limitInput = (of: 'response' | 'close') => (
            <LimitInput
              name={`${name} ${t(`settings.complaints.${of}`)}`}
              value={row[of]}
              byClock={!row.businessHours}
              faulty={wrong.some(({ path }) => path[0] === of)}
              onChange={(limit: Limit) => change(row, { [of]: limit })}
            />
          );
          return (
            <tbody key={keyOf(row)}>
              <tr>
                <td data-label={t('complaints.fields.source')}>
                  <Select
                    {...choice}
                    value={row.source}
                    placeholder={t('settings.complaints.anySource')}
                    aria-label={`${name} ${t('complaints.fields.source')}`}
                    options={COMPLAINT_SOURCES.map((source) => ({ value: source, label: t(`complaints.sources.${source}`) }))}
                    onChange={(source) => change(row, { source })}
                  />
                </td>
                <td data-label={t('complaints.fields.kind')}>
                  <Select
                    {...choice}
                    value={row.kind}
                    placeholder={t('settings.complaints.anyKind')}
                    aria-label={`${name} ${t('complaints.fields.kind')}`}
                    options={KINDS_AND_BRANCHES.map((kind) => ({ value: kind, label: kindChoiceText(t, kind) }))}
                    onChange={(kind) => change(row, { kind })}
                  />
                </td>
                <td data-label={t('complaints.fields.severity')}>
                  <Select
                    {...choice}
                    value={row.severity}
                    placeholder={t('settings.complaints.anySeverity')}
                    aria-label={`${name} ${t('complaints.fields.severity')}`}
                    options={SEVERITIES.map((severity) => ({ value: severity, label: t(`complaints.severities.${severity}`) }))}
                    onChange={(severity) => change(row, { severity })}
                  />
                </td>
                <td data-label={t('settings.complaints.response')}>{limitInput('response')}</td>
                <td data-label={t('settings.complaints.close')}>{limitInput('close')}</td>
                <td data-label={t('settings.complaints.businessHours')}>
                  <Checkbox
                    checked={row.businessHours}
                    aria-label={`${name} ${t('settings.complaints.businessHours')}`}
                    onChange={({ target }) => change(row, { businessHours: target.checked })}
                  />
                </td>
                <td>
                  <Button
                    type="text"
                    size="small"
                    icon={<DeleteOutlined />}
                    aria-label={`${t('common.remove')} ${name}`}
                    onClick={() => onChange?.(rows.filter((one) => one !== row))}
                  />
                </td>
              </tr>
              <tr className="settings-sentence">
                <td colSpan={7}>
                  {wrong.length === 0 ? (
                    rowSentence(t, row)
                  ) : (
                    <span role="alert">{wrong.map(({ text }) => text).join(t('settings.sentenceMark'))}</span>
                  )}
                </td>
              </tr>
            </tbody>
          );
        })}
      </table>
      <Button icon={<PlusOutlined />} onClick={() => onChange?.([...rows, { ...NEW_ROW }])}>
        {t('settings.complaints.addRow')}
      </Button>
    </div>
  );
}
