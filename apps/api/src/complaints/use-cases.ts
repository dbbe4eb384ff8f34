import type { Action } from '@baoke/core/access';
import * as rules from '@baoke/core/complaints';
import type {
  actionInput,
  amendInput,
  confirmInput,
  decidePauseInput,
  pauseInput,
  reassignInput,
  registerInput,
  reopenInput,
  respondInput,
  resumeInput,
  solveInput,
} from '@baoke/core/complaints/wire';
import { dateIn, fen, type ComplaintId, type DepartmentId, type StaffId, type StoreId, type Verdict } from '@baoke/core/kernel';
import type { Db } from '@baoke/db';
import {
  findComplaint,
  findForeignReference,
  insertComplaint,
  insertComplaintEvent,
  nameOccasion,
  nextComplaintNumber,
  saveComplaint,
  saveHandlers,
} from '@baoke/db/complaints';
import { findCallFacts, findMissingReference } from '@baoke/db/customers';
import { listPhones } from '@baoke/db/tasks';
import type { z } from 'zod';
import { recordChange } from '../audit/record.ts';
import type { StaffContext } from '../context.ts';
import { orThrow, refusal } from '../http/refusals.ts';
import { newId } from '../ids.ts';
import { notify, type Notice } from '../notices/notify.ts';
import { endPause, nextEscalation, readComplaintTime, takeDueSteps, type ComplaintTime } from './escalate.ts';

type Input<T extends z.ZodType> = z.output<T>;
type Details = Readonly<Record<string, string | number | boolean | null>>;

/** Registers a complaint, freezes its promises and tells the handler, with the copies the policy names (COMP-05). */
export function register(ctx: StaffContext, input: Input<typeof registerInput>): Promise<ComplaintId> {
  return ctx.inStore(async (tx) => {
    const references = {
      customerId: input.customerId,
      vehicleId: input.vehicleId ?? null,
      visitId: input.visitId ?? null,
      orderId: input.orderId ?? null,
      departmentId: input.departmentId,
      accusedId: input.accusedId ?? null,
    };
    const missing = await findMissingReference(tx, ctx.storeId, references, ctx.reach('customers', 'view'));
    if (missing) throw refusal('platform.not_found', { fields: [{ path: missing, code: 'unknown_record' }] });
    const foreign = await findForeignReference(tx, ctx.storeId, references);
    if (foreign) throw refusal('platform.not_found', { fields: [{ path: foreign, code: 'not_of_customer' }] });
    const facts = await readComplaintTime(tx, ctx.storeId, ctx.zone);
    const complaint = orThrow(
      rules.register(
        {
          ...references,
          id: newId<ComplaintId>(),
          number: await nextComplaintNumber(tx, ctx.storeId, dateIn(ctx.zone, ctx.now)),
          source: input.source,
          kind: input.kind,
          severity: input.severity,
          content: input.content,
        },
        facts.responsible.ladder(input.departmentId),
        facts.policy,
        ctx.staffId,
        ctx.now,
        facts.time,
      ),
    );
    await insertComplaint(tx, ctx.storeId, complaint, nextEscalation(complaint, facts, ctx.now));
    await note(tx, ctx, complaint.id, 'registered', input.content);
    await recordChange(tx, ctx, {
      action: 'complaints.register',
      entity: 'complaint',
      entityId: complaint.id,
      after: complaint,
      topic: 'complaints',
    });
    const copies = facts.responsible.withRoles(facts.policy.copies);
    await tell(tx, ctx, complaint, [complaint.handlerId, ...copies], 'complaints.registered');
    return complaint.id;
  });
}

type Step = {
  readonly id: ComplaintId;
  /** Undefined where the step adds to the record without changing what others see. */
  readonly version: number | undefined;
  readonly action: Action;
  readonly name: string;
};
type Decided = {
  readonly after: rules.Complaint;
  readonly event: rules.ComplaintEventKind;
  readonly note: string | null;
  readonly details?: Details;
  readonly tell?: { readonly to: readonly StaffId[]; readonly kind: Notice['kind'] };
};

