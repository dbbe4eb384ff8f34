import { createPool, inTransaction } from '@baoke/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createApiKey, KEY_SCOPES } from '../access/keys.ts';
import { newId } from '../ids.ts';
import { startTestServer, type TestPerson, type TestServer, type TestStore } from '../testing/server.ts';
import { errorAnswer } from './answers.ts';
import { buildApp } from './app.ts';

type Operation = {
  readonly operationId: string;
  readonly security?: readonly Record<string, readonly string[]>[];
  readonly description?: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly description?: string }[];
  readonly requestBody?: {
    readonly content: Record<string, { readonly schema: { readonly properties: Record<string, { readonly description?: string }> } }>;
  };
  readonly responses: Record<string, { readonly $ref?: string; readonly headers?: object }>;
};
type Api = {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: {
    readonly schemas: { readonly Error: object };
    readonly responses: Record<string, { readonly content: Record<string, { readonly schema: { readonly $ref: string } }> }>;
  };
};

let server: TestServer;
let store: TestStore;
let person: TestPerson;
let api: Api;
let whole: string;
let scopeless: string;

async function keyWith(scopes: readonly string[]): Promise<string> {
  const key = await inTransaction(server.platform.pool, { storeId: store.storeId }, (tx) =>
    createApiKey(tx, store.storeId, { name: 'errors', scopes, expiresAt: null, createdBy: null }),
  );
  return key.secret;
}

beforeAll(async () => {
  server = await startTestServer();
  store = await server.store('errors');
  person = await server.person(store, 'GM', 'management');
  api = (await (await fetch(`${server.url}/openapi.json`)).json()) as Api;
  whole = await keyWith(KEY_SCOPES);
  scopeless = await keyWith([]);
});
afterAll(() => server.close());

const operations = (): { method: string; path: string; operation: Operation }[] =>
  Object.entries(api.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
/** Each input below a node of the description, by its name, with what is said of it. */
function inputsOf(node: unknown): [name: string, said: string][] {
  if (typeof node !== 'object' || node === null) return [];
  const { name, schema, properties, in: place } = node as { name?: string; in?: string; schema?: unknown; properties?: object };
  const own = Object.entries(properties ?? (name !== undefined && place !== undefined ? { [name]: schema } : {}));
  return [
    ...own.map(([field, shape]): [string, string] => [field, (shape as { description?: string }).description ?? '']),
    ...Object.values(node).flatMap(inputsOf),
  ];
}
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const operationOf = (method: string, path: string) => {
  const found = api.paths[path]?.[method.toLowerCase()];
  if (!found) throw new Error(`${method} ${path} is not described`);
  return found;
};

type Asked = { readonly status: number; readonly headers: Headers; readonly body: Record<string, unknown> };

async function ask(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: string | FormData,
  url = server.url,
): Promise<Asked> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : { text },
  };
}

/** What is wrong with an error when it is held against the description of its operation; empty when nothing is. */
function differences(operation: Operation, { status, headers, body }: Asked): string[] {
  const reference = operation.responses[status]?.$ref;
  if (reference !== `#/components/responses/${status}`) return [`${status} is not described`];
  if (api.components.responses[status]?.content['application/json']?.schema.$ref !== '#/components/schemas/Error')
    return ['no error schema'];
  const shape = z.fromJSONSchema(api.components.schemas.Error as Parameters<typeof z.fromJSONSchema>[0]).safeParse(body);
  const wrong = shape.success ? [] : [z.prettifyError(shape.error)];
  if (Object.keys(body).some((name) => !['code', 'message', 'messages', 'params', 'fields', 'conflict', 'requestId'].includes(name)))
    wrong.push(`more than an error: ${Object.keys(body).join()}`);
  if (body['requestId'] !== headers.get('x-request-id')) wrong.push('another request id');
  const { zh, en } = (body['messages'] ?? {}) as { zh: string; en: string };
  if (!/\p{Script=Han}/u.test(zh) || /\p{Script=Han}/u.test(en) || zh === body['code']) wrong.push(`words: ${zh} ${en}`);
  for (const field of (body['fields'] ?? []) as { code: string; message: string }[])
    if (field.message === field.code) wrong.push(`${field.code} is not worded`);
  return wrong;
}

