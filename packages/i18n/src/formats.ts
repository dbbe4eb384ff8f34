import { formatFen, formatRate, type CivilDate, type Fen, type Instant, type Rate, type TimeZone } from '@baoke/core/kernel';

/** How a store writes what is no text: the same in both languages, dates by the store's clock. */
export type Formats = {
  readonly money: (amount: Fen) => string;
  readonly rate: (rate: Rate, decimals?: number) => string;
  readonly count: (n: number) => string;
  /** `2026-05-01` */
  readonly date: (at: Instant) => CivilDate;
  /** `2026-05-01 09:10` */
  readonly dateTime: (at: Instant) => string;
  /** `2026-05-01 09:10` of a clock reading in milliseconds. */
  readonly dateTimeOfMilliseconds: (milliseconds: number) => string;
};

/** `13,803`: thousands parted in both languages. */
export function formatCount(n: number): string {
  return n.toLocaleString('en-US');
}

export function formatsFor(zone: TimeZone): Formats {
  // The platform knows the zones: asking it leaves the library of the domain's calendar out of every first screen.
  const clock = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  const read = (milliseconds: number) => {
    const parts = Object.fromEntries(clock.formatToParts(milliseconds).map(({ type, value }) => [type, value]));
    return { date: `${parts['year']}-${parts['month']}-${parts['day']}` as CivilDate, time: `${parts['hour']}:${parts['minute']}` };
  };
  const dateTimeOfMilliseconds = (milliseconds: number) => {
    const { date, time } = read(milliseconds);
    return `${date} ${time}`;
  };
  return {
    money: formatFen,
    rate: formatRate,
    count: formatCount,
    date: (at) => read(Date.parse(at)).date,
    dateTime: (at) => dateTimeOfMilliseconds(Date.parse(at)),
    dateTimeOfMilliseconds,
  };
}
