import type { ContactId } from '@baoke/core/kernel';
import type { Outcome } from '@baoke/core/tasks';
import type { RecordedView, TaskRow } from '@baoke/core/tasks/wire';
import { refusalText } from '@baoke/i18n/lazy';
import { ActionButton, KeyHint, usePhone, useShortcut } from '@baoke/ui';
import { CheckCircleFilled } from '@ant-design/icons';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../shell/formats.ts';
import { outcomeText } from '../../shell/outcome-words.ts';
import { pathOfRecord, paths } from '../../shell/paths.ts';
import { useTakeBack, type Taken } from '../../shell/take-back.tsx';
import './recorded.css';
import { readDaySearch } from './search.ts';
import { TodayResults } from './TodayResults.tsx';

/** The result that was saved last, and what it set going. */
export type JustRecorded = {
  readonly customer: TaskRow['customer'];
  readonly outcome: Outcome;
  readonly recorded: RecordedView;
};

type Props = {
  readonly last: JustRecorded | undefined;
  /** Where the queue is in sight, so is the way to what was recorded today. */
  readonly listed: boolean;
  /** The last result stands no more. */
  readonly onTaken: () => void;
};

/** What was saved last, to be taken back by a key for as long as it stands here, and the way to everything of the day. */
export function Recorded({ last, listed, onTaken }: Props) {
  const { t } = useTranslation();
  const phone = usePhone();
  const navigate = useNavigate();
  const { tab, kind } = useSearch({ from: '/signed-in/day' });
  const [showsAll, setShowsAll] = useState(false);
  useShortcut('u', t('contacts.takeBack.today'), () => setShowsAll(true), { enabled: last === undefined });
  const taken = (contactId: ContactId, { task }: Taken) => {
    if (last?.recorded.contactId === contactId) onTaken();
    if (task === null) return;
    setShowsAll(false);
    void navigate({ ...paths.myDay(), search: readDaySearch({ tab, kind, task }), state: { retaken: contactId }, replace: !phone });
  };
  return (
    <div className="day-recorded">
      <div role="status">{last && <LastResult key={last.recorded.contactId} {...last} onTaken={taken} />}</div>
      {listed && (
        <Button type="text" onClick={() => setShowsAll(true)}>
          {t('contacts.takeBack.today')}
          {last === undefined && <KeyHint keys="u" />}
        </Button>
      )}
      {showsAll && <TodayResults onClose={() => setShowsAll(false)} onTaken={taken} />}
    </div>
  );
}

type LastProps = JustRecorded & { readonly onTaken: (contactId: ContactId, taken: Taken) => void };

function LastResult({ customer, outcome, recorded: { task, contactId, complaintId, verificationTaskId }, onTaken }: LastProps) {
  const { t } = useTranslation();
  const { dateTime } = useFormats();
  const takeBack = useTakeBack();
  const [busy, setBusy] = useState(false);
  const complaint = complaintId && pathOfRecord('complaint', complaintId);
  const run = async () => {
    if (busy) return;
    setBusy(true);
    const taken = await takeBack({ contactId, customerName: customer.name });
    setBusy(false);
    if (taken) onTaken(contactId, taken);
  };
  useShortcut('u', t('contacts.takeBack.last'), () => void run(), { enabled: !complaintId });
  return (
    <p className="day-last">
      <CheckCircleFilled aria-hidden="true" />
      <span>
        {t('contacts.takeBack.saved', { customer: customer.name, outcome: outcomeText(t, outcome, task.channel) })}
        {task.status === 'open' && t('contacts.takeBack.savedFor', { at: dateTime(task.showAt) })}
        {complaint && (
          <>
            {t('contacts.takeBack.savedComplaint')} <Link {...complaint}>{t('tasks.desk.openComplaint')}</Link>
          </>
        )}
        {verificationTaskId && t('contacts.takeBack.savedVerification')}
      </span>
      <ActionButton
        size="small"
        loading={busy}
        onClick={() => void run()}
        disabledReason={complaintId ? refusalText(t, 'tasks.complaint_stands') : undefined}
      >
        {t('contacts.takeBack.action')}
        {!complaintId && <KeyHint keys="u" />}
      </ActionButton>
    </p>
  );
}
