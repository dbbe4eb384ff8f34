import { createHash } from 'node:crypto';
import * as rules from '@baoke/core/customers';
import type { BulkPlan, Subject } from '@baoke/core/customers';
import type * as wire from '@baoke/core/customers/wire';
import type { CustomerId, StaffId } from '@baoke/core/kernel';
import { addHours } from '@baoke/core/kernel';
import type { Db } from '@baoke/db';
import * as db from '@baoke/db/customers';
import type { z } from 'zod';
import { recordChanges } from '../audit/record.ts';
import type { StaffContext } from '../context.ts';
import { orThrow, refusal, type FieldFault } from '../http/refusals.ts';
import { newId } from '../ids.ts';
import { readCustomerPolicy } from './duplicates.ts';
import { boundsOf, listView } from './list.ts';

type Filter = z.output<typeof wire.countInput>;

/** The ids a filter finds within what the caller sees: all of them, or one more than may be changed at once. */
async function idsOf(tx: Db, ctx: StaffContext, filter: Filter): Promise<CustomerId[]> {
  const bounds = db.filtersByBounds(filter) ? boundsOf(ctx, await readCustomerPolicy(tx, ctx.storeId)) : null;
  return db.listMatching(tx, ctx.storeId, filter, { ...listView(ctx, filter, 'view'), bounds }, rules.MOST_AT_ONCE + 1);
}

export function countMatching(ctx: StaffContext, filter: Filter): Promise<z.output<typeof wire.counted>> {
  return ctx.readStore(async (tx) => {
    const { length } = await idsOf(tx, ctx, filter);
    return { count: Math.min(length, rules.MOST_AT_ONCE), more: length > rules.MOST_AT_ONCE };
  });
}

type Planned = {
  readonly plan: BulkPlan;
  readonly stamp: string;
  readonly missing: readonly CustomerId[];
  readonly receivers: readonly Receiver[];
};
type Receiver = Awaited<ReturnType<typeof db.listStaff>>[number];

async function planOf(tx: Db, ctx: StaffContext, input: wire.PreviewChangeInput, lock: boolean): Promise<Planned> {
  const { change } = input;
  const receivers = 'toIds' in change ? await receiversOf(tx, ctx, change.toIds) : [];
  const ids = input.customerIds ? [...new Set(input.customerIds)] : input.filter ? await idsOf(tx, ctx, input.filter) : [];
  if (ids.length > rules.MOST_AT_ONCE) throw refusal('customers.too_many_at_once');
  const reach = { view: ctx.reach('customers', 'view'), edit: ctx.reach('customers', 'edit') };
  const subjects = await db.listSubjects(tx, ctx.storeId, ids, change.field, reach, { lock });
  const found = new Set(subjects.map(({ id }) => id));
  const missing = ids.filter((id) => !found.has(id));
  return { plan: rules.planChange(change, subjects), stamp: stampOf(change, subjects), missing, receivers };
}

/** Those who are to receive, in the order they were named: whoever stands first takes the odd customer. */
async function receiversOf(tx: Db, ctx: StaffContext, toIds: readonly StaffId[]): Promise<Receiver[]> {
  const people = await db.listStaff(tx, ctx.storeId);
  const faults: FieldFault[] = [];
  const receivers = toIds.flatMap((id, at) => {
    const person = people.find((one) => one.id === id);
    const verdict = person && rules.receive(person);
    if (!verdict) faults.push({ path: `change.toIds.${at}`, code: 'unknown_record' });
    else if (!verdict.ok) faults.push({ path: `change.toIds.${at}`, code: verdict.refusal });
    return person ? [person] : [];
  });
  const unknown = faults.filter(({ code }) => code === 'unknown_record');
  if (unknown.length > 0) throw refusal('platform.not_found', { fields: unknown });
  if (faults.length > 0) throw refusal('customers.assignee_left', { fields: faults });
  return receivers;
}

// What somebody saw before he agreed: whom it concerns, what stands there, and what may be changed.
function stampOf(change: rules.BulkChange, subjects: readonly Subject[]): string {
  const seen = [change, subjects.map(({ id, value, active, withinReach }) => [id, value, active, withinReach])];
  return createHash('sha256').update(JSON.stringify(seen)).digest('base64url');
}

const MOST_NAMED = 10;

function outcome({ plan, missing }: Planned) {
  const leftOut = (subjects: readonly Subject[]) => ({
    count: subjects.length,
    some: subjects.slice(0, MOST_NAMED).map(({ id, name }) => ({ id, name })),
  });
  return {
    changed: plan.moves.length,
    unchanged: plan.unchanged,
    outOfReach: leftOut(plan.outOfReach),
    closed: leftOut(plan.closed),
    notFound: missing.length,
  };
}

