import { describe, expect, it } from 'vitest';
import { contractKept, contractNow } from './contract-v1.ts';
import { contractOf, differences, inWords, pack, unpack, type Contract, type Shape } from './contract.ts';

describe('the contract of v1 (11 row 64)', () => {
  const now = contractNow();
  const kept = contractKept();
  if (!kept) throw new Error('no contract is kept: run `pnpm api:describe`');
  it('is kept, and what was added to it is taken up', () => {
    expect(inWords(differences(kept, now))).toBe('');
  });
  it('is kept whole in its short form', () => {
    expect(unpack(pack(now))).toEqual(now);
    expect(Object.keys(now.operations).length).toBeGreaterThan(100);
  });
  it('would miss an operation', () => {
    const { 'POST /complaints': _, ...operations } = now.operations;
    expect(inWords(differences(kept, { ...now, operations }))).toContain('  POST /complaints: removed');
  });
});

const of = (takes: Shape, answers: Shape): Contract => ({
  operations: { 'POST /calls': { procedure: 'calls-make', scope: 'calls:edit', takes, answers } },
  errors: { 'calls.too_late': 'CONFLICT' },
});

describe('a change of what an operation takes', () => {
  it.each([
    { name: 'a field gone', from: { note: 'string' }, to: {}, says: [true, ' note: removed'] },
    { name: 'a field renamed', from: { 'note?': 'string' }, to: { 'remark?': 'string' }, says: [true, ' note: removed'] },
    { name: 'a new field that may be left out', from: {}, to: { 'note?': 'string' }, says: [false, ' note: new'] },
    { name: 'a new field that has to be given', from: {}, to: { note: 'string' }, says: [true, ' note: new, and has to be given'] },
    {
      name: 'a field that has to be given now',
      from: { 'note?': 'string' },
      to: { note: 'string' },
      says: [true, ' note: has to be given'],
    },
    {
      name: 'a field that may be left out now',
      from: { note: 'string' },
      to: { 'note?': 'string' },
      says: [false, ' note: may be left out'],
    },
    { name: 'another type', from: { at: 'string' }, to: { at: 'integer' }, says: [true, ' at: takes string no more, but integer'] },
    { name: 'one type more', from: { at: 'string' }, to: { at: 'null | string' }, says: [false, ' at: takes null too'] },
    { name: 'a value less', from: { kind: "'a' | 'b'" }, to: { kind: "'a'" }, says: [true, " kind: takes 'b' no more"] },
    { name: 'a value more', from: { kind: "'a'" }, to: { kind: "'a' | 'b'" }, says: [false, " kind: takes 'b' too"] },
    { name: 'any text for some values', from: { kind: "'a'" }, to: { kind: 'string' }, says: [false, ' kind: takes string too'] },
    {
      name: 'less room',
      from: { n: 'integer 1..200' },
      to: { n: 'integer 1..100' },
      says: [true, ' n: takes integer 1..200 no more, but integer 1..100'],
    },
    { name: 'more room', from: { n: 'integer 1..100' }, to: { n: 'integer 0..200' }, says: [false, ' n: takes integer 0..200 too'] },
    {
      name: 'a bound where there was none',
      from: { note: 'string' },
      to: { note: 'string ..60' },
      says: [true, ' note: takes string no more, but string ..60'],
    },
    {
      name: 'in a list of objects',
      from: { of: [{ id: 'string' }] },
      to: { of: [{ id: 'integer' }] },
      says: [true, ' of[].id: takes string no more, but integer'],
    },
    { name: 'a list that becomes one thing', from: { of: ['string'] }, to: { of: 'string' }, says: [true, ' of: is a list no more'] },
  ] as { name: string; from: Shape; to: Shape; says: [boolean, string] }[])('$name', ({ from, to, says: [breaking, says] }) => {
    const found = differences(of(from, {}), of(to, {}));
    expect(found.map(({ breaking, at, what }) => [breaking, `${at}: ${what}`])).toContainEqual([breaking, `POST /calls takes${says}`]);
    expect(found.some((one) => one.breaking)).toBe(breaking);
  });
});

