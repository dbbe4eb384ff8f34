import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { COMPLAINT_KINDS, SEVERITIES, type ComplaintPolicy, type KindPoints } from '@baoke/core/complaints';
import { Button, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { below, type Fault } from './judge.ts';
import { useRowKeys } from './row-keys.ts';
import { KINDS_AND_BRANCHES, kindChoiceText } from './words.ts';

type Props = {
  readonly rows: readonly KindPoints[];
  /** What a new row begins with. */
  readonly bySeverity: ComplaintPolicy['scoring']['bySeverity'];
  readonly onChange: (rows: readonly KindPoints[]) => void;
  readonly faults: readonly Fault[];
};

/** Kinds of complaint that count otherwise than all the others, a row each (FRM-63). */
export function KindPointsTable({ rows, bySeverity, onChange, faults }: Props) {
  const { t } = useTranslation();
  const { keyOf, follow } = useRowKeys<KindPoints>();
  const change = (row: KindPoints, next: Partial<KindPoints>) =>
    onChange(rows.map((one) => (one === row ? follow(row, { ...row, ...next }) : one)));
  const free = COMPLAINT_KINDS.find((kind) => rows.every((row) => row.kind !== kind));
  return (
    <section className="settings-kinds" aria-label={t('settings.complaints.kindPoints')}>
      <h3>{t('settings.complaints.kindPoints')}</h3>
      <p className="ui-quiet">{t('settings.complaints.kindPointsHint')}</p>
      <ul>
        {rows.map((row, index) => {
          const name = t('settings.complaints.kindRow', { number: index + 1 });
          const wrong = below(faults, 'scoring', 'byKind', index);
          const twice = wrong.some(({ path }) => path.length === 0);
          return (
            <li key={keyOf(row)}>
              <Select
                {...(twice ? { status: 'error' as const } : {})}
                className="ui-wide"
                popupMatchSelectWidth={false}
                showSearch={{ optionFilterProp: 'label' }}
                value={row.kind}
                aria-label={`${name} ${t('complaints.fields.kind')}`}
                options={KINDS_AND_BRANCHES.map((kind) => ({ value: kind, label: kindChoiceText(t, kind) }))}
                onChange={(kind) => change(row, { kind })}
              />
              {SEVERITIES.map((severity) => (
                <label key={severity}>
                  <span>{t(`complaints.severities.${severity}`)}</span>
                  <InputNumber
                    {...(wrong.some(({ path }) => path[1] === severity) ? { status: 'error' as const } : {})}
                    min={0}
                    max={100}
                    precision={0}
                    value={row.bySeverity[severity]}
                    aria-label={`${kindChoiceText(t, row.kind)} ${t(`complaints.severities.${severity}`)}`}
                    onChange={(typed) => change(row, { bySeverity: { ...row.bySeverity, [severity]: typed ?? Number.NaN } })}
                  />
                </label>
              ))}
              <Button
                type="text"
                size="small"
                icon={<DeleteOutlined />}
                aria-label={`${t('common.remove')} ${kindChoiceText(t, row.kind)}`}
                onClick={() => onChange(rows.filter((one) => one !== row))}
              />
            </li>
          );
        })}
      </ul>
      {free && (
        <Button icon={<PlusOutlined />} onClick={() => onChange([...rows, { kind: free, bySeverity }])}>
          {t('settings.complaints.addKind')}
        </Button>
      )}
    </section>
  );
}