/** One step in the life of a complaint: read under lock, decide in core, write; state, event, audit and notice in one transaction. */
function step(
  ctx: StaffContext,
  { id, version, action, name }: Step,
  decide: (before: rules.Complaint, facts: ComplaintTime, tx: Db) => Decided | Promise<Decided>,
): Promise<ComplaintId> {
  const reach = ctx.reach('complaints', action);
  return ctx.inStore(async (tx) => {
    const found = await findComplaint(tx, ctx.storeId, id, reach, { lock: true });
    if (!found) throw refusal('platform.not_found');
    const facts = await readComplaintTime(tx, ctx.storeId, ctx.zone, [found]);
    const before = await endPause(tx, ctx, found, facts, ctx.now);
    const { after, event, note: text, details = {}, tell: told } = await decide(before, facts, tx);
    if (version !== undefined && version !== found.version)
      throw refusal('platform.conflict', {
        conflict: [{ field: 'status', yours: after.status, theirs: before.status, original: version }],
      });
    if (version !== undefined) {
      await takeDueSteps(tx, ctx, before, facts, ctx.now);
      await saveComplaint(tx, ctx.storeId, after, nextEscalation(after, facts, ctx.now), ctx.now);
      // Opened again after its time, it is late at once.
      await takeDueSteps(tx, ctx, after, facts, ctx.now);
    }
    // What adds to the record only is known by its event, and by who has taken part since.
    else if (after.handledBy !== before.handledBy) await saveHandlers(tx, ctx.storeId, after);
    await note(tx, ctx, id, event, text, details);
    await recordChange(tx, ctx, { action: `complaints.${name}`, entity: 'complaint', entityId: id, before, after, topic: 'complaints' });
    if (told) await tell(tx, ctx, after, told.to, told.kind);
    return id;
  });
}

async function note(
  tx: Db,
  ctx: StaffContext,
  complaintId: ComplaintId,
  kind: rules.ComplaintEventKind,
  text: string | null,
  details: Details = {},
): Promise<void> {
  await insertComplaintEvent(tx, ctx.storeId, { id: newId(), complaintId, kind, at: ctx.now, staffId: ctx.staffId, note: text, details });
}

async function tell(tx: Db, ctx: StaffContext, complaint: rules.Complaint, to: readonly StaffId[], kind: Notice['kind']): Promise<void> {
  const others = to.filter((id) => id !== ctx.staffId && id !== complaint.accusedId);
  await notify(
    tx,
    ctx,
    others,
    { kind, params: { number: complaint.number, by: ctx.name }, entity: 'complaint', entityId: complaint.id },
    ctx.now,
  );
}

/** The field of each refusal of a time. */
const FIELDS = {
  'complaints.pause_in_past': 'until',
  'complaints.pause_too_long': 'until',
  'complaints.pause_only_shortened': 'until',
} as const;

/** A complaint the rules let through; a refusal ends the request. */
function accepted<C extends rules.Complaint>(verdict: Verdict<C, rules.ComplaintRefusal>): C {
  return orThrow(verdict, FIELDS);
}

export function respond(ctx: StaffContext, input: Input<typeof respondInput>): Promise<ComplaintId> {
  return step(ctx, { id: input.complaintId, version: input.version, action: 'edit', name: 'respond' }, (before, { time }) => ({
    after: accepted(rules.respond(before, ctx.staffId, input.note, ctx.now, time)),
    event: 'responded',
    note: input.note,
  }));
}

/** Notes something done for the customer on the way to the solution. */
export function addAction(ctx: StaffContext, input: Input<typeof actionInput>): Promise<ComplaintId> {
  return step(ctx, { id: input.complaintId, version: undefined, action: 'edit', name: 'addAction' }, (before) => ({
    after: accepted(rules.act(before, ctx.staffId)),
    event: 'action',
    note: input.note,
  }));
}

export function solve(ctx: StaffContext, input: Input<typeof solveInput>): Promise<ComplaintId> {
  return step(ctx, { id: input.complaintId, version: input.version, action: 'edit', name: 'solve' }, (before, { policy, responsible }) => {
    const solution = { solution: input.solution, cause: input.cause ?? null, goodwillFen: input.goodwillFen ?? fen(0) };
    const after = accepted(rules.solve(before, ctx.staffId, solution, ctx.now));
    return {
      after,
      event: 'solved',
      note: solution.solution,
      details: { goodwillFen: solution.goodwillFen, cause: solution.cause },
      tell: { to: responsible.withRoles(policy.confirmingRoles).filter((id) => !rules.isInvolved(after, id)), kind: 'complaints.solved' },
    };
  });
}

