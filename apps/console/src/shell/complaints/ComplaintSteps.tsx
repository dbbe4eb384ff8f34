import type { ComplaintView } from '@baoke/core/complaints/wire';
import { instantOfMilliseconds } from '@baoke/core/kernel';
import { refusalText } from '@baoke/i18n/lazy';
import { ActionButton, useNow } from '@baoke/ui';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../session.ts';
import './complaint-steps.css';
import { offers, type Step } from './steps.ts';

type Props = {
  readonly view: ComplaintView;
  /** What is asked of him here; left out: the next step of the complaint. */
  readonly due?: Step | undefined;
  readonly onTaken?: (step: Step) => void;
};

// The buttons come first; what a step asks for is there when one of them is pressed.
const loadDialog = async () => ({ default: (await import('./StepDialog.tsx')).StepDialog });
const StepDialog = lazy(loadDialog);

/** What can be done to a complaint, each step with the dialog that asks for it. The next one stands out; one that would be refused says why. */
export function ComplaintSteps({ view, due, onTaken }: Props) {
  const { t } = useTranslation();
  const me = useMe();
  const now = useNow(60_000);
  const [taking, setTaking] = useState<Step>();
  useEffect(() => void loadDialog(), []);
  return (
    <>
      <div className="complaint-steps">
        {offers(view, me, instantOfMilliseconds(now), due).map(({ step, primary, verdict }) => (
          <ActionButton
            key={step}
            type={primary ? 'primary' : 'default'}
            disabledReason={verdict.ok ? undefined : refusalText(t, verdict.refusal)}
            onClick={() => setTaking(step)}
          >
            {step === 'decidePause' ? t('complaints.approvePause') : t(`complaints.${step}`)}
          </ActionButton>
        ))}
      </div>
      {taking && (
        <Suspense>
          <StepDialog step={taking} view={view} onTaken={onTaken && (() => onTaken(taking))} onClose={() => setTaking(undefined)} />
        </Suspense>
      )}
    </>
  );
}
