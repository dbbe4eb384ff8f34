import { readFileSync } from 'node:fs';
import { ROLES, type Action, type Capability, type DepartmentKind, type Role, type Scope } from '@baoke/core/access';
import { SHIPPED_RULES, type CareRule } from '@baoke/core/care';
import { ruleInput } from '@baoke/core/care/wire';
import { COMPLAINT_SOURCES, type Registered } from '@baoke/core/complaints';
import { SHIPPED } from '@baoke/core/settings';
import { SKIP_REASONS } from '@baoke/core/tasks';
import { aComplaint } from '@baoke/core/complaints/testing';
import type { ComplaintId, ContactId, CustomerId, StaffId, TaskId, VehicleId } from '@baoke/core/kernel';
import { inTransaction } from '@baoke/db';
import { insertComplaint } from '@baoke/db/complaints';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../ids.ts';
import { appRouter } from '../router.ts';
import { aCustomerOnFile } from '../testing/records.ts';
import { startTestServer, type TestPerson, type TestServer, type TestStore } from '../testing/server.ts';
import { createApiKey, KEY_SCOPES } from './keys.ts';
import { listProcedures } from './procedures.ts';

/**
 * Role × procedure × whose record. What may be expected comes from the table of default rights as it was handed over, not
 * from the code; a procedure without a row here fails.
 */
const rights = new Map(
  readFileSync(new URL('../../../../packages/core/src/access/fixtures/rights.csv', import.meta.url), 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','))
    .map(([role, , , capability, view, edit, decide, exported]) => [
      `${role} ${capability}`,
      { view, edit, decide, export: exported } as Record<Action, Scope>,
    ]),
);

const TARGETS = ['own', 'team', 'store', 'other'] as const;
type Target = (typeof TARGETS)[number];

const DEPARTMENT: Readonly<Record<Role, DepartmentKind>> = {
  CHAIR: 'management',
  GROUP_MGR: 'management',
  GM: 'management',
  SALES_DIR: 'sales',
  SALES_MGR: 'sales',
  SC: 'sales',
  FLEET_MGR: 'sales',
  FLEET_SC: 'sales',
  AGENT: 'customer_care',
  RECEPTION: 'sales',
  MKT_DIR: 'sales',
  SVC_MGR: 'service',
  SA_LEAD: 'service',
  SA: 'service',
  TECH: 'service',
  CC_MGR: 'customer_care',
  FU_AGENT: 'customer_care',
  MEMBER: 'customer_care',
  RENEWAL: 'customer_care',
  APPRAISER: 'sales',
  TRAIN_MGR: 'management',
  WARRANTY: 'service',
  FINANCE: 'finance',
  PARTS: 'parts',
  ACC: 'sales',
  SUPPORT: 'service',
  AUDITOR: 'management',
  ADMIN: 'management',
};

/** What belongs to one person: the records that are his because he is their consultant, assignee or author. */
type Belongings = {
  readonly complaintId: ComplaintId;
  readonly customerId: CustomerId;
  readonly vehicleId: VehicleId;
  readonly taskId: TaskId;
  readonly contactId: ContactId;
};
type Case = { readonly of: Belongings; readonly world: World };
/** The input of a call about a record, or `none` where a procedure is about no single one. `needs` names a second right it asks for; `ownOnly` closes others' records although they can be seen, `handlerOnly` every one that another handles. */
type Row = {
  readonly input: (c: Case) => unknown;
  readonly about: 'record' | 'none';
  readonly needs?: readonly [Capability, Action];
  readonly ownOnly?: true;
  readonly handlerOnly?: true;
};

/** A shipped rule as the editor sends it: without what is not the editor's. */
function editable(rule: CareRule | undefined): object {
  return Object.fromEntries(Object.entries(rule ?? {}).filter(([name]) => name in ruleInput.shape));
}

const none = (input?: unknown): Row => ({ about: 'none', input: () => input });
const record = (input: (c: Case) => unknown, needs?: Row['needs']): Row => ({ about: 'record', input, ...(needs ? { needs } : {}) });
const ofCustomer = (more: object = {}): Row => record(({ of }) => ({ customerId: of.customerId, ...more }));
const ofVehicle = (more: object = {}): Row => record(({ of }) => ({ vehicleId: of.vehicleId, ...more }));
const ofTask = (more: object = {}): Row => record(({ of }) => ({ taskId: of.taskId, ...more }));
const versioned = (more: object): Row => record(({ of }) => ({ complaintId: of.complaintId, version: 1, ...more }));
// A version nobody saw: a call that is let in ends with a conflict and leaves the record as it was for the next one.
const STALE = 99;
// An id that names nobody: a procedure about no record of the matrix answers "not found", which is neither refusal nor fault.
const NOBODY = '00000000-0000-7000-8000-000000000000';
const PERIOD = { from: '2026-01-01', to: '2027-01-01' };

