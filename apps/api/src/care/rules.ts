import {
  candidates,
  onSince,
  partedRules,
  planner,
  presetRules,
  revise,
  switchOff,
  switchOn,
  type CarePolicy,
  type CareRule,
  type CareRuleKey,
  type Occurrence,
  type Suppression,
} from '@baoke/core/care';
import type * as wire from '@baoke/core/care/wire';
import { addDays, dateIn, type StaffId } from '@baoke/core/kernel';
import * as db from '@baoke/db/care';
import type { z } from 'zod';
import { recordChange } from '../audit/record.ts';
import type { StaffContext } from '../context.ts';
import { orThrow, refusal } from '../http/refusals.ts';
import { contactsFrom, listTurns, listedWindow, readSetting } from './plan-store.ts';

type Input<T extends z.ZodType> = z.output<T>;
const SHOWN = 500;
const CHUNK = 1_000;

async function getRule(tx: Parameters<typeof db.findRule>[0], ctx: StaffContext, key: CareRuleKey, version: number): Promise<CareRule> {
  const stored = await db.findRule(tx, ctx.storeId, key);
  if (!stored) throw refusal('platform.not_found');
  if (stored.version !== version)
    throw refusal('platform.conflict', { conflict: [{ field: 'rule', yours: version, theirs: stored.version, original: version }] });
  return stored.rule;
}

async function save(
  tx: Parameters<typeof db.saveRules>[0],
  ctx: StaffContext,
  action: string,
  before: CareRule | null,
  after: CareRule,
): Promise<CareRuleKey> {
  await db.saveRules(tx, ctx.storeId, [after], ctx.staffId, ctx.now);
  await recordChange(tx, ctx, { action: `care.${action}`, entity: 'care_rule', entityId: after.key, before, after, topic: 'care' });
  return after.key;
}

/** Saves a rule as edited. A new one is off and the store's own; an edit keeps what the rule was taken from and when it was switched on. */
export function saveRule(ctx: StaffContext, { rule: edited, version }: Input<typeof wire.saveRuleInput>): Promise<CareRuleKey> {
  return ctx.inStore(async (tx) => {
    if (version === null) {
      if (await db.findRule(tx, ctx.storeId, edited.key)) throw refusal('care.rule_exists');
      return save(tx, ctx, 'saveRule', null, orThrow(revise({ ...edited, origin: 'store', source: '', activeSince: null })));
    }
    const before = await getRule(tx, ctx, edited.key, version);
    return save(tx, ctx, 'saveRule', before, orThrow(revise({ ...before, ...edited })));
  });
}

export function setRule(ctx: StaffContext, { key, version }: Input<typeof wire.switchInput>, on: boolean): Promise<CareRuleKey> {
  return ctx.inStore(async (tx) => {
    const before = await getRule(tx, ctx, key, version);
    return save(tx, ctx, on ? 'switchOn' : 'switchOff', before, orThrow(on ? switchOn(before, ctx.now) : switchOff(before)));
  });
}

/** Makes a preset the store's rules: its rules are on, shipped rules outside it are off, the store's own stay as they are. */
export function applyPreset(ctx: StaffContext, { preset }: Input<typeof wire.presetInput>): Promise<number> {
  return ctx.inStore(async (tx) => {
    const stored = new Map((await db.listRules(tx, ctx.storeId)).map(({ rule }) => [rule.key, rule]));
    const wanted = new Set<CareRuleKey>();
    const changed: CareRule[] = [];
    for (const shipped of presetRules(preset)) {
      wanted.add(shipped.key);
      const rule = stored.get(shipped.key) ?? shipped;
      const on = onSince(rule, ctx.now);
      if (rule.activeSince === null && on.activeSince !== null) changed.push(on);
    }
    for (const rule of stored.values())
      if (rule.origin !== 'store' && rule.activeSince !== null && !wanted.has(rule.key)) changed.push({ ...rule, activeSince: null });
    await db.saveRules(tx, ctx.storeId, changed, ctx.staffId, ctx.now);
    await recordChange(tx, ctx, {
      action: 'care.applyPreset',
      entity: 'care_rule',
      entityId: preset,
      after: { preset, changed: changed.map((rule) => rule.key) },
      topic: 'care',
    });
    return changed.length;
  });
}

/**
 * Whom a rule would reach in the coming days if it were switched on now, and what each would hear or read: planned with the
 * store's other rules, so that merging and limits are as they would be. A rule that only lists tells who stands on its list today.
 * Writes nothing.
 *
 * Source: 04, Preview; CARE-14.
 */
