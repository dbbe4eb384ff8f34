import { metAt, type Complaint, type PromiseName } from '@baoke/core/complaints';
import { Countdown } from '@baoke/ui';

type Props = { readonly complaint: Complaint; readonly promise: PromiseName; readonly label?: string };

/** What is left of one promise, or how it was kept. */
export function PromiseClock({ complaint, promise, label }: Props) {
  const { dueAt, minutes } = complaint[promise];
  const stoppedAt = complaint.pause.state === 'paused' ? complaint.pause.pausedAt : null;
  return (
    <Countdown
      dueAt={dueAt}
      minutes={minutes}
      metAt={metAt(complaint, promise)}
      stoppedAt={stoppedAt}
      {...(label === undefined ? {} : { label })}
    />
  );
}
