import {
  DEFAULT_COMPLAINT_POLICY,
  ESCALATION_LEVELS,
  escalations,
  pauseEnded,
  type Complaint,
  type ComplaintPolicy,
  type EscalationLevel,
  type StoreTime,
} from '@baoke/core/complaints';
import type { Instant, StaffId, StoreId, TimeZone } from '@baoke/core/kernel';
import { inTransaction, type Db, type Pool } from '@baoke/db';
import { insertLiveEvent } from '@baoke/db/audit';
import { claimDueEscalations, insertComplaintEvent, insertEscalation, saveComplaint, setNextEscalation } from '@baoke/db/complaints';
import { findPolicy, listPolicies } from '@baoke/db/settings';
import { readCalendars } from '@baoke/db/stores';
import { recordChange, systemActor } from '../audit/record.ts';
import { newId } from '../ids.ts';
import { notify } from '../notices/notify.ts';
import type { Queue } from '../queue.ts';
import { readResponsible, type Responsible } from './responsible.ts';

export type ComplaintTime = {
  /** What rules now, and what rules the next complaint. */
  readonly policy: ComplaintPolicy & { readonly version: number };
  /** The ladder a complaint climbs: that of the policy it was registered under. */
  readonly ladderOf: (complaint: Complaint) => ComplaintPolicy;
  readonly time: StoreTime;
  readonly responsible: Responsible;
};

/**
 * The store's policy, calendar and people, read once per use case, with the older policies that the complaints at hand were registered
 * under: a promise and the steps before it stay as they were made.
 */
export async function readComplaintTime(
  tx: Db,
  storeId: StoreId,
  zone: TimeZone,
  complaints: readonly Complaint[] = [],
): Promise<ComplaintTime> {
  const own = await findPolicy(tx, storeId, 'complaints');
  // What the settings saved was judged by their schema.
  const policy = { ...DEFAULT_COMPLAINT_POLICY, ...(own?.value as ComplaintPolicy | undefined), version: own?.version ?? 0 };
  const policies = new Map<number, ComplaintPolicy>([
    [0, DEFAULT_COMPLAINT_POLICY],
    [policy.version, policy],
  ]);
  const older = [...new Set(complaints.map((complaint) => complaint.policyVersion))].filter((version) => !policies.has(version));
  for (const { version, value } of await listPolicies(tx, storeId, 'complaints', older)) policies.set(version, value as ComplaintPolicy);
  const ladderOf = ({ number, policyVersion }: Complaint) => {
    const ladder = policies.get(policyVersion);
    if (!ladder) throw new Error(`complaint ${number} was registered under policy ${policyVersion}, which was not read or is not there`);
    return ladder;
  };
  return {
    policy,
    ladderOf,
    time: { zone, calendarAt: await readCalendars(tx, storeId) },
    responsible: await readResponsible(tx, storeId),
  };
}

/** When the job has to look at this complaint again: the first step that is not past, or the end of its pause. */
export function nextEscalation(complaint: Complaint, { ladderOf, time, responsible }: ComplaintTime, now: Instant): Instant | null {
  if (complaint.pause.state === 'paused') return complaint.pause.until;
  const level = responsible.person(complaint.handlerId)?.level ?? null;
  return escalations(complaint, ladderOf(complaint), level, time).find((step) => step.dueAt > now)?.dueAt ?? null;
}

/** The people of a rung; of the next one up where nobody stands on it but the person complained about or the handler, who knows already. */
function above({ departmentId, accusedId, handlerId }: Complaint, level: EscalationLevel, responsible: Responsible): readonly StaffId[] {
  const rungs = ESCALATION_LEVELS.slice(ESCALATION_LEVELS.indexOf(level)).map((rung) =>
    responsible.atLevel(rung, departmentId).filter((id) => id !== accusedId && id !== handlerId),
  );
  return rungs.find((rung) => rung.length > 0) ?? [];
}

