import * as wire from '@baoke/core/care/wire';
import { exported } from '@baoke/core/kernel/wire';
import { addMonths, dateIn, type Instant } from '@baoke/core/kernel';
import * as db from '@baoke/db/care';
import type { CareRuleKey } from '@baoke/core/care';
import type { StaffContext } from '../context.ts';
import { listOf } from '../http/cursor.ts';
import { refusal } from '../http/refusals.ts';
import { may, router } from '../trpc.ts';
import { exportMissed } from './export.ts';
import { planStore, readSetting } from './plan-store.ts';
import * as useCases from './rules.ts';

async function ruleViews(staff: StaffContext): Promise<wire.RuleView[]> {
  return staff.inStore(async (tx) => {
    // Gives a new store its rules before they are first looked at.
    await readSetting(tx, { id: staff.storeId, zone: staff.zone });
    const counts = new Map(
      (await db.countByRule(tx, staff.storeId, addMonths(dateIn(staff.zone, staff.now), -1))).map((row) => [row.ruleKey, row]),
    );
    const listed = await db.countChecks(tx, staff.storeId, dateIn(staff.zone, staff.now));
    return (await db.listRules(tx, staff.storeId)).map(({ rule, version, updatedAt }) => {
      const { open = 0, done = 0, missed = 0 } = counts.get(rule.key) ?? {};
      return { rule, version, updatedAt, open: rule.outcome === 'check' ? (listed.get(rule.key) ?? 0) : open, done, missed };
    });
  });
}

async function ruleView(staff: StaffContext, key: CareRuleKey): Promise<wire.RuleView> {
  const view = (await ruleViews(staff)).find(({ rule }) => rule.key === key);
  if (!view) throw refusal('platform.not_found');
  return view;
}

const MISSED = listOf<[Instant, string]>('care.missed', 2);

export const careRouter = router({
  rules: may('care_rules', 'view', {
    method: 'GET',
    path: '/care/rules',
    summary: 'The rules of care, with what each brought in the last month',
  })
    .output(wire.ruleList)
    .query(async ({ ctx: { staff } }) => ({ rules: await ruleViews(staff) })),

  getRule: may('care_rules', 'view', { method: 'GET', path: '/care/rules/{key}', summary: 'One rule' })
    .input(wire.ruleKeyInput)
    .output(wire.ruleView)
    .query(({ ctx, input }) => ruleView(ctx.staff, input.key)),

  preview: may('care_rules', 'view', {
    method: 'POST',
    path: '/care/rules/preview',
    summary: 'Whom a rule would reach, and what each would hear or read',
    errorResponses: [422],
  })
    .input(wire.previewInput)
    .output(wire.preview)
    .query(({ ctx, input }) => useCases.previewRule(ctx.staff, input)),

  saveRule: may('care_rules', 'edit', {
    method: 'POST',
    path: '/care/rules',
    summary: 'Save a rule; a new one is off',
    errorResponses: [404],
  })
    .input(wire.saveRuleInput)
    .output(wire.ruleView)
    .mutation(async ({ ctx: { staff }, input }) => ruleView(staff, await useCases.saveRule(staff, input))),

  switchOn: may('care_rules', 'decide', { method: 'POST', path: '/care/rules/{key}/on', summary: 'Switch a rule on; it plans from now' })
    .input(wire.switchInput)
    .output(wire.ruleView)
    .mutation(async ({ ctx: { staff }, input }) => ruleView(staff, await useCases.setRule(staff, input, true))),

  switchOff: may('care_rules', 'decide', {
    method: 'POST',
    path: '/care/rules/{key}/off',
    summary: 'Switch a rule off; its open tasks are cancelled',
  })
    .input(wire.switchInput)
    .output(wire.ruleView)
    .mutation(async ({ ctx: { staff }, input }) => ruleView(staff, await useCases.setRule(staff, input, false))),

  applyPreset: may('care_rules', 'decide', { method: 'POST', path: '/care/preset', summary: 'Make a preset the rules of the store' })
    .input(wire.presetInput)
    .output(wire.ruleList)
    .mutation(async ({ ctx: { staff }, input }) => {
      await useCases.applyPreset(staff, input);
      return { rules: await ruleViews(staff) };
    }),

  runNow: may('care_rules', 'decide', { method: 'POST', path: '/care/run', summary: 'Plan now; a second time finds nothing new' })
    .output(wire.runView)
    .mutation(({ ctx }) =>
      planStore(ctx.platform.pool, { id: ctx.staff.storeId, zone: ctx.staff.zone }, { now: ctx.staff.now, kind: 'full' }),
    ),

  runs: may('care_rules', 'view', { method: 'GET', path: '/care/runs', summary: 'What the planner did lately' })
    .output(wire.runList)
    .query(async ({ ctx: { staff } }) => ({ runs: await staff.readStore((tx) => db.listRuns(tx, staff.storeId, 50)) })),

  exportMissed: may('tasks', 'export', {
    method: 'POST',
    path: '/care/missed/export',
    summary: 'The same as an Excel or CSV file; recorded',
  })
    .input(wire.exportMissedInput)
    .output(exported)
    .mutation(({ ctx, input }) => exportMissed(ctx.staff, input)),

  missed: may('tasks', 'view', { method: 'POST', path: '/care/missed', summary: 'Tasks that were not done in time, latest first' })
    .input(wire.missedInput)
    .output(wire.missedPage)
    .query(async ({ ctx: { staff }, input }) => {
      const reach = staff.reach('tasks', 'view');
      const after = MISSED.placeIn(input.cursor);
      const rows = await staff.readStore((tx) =>
        db.listMissed(
          tx,
          staff.storeId,
          reach === 'everyone' ? null : reach,
          after ? { at: after[0], id: after[1] } : null,
          input.limit + 1,
        ),
      );
      const page = MISSED.pageOf(rows, input.limit, (row) => [row.missedAt, row.taskId]);
      return { items: [...page.items], nextCursor: page.nextCursor };
    }),
});