describe('every operation of the description', () => {
  const wrongOf = async (
    chosen: (of: { method: string; path: string; operation: Operation }) => boolean,
    call: (method: string, path: string) => Promise<Asked>,
    status: number,
  ) => {
    const wrong: string[] = [];
    const asked = operations().filter(chosen);
    for (const { method, path, operation } of asked) {
      const answer = await call(method, path.replaceAll(/{\w+}/g, 'x'));
      if (answer.status !== status) wrong.push(`${operation.operationId}: ${answer.status} ${String(answer.body['code'])}`);
      else wrong.push(...differences(operation, answer).map((difference) => `${operation.operationId}: ${difference}`));
    }
    expect(asked.length).toBeGreaterThan(20);
    return wrong;
  };
  const bodyFor = (method: string) => (method === 'GET' || method === 'DELETE' ? undefined : '{}');
  const isProtected = ({ operation }: { operation: Operation }) => (operation.security ?? []).length > 0;
  const byScope = ({ operation }: { operation: Operation }) => (operation.security ?? []).some((s) => (s['key'] ?? []).length > 0);
  const takesInput = ({ requestBody, parameters = [] }: Operation) =>
    requestBody !== undefined || parameters.some((p) => p.in !== 'header');
  const takesKey = (operation: Operation) => operation.parameters?.some((p) => p.name === 'Idempotency-Key') === true;

  it('is closed to whoever is not signed in, 401', async () => {
    expect(await wrongOf(isProtected, (method, path) => ask(method, path, {}, bodyFor(method)), 401)).toEqual([]);
  });

  it('is closed to a key without its scope, 403', async () => {
    expect(await wrongOf(byScope, (method, path) => ask(method, path, bearer(scopeless), bodyFor(method)), 403)).toEqual([]);
  });

  it('that writes refuses a key without an Idempotency-Key, 400', async () => {
    const wrong = await wrongOf(
      (of) => byScope(of) && takesKey(of.operation),
      (method, path) => ask(method, path, bearer(whole), bodyFor(method)),
      400,
    );
    expect(wrong).toEqual([]);
  });

  it('that reads by input refuses what it does not know, 400', async () => {
    const wrong = await wrongOf(
      (of) => byScope(of) && !takesKey(of.operation) && of.operation.operationId !== 'imports-corrections' && takesInput(of.operation),
      (method, path) =>
        method === 'GET' ? ask(method, `${path}?nonsense=1`, bearer(whole)) : ask(method, path, bearer(whole), '{"nonsense":1}'),
      400,
    );
    expect(wrong).toEqual([]);
  });

  it('that takes the store to work in refuses one that is no number, 400', async () => {
    const takesStore = ({ parameters = [] }: Operation) => parameters.some((p) => p.name === 'x-baoke-store' && p.in === 'header');
    expect(operations().filter((of) => byScope(of) && !takesStore(of.operation))).toEqual([]);
    const headers = { ...bearer(whole), 'x-baoke-store': 'two' };
    const wrong = await wrongOf(
      ({ operation }) => takesStore(operation),
      (method, path) =>
        method === 'GET' || method === 'DELETE'
          ? ask(method, path, headers)
          : ask(method, path, { ...headers, 'idempotency-key': newId() }, '{}'),
      400,
    );
    expect(wrong).toEqual([]);
  });

  it('with a body refuses content of another kind, 415', async () => {
    const wrong = await wrongOf(
      (of) => of.method !== 'GET' && of.method !== 'DELETE',
      (method, path) =>
        ask(method, path, { ...bearer(whole), 'idempotency-key': newId(), 'content-type': 'application/x-www-form-urlencoded' }, 'a=b'),
      415,
    );
    expect(wrong).toEqual([]);
  });

  it('names its scope, and says of each amount, time and day of its input what it is', () => {
    const silent = operations().flatMap(({ operation }) =>
      Object.entries(operation.requestBody?.content['application/json']?.schema.properties ?? {})
        .filter(([name, shape]) => /(Fen|Km|At|On)$/.test(name) && shape.description === undefined)
        .map(([name]) => `${operation.operationId} ${name}`),
    );
    expect(silent).toEqual([]);
    const days = operations().flatMap(({ operation }) =>
      inputsOf([operation.parameters ?? [], operation.requestBody ?? {}]).filter(
        ([name, said]) => /^(from|to)$|(From|To)$/.test(name) && /date|day|period/.test(said),
      ),
    );
    expect(days.length).toBeGreaterThan(40);
    expect(new Set(days.map(([name, said]) => `${/from$/i.test(name) ? 'from' : 'to'}: ${said}`))).toEqual(
      new Set([
        'from: calendar date, YYYY-MM-DD; from this day on',
        'to: calendar date, YYYY-MM-DD; before this day, which is left out itself',
      ]),
    );
    expect(
      operations()
        .filter(byScope)
        .filter(({ operation }) => !operation.description?.includes('Scope of an API key'))
        .map(({ path }) => path),
    ).toEqual([]);
  });
});