export function previewRule(ctx: StaffContext, input: Input<typeof wire.previewInput>): Promise<wire.Preview> {
  return ctx.inStore(async (tx) => {
    const { rules, policy } = await readSetting(tx, { id: ctx.storeId, zone: ctx.zone });
    const stored = rules.find((rule) => rule.key === (input.key ?? input.rule?.key));
    const edited = input.rule
      ? orThrow(revise({ origin: 'store' as const, source: '', ...stored, ...input.rule, activeSince: null }))
      : stored;
    if (!edited) throw refusal('platform.not_found');
    const rule: CareRule = { ...edited, activeSince: ctx.now };
    const today = dateIn(ctx.zone, ctx.now);
    const lists = rule.outcome === 'check';
    const window = lists ? listedWindow([rule], policy, today, addDays(today, 1)) : { from: today, to: addDays(today, input.days) };
    const all = [...rules.filter(({ key }) => key !== rule.key), rule];
    // What is only listed is merged with its like and counts against no limit.
    const beside = lists ? partedRules(all).listed : all;
    const planOne = planner(beside, policy, window);
    const isReached = ({ ruleKey, dueAt }: Occurrence) => ruleKey === rule.key && (!lists || dueAt >= ctx.now);

    const reached: Occurrence[] = [];
    const byReason = new Map<Suppression['reason'], number>();
    let suppressed = 0;
    for (const ids of await sought(tx, ctx, rule, policy, window)) {
      for (const facts of await db.readFacts(tx, ctx.storeId, ctx.zone, ids, addDays(today, -100), contactsFrom(beside, today))) {
        const plan = planOne(facts);
        reached.push(...plan.occurrences.filter(isReached));
        for (const { ruleKey, reason } of plan.suppressions) {
          if (ruleKey !== rule.key) continue;
          suppressed += 1;
          byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
        }
      }
    }
    reached.sort((a, b) => (a.notBeforeOn === b.notBeforeOn ? (a.key < b.key ? -1 : 1) : a.notBeforeOn < b.notBeforeOn ? -1 : 1));
    const shown = reached.slice(0, SHOWN);
    // Who sets the rules need not see the customers; a reach short of the store would have to be judged for each of them.
    const seesCustomers = ctx.rights('customers', 'view') !== 'none' && ctx.reach('customers', 'view') === 'everyone';
    const names = await db.readNames(
      tx,
      ctx.storeId,
      seesCustomers ? shown.map((o) => o.customerId) : [],
      shown.flatMap((o): StaffId[] => (o.assigneeId ? [o.assigneeId] : [])),
    );
    return {
      reached: reached.length,
      suppressed,
      customers: new Set(reached.map((o) => o.customerId)).size,
      byDay: [...Map.groupBy(reached, (o) => (lists ? today : o.notBeforeOn))].map(([on, of]) => ({ on, count: of.length })),
      byReason: [...byReason].map(([reason, count]) => ({ reason, count })),
      rows: shown.map(({ customerId, notBeforeOn, dueAt, assigneeId, role, channel, script, topics, reason }) => ({
        customerId,
        customerName: names.get(customerId) ?? null,
        notBeforeOn,
        dueAt,
        assigneeName: assigneeId === null ? null : (names.get(assigneeId) ?? null),
        role,
        channel,
        script,
        topics,
        reason,
      })),
    };
  });
}

async function sought(
  tx: Parameters<typeof db.listCandidates>[0],
  ctx: StaffContext,
  rule: CareRule,
  policy: CarePolicy,
  window: { from: Occurrence['notBeforeOn']; to: Occurrence['notBeforeOn'] },
) {
  const found = candidates([rule], policy, window);
  const ids = new Set(await db.listCandidates(tx, ctx.storeId, ctx.zone, found));
  for (const id of await listTurns(tx, { id: ctx.storeId, zone: ctx.zone }, found)) ids.add(id);
  if (found.everyone) {
    for (let after: Parameters<typeof db.listOwnerIds>[2] = null; ;) {
      const chunk: Awaited<ReturnType<typeof db.listOwnerIds>> = await db.listOwnerIds(tx, ctx.storeId, after, CHUNK);
      if (chunk.length === 0) break;
      for (const id of chunk) ids.add(id);
      after = chunk.at(-1) ?? null;
    }
  }
  const all = [...ids];
  return Array.from({ length: Math.ceil(all.length / CHUNK) }, (_, i) => all.slice(i * CHUNK, (i + 1) * CHUNK));
}