const ROWS: Readonly<Record<string, Row>> = {
  'staff.list': none(),
  'staff.create': none({ name: '新人', role: 'SC' }),
  'staff.update': none({ staffId: NOBODY, version: 1, name: 'x', role: 'SC', active: true }),
  'staff.resetPassword': none({ staffId: NOBODY }),
  'staff.resetSecondStep': none({ staffId: NOBODY }),
  'rights.get': none(),
  'rights.set': none({ role: 'SUPPORT', capability: 'quality', action: 'decide', scope: 'none' }),
  'settings.get': none({ section: 'customers' }),
  'settings.history': none({ section: 'customers' }),
  'settings.save': none({ of: { section: 'customers', value: SHIPPED.customers }, version: STALE }),
  'settings.restore': none({ section: 'customers', version: STALE, restored: 0 }),
  'keys.list': none(),
  'keys.create': none({ name: 'x', scopes: ['customers:view'] }),
  'keys.revoke': none({ id: NOBODY }),
  'audit.list': none({}),
  'search.find': none({ term: '王小' }),
  'customers.list': none({}),
  'customers.counts': none({}),
  'customers.options': none(),
  'customers.checkDuplicates': none({ name: '王小明', phones: ['13812345678'] }),
  'customers.create': none({ name: '新客户', phones: ['13912345678'] }),
  'customers.export': none({ format: 'csv' }),
  'customers.count': none({}),
  'customers.previewChange': none({ customerIds: [NOBODY], change: { field: 'isVip', to: true } }),
  'customers.changeMany': none({ customerIds: [NOBODY], change: { field: 'isVip', to: true }, stamp: 'x' }),
  'customers.lastChange': none(),
  'customers.undoChange': none({ batchId: NOBODY }),
  'customers.get': ofCustomer(),
  'customers.timeline': ofCustomer(),
  'customers.openForEdit': ofCustomer(),
  'customers.update': ofCustomer({ version: 1, changes: { remark: 'x' } }),
  'customers.setFlags': ofCustomer({ version: 1, isFleet: false, isVip: true, isDifficult: false }),
  'customers.setStanding': ofCustomer({ version: 1, change: { standing: 'deceased', on: '2026-01-01', note: 'x' } }),
  'customers.verify': ofCustomer(),
  // Whoever edits a file may see its number; for one's own task the task is the reason (its own tests).
  'customers.revealPhone': { ...ofCustomer(), needs: ['customers', 'edit'] },
  'complaints.export': none({}),
  'complaints.exportScores': { ...none({ month: '2026-05' }), needs: ['complaints', 'decide'] },
  'service.exportVisits': none({}),
  'tasks.exportTeam': none({}),
  'care.exportMissed': none({}),
  'staff.export': none({}),
  'audit.export': none({}),
  'customers.upsertMany': { ...none({ source: 'dms', rows: [{ externalId: 'x' }] }), needs: ['customers', 'view'] },
  'customers.changes': none({}),
  'vehicles.changes': none({}),
  'service.changes': none({}),
  'complaints.changes': none({}),
  'customers.removals': none({}),
  'vehicles.removals': none({}),
  'service.removals': none({}),
  'complaints.removals': none({}),
  'customers.revealIdNumber': ofCustomer(),
  'customers.addObservation': ofCustomer({ content: 'x' }),
  'customers.recordConsent': ofCustomer({ purpose: 'marketing', channel: 'sms', granted: true, source: '前台' }),
  'contacts.record': ofCustomer({ outcome: 'not_reached' }),
  'vehicles.get': ofVehicle(),
  'vehicles.update': ofVehicle({ version: 1, changes: { remark: 'x' } }),
  'vehicles.addMileage': ofVehicle({ mileageKm: 1000 }),
  'vehicles.create': ofCustomer({ plate: '苏E12345' }),
  'vehicles.changeOwner': none({ vehicleId: NOBODY, version: 1, customerId: NOBODY }),
  'service.categories': none(),
  'service.listVisits': none({}),
  'tasks.myDay': none({}),
  'tasks.counts': none(),
  'tasks.team': none({}),
  'tasks.load': none(),
  'tasks.get': ofTask(),
  'tasks.fate': ofTask(),
  'tasks.take': ofTask({ version: STALE }),
  'tasks.results': none({}),
  'tasks.resultCodes': none(),
  // Recorded before results could be taken back: whoever is let in is told so, and it stays for the next one.
  'tasks.takeBack': record(({ of }) => ({ contactId: of.contactId })),
  'tasks.record': ofTask({ version: STALE, outcome: 'not_reached' }),
  'tasks.postpone': ofTask({ version: STALE, until: '2026-05-03T09:00:00Z' }),
  'tasks.skip': ofTask({ version: STALE, reason: SKIP_REASONS[0] }),
  'tasks.handOver': record(({ of, world }) => ({ taskId: of.taskId, version: STALE, toId: world.outsider.staffId })),
  // The number of one's own task: a manager who sees the task of another has no reason to call.
  'tasks.revealPhone': { ...ofTask(), ownOnly: true },
  'tasks.revealAddress': { ...ofTask(), ownOnly: true },
  'tasks.reassign': none({ taskIds: [NOBODY], toIds: [NOBODY], reason: 'x' }),
  'tasks.add': { ...none({ customerId: NOBODY, dueOn: '2026-05-01', note: 'x' }), needs: ['customers', 'view'] },
  'tasks.receivers': none(),
  'care.rules': none(),
  'care.getRule': none({ key: 'ssi_survey' }),
  'care.saveRule': none({ rule: editable(SHIPPED_RULES[0]), version: STALE }),
  'care.switchOn': none({ key: 'unknown_rule', version: 1 }),
  'care.switchOff': none({ key: 'unknown_rule', version: 1 }),
  'care.applyPreset': none({ preset: 'combined' }),
  'care.preview': none({ key: 'unknown_rule' }),
  'care.runNow': none(),
  'care.runs': none(),
  'care.missed': none({}),
  'imports.list': none({}),
  'imports.get': none({ importId: NOBODY }),
  'imports.template': none({ kind: 'customers' }),
  'imports.sample': none({ importId: NOBODY, position: 0 }),
  'imports.map': none({ importId: NOBODY, position: 0, kind: 'customers', columns: [null] }),
  'imports.reasons': none({ importId: NOBODY, position: 0 }),
  'imports.start': none({ importId: NOBODY }),
  'imports.staffNames': none({ importId: NOBODY }),
  'imports.mapStaff': none({ importId: NOBODY, name: '王强', staffId: null }),
  'imports.cancel': none({ importId: NOBODY }),
  'imports.undo': none({ importId: NOBODY }),
  'imports.kept': none({ importId: NOBODY }),
  'imports.rows': none({ importId: NOBODY, position: 0 }),
  'reports.home': none(),
  'reports.service': none({ period: PERIOD }),
  'reports.serviceRows': none({ period: PERIOD }),
  'reports.deliveryRows': none({ period: PERIOD }),
  'reports.callbacks': none({ period: PERIOD }),
  'reports.callbackRows': none({ period: PERIOD, measure: 'made' }),
  'reports.care': none({ period: PERIOD }),
  'reports.careRows': none({ period: PERIOD, measure: 'planned' }),
  'reports.returnedRows': none({ period: PERIOD }),
  'reports.export': none({ of: { report: 'service', period: PERIOD } }),
  'complaints.list': none({}),
  'complaints.counts': none(),
  'complaints.get': record(({ of }) => ({ complaintId: of.complaintId })),
  'complaints.options': none(),
  'complaints.preview': {
    about: 'none',
    input: ({ world }) => ({
      source: COMPLAINT_SOURCES[0],
      kind: 'sales.price',
      severity: 'low',
      departmentId: world.store.departments.get('sales'),
    }),
  },
  'complaints.occasions': { ...ofCustomer(), needs: ['customers', 'view'] },
  'complaints.register': record(
    ({ of, world }) => ({
      customerId: of.customerId,
      source: 'phone',
      kind: 'sales.price',
      content: 'x',
      departmentId: world.store.departments.get('sales'),
    }),
    ['customers', 'view'],
  ),
  'complaints.respond': versioned({ note: 'x' }),
  'complaints.addAction': record(({ of }) => ({ complaintId: of.complaintId, note: 'x' })),
  'complaints.solve': versioned({ solution: 'x' }),
  'complaints.confirm': versioned({ satisfied: true, verdict: 'x' }),
  // Each of these complaints is another's to handle: whoever only sees one has no reason to call.
  'complaints.revealPhone': { ...record(({ of }) => ({ complaintId: of.complaintId })), handlerOnly: true },
  'complaints.reopen': versioned({ reason: 'x' }),
  'complaints.reassign': record(({ of, world }) => ({ complaintId: of.complaintId, version: 1, handlerId: world.outsider.staffId })),
  'complaints.amend': record(({ of, world }) => ({
    complaintId: of.complaintId,
    version: STALE,
    kind: 'sales.price',
    severity: 'low',
    departmentId: world.store.departments.get('sales'),
    accusedId: null,
    reason: 'x',
  })),
  'complaints.requestPause': versioned({ reason: 'x' }),
  'complaints.decidePause': versioned({ approved: true }),
  'complaints.resume': versioned({}),
  'complaints.statistics': none({ period: PERIOD, groupBy: 'kind' }),
  'complaints.rates': none({ period: PERIOD }),
  'complaints.scoring': none({ month: '2026-05' }),
};