export function confirm(ctx: StaffContext, input: Input<typeof confirmInput>): Promise<ComplaintId> {
  return step(ctx, { id: input.complaintId, version: input.version, action: 'edit', name: 'confirm' }, (before, { policy }) => {
    const after = accepted(
      rules.confirm(before, { id: ctx.staffId, role: ctx.role }, { satisfied: input.satisfied, verdict: input.verdict }, policy, ctx.now),
    );
    return {
      after,
      event: input.satisfied ? 'confirmed' : 'reopened',
      note: input.verdict,
      ...(input.satisfied ? {} : { tell: { to: [after.handlerId], kind: 'complaints.reopened' } as const }),
    };
  });
}

export function reopen(ctx: StaffContext, input: Input<typeof reopenInput>): Promise<ComplaintId> {
  return step(ctx, { id: input.complaintId, version: input.version, action: 'edit', name: 'reopen' }, (before) => ({
    after: accepted(rules.reopen(before, ctx.staffId)),
    event: 'reopened',
    note: input.reason,
    tell: { to: [before.handlerId], kind: 'complaints.reopened' },
  }));
}

export function reassign(ctx: StaffContext, input: Input<typeof reassignInput>): Promise<ComplaintId> {
  return step(ctx, { id: input.complaintId, version: input.version, action: 'decide', name: 'reassign' }, (before, { responsible }) => {
    const to = responsible.person(input.handlerId);
    if (!to) throw refusal('platform.not_found', { fields: [{ path: 'handlerId', code: 'unknown_record' }] });
    return {
      after: accepted(rules.reassign(before, to, ctx.staffId)),
      event: 'reassigned',
      note: input.reason ?? null,
      details: { fromId: before.handlerId, from: responsible.person(before.handlerId)?.name ?? null, to: to.name },
      tell: { to: [to.id], kind: 'complaints.reassigned' },
    };
  });
}

/** Puts right what the complaint is about; who turns out to be complained about does not handle it. */
export function amend(ctx: StaffContext, input: Input<typeof amendInput>): Promise<ComplaintId> {
  return step(
    ctx,
    { id: input.complaintId, version: input.version, action: 'edit', name: 'amend' },
    async (before, { responsible }, tx) => {
      const {
        kind,
        severity,
        departmentId,
        accusedId,
        vehicleId = before.vehicleId,
        visitId = before.visitId,
        orderId = before.orderId,
      } = input;
      const to = { kind, severity, departmentId, accusedId, vehicleId, visitId, orderId };
      const department = (id: DepartmentId) => responsible.departments.find((one) => one.id === id)?.name;
      const person = (id: StaffId | null) => (id === null ? null : responsible.person(id)?.name);
      const unknown = [
        ...(department(to.departmentId) === undefined ? ['departmentId'] : []),
        ...(person(to.accusedId) === undefined ? ['accusedId'] : []),
      ];
      if (unknown.length > 0) throw refusal('platform.not_found', { fields: unknown.map((path) => ({ path, code: 'unknown_record' })) });
      const after = accepted(rules.amend(before, to, ctx.staffId, responsible.ladder(to.departmentId)));
      const occasion = await amendedOccasion(tx, ctx, before, after);
      const moved = after.handlerId !== before.handlerId;
      return {
        after,
        event: 'amended',
        note: input.reason,
        details: {
          ...(before.kind === to.kind ? {} : { kindFrom: before.kind, kindTo: to.kind }),
          ...(before.severity === to.severity ? {} : { severityFrom: before.severity, severityTo: to.severity }),
          ...(before.departmentId === to.departmentId
            ? {}
            : { departmentFrom: department(before.departmentId) ?? null, departmentTo: department(to.departmentId) ?? null }),
          ...(before.accusedId === to.accusedId
            ? {}
            : { accusedFrom: person(before.accusedId) ?? null, accusedTo: person(to.accusedId) ?? null }),
          ...occasion,
          ...(moved ? { from: person(before.handlerId) ?? null, to: person(after.handlerId) ?? null } : {}),
        },
        ...(moved
          ? { tell: { to: [after.handlerId], kind: 'complaints.reassigned' } as const }
          : before.departmentId === to.departmentId
            ? {}
            : // Whoever handles it keeps it; the department it turns out to be about hears of it.
              {
                tell: {
                  to: responsible
                    .ladder(to.departmentId)
                    .slice(0, 1)
                    .map(({ id }) => id),
                  kind: 'complaints.registered',
                } as const,
              }),
      };
    },
  );
}

