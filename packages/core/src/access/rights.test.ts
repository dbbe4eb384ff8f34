import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { StaffId } from '../kernel/index.ts';
import { maskPhone } from './masks.ts';
import { ACTIONS, CAPABILITIES, ROLES, type Action, type Capability, type RightOverride, type Role } from './model.ts';
import {
  actionNeeded,
  defaultScope,
  keyRights,
  leavesNoAdministrator,
  mayLetIn,
  maySeeContent,
  reaches,
  reachOf,
  rightsOf,
  scopesTooWide,
} from './rights.ts';

const lines = readFileSync(new URL('./fixtures/rights.csv', import.meta.url), 'utf8')
  .trim()
  .split(/\r?\n/)
  .slice(1);

describe('the shipped rights', () => {
  it('name every role and capability of the table and no other', () => {
    const cells = lines.map((line) => line.split(','));
    expect(new Set(cells.map((c) => c[0]))).toEqual(new Set(ROLES));
    expect(new Set(cells.map((c) => c[3]))).toEqual(new Set(CAPABILITIES));
    expect(lines).toHaveLength(ROLES.length * CAPABILITIES.length);
  });

  it.each(lines.map((line) => line.split(',')))('of %s (%s %s) on %s are as in the table', (role, _en, _zh, capability, ...scopes) => {
    expect(ACTIONS.map((action) => defaultScope(role as Role, capability as Capability, action))).toEqual(scopes);
  });
});

const me = 'a' as StaffId;
const mate = 'b' as StaffId;
const other = 'c' as StaffId;

describe('reach', () => {
  it.each([
    { scope: 'none', mine: false, mates: false, others: false },
    { scope: 'own', mine: true, mates: false, others: false },
    { scope: 'team', mine: true, mates: true, others: false },
    { scope: 'store', mine: true, mates: true, others: true },
    { scope: 'group', mine: true, mates: true, others: true },
  ] as const)('of $scope', ({ scope, mine, mates, others }) => {
    const reach = reachOf(scope, me, [mate]);
    expect([reaches(reach, [me]), reaches(reach, [null, mate]), reaches(reach, [other])]).toEqual([mine, mates, others]);
  });

  it('follows an override of the store', () => {
    const rights = rightsOf('SC', [{ role: 'SC', capability: 'audit', action: 'view' as Action, scope: 'store' }]);
    expect([rights('audit', 'view'), rights('audit', 'export'), rightsOf('SC')('audit', 'view')]).toEqual(['store', 'none', 'none']);
  });

  it('of an API key is its store for its scopes and nothing else', () => {
    const rights = keyRights(['customers:view']);
    expect([rights('customers', 'view'), rights('customers', 'edit')]).toEqual(['store', 'none']);
  });
});

it.each([
  { name: 'a person writes where looking is enough', kind: 'staff', action: 'view', writes: true, needed: 'view' },
  { name: 'a key does not', kind: 'api_key', action: 'view', writes: true, needed: 'edit' },
  { name: 'it looks where looking is enough', kind: 'api_key', action: 'view', writes: false, needed: 'view' },
  { name: 'it takes a list away by its own right', kind: 'api_key', action: 'export', writes: true, needed: 'export' },
] as const)('$name', ({ kind, action, writes, needed }) => expect(actionNeeded(kind, action, writes)).toBe(needed));

describe('what the audit log shows of a record', () => {
  it.each([
    { name: 'a complaint to the administrator, who sees none', role: 'ADMIN', entity: 'complaint', seen: false },
    { name: 'a complaint to who handles such', role: 'GM', entity: 'complaint', seen: true },
    { name: 'a customer to the administrator', role: 'ADMIN', entity: 'customer', seen: false },
    {
      name: 'that complaints were taken away, to everybody who reads the log',
      role: 'ADMIN',
      entity: 'complaint',
      entityId: 'list',
      seen: true,
    },
    { name: 'a right to everybody who reads the log', role: 'ADMIN', entity: 'right', seen: true },
  ] as { name: string; role: Role; entity: string; entityId?: string; seen: boolean }[])(
    '$name',
    ({ role, entity, entityId = 'x', seen }) => expect(maySeeContent(rightsOf(role), { entity, entityId })).toBe(seen),
  );
});

describe('the last administrator', () => {
  it.each([
    { name: 'stays', administrators: [me], after: { id: me, role: 'ADMIN', active: true }, refused: false },
    { name: 'takes another role', administrators: [me], after: { id: me, role: 'SUPPORT', active: true }, refused: true },
    { name: 'leaves', administrators: [me], after: { id: me, role: 'ADMIN', active: false }, refused: true },
    { name: 'leaves where there is another', administrators: [me, other], after: { id: me, role: 'ADMIN', active: false }, refused: false },
    { name: 'stays where somebody else leaves', administrators: [me], after: { id: mate, role: 'GM', active: false }, refused: false },
    { name: 'cannot sign in himself', administrators: [], after: { id: me, role: 'GM', active: true }, refused: false },
  ] as const)('$name', ({ administrators, after, refused }) => expect(leavesNoAdministrator(administrators, after)).toBe(refused));
});

describe('handing out rights', () => {
  const key = (...scopes: string[]) => ({ kind: 'api_key', rights: keyRights(scopes) }) as const;
  const person = (role: Role, ...more: RightOverride[]) => ({ kind: 'staff', rights: rightsOf(role, more) }) as const;
  const integrator: RightOverride = { role: 'SVC_MGR', capability: 'integrations', action: 'edit', scope: 'store' };
  it.each([
    { name: 'an administrator, who could change the table itself', granter: person('ADMIN'), wider: [] },
    {
      name: 'a manager: no more than his whole store',
      granter: person('SVC_MGR', integrator),
      wider: ['settings:decide', 'complaints:decide'],
    },
    { name: 'a key: what it has', granter: key('integrations:edit', 'customers:export'), wider: ['settings:decide', 'complaints:decide'] },
    {
      name: 'a key that decides on settings all the same',
      granter: key('settings:decide'),
      wider: ['complaints:decide', 'customers:export'],
    },
  ])('$name', ({ granter, wider }) => {
    const wanted = ['settings:decide', 'complaints:decide', 'customers:export'];
    expect(scopesTooWide(granter, wanted)).toEqual(wider);
  });

  it.each([
    { name: 'the administrator lets anybody in', granter: person('ADMIN'), role: 'CHAIR', signsIn: true, may: true },
    { name: 'a general manager his people', granter: person('GM'), role: 'SVC_MGR', signsIn: true, may: true },
    { name: 'a general manager nobody above the store', granter: person('GM'), role: 'ADMIN', signsIn: true, may: false },
    { name: 'a key nobody', granter: key('staff:edit'), role: 'SC', signsIn: true, may: false },
    { name: 'a key tells of whoever does not sign in', granter: key('staff:edit'), role: 'SC', signsIn: false, may: true },
  ] as const)('$name', ({ granter, role, signsIn, may }) => expect(mayLetIn(granter, role, signsIn)).toBe(may));
});

it.each([
  { phone: '+8613812345678', masked: '138****5678' },
  { phone: '+8651267654321', masked: '512****4321' },
  { phone: '110', masked: '*10' },
])('masks $phone', ({ phone, masked }) => expect(maskPhone(phone)).toBe(masked));