type World = {
  readonly server: TestServer;
  readonly store: TestStore;
  /** Somebody of no team: what is his belongs to the store and to nobody tested. */
  readonly outsider: TestPerson;
  readonly people: ReadonlyMap<Role, TestPerson>;
  readonly belongings: ReadonlyMap<string, Belongings>;
};

let world: World;

async function belongingsOf(server: TestServer, store: TestStore, owner: StaffId, outsider: StaffId): Promise<Belongings> {
  const customerId = await aCustomerOnFile(server.platform.pool, store.storeId, { consultantId: owner });
  const complaint: Registered = aComplaint({
    id: newId<ComplaintId>(),
    number: newId(),
    customerId,
    accusedId: null,
    registeredBy: owner,
    handlerId: outsider,
    // A department of its own: nobody's team.
    departmentId: store.departments.get('parts') ?? ('' as Registered['departmentId']),
  });
  await inTransaction(server.platform.pool, { storeId: store.storeId }, (tx) => insertComplaint(tx, store.storeId, complaint, null));
  const taskId = newId<TaskId>();
  const vehicleId = newId<VehicleId>();
  const contactId = newId<ContactId>();
  await inTransaction(server.platform.pool, { storeId: store.storeId }, async (tx) => {
    await tx.insertInto('vehicles').values({ store_id: store.storeId, id: vehicleId, owner_id: customerId }).execute();
    await tx
      .insertInto('tasks')
      .values({
        store_id: store.storeId,
        id: taskId,
        kind: 'care_call',
        status: 'open',
        customer_id: customerId,
        assignee_id: owner,
        role: 'FU_AGENT',
        channel: 'phone',
        purpose: 'service',
        priority: 3,
        not_before_on: '2026-05-01',
        due_at: '2026-05-01T10:00:00Z',
        topics: [],
        reason: JSON.stringify({ code: 'manual', params: {} }),
      })
      .execute();
    await tx
      .insertInto('contacts')
      .values({
        store_id: store.storeId,
        id: contactId,
        customer_id: customerId,
        task_id: taskId,
        channel: 'phone',
        outcome: 'not_reached',
        occurred_at: '2026-05-01T09:00:00Z',
        staff_id: owner,
      })
      .execute();
  });
  return { complaintId: complaint.id, customerId, vehicleId, taskId, contactId };
}