/** What a change of many would do, before anything is done. */
export function previewChange(ctx: StaffContext, input: wire.PreviewChangeInput): Promise<z.output<typeof wire.changePreview>> {
  return ctx.readStore(async (tx) => {
    const planned = await planOf(tx, ctx, input, false);
    const shares = planned.receivers.map(({ id, name }) => ({
      id,
      name,
      count: planned.plan.moves.filter(({ after }) => after === id).length,
    }));
    return { ...outcome(planned), missing: [...planned.missing], stamp: planned.stamp, shares };
  });
}

/**
 * Changes one field of many customers, as the preview showed it: if anything of that is different now, nothing is done and it is to be looked
 * at anew. Those out of reach and those closed stay as they are and are told. An id that names nobody the caller sees changes nothing at all: the
 * answer names its place in the list, a foreign one like one that never was.
 *
 * Source: spec 01 Lists; 09 B "mass update with own and foreign ids mixed: all-or-nothing refusal"; 11 row 14; 13, permission is judged on the stored record.
 */
export function changeMany(ctx: StaffContext, { stamp, ...input }: wire.ChangeManyInput): Promise<z.output<typeof wire.changedMany>> {
  return ctx.inStore(async (tx) => {
    const planned = await planOf(tx, ctx, input, true);
    if (planned.stamp !== stamp) throw refusal('customers.selection_changed');
    const { moves } = planned.plan;
    if (moves.length === 0) throw refusal('customers.nothing_to_change');
    const missing = new Set(planned.missing);
    const unknown = (input.customerIds ?? []).flatMap((id, at) =>
      missing.has(id) ? [{ path: `customerIds.${at}`, code: 'unknown_record' }] : [],
    );
    if (unknown.length > 0) throw refusal('platform.not_found', { fields: unknown });
    const { field } = input.change;
    const batchId = newId();
    await db.saveMoves(tx, ctx.storeId, field, moves, ctx.staffId, ctx.now);
    await db.insertBatch(tx, ctx.storeId, { id: batchId, by: ctx.staffId, at: ctx.now, change: input.change, moves });
    await recordMoves(tx, ctx, 'customers.changeMany', field, moves);
    return { ...outcome(planned), batchId, undoUntil: rules.undoUntil(ctx.now) };
  });
}

function recordMoves(tx: Db, ctx: StaffContext, action: string, field: rules.BulkField, moves: readonly rules.Move[]): Promise<void> {
  return recordChanges(
    tx,
    ctx,
    { action, entity: 'customer', topic: 'customers' },
    moves.map(({ id, before, after }) => ({ entityId: id, before: { [field]: before }, after: { [field]: after } })),
  );
}

/** The caller's last change of many that he can take back. */
export function lastChange(ctx: StaffContext): Promise<z.output<typeof wire.lastChange>> {
  return ctx.readStore(async (tx) => {
    const batch = await db.findLastBatch(tx, ctx.storeId, ctx.staffId, addHours(ctx.now, -rules.UNDO_HOURS));
    if (!batch) return { batch: null };
    const { change, ...facts } = batch;
    return {
      batch: { ...facts, undoUntil: rules.undoUntil(batch.at), field: change.field, to: 'to' in change ? change.to : null },
    };
  });
}

/** Takes back what the caller changed of many: the values before come back where nobody has changed them since. */
export function undoChange(ctx: StaffContext, batchId: string): Promise<z.output<typeof wire.undone>> {
  return ctx.inStore(async (tx) => {
    const batch = await db.lockBatch(tx, ctx.storeId, batchId, ctx.staffId);
    if (!batch) throw refusal('platform.not_found');
    orThrow(rules.undo(batch, ctx.now));
    const edit = ctx.reach('customers', 'edit');
    const { field } = batch.change;
    const ids = batch.moves.map(({ id }) => id);
    const now = await db.listSubjects(tx, ctx.storeId, ids, field, { view: 'everyone', edit }, { lock: true });
    const isOurs = (person: rules.BulkValue) => edit !== 'everyone' && edit.some((id) => id === person);
    const before = new Map(batch.moves.map((move) => [move.id, move.before]));
    // Whom he gave away he reaches no more; with the value before he will.
    const subjects = now.map((one) => ({ ...one, withinReach: one.withinReach || isOurs(before.get(one.id) ?? null) }));
    const { moves, ...left } = rules.planUndo(batch.moves, new Map(subjects.map((one) => [one.id, one])));
    await db.markUndone(tx, ctx.storeId, batchId, ctx.now);
    if (moves.length > 0) {
      await db.saveMoves(tx, ctx.storeId, field, moves, ctx.staffId, ctx.now);
      await recordMoves(tx, ctx, 'customers.undoChange', field, moves);
    }
    return { restored: moves.length, ...left };
  });
}