describe('a cursor', () => {
  const [day, moment, id] = ['2026-01-05', '2026-01-05T01:00:00.000Z', newId()];
  const period = { from: '2026-01-01', to: '2026-02-01' };
  /** Of each list a place in it, its order where it has several, and what else it asks for. */
  const LISTS: Readonly<Record<string, { readonly place: readonly unknown[]; readonly order?: string; readonly input?: object }>> = {
    'audit.list': { place: [moment, id] },
    'care.missed': { place: [moment, id] },
    'complaints.changes': { place: [moment, id] },
    'complaints.list': { place: [moment, id], order: 'registeredAt down' },
    'complaints.removals': { place: [moment, id] },
    'customers.changes': { place: [moment, id] },
    'customers.list': { place: ['wang', id], order: 'name up' },
    'customers.removals': { place: [moment, id] },
    'customers.timeline': { place: [moment, id] },
    'imports.kept': { place: ['customer', id] },
    'imports.list': { place: [moment] },
    'imports.rows': { place: [2], input: { position: 1 } },
    'reports.callbackRows': { place: [moment, id], input: { period, measure: 'due' } },
    'reports.careRows': { place: [moment, id], input: { period, measure: 'planned' } },
    'reports.deliveryRows': { place: [day, id], input: { period } },
    'reports.returnedRows': { place: [day, id], input: { period } },
    'reports.serviceRows': { place: [day, id], order: 'visits', input: { period } },
    'service.changes': { place: [moment, id] },
    'service.listVisits': { place: [day, id] },
    'service.removals': { place: [moment, id] },
    'tasks.myDay': { place: [moment, false, 0, moment, 1, id] },
    'tasks.results': { place: [moment, id] },
    'tasks.team': { place: [0, moment, 1, id] },
    'vehicles.changes': { place: [moment, id] },
    'vehicles.removals': { place: [moment, id] },
  };
  const named = (list: string, place = LISTS[list]?.place ?? []) => [
    [list, LISTS[list]?.order].filter((part) => part !== undefined).join(' '),
    ...place,
  ];
  const procedureOf = ({ operationId }: Operation) => operationId.replace('-', '.');
  // A version of settings is a number, and its own cursor.
  const paged = () =>
    operations().filter(({ path, operation }) => !path.startsWith('/settings') && inputsOf(operation).some(([name]) => name === 'cursor'));
  const ids = { customerId: '', importId: '' };
  const send = async (list: string, parts: readonly unknown[], more: object = {}) => {
    const found = paged().find(({ operation }) => procedureOf(operation) === list);
    if (!found) throw new Error(`${list} is no list`);
    const { method, path, operation } = found;
    const cursor = Buffer.from(JSON.stringify(parts)).toString('base64url');
    const at = path.replace('{customerId}', ids.customerId);
    const needsImport = inputsOf(operation).some(([name]) => name === 'importId');
    const body = { ...LISTS[list]?.input, ...(needsImport ? { importId: ids.importId } : {}), cursor, ...more };
    const answer =
      method === 'GET'
        ? await ask(method, `${at}?cursor=${cursor}`, bearer(whole))
        : await ask(method, at, bearer(whole), JSON.stringify(body));
    const field = (answer.body['fields'] as { path: string }[] | undefined)?.[0]?.path;
    return answer.status === 200 ? 'taken' : `${answer.status} ${String(answer.body['code'])} ${String(field)}`;
  };
  const REFUSED = '400 platform.bad_cursor cursor';

  beforeAll(async () => {
    const { customerId } = await person.client.customers.create.mutate({ name: '翻页甲', phones: ['13900006501'] });
    const file = new FormData();
    file.append('files', new Blob(['登记日期,姓名,手机\n'], { type: 'text/csv' }), '潜客登记.csv');
    const uploaded = await ask('POST', '/imports/files', { ...bearer(whole), 'idempotency-key': newId() }, file);
    Object.assign(ids, { customerId, importId: uploaded.body['importId'] });
  });

  it('is known of every list', () =>
    expect(
      paged()
        .map(({ operation }) => procedureOf(operation))
        .toSorted(),
    ).toEqual(Object.keys(LISTS)));

  it.each(Object.keys(LISTS))('of %s is taken by that list, and by none of equal form', async (list) => {
    const alike = Object.keys(LISTS).filter((other) => LISTS[other]?.place.length === LISTS[list]?.place.length);
    const answered = await Promise.all(alike.map(async (other) => [other, await send(other, named(list))]));
    expect(answered).toEqual(alike.map((other) => [other, other === list ? 'taken' : REFUSED]));
  });

  it.each(Object.keys(LISTS))('of %s that no page gave is refused', async (list) => {
    const { place, order } = LISTS[list]!;
    const forged = [
      [],
      place,
      [list],
      named(list, [...place, 'x']),
      named(list, [...place, 'x', 'x', 'x']),
      named(
        list,
        place.map(() => null),
      ),
      named(
        list,
        place.map(() => ({})),
      ),
      named(
        list,
        place.map(() => 'now'),
      ),
      ...(order === undefined
        ? []
        : [
            [list, ...place],
            [`${list} x`, ...place],
          ]),
    ];
    const answered = await Promise.all(forged.map(async (parts) => [parts, await send(list, parts)]));
    expect(answered).toEqual(forged.map((parts) => [parts, REFUSED]));
  });

  it('of the visits of a report is none of its money, which has another day', async () => {
    expect(await send('reports.serviceRows', named('reports.serviceRows'), { of: 'money' })).toBe(REFUSED);
  });
});

