import { ArrowDownOutlined, ArrowUpOutlined } from '@ant-design/icons';
import { relativeChange } from '@baoke/core/complaints';
import { formatRate, formatShare, pointsBetween, type Rate } from '@baoke/core/kernel';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../shell/formats.ts';

/** A number that opens the rows it was counted from; 0 has none to open. */
export function Figure({
  value,
  title,
  onOpen,
}: {
  readonly value: number;
  readonly title: string;
  readonly onOpen?: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  const { count } = useFormats();
  if (!onOpen || value === 0) return <span className="ui-figures">{count(value)}</span>;
  return (
    <button
      type="button"
      className="rp-figure ui-figures"
      aria-label={t('reports.openRowsOf', { value: count(value), title })}
      onClick={onOpen}
    >
      {count(value)}
    </button>
  );
}

/** Money or a share that opens the rows it was made from, in the words it is written in. */
export function OpenFigure({
  title,
  onOpen,
  children,
}: {
  readonly title: string;
  readonly onOpen?: (() => void) | undefined;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  if (!onOpen) return <span className="ui-figures">{children}</span>;
  return (
    <button type="button" className="rp-figure ui-figures" title={t('reports.openRows', { title })} onClick={onOpen}>
      {children}
    </button>
  );
}

/** How a number stands to another: the difference and, where there was something before, the share of it. */
export function Change({
  now,
  before,
  goodWhen = 'up',
}: {
  readonly now: number;
  readonly before: number;
  readonly goodWhen?: 'up' | 'down' | 'none';
}) {
  const { count } = useFormats();
  const difference = now - before;
  if (difference === 0) return <span className="rp-change">±0</span>;
  const up = difference > 0;
  return (
    <Moved up={up} goodWhen={goodWhen}>
      {count(Math.abs(difference))}
      {before !== 0 && ` (${up ? '+' : '−'}${formatRate({ part: Math.abs(difference), whole: before }, 1)})`}
    </Moved>
  );
}

type MovedProps = { readonly up: boolean; readonly goodWhen: 'up' | 'down' | 'none'; readonly children: ReactNode };

/** An amount by which something rose or fell, in the colour of what that means. */
function Moved({ up, goodWhen, children }: MovedProps) {
  const tone = goodWhen === 'none' ? '' : up === (goodWhen === 'up') ? 'good' : 'bad';
  return (
    <span className={`rp-change ui-figures ${tone}`}>
      {up ? <ArrowUpOutlined aria-hidden="true" /> : <ArrowDownOutlined aria-hidden="true" />}
      {up ? '+' : '−'}
      {children}
    </span>
  );
}

/** The same for shares: the difference in percentage points, of the shares as they are printed. */
export function RateChange({
  now,
  before,
  goodWhen = 'up',
  decimals = 1,
}: {
  readonly now: Rate;
  readonly before: Rate;
  readonly goodWhen?: 'up' | 'down';
  readonly decimals?: number;
}) {
  const points = pointsBetween(before, now, decimals);
  if (points === undefined) return <span className="rp-change">–</span>;
  if (points === 0) return <span className="rp-change">±0</span>;
  return (
    <Moved up={points > 0} goodWhen={goodWhen}>
      {`${Math.abs(points).toFixed(decimals)}pt`}
    </Moved>
  );
}

/** By what share of the one before something changed: a rate as share of 1 to two decimals (COMP-16), an amount to one; nothing is said of what is not known or was 0. */
export function RelativeChange({
  now,
  before,
  goodWhen,
  decimals = 2,
}: {
  readonly now: number | undefined;
  readonly before: number | undefined;
  readonly goodWhen: 'up' | 'down';
  readonly decimals?: number;
}) {
  const changed = now === undefined || before === undefined ? undefined : relativeChange(now, before);
  if (changed === undefined) return <span className="rp-change">–</span>;
  if (changed === 0) return <span className="rp-change">±0</span>;
  return (
    <Moved up={changed > 0} goodWhen={goodWhen}>
      {formatShare(Math.abs(changed), decimals)}
    </Moved>
  );
}

export function Stat({
  label,
  hint,
  children,
  notes,
}: {
  readonly label: string;
  readonly hint?: string;
  readonly children: ReactNode;
  readonly notes?: readonly { readonly label: string; readonly value: ReactNode }[];
}) {
  return (
    <div className="rp-stat" title={hint}>
      <h2>{label}</h2>
      <div className="rp-stat-value">{children}</div>
      {notes?.map((note) => (
        <p key={note.label}>
          <span className="ui-quiet">{note.label}</span> {note.value}
        </p>
      ))}
    </div>
  );
}

export function Panel({ title, extra, children }: { readonly title: string; readonly extra?: ReactNode; readonly children: ReactNode }) {
  return (
    <section className="rp-panel">
      <header>
        <h2>{title}</h2>
        {extra}
      </header>
      {children}
    </section>
  );
}

/** How the numbers above were counted. */
export function Definition({ text }: { readonly text: string }) {
  const { t } = useTranslation();
  return (
    <p className="rp-definition">
      <strong>{t('reports.definition')}</strong> {text}
    </p>
  );
}
