import type { ComplaintEventKind, ComplaintStatus, Severity } from '@baoke/core/complaints';
import type { Tone } from '@baoke/ui';
import type { Catalogue } from '@baoke/i18n/lazy';

/** A field of a complaint by the name its words have. */
export type ComplaintField = keyof Catalogue['complaints']['fields'];

export const STATUS_TONES: Readonly<Record<ComplaintStatus, Tone>> = {
  registered: 'warn',
  responded: 'info',
  solved: 'info',
  closed: 'good',
  reopened: 'bad',
};
export const SEVERITY_TONES: Readonly<Record<Severity, Tone>> = { low: 'neutral', normal: 'neutral', high: 'bad' };
export const EVENT_TONES: Readonly<Record<ComplaintEventKind, Tone>> = {
  registered: 'warn',
  responded: 'info',
  action: 'neutral',
  solved: 'info',
  confirmed: 'good',
  reopened: 'bad',
  reassigned: 'neutral',
  amended: 'neutral',
  pause_requested: 'neutral',
  pause_approved: 'neutral',
  pause_refused: 'neutral',
  resumed: 'neutral',
  escalated: 'bad',
};
