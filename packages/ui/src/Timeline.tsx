import type { ReactNode } from 'react';
import { DateText, type Tone } from './values.tsx';

export type TimelineItem = {
  readonly key: string;
  readonly at: string;
  /** The day, where nothing but a day is known. */
  readonly on?: string;
  readonly title: ReactNode;
  readonly by?: ReactNode;
  readonly body?: ReactNode;
  readonly tone?: Tone;
};

/** What happened, in order. A list to screen readers, a line with dots to the eye. */
export function Timeline({ items, label }: { readonly items: readonly TimelineItem[]; readonly label: string }) {
  return (
    <ol className="ui-timeline" aria-label={label}>
      {items.map(({ key, at, on, title, by, body, tone = 'neutral' }) => (
        <li key={key} className={`ui-tone-${tone}`}>
          <div className="ui-timeline-head">
            <strong>{title}</strong>
            {by && <span>{by}</span>}
            <span className="ui-quiet">
              {on ? (
                <time dateTime={on} className="ui-figures">
                  {on}
                </time>
              ) : (
                <DateText at={at} />
              )}
            </span>
          </div>
          {body && <div className="ui-timeline-body">{body}</div>}
        </li>
      ))}
    </ol>
  );
}
