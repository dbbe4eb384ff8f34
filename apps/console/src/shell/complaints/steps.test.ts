import type { Role } from '@baoke/core/access';
import type { Complaint } from '@baoke/core/complaints';
import { ACCUSED, aClosed, AGENT, aComplaint, aResponded, aSolved, HANDLER } from '@baoke/core/complaints/testing';
import type { ComplaintView } from '@baoke/core/complaints/wire';
import { addHours, type StaffId } from '@baoke/core/kernel';
import { at } from '@baoke/core/kernel/testing';
import { describe, expect, it } from 'vitest';
import { offers, type Step, type Viewer } from './steps.ts';

const NOW = at('2026-05-01T09:30+08:00');
// The page reads the complaint and who may confirm; the rest of the view is not asked.
const view = (complaint: Complaint) => ({ complaint, confirmingRoles: ['CC_MGR', 'FU_AGENT'] }) as unknown as ComplaintView;
const viewer = (staffId: StaffId, role: Role, ...rights: string[]): Viewer => ({
  staffId,
  role,
  can: (_, action) => rights.includes(action),
});
const manager = viewer(HANDLER, 'SVC_MGR', 'edit', 'decide');
const agent = viewer(AGENT, 'FU_AGENT', 'edit');
const names = (complaint: Complaint, me: Viewer, due?: Step) =>
  offers(view(complaint), me, NOW, due).map(
    ({ step, primary, verdict }) => `${primary ? '*' : ''}${step}${verdict.ok ? '' : `: ${verdict.refusal}`}`,
  );
const requested = { state: 'requested', reason: '等配件', requestedBy: HANDLER, requestedAt: NOW, until: addHours(NOW, 72) } as const;
const paused = { ...requested, state: 'paused', approvedBy: AGENT, pausedAt: NOW } as const;

describe('the steps offered', () => {
  it.each([
    {
      name: 'to the manager of a new complaint',
      complaint: aComplaint(),
      me: manager,
      steps: ['*respond', 'addAction', 'solve: complaints.not_responded', 'reassign', 'amend', 'requestPause'],
    },
    {
      name: 'to somebody who decides nothing',
      complaint: aComplaint(),
      me: agent,
      steps: ['*respond', 'addAction', 'solve: complaints.not_responded', 'amend', 'requestPause'],
    },
    {
      name: 'to the person complained about',
      complaint: aComplaint(),
      me: viewer(ACCUSED, 'SA', 'edit'),
      steps: [
        '*respond: complaints.handler_is_accused',
        'addAction: complaints.handler_is_accused',
        'solve: complaints.not_responded',
        'amend: complaints.handler_is_accused',
        'requestPause: complaints.handler_is_accused',
      ],
    },
    {
      name: 'once it is answered',
      complaint: aResponded(),
      me: manager,
      steps: ['*solve', 'addAction', 'reassign', 'amend', 'requestPause'],
    },
    {
      name: 'to the solver who wants to confirm himself',
      complaint: aSolved(),
      me: manager,
      steps: ['*confirm: complaints.confirmer_not_customer_care', 'addAction', 'reassign', 'amend'],
    },
    { name: 'to customer care', complaint: aSolved(), me: agent, steps: ['*confirm', 'addAction', 'amend'] },
    { name: 'to a reader', complaint: aSolved(), me: viewer(AGENT, 'AUDITOR'), steps: [] },
    { name: 'when it is closed', complaint: aClosed(), me: manager, steps: ['reopen'] },
    {
      name: 'to whoever asked for the pause',
      complaint: aResponded({ pause: requested }),
      me: manager,
      steps: ['*solve', 'addAction', 'reassign', 'amend', 'decidePause: complaints.approver_is_requester'],
    },
    {
      name: 'to the handler whose clock another would pause',
      complaint: aResponded({ pause: { ...requested, requestedBy: AGENT } }),
      me: manager,
      steps: ['*solve', 'addAction', 'reassign', 'amend', 'decidePause: complaints.approver_is_handler'],
    },
    {
      name: 'to customer care who worked on the case before another did',
      complaint: aSolved({ handledBy: [AGENT, HANDLER] }),
      me: agent,
      steps: ['*confirm: complaints.confirmer_is_handler', 'addAction', 'amend'],
    },
    {
      name: 'while the clock stands still',
      complaint: aResponded({ pause: paused }),
      me: manager,
      steps: ['solve: complaints.clock_is_paused', 'addAction', 'reassign', 'amend', '*resume'],
    },
  ])('$name', ({ complaint, me, steps }) => expect(names(complaint, me)).toEqual(steps));

  it('put what is asked of him first, while there is something to it', () => {
    const asked = { ...requested, requestedBy: ACCUSED };
    const general = viewer(AGENT, 'GM', 'edit', 'decide');
    expect(names(aResponded({ pause: asked }), general, 'decidePause')).toEqual([
      '*decidePause',
      'solve',
      'addAction',
      'reassign',
      'amend',
    ]);
    expect(names(aResponded(), general, 'decidePause')).toEqual(['*solve', 'addAction', 'reassign', 'amend', 'requestPause']);
  });
});