beforeAll(async () => {
  const server = await startTestServer();
  const store = await server.store('one');
  const elsewhere = await server.store('two');
  const outsider = await server.person(store, 'AUDITOR', 'parts');
  const foreign = await server.person(elsewhere, 'GM', 'parts');
  const people = new Map<Role, TestPerson>();
  const belongings = new Map<string, Belongings>();
  const mates = new Map<DepartmentKind, StaffId>();
  for (const kind of new Set(Object.values(DEPARTMENT))) mates.set(kind, (await server.person(store, 'SUPPORT', kind)).staffId);
  for (const [kind, mate] of mates) belongings.set(`team ${kind}`, await belongingsOf(server, store, mate, outsider.staffId));
  belongings.set('store', await belongingsOf(server, store, outsider.staffId, outsider.staffId));
  belongings.set('other', await belongingsOf(server, elsewhere, foreign.staffId, foreign.staffId));
  for (const role of ROLES) {
    // The parts manager's department is the outsider's: he gets one of his own, so that his team is not the outsider.
    const person = await server.person(store, role, DEPARTMENT[role] === 'parts' ? 'finance' : DEPARTMENT[role]);
    people.set(role, person);
    belongings.set(`own ${role}`, await belongingsOf(server, store, person.staffId, outsider.staffId));
  }
  world = { server, store, outsider, people, belongings };
});
afterAll(() => world.server.close());

function belongingsFor(role: Role, target: Target): Belongings {
  const department = DEPARTMENT[role] === 'parts' ? 'finance' : DEPARTMENT[role];
  const found = world.belongings.get(target === 'own' ? `own ${role}` : target === 'team' ? `team ${department}` : target);
  if (!found) throw new Error(`nothing belongs to ${role} ${target}`);
  return found;
}

