import type { Action, Role } from '@baoke/core/access';
import * as rules from '@baoke/core/complaints';
import type { ComplaintView } from '@baoke/core/complaints/wire';
import { fen, type Instant, type StaffId, type Verdict } from '@baoke/core/kernel';

/** What can be done to a complaint, from its page and from my day. */
export const STEPS = [
  'respond',
  'addAction',
  'solve',
  'confirm',
  'reopen',
  'reassign',
  'amend',
  'requestPause',
  'decidePause',
  'resume',
] as const;
export type Step = (typeof STEPS)[number];

/** Who looks at the page: what the rules and the rights ask of him. */
export type Viewer = {
  readonly staffId: StaffId;
  readonly role: Role;
  readonly can: (capability: 'complaints', action: Action) => boolean;
};

const RIGHT: Readonly<Record<Step, Action>> = {
  respond: 'edit',
  addAction: 'edit',
  solve: 'edit',
  confirm: 'edit',
  reopen: 'edit',
  reassign: 'decide',
  amend: 'edit',
  requestPause: 'edit',
  decidePause: 'decide',
  resume: 'edit',
};

export type Offer = { readonly step: Step; readonly primary: boolean; readonly verdict: Verdict<unknown, rules.ComplaintRefusal> };

/**
 * The steps offered to this person, the next one (or `due`, where that is what is asked of him) first, each with the verdict of its rule: one that would be refused is
 * shown with its reason. Steps his role never takes, or that belong to another state, are left out.
 */
export function offers(view: ComplaintView, me: Viewer, now: Instant, due?: Step): readonly Offer[] {
  const { complaint } = view;
  const steps = stepsIn(complaint);
  const asked = due && steps.includes(due) ? due : undefined;
  const next = asked ?? nextStep(complaint);
  return [...(asked ? [asked] : []), ...steps.filter((step) => step !== asked)]
    .filter((step) => me.can('complaints', RIGHT[step]))
    .map((step) => ({ step, primary: step === next, verdict: verdictOf(step, view, me, now) }));
}

// A closed complaint waits for nothing.
function nextStep({ status, pause }: rules.Complaint): Step | undefined {
  if (pause.state === 'paused') return 'resume';
  return ({ registered: 'respond', responded: 'solve', reopened: 'solve', solved: 'confirm', closed: undefined } as const)[status];
}

function stepsIn({ status, pause }: rules.Complaint): readonly Step[] {
  const clock: readonly Step[] =
    status === 'solved' ? [] : pause.state === 'running' ? ['requestPause'] : pause.state === 'requested' ? ['decidePause'] : ['resume'];
  switch (status) {
    case 'registered':
      return ['respond', 'addAction', 'solve', 'reassign', 'amend', ...clock];
    case 'responded':
    case 'reopened':
      return ['solve', 'addAction', 'reassign', 'amend', ...clock];
    case 'solved':
      return ['confirm', 'addAction', 'reassign', 'amend'];
    case 'closed':
      return ['reopen'];
  }
}

// The rules judge person and state; what will be typed changes none of their answers, so it stands empty here.
function verdictOf(
  step: Step,
  { complaint, confirmingRoles }: ComplaintView,
  { staffId, role }: Viewer,
  now: Instant,
): Verdict<unknown, rules.ComplaintRefusal> {
  switch (step) {
    case 'respond':
      return rules.mayRespond(complaint, staffId);
    case 'addAction':
      return rules.act(complaint, staffId);
    case 'solve':
      return rules.solve(complaint, staffId, { solution: '', cause: null, goodwillFen: fen(0) }, now);
    case 'confirm':
      // Which roles confirm is the store's policy, sent with the complaint.
      return rules.confirm(
        complaint,
        { id: staffId, role },
        { satisfied: true, verdict: '' },
        { ...rules.DEFAULT_COMPLAINT_POLICY, confirmingRoles: confirmingRoles as Role[] },
        now,
      );
    case 'reopen':
      return rules.reopen(complaint, staffId);
    case 'reassign':
      // Whom it goes to is chosen in the dialog, which judges each.
      return rules.reassign(complaint, { id: complaint.handlerId, level: null, active: true }, staffId);
    case 'amend':
      // What will be put right is chosen in the dialog; whoever may act may amend.
      return rules.act(complaint, staffId);
    case 'requestPause':
      return rules.requestPause(complaint, staffId, { reason: '' }, rules.DEFAULT_COMPLAINT_POLICY, now);
    case 'decidePause':
      return rules.mayDecidePause(complaint, staffId);
    case 'resume':
      return rules.mayResume(complaint, staffId);
  }
}
