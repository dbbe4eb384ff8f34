import { asksSatisfaction, isAsking, SATISFACTIONS, type Outcome, type ResultCodes, type Satisfaction } from '@baoke/core/tasks';
import type { TaskRow } from '@baoke/core/tasks/wire';
import { useShortcut } from '@baoke/ui';
import { Checkbox, Form, Select } from 'antd';
import type { Ref } from 'react';
import { useTranslation } from 'react-i18next';
import type { ResultValues } from '../../shell/result-draft.ts';
import { useCodes } from '../../shell/result-codes.ts';
import './heard.css';
import { SATISFACTION_KEYS } from './result-keys.ts';

const TONES = { satisfied: 'good', neutral: 'wait', dissatisfied: 'bad', not_asked: 'wait' } as const satisfies Record<
  Satisfaction,
  string
>;

/** What can be said of the customer's satisfaction with an outcome: nothing where he cannot have been asked. */
export function satisfactionsFor(outcome: Outcome | undefined): readonly Satisfaction[] {
  return outcome !== undefined && isAsking(outcome) ? SATISFACTIONS : [];
}

type SatisfactionProps = {
  readonly ref: Ref<HTMLDivElement>;
  readonly task: TaskRow['task'];
  readonly outcome: Outcome;
  readonly onSay: (satisfaction: Satisfaction) => void;
};

/** How satisfied the customer is, by one button or digit; a satisfaction survey asks for it before its result goes. */
export function SatisfactionItem({ ref, task, outcome, onSay }: SatisfactionProps) {
  const { t } = useTranslation();
  const chosen = Form.useWatch('satisfaction', Form.useFormInstance<ResultValues>());
  return (
    <Form.Item
      name="satisfaction"
      label={t('tasks.satisfied')}
      rules={[{ required: asksSatisfaction(task, outcome), message: t('contacts.heard.askSatisfaction') }]}
    >
      <div className="task-outcomes task-said" role="radiogroup" aria-label={t('tasks.satisfied')} ref={ref} tabIndex={-1}>
        {SATISFACTIONS.map((satisfaction) => (
          <SatisfactionButton
            key={satisfaction}
            satisfaction={satisfaction}
            chosen={satisfaction === chosen}
            onSay={() => onSay(satisfaction)}
          />
        ))}
      </div>
    </Form.Item>
  );
}

type ButtonProps = { readonly satisfaction: Satisfaction; readonly chosen: boolean; readonly onSay: () => void };

function SatisfactionButton({ satisfaction, chosen, onSay }: ButtonProps) {
  const { t } = useTranslation();
  const digit = SATISFACTION_KEYS[satisfaction];
  useShortcut(digit, t(`contacts.heard.satisfactions.${satisfaction}`), onSay);
  return (
    <button type="button" role="radio" aria-checked={chosen} className={`task-outcome task-outcome-${TONES[satisfaction]}`} onClick={onSay}>
      <kbd aria-hidden="true">{digit}</kbd>
      {t(`contacts.heard.satisfactions.${satisfaction}`)}
    </button>
  );
}

/** Praise, what was spoken of and the analysed reason: nothing of it has to be said. */
export function HeardFields({ outcome }: { readonly outcome: Outcome }) {
  const { t } = useTranslation();
  if (!isAsking(outcome)) return null;
  return (
    <>
      <Form.Item name="praised" valuePropName="checked" className="task-tight">
        <Checkbox>{t('contacts.heard.praised')}</Checkbox>
      </Form.Item>
      <div className="ui-form-grid">
        <CodeItem name="saidAbout" list="saidAbout" />
        <CodeItem name="cause" list="causes" />
      </div>
    </>
  );
}

/** Why nobody was reached, by one tap; a second one takes it back. */
export function UnreachedItem() {
  const { t } = useTranslation();
  const form = Form.useFormInstance<ResultValues>();
  const chosen = Form.useWatch('unreachedBecause', form);
  const codes = useCodes()?.unreached.filter(({ off }) => !off);
  return (
    <Form.Item name="unreachedBecause" label={t('contacts.heard.unreachedBecause')}>
      <div className="task-chips" role="group" aria-label={t('contacts.heard.unreachedBecause')}>
        {codes?.map(({ value, label }) => (
          <button
            key={value}
            type="button"
            className="task-reason-chip"
            aria-pressed={value === chosen}
            onClick={() => form.setFieldsValue({ unreachedBecause: value === chosen ? undefined : value })}
          >
            {label}
          </button>
        ))}
      </div>
    </Form.Item>
  );
}

function CodeItem({ name, list }: { readonly name: 'saidAbout' | 'cause'; readonly list: keyof ResultCodes }) {
  const { t } = useTranslation();
  return (
    <Form.Item name={name} label={t(`contacts.heard.${name}`)}>
      <Select allowClear showSearch={{ optionFilterProp: 'label' }} options={useCodes()?.[list].filter(({ off }) => !off) ?? []} />
    </Form.Item>
  );
}