describe('each error is as it is described', () => {
  const stranger = newId();
  it.each([
    { status: 404, method: 'GET', path: '/complaints/{complaintId}', at: `/complaints/${stranger}`, code: 'platform.not_found' },
    {
      status: 400,
      method: 'POST',
      path: '/complaints/search',
      at: '/complaints/search',
      body: '{"cursor":"forged"}',
      code: 'platform.bad_cursor',
    },
    { status: 400, method: 'POST', path: '/complaints/search', at: '/complaints/search', body: '{"limit":', code: 'input.invalid' },
    {
      status: 422,
      method: 'POST',
      path: '/customers',
      at: '/customers',
      body: '{"name":"王小明","phones":["12"]}',
      code: 'customers.phone_digits',
    },
    {
      status: 413,
      method: 'POST',
      path: '/customers',
      at: '/customers',
      body: `{"name":"${'王'.repeat(800_000)}"}`,
      code: 'platform.body_too_large',
    },
  ])('$status $code', async ({ status, method, path, at, body, code }) => {
    const answer = await ask(method, at, { ...bearer(whole), 'idempotency-key': newId() }, body);
    expect({ status: answer.status, code: answer.body['code'], wrong: differences(operationOf(method, path), answer) }).toEqual({
      status,
      code,
      wrong: [],
    });
  });

  it('409 for a rule that another state is asked for', async () => {
    await ask('GET', '/care/rules', bearer(whole));
    const rules = (await ask('GET', '/care/rules', bearer(whole))).body['rules'] as {
      rule: { key: string; activeSince: string | null };
      version: number;
    }[];
    const on = rules.find(({ rule }) => rule.activeSince !== null);
    const answer = await ask(
      'POST',
      `/care/rules/${on?.rule.key}/on`,
      { ...bearer(whole), 'idempotency-key': newId() },
      JSON.stringify({ version: on?.version }),
    );
    expect({ code: answer.body['code'], wrong: differences(operationOf('POST', '/care/rules/{key}/on'), answer) }).toEqual({
      code: 'care.already_on',
      wrong: [],
    });
  });

  it('422 for an Idempotency-Key used for another body; the same body gets the first answer', async () => {
    const key = newId();
    const sendAs = (body: object) => ask('POST', '/customers', { ...bearer(whole), 'idempotency-key': key }, JSON.stringify(body));
    const send = (name: string) => sendAs({ name, phones: ['13800001111'] });
    const first = await send('李重复');
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    const second = await send('李重复');
    expect({ body: second.body, replayed: second.headers.get('idempotency-replayed') }).toEqual({ body: first.body, replayed: 'true' });
    // Written in another order it is the same.
    expect((await sendAs({ phones: ['13800001111'], name: '李重复' })).body).toEqual(first.body);
    const other = await send('李别人');
    expect({ code: other.body['code'], wrong: differences(operationOf('POST', '/customers'), other) }).toEqual({
      code: 'platform.key_reused',
      wrong: [],
    });
  });

  it('429 with the seconds to wait, after headers that counted down', async () => {
    const strict = await startTestServer({ RATE_LIMIT: '2' });
    const there = await strict.store('strict');
    const { secret } = await inTransaction(strict.platform.pool, { storeId: there.storeId }, (tx) =>
      createApiKey(tx, there.storeId, { name: 'k', scopes: KEY_SCOPES, expiresAt: null, createdBy: null }),
    );
    const answers = [];
    for (let i = 0; i < 3; i += 1) answers.push(await ask('GET', '/staff', bearer(secret), undefined, strict.url));
    await strict.close();
    expect(answers.map(({ status, headers }) => [status, headers.get('ratelimit-limit'), headers.get('ratelimit-remaining')])).toEqual([
      [200, '2', '1'],
      [200, '2', '0'],
      [429, '2', '0'],
    ]);
    const [, , refused] = answers;
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused && differences(operationOf('GET', '/staff'), refused)).toEqual([]);
  });

  it('503 while the database is away', async () => {
    const pool = createPool({ url: 'postgres://nobody@127.0.0.1:1/none' });
    const app = await buildApp({ ...server.platform, pool });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const answer = await ask('GET', '/staff', { authorization: 'Bearer bk_of_the_absent' }, undefined, url);
    await app.close();
    await pool.end();
    expect({
      status: answer.status,
      code: answer.body['code'],
      retry: answer.headers.get('retry-after'),
      wrong: differences(operationOf('GET', '/staff'), answer),
    }).toEqual({
      status: 503,
      code: 'platform.unavailable',
      retry: '5',
      wrong: [],
    });
  });
});

