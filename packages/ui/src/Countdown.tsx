import { CheckCircleOutlined, ClockCircleOutlined, ExclamationCircleFilled, FireFilled, PauseCircleOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useNow } from './clock.ts';
import type { UiWords } from './texts.ts';
import { largestUnits, timeLeft, type Clock, type TimeLeft } from './time-left.ts';
import { useUi } from './UiProvider.tsx';

const LOOKS: Readonly<Record<TimeLeft['state'], { icon: ReactNode; word: 'left' | 'late' | 'stopped' | 'kept' | 'broken' }>> = {
  calm: { icon: <ClockCircleOutlined />, word: 'left' },
  soon: { icon: <FireFilled />, word: 'left' },
  late: { icon: <ExclamationCircleFilled />, word: 'late' },
  stopped: { icon: <PauseCircleOutlined />, word: 'stopped' },
  kept: { icon: <CheckCircleOutlined />, word: 'kept' },
  broken: { icon: <ExclamationCircleFilled />, word: 'broken' },
};

export function lengthText(words: UiWords, milliseconds: number): string {
  return largestUnits(milliseconds)
    .map(([unit, count]) => words(unit, { count }))
    .join(' ');
}

/** How much of a promise is left, second by second in its last hour. Says it in colour, sign and word. */
export function Countdown(clock: Clock & { readonly label?: string }) {
  const { words, formatDateTime } = useUi();
  const settled = Boolean(clock.metAt ?? clock.stopped);
  const minute = useNow(settled ? 3_600_000 : 60_000);
  const close = !settled && Math.abs(Date.parse(clock.dueAt) - minute) < 3_600_000;
  return close ? (
    <Ticking {...clock} />
  ) : (
    <Reading clock={clock} left={timeLeft(clock, minute)} words={words} title={formatDateTime(clock.dueAt)} />
  );
}

function Ticking(clock: Clock & { readonly label?: string }) {
  const { words, formatDateTime } = useUi();
  return <Reading clock={clock} left={timeLeft(clock, useNow(1000))} words={words} title={formatDateTime(clock.dueAt)} />;
}

type ReadingProps = {
  readonly clock: Clock & { readonly label?: string };
  readonly left: TimeLeft;
  readonly words: UiWords;
  readonly title: string;
};

function Reading({ clock, left, words, title }: ReadingProps) {
  const { icon, word } = LOOKS[left.state];
  const { formatDateTime } = useUi();
  const values = { time: lengthText(words, left.milliseconds), at: clock.stopped ? formatDateTime(clock.stopped.until) : '' };
  return (
    <span className={`ui-countdown ui-countdown-${left.state}`} title={title}>
      <span aria-hidden="true">{icon}</span>
      {clock.label && <span>{clock.label}</span>}
      <span className="ui-figures">
        {words(word, values)}
        {left.state === 'late' && clock.stopped && <small> {words('stopped', values)}</small>}
      </span>
    </span>
  );
}
