import type { ComplaintKind, Severity } from '@baoke/core/complaints';
import type { DepartmentId, Instant, StaffId, TaskId } from '@baoke/core/kernel';
import type { Outcome, Satisfaction } from '@baoke/core/tasks';
import type { TakenBackView } from '@baoke/core/tasks/wire';

/** What the form of a result holds. */
export type ResultValues = {
  readonly outcome?: Outcome | null;
  readonly note?: string;
  readonly appointmentAt?: Instant | null;
  readonly nextTryAt?: Instant | null;
  readonly satisfaction?: Satisfaction;
  readonly praised?: boolean;
  readonly saidAbout?: string;
  readonly cause?: string;
  readonly unreachedBecause?: string;
  readonly complains?: boolean;
  readonly complaint?: {
    readonly kind: ComplaintKind;
    readonly severity: Severity;
    readonly departmentId: DepartmentId;
    readonly accusedId?: StaffId;
    readonly content: string;
  };
  readonly objects?: readonly ('service' | 'marketing')[];
};

/** Names what was typed as the result of a task. */
export function resultDraftKey(taskId: TaskId): string {
  return `task.${taskId}`;
}

/** What had been recorded, as the form began with it; what was left empty stays out, for a draft holds what was typed. */
export function typedAgain({ outcome, note, satisfied, heard, appointmentAt, nextTryAt, objects }: TakenBackView['typed']): ResultValues {
  const satisfaction = heard.satisfaction ?? (satisfied === null ? null : satisfied ? 'satisfied' : 'dissatisfied');
  return {
    outcome,
    ...(note === null ? {} : { note }),
    ...(satisfaction === null ? {} : { satisfaction }),
    ...(heard.praised ? { praised: true } : {}),
    ...(heard.saidAbout === null ? {} : { saidAbout: heard.saidAbout }),
    ...(heard.cause === null ? {} : { cause: heard.cause }),
    ...(heard.unreachedBecause === null ? {} : { unreachedBecause: heard.unreachedBecause }),
    ...(appointmentAt === null ? {} : { appointmentAt }),
    ...(nextTryAt === null ? {} : { nextTryAt }),
    ...(objects.length === 0 ? {} : { objects }),
  };
}
