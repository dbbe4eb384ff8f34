import {
  dateIn,
  formatFen,
  formatRate,
  instantOfMilliseconds,
  wallTimeIn,
  type Fen,
  type Instant,
  type Rate,
  type TimeZone,
} from '@baoke/core/kernel';

/** How a store writes what is no text: the same in both languages, dates by the store's clock. */
export type Formats = {
  readonly money: (amount: Fen) => string;
  readonly rate: (rate: Rate, decimals?: number) => string;
  readonly count: (n: number) => string;
  /** `2026-05-01` */
  readonly date: (at: Instant) => string;
  /** `2026-05-01 09:10` */
  readonly dateTime: (at: Instant) => string;
  /** `2026-05-01 09:10` of a clock reading in milliseconds. */
  readonly dateTimeOfMilliseconds: (milliseconds: number) => string;
};

export function formatsFor(zone: TimeZone): Formats {
  const dateTime = (at: Instant) => `${dateIn(zone, at)} ${wallTimeIn(zone, at)}`;
  return {
    money: formatFen,
    rate: formatRate,
    count: (n) => n.toLocaleString('en-US'),
    date: (at) => dateIn(zone, at),
    dateTime,
    dateTimeOfMilliseconds: (milliseconds) => dateTime(instantOfMilliseconds(milliseconds)),
  };
}
