import type { ComplaintView } from '@baoke/core/complaints/wire';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../formats.ts';

/** That the clock stands still or is asked to, until when and why. */
export function PauseNote({ complaint: { pause } }: Pick<ComplaintView, 'complaint'>) {
  const { t } = useTranslation();
  const { dateTime } = useFormats();
  if (pause.state === 'running') return null;
  const said = { at: dateTime(pause.until), reason: pause.reason };
  return (
    <Alert
      type="warning"
      showIcon
      className="ui-form-alert"
      title={pause.state === 'paused' ? t('complaints.pausePaused', said) : t('complaints.pauseRequested', said)}
    />
  );
}