describe('a time that can be none', () => {
  it.each([
    {
      at: '/contacts',
      body: { outcome: 'appointment', appointmentAt: '9999-12-31T09:00:00+08:00' },
      status: 400,
      field: { path: 'appointmentAt', code: 'date_range', message: '应在 1970-01-01 至 2099-12-31 之间' },
    },
    {
      at: '/contacts',
      body: { outcome: 'reached', occurredAt: '0001-01-01T00:00:00+08:00' },
      status: 400,
      field: { path: 'occurredAt', code: 'date_range' },
    },
    {
      at: '/contacts',
      body: { outcome: 'appointment', appointmentAt: '2090-01-01T09:00:00+08:00' },
      status: 422,
      field: { path: 'appointmentAt', code: 'contacts.appointment_too_far', message: '预约时间最多在两年之内' },
    },
    {
      at: '/contacts',
      body: { outcome: 'reached', nextOn: '2090-01-01' },
      status: 422,
      field: { path: 'nextOn', code: 'contacts.next_too_far' },
    },
    { at: '/tasks', body: { note: '打电话', dueOn: '2090-01-01' }, status: 422, field: { path: 'dueOn', code: 'tasks.time_too_far' } },
    {
      at: '/tasks',
      body: { note: '打电话', dueOn: '1900-01-01' },
      status: 400,
      field: { path: 'dueOn', code: 'date_range', message: '应在 1990-01-01 至 2099-12-31 之间' },
    },
    {
      at: '/vehicles',
      body: { plate: '苏E12345', deliveredOn: '2199-01-01' },
      status: 400,
      field: { path: 'deliveredOn', code: 'date_range' },
    },
  ])('$at $body is refused by its field', async ({ at, body, status, field }) => {
    const answer = await ask(
      'POST',
      at,
      { ...bearer(whole), 'idempotency-key': newId() },
      JSON.stringify({ customerId: newId(), ...body }),
    );
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status, body: { fields: [field] } });
  });
});