async function call(headers: Record<string, string>, path: string, type: string, input: unknown): Promise<string> {
  const { url } = world.server;
  const response =
    type === 'mutation'
      ? await fetch(`${url}/trpc/${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify(input ?? {}),
        })
      : await fetch(`${url}/trpc/${path}${input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`}`, { headers });
  const body = (await response.json()) as { error?: { data: { code: string } } };
  return body.error?.data.code ?? 'went through';
}

const INSIDE: Readonly<Record<Scope, readonly Target[]>> = {
  none: [],
  own: ['own'],
  team: ['own', 'team'],
  store: ['own', 'team', 'store'],
  group: ['own', 'team', 'store'],
};

function scopeOf(role: Role, capability: Capability, action: Action): Scope {
  return rights.get(`${role} ${capability}`)?.[action] ?? 'none';
}

/** What the answer may be: refused for want of the right, not found for want of reach, or neither. */
function expected(
  role: Role,
  right: { capability: Capability; action: Action },
  row: Row,
  target: Target,
): 'forbidden' | 'not found' | 'let in' {
  const scopes = [scopeOf(role, right.capability, right.action), ...(row.needs ? [scopeOf(role, ...row.needs)] : [])];
  if (scopes.includes('none')) return 'forbidden';
  if (row.about === 'none') return 'let in';
  // A second right judges the record instead: the first one is about a record that does not exist yet.
  const judging = scopes.at(-1) ?? 'none';
  if (!INSIDE[judging].includes(target)) return 'not found';
  if (row.handlerOnly) return 'forbidden';
  return row.ownOnly && target !== 'own' ? 'forbidden' : 'let in';
}

function outcome(code: string, row: Row): string {
  if (code === 'access.forbidden') return 'forbidden';
  if (code === 'platform.not_found') return row.about === 'record' ? 'not found' : 'let in';
  return ['access.signed_out', 'platform.failure', 'input.invalid', 'platform.no_procedure'].includes(code) ? code : 'let in';
}

const procedures = listProcedures(appRouter);
const judged = procedures.flatMap((p) => (typeof p.right === 'string' ? [] : [{ ...p, right: p.right }]));

describe('every procedure', () => {
  it('that asks for a right has a row in the matrix', () => {
    expect(judged.map((p) => p.path).filter((path) => !(path in ROWS))).toEqual([]);
  });

  it('that asks for no right is one of these', () => {
    expect(procedures.filter((p) => p.right === 'public').map((p) => p.path)).toEqual(['access.demoAccounts', 'access.signIn']);
    expect(
      procedures
        .filter((p) => p.right === 'signed_in')
        .map((p) => p.path.split('.')[0])
        .every((name) => ['access', 'views', 'notices', 'live', 'search'].includes(name ?? '')),
    ).toBe(true);
  });
});

describe.each(judged)('$path ($right.capability $right.action)', ({ path, type, right }) => {
  it('is closed to whoever is not signed in', async () => {
    const row = ROWS[path];
    expect(await call({}, path, type, row?.input({ of: belongingsFor('GM', 'own'), world }))).toBe('access.signed_out');
  });

  it('is closed to a key that has every scope but this', async () => {
    const row = ROWS[path];
    // With a right to look alone a key changes nothing.
    const needed = `${right.capability}:${type === 'mutation' && right.action === 'view' ? 'edit' : right.action}`;
    const { secret } = await inTransaction(world.server.platform.pool, { storeId: world.store.storeId }, (tx) =>
      createApiKey(tx, world.store.storeId, {
        name: path,
        scopes: KEY_SCOPES.filter((scope) => scope !== needed),
        expiresAt: null,
        createdBy: null,
      }),
    );
    const headers = { authorization: `Bearer ${secret}`, 'idempotency-key': path };
    expect(await call(headers, path, type, row?.input({ of: belongingsFor('GM', 'store'), world }))).toBe('access.forbidden');
  });

  it('lets each role in as far as its right reaches', async () => {
    const row = ROWS[path];
    if (!row) throw new Error(`no row for ${path}`);
    const wrong: string[] = [];
    for (const role of ROLES) {
      for (const target of row.about === 'record' ? TARGETS : (['own'] as const)) {
        const cookie = world.people.get(role)?.cookie ?? '';
        const code = await call({ cookie }, path, type, row.input({ of: belongingsFor(role, target), world }));
        const want = expected(role, right, row, target);
        if (outcome(code, row) !== want) wrong.push(`${role} ${target}: ${code}, expected ${want}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
