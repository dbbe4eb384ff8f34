import { refusalText } from '@baoke/i18n/lazy';
import { ActionButton } from '@baoke/ui';
import { useTranslation } from 'react-i18next';
import type { Offer, Step } from './steps.ts';

type Props = { readonly offers: readonly Offer[]; readonly onTake: (step: Step) => void };

/** The next step stands out; one that would be refused says why. */
export function StepButtons({ offers, onTake }: Props) {
  const { t } = useTranslation();
  return (
    <div className="complaint-steps">
      {offers.map(({ step, primary, verdict }) => (
        <ActionButton
          key={step}
          type={primary ? 'primary' : 'default'}
          disabledReason={verdict.ok ? undefined : refusalText(t, verdict.refusal)}
          onClick={() => onTake(step)}
        >
          {step === 'decidePause' ? t('complaints.approvePause') : t(`complaints.${step}`)}
        </ActionButton>
      ))}
    </div>
  );
}
