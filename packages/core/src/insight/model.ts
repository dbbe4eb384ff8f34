/** After-service calls, or calls after the delivery of a new car. */
export const CALLBACK_KINDS = ['service', 'sales'] as const;
export const CALLBACK_GROUPS = ['person', 'rule', 'team', 'said', 'cause', 'unreached'] as const;
export type CallbackGroup = (typeof CALLBACK_GROUPS)[number];
export const CALLBACK_MEASURES = [
  'due',
  'dueCalled',
  'dueNotCalled',
  'carriedOver',
  'made',
  'reached',
  'notReached',
  'answered',
  'notAsked',
  'satisfied',
  'other',
  'praised',
  'complained',
  'ahead',
] as const;
/** The columns of the callback statistics, on the screen and in its file. */
export const CALLBACK_COLUMNS = [
  'due',
  'dueCalled',
  'completion',
  'carriedOver',
  'made',
  'notReached',
  'reached',
  'answered',
  'satisfied',
  'other',
  'satisfaction',
  'praised',
  'complained',
] as const;
export type CallbackMeasure = (typeof CALLBACK_MEASURES)[number];

export const CARE_GROUPS = ['rule', 'role', 'person'] as const;
/** What became of a task; `planned` is all of them. */
export const CARE_MEASURES = ['planned', 'doneInTime', 'doneLate', 'skipped', 'missed', 'overdue', 'waiting'] as const;
export type CareMeasure = (typeof CARE_MEASURES)[number];
/** What rows can be asked for beside them: what lapsed in the period, whenever it was due. */
export const CARE_ROW_MEASURES = [...CARE_MEASURES, 'lapsed'] as const;
export type CareRowMeasure = (typeof CARE_ROW_MEASURES)[number];
