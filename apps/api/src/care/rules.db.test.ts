import { SHIPPED_RULES, type CareRule } from '@baoke/core/care';
import { ruleInput } from '@baoke/core/care/wire';
import type { TaskId } from '@baoke/core/kernel';
import { inTransaction } from '@baoke/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../ids.ts';
import { aCustomerOnFile, codeOf } from '../testing/records.ts';
import { startTestServer, type TestPerson, type TestServer, type TestStore } from '../testing/server.ts';

let server: TestServer;
let store: TestStore;
let admin: TestPerson;
let agent: TestPerson;

beforeAll(async () => {
  server = await startTestServer();
  store = await server.store('one');
  admin = await server.person(store, 'ADMIN', 'management');
  agent = await server.person(store, 'FU_AGENT', 'customer_care');
  // Looking at the rules gives the store its first ones.
  await admin.client.care.rules.query();
});
afterAll(() => server.close());

type RuleInput = Parameters<TestPerson['client']['care']['saveRule']['mutate']>[0]['rule'];

/** A shipped rule as the editor sends it. */
function asEdited(key: string, change: object = {}): RuleInput {
  const rule: CareRule | undefined = SHIPPED_RULES.find((shipped) => shipped.key === key);
  if (!rule) throw new Error(`no shipped rule ${key}`);
  return { ...Object.fromEntries(Object.entries(rule).filter(([name]) => name in ruleInput.shape)), ...change } as RuleInput;
}

const OWN = asEdited('use_call', { key: 'use_call_2', name: '贵宾用车回访', script: '王总您好：昨天提的车，开着还顺手吗？{{name}}' });

describe('a rule copied as one of the store’s own', () => {
  it('is off, without a source, and called what the store calls it', async () => {
    const { rule } = await admin.client.care.saveRule.mutate({ rule: OWN, version: null });
    expect(rule).toMatchObject({
      key: 'use_call_2',
      name: '贵宾用车回访',
      origin: 'store',
      source: '',
      activeSince: null,
      script: OWN.script,
    });
    expect((await admin.client.care.getRule.query({ key: 'use_call' })).rule.activeSince).not.toBeNull();
  });

  it('cannot take the place of another', async () => {
    expect(await codeOf(admin.client.care.saveRule.mutate({ rule: OWN, version: null }))).toBe('care.rule_exists');
  });

  it('is switched on and off like any other', async () => {
    const on = await admin.client.care.switchOn.mutate({ key: 'use_call_2', version: 1 });
    expect(on.rule.activeSince).not.toBeNull();
    const off = await admin.client.care.switchOff.mutate({ key: 'use_call_2', version: on.version });
    expect(off.rule.activeSince).toBeNull();
    expect(await codeOf(admin.client.care.switchOff.mutate({ key: 'use_call_2', version: off.version }))).toBe('care.already_off');
  });

  it('stands by its name on the task of whoever may not see the rules', async () => {
    const customerId = await aCustomerOnFile(server.platform.pool, store.storeId);
    const task = { ruled: newId<TaskId>(), shipped: newId<TaskId>() };
    await inTransaction(server.platform.pool, { storeId: store.storeId }, async (tx) => {
      for (const [id, ruleKey] of [
        [task.ruled, 'use_call_2'],
        [task.shipped, 'use_call'],
      ] as const)
        await tx
          .insertInto('tasks')
          .values({
            store_id: store.storeId,
            id,
            kind: 'care_call',
            status: 'open',
            rule_key: ruleKey,
            customer_id: customerId,
            assignee_id: agent.staffId,
            role: 'FU_AGENT',
            channel: 'phone',
            purpose: 'service',
            priority: 3,
            not_before_on: '2026-05-01',
            due_at: '2026-05-01T10:00:00Z',
            topics: [],
            reason: JSON.stringify({ code: 'after.delivery', params: {} }),
          })
          .execute();
    });
    expect((await agent.client.tasks.get.query({ taskId: task.ruled })).ruleName).toBe('贵宾用车回访');
    expect((await agent.client.tasks.get.query({ taskId: task.shipped })).ruleName).toBeNull();
    expect(await codeOf(agent.client.care.getRule.query({ key: 'use_call_2' }))).toBe('access.forbidden');
  });
});

describe('the words of a shipped rule', () => {
  it('are changed to the store’s own, and the rule stays on and what it was taken from', async () => {
    const before = await admin.client.care.getRule.query({ key: 'use_call' });
    const script = '您好，车开着还习惯吗？';
    const after = await admin.client.care.saveRule.mutate({ rule: asEdited('use_call', { script }), version: before.version });
    expect(after.rule).toEqual({ ...before.rule, script });
    const { items } = await admin.client.audit.list.query({ entity: 'care_rule', entityId: 'use_call' });
    expect(items[0]).toMatchObject({ action: 'care.saveRule', before: { script: 'use_call' }, after: { script } });
  });

  it.each([
    { name: 'a thousand signs', script: '字'.repeat(1000), code: 'went through' },
    { name: 'one more', script: '字'.repeat(1001), code: 'input.invalid' },
  ])('$name', async ({ script, code }) => {
    const { version } = await admin.client.care.getRule.query({ key: 'care_call' });
    expect(await codeOf(admin.client.care.saveRule.mutate({ rule: asEdited('care_call', { script }), version }))).toBe(code);
  });
});
