import { COMPANY_WEIGHTS, PERSON_WEIGHTS } from '@baoke/core/settings';
import { InputNumber } from 'antd';
import { useTranslation } from 'react-i18next';
import { Field } from './Field.tsx';
import type { Fault } from './judge.ts';

export function CustomerFields({ faults }: { readonly faults: readonly Fault[] }) {
  const { t } = useTranslation();
  const months = <InputNumber min={1} max={240} precision={0} suffix={t('settings.customers.months')} className="settings-months" />;
  return (
    <>
      <div className="ui-form-grid">
        <Field name="atRiskMonths" faults={faults} extra={t('settings.customers.atRisk')}>
          {months}
        </Field>
        <Field name="lostMonths" faults={faults} extra={t('settings.customers.lost')}>
          {months}
        </Field>
        <Field name="verifyMonths" faults={faults} extra={t('settings.customers.verify')}>
          {months}
        </Field>
      </div>
      <p className="ui-quiet ui-form-hint">{t('settings.customers.weightsHint')}</p>
      <div className="settings-weights">
        <Field name="personWeights" faults={faults}>
          <WeightsInput fields={PERSON_WEIGHTS} />
        </Field>
        <Field name="companyWeights" faults={faults}>
          <WeightsInput fields={COMPANY_WEIGHTS} />
        </Field>
      </div>
    </>
  );
}

type Weights = Readonly<Partial<Record<string, number>>>;
type Props = {
  readonly fields: readonly ((typeof PERSON_WEIGHTS)[number] | (typeof COMPANY_WEIGHTS)[number])[];
  readonly value?: Weights;
  readonly onChange?: (weights: Weights) => void;
};

function WeightsInput({ fields, value: weights = {}, onChange }: Props) {
  const { t } = useTranslation();
  const whole = fields.reduce((sum, field) => sum + (weights[field] ?? 0), 0);
  return (
    <div className="settings-numbers">
      {fields.map((field) => {
        const weight = weights[field] ?? 0;
        const name = t(`customers.fields.${field}`);
        return (
          <label key={field}>
            <span>{name}</span>
            <InputNumber
              min={0}
              max={100}
              precision={0}
              value={weight}
              aria-label={t('settings.customers.weight', { field: name })}
              onChange={(typed) => onChange?.({ ...weights, [field]: typed ?? 0 })}
            />
            <span className="ui-quiet ui-figures">
              {weight > 0 && whole > 0 ? t('settings.customers.share', { percent: Math.round((weight * 100) / whole) }) : '–'}
            </span>
          </label>
        );
      })}
    </div>
  );
}