describe('a value of another kind', () => {
  const query = (parameters: string) => ask('GET', `/complaints/options?${parameters}`, bearer(whole));
  it.each(['limit=1&limit=2', 'q=a&q=b'])('a parameter given twice is named: %s', async (parameters) => {
    const answer = await query(parameters);
    expect(answer).toMatchObject({ status: 400, body: { fields: [{ path: parameters.split('=')[0], code: 'single_value' }] } });
  });
  it.each([
    { sent: '1.5', code: 'whole_number' },
    { sent: '""', code: 'number' },
    { sent: '1e309', code: 'number' },
    { sent: '[1]', code: 'single_value' },
    { sent: '"1"', code: 'number' },
    { sent: 'true', code: 'number' },
  ])('$sent kilometres are $code', async ({ sent, code }) => {
    const answer = await ask(
      'POST',
      '/vehicles',
      { ...bearer(whole), 'idempotency-key': newId() },
      `{"customerId":"${newId()}","plate":"苏E12345","firstServiceKm":${sent}}`,
    );
    expect(answer).toMatchObject({ status: 400, body: { fields: [{ path: 'firstServiceKm', code }] } });
  });
  it.each([
    { parameter: 'limit=abc', code: 'number' },
    { parameter: 'limit=1.5', code: 'whole_number' },
    { parameter: 'limit=0', code: 'too_small' },
    { parameter: 'limit=201', code: 'too_big' },
  ])('$parameter is answered by $code', async ({ parameter, code }) => {
    const answer = await ask('GET', `/customers/changes?${parameter}`, bearer(whole));
    expect(answer).toMatchObject({ status: 400, body: { fields: [{ path: 'limit', code }] } });
    expect((await ask('GET', '/customers/changes?limit=200', bearer(whole))).status).toBe(200);
  });
  it('no mileage is none, and not nought', async () => {
    const path = `/vehicles/${newId()}/mileage`;
    const answer = await ask('POST', path, { ...bearer(whole), 'idempotency-key': newId() }, '{"mileageKm":null}');
    expect(answer).toMatchObject({ status: 400, body: { fields: [{ path: 'mileageKm', code: 'required' }] } });
  });
  it('a thousand and one rows are too many', async () => {
    const rows = Array.from({ length: 1001 }, () => ({}));
    const answer = await ask(
      'POST',
      '/customers/bulk',
      { ...bearer(whole), 'idempotency-key': newId() },
      JSON.stringify({ source: 'dms', rows }),
    );
    expect(answer).toMatchObject({ status: 400, body: { fields: [{ path: 'rows', code: 'too_many', params: { maximum: 1000 } }] } });
  });
});

describe('a key that stands twice in a body', () => {
  const field = { path: 'changes.idNumber', code: 'repeated_key', message: '“idNumber”重复出现，只能写一次', params: { key: 'idNumber' } };
  const body = '{"changes":{"idNumber":null,"idNumber":"11010519491231002X"}}';

  it('is named and refused over REST', async () => {
    const answer = await ask('PATCH', `/customers/${newId()}`, { ...bearer(whole), 'idempotency-key': newId() }, body);
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 400, body: { code: 'input.invalid', fields: [field] } });
  });

  it.each(['customers.update', 'customers.update?batch=1'])('and over tRPC: %s', async (path) => {
    const answer = await fetch(`${server.url}/trpc/${path}`, {
      method: 'POST',
      headers: { ...bearer(whole), 'content-type': 'application/json' },
      body,
    });
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({
      status: 400,
      body: { error: { data: { code: 'input.invalid', fields: [field], requestId: answer.headers.get('x-request-id') } } },
    });
  });
});