/** By what names vehicle, visit and order changed; refuses those of another customer. */
async function amendedOccasion(tx: Db, ctx: StaffContext, before: rules.Complaint, after: rules.Complaint): Promise<Details> {
  const differs = (['vehicle', 'visit', 'order'] as const).filter((name) => before[`${name}Id`] !== after[`${name}Id`]);
  if (differs.length === 0) return {};
  const foreign = await findForeignReference(tx, ctx.storeId, after);
  if (foreign) throw refusal('platform.not_found', { fields: [{ path: foreign, code: 'not_of_customer' }] });
  const [from, to] = await Promise.all([nameOccasion(tx, ctx.storeId, before), nameOccasion(tx, ctx.storeId, after)]);
  return Object.fromEntries(
    differs.flatMap((name) => [
      [`${name}From`, from[name]],
      [`${name}To`, to[name]],
    ]),
  );
}

export function requestPause(ctx: StaffContext, input: Input<typeof pauseInput>): Promise<ComplaintId> {
  return step(
    ctx,
    { id: input.complaintId, version: input.version, action: 'edit', name: 'requestPause' },
    (before, { responsible, policy }) => {
      const after = accepted(rules.requestPause(before, ctx.staffId, input, policy, ctx.now));
      const deciders = rules.pauseDeciders(after, responsible.deciding(before.departmentId));
      return {
        after,
        event: 'pause_requested',
        note: input.reason,
        details: pausedUntil(after),
        tell: { to: [...deciders, ...responsible.withRoles(policy.copies)], kind: 'complaints.pause_requested' },
      };
    },
  );
}

export function decidePause(ctx: StaffContext, input: Input<typeof decidePauseInput>): Promise<ComplaintId> {
  return step(ctx, { id: input.complaintId, version: input.version, action: 'decide', name: 'decidePause' }, (before, { policy }) => {
    const after = accepted(rules.decidePause(before, ctx.staffId, input, policy, ctx.now));
    return { after, event: input.approved ? 'pause_approved' : 'pause_refused', note: null, details: pausedUntil(after) };
  });
}

function pausedUntil({ pause }: rules.Complaint): Details {
  return pause.state === 'running' ? {} : { until: pause.until };
}

export function resume(ctx: StaffContext, input: Input<typeof resumeInput>): Promise<ComplaintId> {
  return step(ctx, { id: input.complaintId, version: input.version, action: 'edit', name: 'resume' }, (before, { time }) => ({
    after: accepted(rules.resume(before, ctx.staffId, ctx.now, time)),
    event: 'resumed',
    note: null,
  }));
}

/** Why the customer of a complaint is not called; null where he may be. */
export async function callRefusalOf(
  tx: Db,
  storeId: StoreId,
  { number, customerId }: Pick<rules.Complaint, 'number' | 'customerId'>,
): Promise<rules.CallRefusal | null> {
  const facts = await findCallFacts(tx, storeId, customerId);
  if (!facts) throw new Error(`complaint ${number} is about customer ${customerId}, who is not there`);
  return rules.callRefusal(facts);
}

/**
 * Shows the numbers behind an open complaint to whoever has to call about it, unless the customer is not called at all; written down each time
 * (01, 13 field classes).
 */
export function revealPhone(
  ctx: StaffContext,
  complaintId: ComplaintId,
): Promise<{ phones: { number: string; tel: string; rank: number }[] }> {
  const reach = ctx.reach('complaints', 'edit');
  return ctx.inStore(async (tx) => {
    const complaint = await findComplaint(tx, ctx.storeId, complaintId, reach);
    if (!complaint) throw refusal('platform.not_found');
    const { policy } = await readComplaintTime(tx, ctx.storeId, ctx.zone);
    if (!rules.callsCustomer(complaint, { id: ctx.staffId, role: ctx.role }, policy, ctx.now)) throw refusal('access.forbidden');
    const notCalled = await callRefusalOf(tx, ctx.storeId, complaint);
    if (notCalled) throw refusal(notCalled);
    const phones = await listPhones(tx, ctx.storeId, complaint.customerId);
    await recordChange(tx, ctx, {
      action: 'complaints.revealPhone',
      entity: 'customer',
      entityId: complaint.customerId,
      after: { complaintId, numbers: phones.length },
    });
    return { phones: phones.map(({ number, rank }) => ({ number: number.replace(/^\+86/, ''), tel: number, rank })) };
  });
}
