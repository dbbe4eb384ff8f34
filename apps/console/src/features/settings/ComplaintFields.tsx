import { CloseOutlined, PlusOutlined } from '@ant-design/icons';
import { ROLES } from '@baoke/core/access';
import { COMPLAINT_KINDS, COMPLAINT_SOURCES, deadlineFor, ESCALATION_LEVELS, SEVERITIES } from '@baoke/core/complaints';
import type { ComplaintKind, ComplaintPolicy, ComplaintSource, Severity } from '@baoke/core/complaints';
import { Button, Form, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DeadlineTable } from './DeadlineTable.tsx';
import { Field } from './Field.tsx';
import { KindPointsTable } from './KindPointsTable.tsx';
import { below, type Fault } from './judge.ts';
import { kindChoiceText, rowSentence } from './words.ts';

export function ComplaintFields({ faults }: { readonly faults: readonly Fault[] }) {
  const { t } = useTranslation();
  const roles = ROLES.map((role) => ({ value: role, label: t(`roles.${role}`) }));
  const several = { mode: 'multiple', options: roles, showSearch: { optionFilterProp: 'label' } } as const;
  return (
    <>
      <Field name="deadlines" faults={faults}>
        <DeadlineTable faults={faults} />
      </Field>
      <Field name="escalationPercents" faults={faults} extra={t('settings.complaints.escalationHint')}>
        <StepsInput faults={faults} />
      </Field>
      <div className="ui-form-grid">
        <Field name="copies" faults={faults} extra={t('settings.complaints.copiesHint')}>
          <Select {...several} placeholder={t('settings.complaints.nobody')} />
        </Field>
        <Field name="confirmingRoles" faults={faults} extra={t('settings.complaints.confirmingHint')}>
          <Select {...several} />
        </Field>
      </div>
      <Field name="longestPauseHours" faults={faults} extra={t('settings.complaints.pauseHint')}>
        <InputNumber min={1} max={720} precision={0} suffix={t('settings.complaints.units.hours')} className="settings-months" />
      </Field>
      <Field name="scoring" faults={faults} extra={t('settings.complaints.scoringHint')}>
        <ScoringInput faults={faults} />
      </Field>
    </>
  );
}

type StepsProps = {
  readonly value?: readonly number[];
  readonly onChange?: (percents: readonly number[]) => void;
  readonly faults: readonly Fault[];
};

function StepsInput({ value: steps = [], onChange, faults }: StepsProps) {
  const { t } = useTranslation();
  return (
    <div className="settings-steps">
      {steps.map((percent, index) => {
        const name = t('settings.complaints.step', { number: index + 1 });
        const [wrong] = below(faults, 'escalationPercents', index);
        return (
          // Steps are told apart by their place alone.
          <span key={index} className="settings-step">
            {name}
            <InputNumber
              {...(wrong ? { status: 'error' as const } : {})}
              min={1}
              max={300}
              precision={0}
              suffix="%"
              value={percent}
              aria-label={name}
              onChange={(typed) => onChange?.(steps.with(index, typed ?? Number.NaN))}
            />
            <Button
              type="text"
              size="small"
              icon={<CloseOutlined />}
              aria-label={`${t('common.remove')} ${name}`}
              onClick={() => onChange?.(steps.toSpliced(index, 1))}
            />
            {wrong && (
              <span role="alert" className="settings-fault">
                {wrong.text}
              </span>
            )}
          </span>
        );
      })}
      {steps.length === 0 && <span className="ui-quiet">{t('settings.complaints.noSteps')}</span>}
      {steps.length < ESCALATION_LEVELS.length && (
        <Button size="small" icon={<PlusOutlined />} onClick={() => onChange?.([...steps, nextStep(steps)])}>
          {t('settings.complaints.addStep')}
        </Button>
      )}
    </div>
  );
}

function nextStep(steps: readonly number[]): number {
  const last = steps.at(-1);
  return last === undefined ? 50 : Math.min(300, last + 50);
}

type Scoring = ComplaintPolicy['scoring'];
type ScoringProps = { readonly value?: Scoring; readonly onChange?: (scoring: Scoring) => void; readonly faults: readonly Fault[] };

function ScoringInput({ value, onChange, faults }: ScoringProps) {
  const { t } = useTranslation();
  if (!value) return null;
  const { bySeverity } = value;
  const points: readonly { readonly label: string; readonly points: number; readonly set: (points: number) => Scoring }[] = [
    ...SEVERITIES.map((severity) => ({
      label: t('settings.complaints.perSeverity', { severity: t(`complaints.severities.${severity}`) }),
      points: bySeverity[severity],
      set: (typed: number) => ({ ...value, bySeverity: { ...bySeverity, [severity]: typed } }),
    })),
    { label: t('settings.complaints.perBreach'), points: value.perBreach, set: (perBreach) => ({ ...value, perBreach }) },
    { label: t('settings.complaints.perReopening'), points: value.perReopening, set: (perReopening) => ({ ...value, perReopening }) },
  ];
  return (
    <>
      <div className="settings-numbers">
        {points.map(({ label, points: current, set }) => (
          <label key={label}>
            <span>{label}</span>
            <InputNumber min={0} max={100} precision={0} value={current} onChange={(typed) => onChange?.(set(typed ?? Number.NaN))} />
          </label>
        ))}
      </div>
      <KindPointsTable
        rows={value.byKind ?? []}
        bySeverity={bySeverity}
        onChange={(byKind) => onChange?.({ ...value, byKind })}
        faults={faults}
      />
    </>
  );
}

/** What the table as edited would promise to one complaint. */
export function TryOut({ policy, sound }: { readonly policy: ComplaintPolicy; readonly sound: boolean }) {
  const { t } = useTranslation();
  const [source, setSource] = useState<ComplaintSource>('phone');
  const [kind, setKind] = useState<ComplaintKind>('service.workmanship');
  const [severity, setSeverity] = useState<Severity>('normal');
  return (
    <section aria-label={t('settings.complaints.tryTitle')} className="settings-try">
      <h2>{t('settings.complaints.tryTitle')}</h2>
      <p className="ui-quiet">{t('settings.complaints.tryHint')}</p>
      <Form layout="vertical">
        <Select
          className="ui-wide"
          value={source}
          aria-label={t('complaints.fields.source')}
          options={COMPLAINT_SOURCES.map((value) => ({ value, label: t(`complaints.sources.${value}`) }))}
          onChange={setSource}
        />
        <Select
          className="ui-wide"
          value={kind}
          aria-label={t('complaints.fields.kind')}
          options={COMPLAINT_KINDS.map((value) => ({ value, label: kindChoiceText(t, value) }))}
          onChange={setKind}
        />
        <Select
          className="ui-wide"
          value={severity}
          aria-label={t('complaints.fields.severity')}
          options={SEVERITIES.map((value) => ({ value, label: t(`complaints.severities.${value}`) }))}
          onChange={setSeverity}
        />
      </Form>
      <output>{sound ? rowSentence(t, deadlineFor(policy, source, kind, severity)) : t('settings.complaints.tryNone')}</output>
    </section>
  );
}