describe('an address that is none', () => {
  it.each([
    '/docs/nothing',
    '/api',
    '/api/v1',
    '/api/v2/customers',
    '/trpc',
    '/openapi.yaml',
    '/openapi.json/x',
    '/procedures.json/x',
    '/metrics/x',
    '/healthz/x',
    '/readyz/x?y=1',
  ])('%s below those of the server is refused in the shape of all refusals', async (path) => {
    const response = await fetch(`${server.url}${path}`, { headers: { 'accept-language': 'en' } });
    const body = (await response.json()) as { messages: object; requestId: string };
    expect(response.status).toBe(404);
    expect(errorAnswer.strict().parse(body)).toMatchObject({
      code: 'platform.no_procedure',
      messages: { zh: expect.stringMatching('服务器'), en: expect.stringMatching('server') },
    });
    expect(body.requestId).toBe(response.headers.get('x-request-id'));
  });
  it.each(['/docs', '/metrics', '/openapi.json'])('%s takes no POST', async (path) => {
    const response = await fetch(`${server.url}${path}`, { method: 'POST' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(await response.json()).toMatchObject({ code: 'platform.method_not_allowed' });
  });
});

describe('another method than an address takes', () => {
  const known = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
  it('is refused with 405 and the methods it takes, whatever comes along, at every address of the description', async () => {
    const wrong: string[] = [];
    for (const [path, item] of Object.entries(api.paths)) {
      const at = path.replaceAll(/{\w+}/g, newId());
      // Two may have one form (/views/{page}, /views/{id}); a fixed one is not that of a parameter (/imports/files, /imports/{importId}).
      const formOf = (one: string) => one.replaceAll(/{\w+}/g, '{}');
      const forms = Object.keys(api.paths).filter((other) => formOf(other) === formOf(path));
      const methods = new Set(forms.flatMap((form) => Object.keys(api.paths[form] ?? {}).map((method) => method.toUpperCase())));
      const allow = [...methods, ...(methods.has('GET') ? ['HEAD'] : [])].toSorted().join(', ');
      for (const method of known.filter((other) => !methods.has(other))) {
        const answer = await ask(
          method,
          at,
          { 'content-type': 'text/plain', ...(method === 'PUT' ? bearer(whole) : {}) },
          method === 'GET' ? undefined : '{',
        );
        const got = { status: answer.status, code: answer.body['code'], allow: answer.headers.get('allow') };
        if (got.status !== 405 || got.code !== 'platform.method_not_allowed' || got.allow !== allow)
          wrong.push(`${method} ${path}: ${JSON.stringify(got)}, not ${allow}`);
        else
          wrong.push(
            ...differences({ ...Object.values(item)[0], responses: { 405: { $ref: '#/components/responses/405' } } } as Operation, answer),
          );
      }
    }
    expect(wrong).toEqual([]);
  });

  it.each([
    { method: 'OPTIONS', path: '/api/v1/me', allow: 'GET, HEAD' },
    { method: 'PATCH', path: '/api/v1/customers/counts', allow: 'GET, HEAD' },
    { method: 'POST', path: '/healthz', allow: 'GET, HEAD' },
    { method: 'DELETE', path: '/trpc/complaints.list', allow: 'GET, HEAD, POST' },
    { method: 'PUT', path: '/trpc/complaints.respond', allow: 'GET, HEAD, POST' },
  ])('so it is of $method $path', async ({ method, path, allow }) => {
    const answer = await fetch(server.url + path, { method });
    expect({ status: answer.status, allow: answer.headers.get('allow'), body: await answer.json() }).toMatchObject({
      status: 405,
      allow,
      body: { code: 'platform.method_not_allowed', requestId: answer.headers.get('x-request-id') },
    });
  });

  it.each(['complaints.respond', 'complaints.respond,complaints.solve?batch=1'])(
    'and a change asked for by GET over tRPC: %s',
    async (path) => {
      const answer = await fetch(`${server.url}/trpc/${path}`);
      expect({ status: answer.status, allow: answer.headers.get('allow'), text: await answer.text() }).toEqual({
        status: 405,
        allow: 'POST',
        text: expect.stringContaining('platform.method_not_allowed'),
      });
    },
  );

  it('while HEAD is answered as GET, without a body', async () => {
    const head = async (path: string, headers = {}) => {
      const { status, body, headers: got } = await fetch(`${server.url}/api/v1${path}`, { method: 'HEAD', headers });
      return { status, body, type: got.get('content-type')?.split(';')[0] };
    };
    const type = 'application/json';
    expect(await head('/me', { cookie: person.cookie })).toEqual({ status: 200, body: null, type });
    expect(await head('/me')).toEqual({ status: 401, body: null, type });
    expect(await head('/nothing')).toEqual({ status: 404, body: null, type });
    expect(await head('/customers')).toEqual({ status: 405, body: null, type });
  });
});

describe('the language of an error', () => {
  it.each([
    { name: 'Chinese when nothing is asked for', headers: {}, message: /没有 staff:view 这个权限范围/ },
    { name: 'the one asked for', headers: { 'accept-language': 'en-GB,en;q=0.9' }, message: /lacks the scope staff:view/ },
  ])('is $name', async ({ headers, message }) => {
    expect((await ask('GET', '/staff', { ...bearer(scopeless), ...headers } as Record<string, string>)).body['message']).toMatch(message);
  });

  it('is that of the account, over tRPC as over REST', async () => {
    await person.client.access.setLocale.mutate({ locale: 'en' });
    const overRest = await ask('GET', '/complaints/x', { cookie: person.cookie });
    expect(overRest.body).toMatchObject({
      message: 'Some fields are not right. Please check the marked ones.',
      fields: [{ path: 'complaintId', code: 'format', message: 'A UUID is expected', params: { format: 'uuid' } }],
    });
    const overTrpc = (await (
      await fetch(`${server.url}/trpc/complaints.get?input=${encodeURIComponent('{"complaintId":"x"}')}`, {
        headers: { cookie: person.cookie },
      })
    ).json()) as { error: { message: string; data: object } };
    expect(overTrpc.error.message).toBe('Some fields are not right. Please check the marked ones.');
    const { requestId: _, ...rest } = overRest.body;
    expect(overTrpc.error.data).toMatchObject({ ...rest, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });

  it('carries a request id where tRPC reads no call', async () => {
    const answer = (await (await fetch(`${server.url}/trpc/complaints.nonsense`, { headers: { 'accept-language': 'en' } })).json()) as {
      error: { message: string; data: { requestId: string; code: string } };
    };
    expect(answer.error.data).toMatchObject({ code: 'platform.no_procedure', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(answer.error.message).toMatch(/^The server does not offer this/);
  });
});

describe('the upload of an import by API key', () => {
  const form = (text: string) => {
    const data = new FormData();
    data.append('files', new Blob([text], { type: 'text/csv' }), '潜客登记.csv');
    return data;
  };
  const CSV = '登记日期,姓名,手机\n2026-05-01,王小明,13800000000\n';

  it('has one effect for one Idempotency-Key', async () => {
    const key = newId();
    const send = (text = CSV) => ask('POST', '/imports/files', { ...bearer(whole), 'idempotency-key': key }, form(text));
    const kept = async () => (await ask('GET', '/imports', bearer(whole))).body['items'] as unknown[];
    const before = await kept();
    const first = await send();
    expect(first).toMatchObject({ status: 200, body: { importId: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
    expect((await send()).body).toEqual(first.body);
    const other = await send(`${CSV}2026-05-02,李四,13800000001\n`);
    expect({ code: other.body['code'], wrong: differences(operationOf('POST', '/imports/files'), other) }).toEqual({
      code: 'platform.key_reused',
      wrong: [],
    });
    expect(await kept()).toHaveLength(before.length + 1);
  });

  it('is refused in words, by the document', async () => {
    const answer = await ask('POST', '/imports/files', { ...bearer(whole), 'idempotency-key': newId() }, new FormData());
    expect({ code: answer.body['code'], wrong: differences(operationOf('POST', '/imports/files'), answer) }).toMatchObject({ wrong: [] });
  });
});
