import { metAt, type Complaint, type PromiseName } from '@baoke/core/complaints';
import { Countdown } from '@baoke/ui';

type Props = { readonly complaint: Complaint; readonly promise: PromiseName; readonly label?: string };

/** What is left of one promise, or how it was kept. */
export function PromiseClock({ complaint, promise, label }: Props) {
  const { dueAt, minutes } = complaint[promise];
  const pause = complaint.pause.state === 'paused' ? complaint.pause : null;
  return (
    <Countdown
      dueAt={dueAt}
      minutes={minutes}
      metAt={metAt(complaint, promise)}
      stopped={pause && { at: pause.pausedAt, until: pause.until }}
      {...(label === undefined ? {} : { label })}
    />
  );
}