/**
 * Takes the steps of a complaint that are due, each once; answers how many were taken. Whoever changes a complaint takes them first: what
 * was due before the change is not lost with it.
 */
export async function takeDueSteps(
  tx: Db,
  ctx: Parameters<typeof notify>[1],
  complaint: Complaint,
  { ladderOf, time, responsible }: ComplaintTime,
  now: Instant,
): Promise<number> {
  const { storeId } = ctx;
  const level = responsible.person(complaint.handlerId)?.level ?? null;
  let taken = 0;
  for (const step of escalations(complaint, ladderOf(complaint), level, time).filter(({ dueAt }) => dueAt <= now)) {
    if (!(await insertEscalation(tx, storeId, complaint.id, step, now))) continue;
    taken += 1;
    const { promise, percent } = step;
    await insertComplaintEvent(tx, storeId, {
      id: newId(),
      complaintId: complaint.id,
      kind: 'escalated',
      at: now,
      staffId: null,
      note: null,
      details: { promise, percent, level: step.level },
    });
    await notify(
      tx,
      ctx,
      [...above(complaint, step.level, responsible), complaint.handlerId],
      {
        kind: 'complaints.escalated',
        params: { number: complaint.number, promise, percent },
        entity: 'complaint',
        entityId: complaint.id,
      },
      now,
    );
    await insertLiveEvent(tx, storeId, 'complaints', complaint.id);
  }
  return taken;
}

/**
 * Lets the clock of a complaint run on where its pause has come to its limit, as at that instant; answers the complaint as it then stands. Whoever
 * changes a complaint does so first, under its lock: the pause ends once, whether he or the job comes by.
 */
export async function endPause(
  tx: Db,
  ctx: Parameters<typeof notify>[1],
  complaint: Complaint,
  facts: ComplaintTime,
  now: Instant,
): Promise<Complaint> {
  const after = pauseEnded(complaint, now, facts.time);
  if (!after || complaint.pause.state !== 'paused') return complaint;
  const { storeId } = ctx;
  const { id, number, handlerId, pause } = complaint;
  await saveComplaint(tx, storeId, after, nextEscalation(after, facts, now), now);
  const event = { id: newId(), complaintId: id, kind: 'resumed', at: pause.until, staffId: null, note: null } as const;
  await insertComplaintEvent(tx, storeId, { ...event, details: { limit: true } });
  const actor = { ...systemActor(storeId, 'complaints'), now };
  await recordChange(tx, actor, {
    action: 'complaints.endPause',
    entity: 'complaint',
    entityId: id,
    before: complaint,
    after,
    topic: 'complaints',
  });
  await notify(tx, ctx, [handlerId], { kind: 'complaints.pause_over', params: { number }, entity: 'complaint', entityId: id }, now);
  return { ...after, version: complaint.version + 1 };
}

const AT_ONCE = 200;

/**
 * Takes every step up the ladder that is due in a store: told to the people of that level, noted on the complaint, exactly
 * once however often, late or in parallel this runs. Pauses that have come to their limit end first. Answers how many steps were taken.
 */
export async function escalateDue(
  { pool, queue }: { pool: Pool; queue: Queue },
  storeId: StoreId,
  zone: TimeZone,
  now: Instant,
): Promise<number> {
  return inTransaction(pool, { storeId }, async (tx) => {
    const due = await claimDueEscalations(tx, storeId, now, AT_ONCE);
    if (due.length === 0) return 0;
    const facts = await readComplaintTime(tx, storeId, zone, due);
    let taken = 0;
    for (const found of due) {
      const complaint = await endPause(tx, { storeId, enqueue: queue.send }, found, facts, now);
      taken += await takeDueSteps(tx, { storeId, enqueue: queue.send }, complaint, facts, now);
      await setNextEscalation(tx, storeId, complaint.id, nextEscalation(complaint, facts, now));
    }
    return taken;
  });
}