describe('a change of what an operation answers', () => {
  it.each([
    { name: 'a field gone', from: { id: 'string' }, to: {}, says: [true, ' id: removed'] },
    { name: 'a new field', from: {}, to: { id: 'string' }, says: [false, ' id: new'] },
    { name: 'a field that may be missing now', from: { id: 'string' }, to: { 'id?': 'string' }, says: [true, ' id: may be missing'] },
    { name: 'a field that is always there now', from: { 'id?': 'string' }, to: { id: 'string' }, says: [false, ' id: is always there'] },
    {
      name: 'nothing where there was something',
      from: { at: 'string' },
      to: { at: 'null | string' },
      says: [true, ' at: may answer null'],
    },
    {
      name: 'something wherever there was nothing',
      from: { at: 'null | string' },
      to: { at: 'string' },
      says: [false, ' at: answers null no more'],
    },
    { name: 'another type', from: { n: 'integer' }, to: { n: 'string' }, says: [true, ' n: may answer string where integer was'] },
    { name: 'a value more', from: { state: "'a'" }, to: { state: "'a' | 'b'" }, says: [false, " state: may answer 'b'"] },
    {
      name: 'any text where values were',
      from: { state: "'a'" },
      to: { state: 'string' },
      says: [true, " state: may answer string where 'a' was"],
    },
    {
      name: 'nothing instead of an object',
      from: { of: { id: 'string' } },
      to: { of: { id: 'string', '|': 'null' } },
      says: [true, ' of: may answer null'],
    },
  ] as { name: string; from: Shape; to: Shape; says: [boolean, string] }[])('$name', ({ from, to, says: [breaking, says] }) => {
    const found = differences(of({}, from), of({}, to));
    expect(found.map(({ breaking, at, what }) => [breaking, `${at}: ${what}`])).toContainEqual([breaking, `POST /calls answers${says}`]);
    expect(found.some((one) => one.breaking)).toBe(breaking);
  });
});

it('tells of operations, scopes and error codes', () => {
  const before = of({}, {});
  const [call] = Object.values(before.operations);
  if (!call) throw new Error('the example has no operation');
  const after: Contract = {
    operations: { 'POST /calls': { ...call, scope: 'calls:approve', procedure: 'calls-place' }, 'GET /calls': call },
    errors: { 'calls.too_early': 'CONFLICT' },
  };
  expect(inWords(differences(before, after)).split('\n')).toEqual([
    'Breaks callers of v1, which nothing may within v1:',
    '  POST /calls: procedure renamed, calls-make to calls-place',
    '  POST /calls: needs calls:approve where calls:edit was enough',
    '  error calls.too_late: removed',
    'Adds to v1; `pnpm api:describe` takes it up:',
    '  GET /calls: new',
    '  error calls.too_early: new',
  ]);
});

it('reads alternatives, references and any JSON out of a description', () => {
  const object = (properties: object, required: string[]) => ({ type: 'object', properties, required });
  const schema = {
    oneOf: [
      object({ state: { const: 'open' }, due: { type: ['string', 'null'], format: 'date-time' } }, ['state', 'due']),
      object({ state: { const: 'done' }, tags: { type: 'array', items: { $ref: '#/components/schemas/Any' } } }, ['state', 'tags']),
      { type: 'null' },
    ],
  };
  const response = { content: { 'application/json': { schema } } };
  const document = {
    paths: { '/calls': { get: { operationId: 'calls-list', parameters: [], responses: { 200: response } } } },
    components: { schemas: { Any: { anyOf: [{ type: 'string' }, { type: 'array', items: { $ref: '#/components/schemas/Any' } }] } } },
  };
  expect(contractOf(document, {}).operations['GET /calls']?.answers).toEqual({
    state: "'done' | 'open'",
    'due?': 'null | string date-time',
    'tags?': ['json'],
    '|': 'null',
  });
});
