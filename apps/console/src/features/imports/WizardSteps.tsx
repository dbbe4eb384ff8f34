import { usePhone } from '@baoke/ui';
import { Steps } from 'antd';
import { useTranslation } from 'react-i18next';

export const WIZARD_STEPS = ['files', 'map', 'try', 'run', 'result'] as const;
export type WizardStep = (typeof WIZARD_STEPS)[number];

/** Where in the wizard one is. */
export function WizardSteps({ at, failed = false }: { readonly at: WizardStep; readonly failed?: boolean }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const current = WIZARD_STEPS.indexOf(at);
  if (phone)
    return (
      <p className="import-step-phone">
        <strong>{t(`imports.wizard.steps.${at}`)}</strong>
        <span className="ui-quiet ui-figures">{t('imports.wizard.filePosition', { at: current + 1, count: WIZARD_STEPS.length })}</span>
      </p>
    );
  return (
    <Steps
      className="ui-panel import-steps"
      size="small"
      current={current}
      status={failed ? 'error' : at === 'result' ? 'finish' : 'process'}
      items={WIZARD_STEPS.map((step) => ({ key: step, title: t(`imports.wizard.steps.${step}`) }))}
    />
  );
}
