import { CUSTOMER_SORTS, IDENTITY_CONSENT } from '@baoke/core/customers';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addDays, dateIn, type CustomerId, type TimeZone, type VehicleId } from '@baoke/core/kernel';
import { inTransaction } from '@baoke/db';
import { listEntries } from '@baoke/db/audit';
import { lockCustomer } from '@baoke/db/customers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { now } from '../clock.ts';
import { newId } from '../ids.ts';
import { startTestServer, type TestPerson, type TestServer, type TestStore } from '../testing/server.ts';

let directory: string;
let server: TestServer;
let store: TestStore;
let seller: TestPerson;
let otherSeller: TestPerson;
let advisor: TestPerson;
let manager: TestPerson;
let reception: TestPerson;
let chairman: TestPerson;
let stranger: TestPerson;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'baoke-customers-'));
  server = await startTestServer({ DATA_DIR: directory });
  store = await server.store('a');
  const other = await server.store('b');
  [seller, otherSeller, advisor, manager, reception, chairman, stranger] = await Promise.all([
    server.person(store, 'SC', 'sales', '李明'),
    server.person(store, 'SC', 'sales', '周敏'),
    server.person(store, 'SA', 'service', '王强'),
    server.person(store, 'GM', 'management', '赵总'),
    server.person(store, 'RECEPTION', 'sales', '前台'),
    server.person(store, 'CHAIR', 'management', '董事长'),
    server.person(other, 'GM', 'management', '外店'),
  ]);
});
afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

const refusalOf = async (call: Promise<unknown>) => {
  try {
    await call;
  } catch (error) {
    const { data } = error as { data?: { code: string; conflict: unknown[]; fields: { path: string; code: string; params?: object }[] } };
    if (data) return data;
    throw error;
  }
  throw new Error('the call was not refused');
};
let last = 0;
const phone = () => `1381000${String((last += 1)).padStart(4, '0')}`;
const file = async (by: TestPerson, name: string, more: object = {}) =>
  (await by.client.customers.create.mutate({ name, phones: [phone()], ...more })).customerId;

describe('opening a file', () => {
  it('is found by its sound, and before others by its spelling', async () => {
    for (const name of ['程明', '陈敏', '陈明', '陈明华']) await file(seller, name);
    const found = async (term: string) => (await seller.client.search.find.query({ term })).customers.map(({ name }) => name);
    expect(await found('chenming')).toEqual(['陈明', '程明', '陈敏', '陈明华']);
    expect((await found('cheng ming'))[0]).toBe('程明');
  });

  it('keeps what was entered, found at once by name, pinyin, initials, phone, plate and VIN', async () => {
    const number = phone();
    const { customerId } = await seller.client.customers.create.mutate({
      name: ' 刘 春江 ',
      phones: [number.replace(/^(\d{3})(\d{4})/, '$1-$2-'), '0512-67654321'],
      idNumber: '329806198507294804',
      birthCalendar: 'lunar',
      address: '苏州市工业园区星湖街328号',
      city: '苏州',
      vehicle: { plate: 'e·5w809', vin: 'LSGYGVLM4MY661911', model: '威朗' },
      consents: [{ purpose: 'service', channel: 'phone' }, IDENTITY_CONSENT],
    });
    const card = await seller.client.customers.get.query({ customerId });
    expect(card).toMatchObject({
      name: '刘春江',
      kind: 'person',
      relationship: 'prospect',
      gender: 'female',
      idNumberMasked: '**************4804',
      consultant: { name: '李明' },
      toVerify: false,
      phones: [
        { masked: `${number.slice(0, 3)}****${number.slice(-4)}`, kind: 'mobile', rank: 1, valid: true },
        { masked: '0512-****4321', kind: 'landline' },
      ],
      birth: { date: '1985-07-29', zodiac: 'ox', constellation: 'leo', calendar: 'lunar', month: 6, day: 12 },
      vehicles: [{ plate: '苏E5W809', vin: 'LSGYGVLM4MY661911', current: true }],
      consents: [
        { ...IDENTITY_CONSENT, granted: true },
        { purpose: 'service', channel: 'phone', granted: true },
      ],
      may: { edit: true, revealContact: true, recordContact: true },
    });
    for (const term of ['刘春江', '春江', 'liuchunjiang', 'lcj', number, number.slice(-4), '苏E5W809', '5W809', '661911']) {
      const found = await seller.client.search.find.query({ term });
      expect([term, found.customers.map(({ id }) => id)]).toEqual([term, expect.arrayContaining([customerId])]);
    }
    expect((await seller.client.search.find.query({ term: '661911' })).vehicles).toMatchObject([
      { plate: '苏E5W809', ownerName: '刘春江' },
    ]);
    expect((await stranger.client.search.find.query({ term: '刘春江' })).customers).toEqual([]);
  });

  it.each([
    { name: 'a digit missing', phones: ['1381234567'], code: 'customers.phone_digits', path: 'phones.0' },
    { name: 'no phone', phones: [], code: 'customers.phone_missing' },
    {
      name: 'a wrong ID number',
      phones: ['13812340001'],
      idNumber: '329806198507294805',
      code: 'customers.id_check_digit',
      path: 'idNumber',
    },
    { name: 'one number twice', phones: ['13812340002', '+86 138 1234 0002'], code: 'customers.phone_repeated' },
  ])('refuses $name', async ({ name: _name, code, path, ...input }) => {
    const refused = await refusalOf(seller.client.customers.create.mutate({ name: '陈错', ...input }));
    expect(refused.code).toBe(code);
    if (path) expect(refused.fields[0]).toMatchObject({ path });
  });

  it.each([
    { path: 'name', input: { name: '陈\u202e错' } },
    { path: 'city', input: { city: '苏\u200b州' } },
    { path: 'contactPersons.0.name', input: { contactPersons: [{ name: '陈\u2067二' }] } },
    { path: 'vehicle.plate', input: { vehicle: { plate: '苏E\u202e54321' } } },
  ])('refuses signs nobody sees in $path', async ({ path, input }) => {
    const refused = await refusalOf(seller.client.customers.create.mutate({ name: '陈错', phones: [phone()], ...input }));
    expect(refused).toMatchObject({ code: 'input.invalid', fields: [{ path, code: 'hidden_signs' }] });
  });

  it('keeps emoji and the marks of a note, and reads a copied phone without its marks', async () => {
    const number = phone();
    const given = { name: '王👨\u200d👩\u200d👧', remark: '\u200fئايگۈل 👨\u200d👩\u200d👧' };
    const { customerId } = await seller.client.customers.create.mutate({ ...given, phones: [`\u202d${number}\u202c`] });
    expect(await seller.client.customers.openForEdit.mutate({ customerId })).toMatchObject(given);
    expect((await seller.client.search.find.query({ term: number })).customers).toMatchObject([{ id: customerId }]);
  });

  it('refuses unknown fields', async () => {
    const refused = await refusalOf(seller.client.customers.create.mutate({ name: '王', phones: [phone()], isVip: true } as never));
    expect(refused).toMatchObject({ code: 'input.invalid', fields: [{ path: 'isVip', code: 'unknown_field' }] });
  });

  it('opens no second file of the same customer, and none beside a likely one that nobody looked at', async () => {
    const number = phone();
    const first = await otherSeller.client.customers.create.mutate({ name: '张伟', phones: [number] });
    expect(await refusalOf(seller.client.customers.create.mutate({ name: '张 伟', phones: [number] }))).toMatchObject({
      code: 'customers.already_on_file',
      fields: [{ params: { customerId: first.customerId, name: '张伟' } }],
    });
    expect(await refusalOf(seller.client.customers.create.mutate({ name: '张小宝', phones: [number] }))).toMatchObject({
      code: 'customers.duplicates_unseen',
    });
    const { items } = await seller.client.customers.checkDuplicates.query({ name: '张小宝', phones: [number] });
    expect(items).toMatchObject([
      { id: first.customerId, name: '张伟', reasons: ['phone'], certain: false, withinReach: false, consultant: { name: '周敏' } },
    ]);
    await seller.client.customers.create.mutate({ name: '张小宝', phones: [number], seenDuplicates: [first.customerId] });
  });

  it.each([
    { name: 'the same name and phone', typed: () => ({ phones: [phone()] }), code: 'customers.already_on_file' },
    { name: 'the same plate', typed: () => ({ vehicle: { plate: '苏E8Q311' } }), code: 'customers.duplicates_unseen' },
    { name: 'the same name and birthday', typed: () => ({ birthDate: '1983-04-05' }), code: 'customers.duplicates_unseen' },
  ])('opens one file where several enter $name at once, and tells the others of it', async ({ typed, code }) => {
    const same = typed();
    const entered = await Promise.allSettled(
      Array.from({ length: 6 }, () => seller.client.customers.create.mutate({ name: '钱同时', phones: [phone()], ...same })),
    );
    const opened = entered.filter((one) => one.status === 'fulfilled').map(({ value }) => value.customerId);
    expect(opened).toHaveLength(1);
    for (const one of entered.filter(({ status }) => status === 'rejected'))
      expect(await refusalOf(Promise.reject((one as PromiseRejectedResult).reason))).toMatchObject({
        code,
        fields: [{ params: { customerId: opened[0] } }],
      });
  });

  it.each([
    { path: 'vehicle.plate', typed: { vehicle: { plate: '苏E8Q422' } } },
    { path: 'vehicle.vin', typed: { vehicle: { vin: 'LSGGNE932NY552929' } } },
    { path: 'birthDate', typed: { birthDate: '1979-02-03' } },
    { path: 'address', typed: { address: '苏州市姑苏区人民路1200号' } },
  ])('names the field by which a likely one was found: $path', async ({ path, typed }) => {
    const enter = () => seller.client.customers.create.mutate({ name: '蒋相似', phones: [phone()], ...typed });
    const { customerId } = await enter();
    expect(await refusalOf(enter())).toMatchObject({ code: 'customers.duplicates_unseen', fields: [{ path, params: { customerId } }] });
  });

  it('says nothing of customers of another store', async () => {
    const number = phone();
    await file(stranger, '孙悦', { phones: [number] });
    expect((await seller.client.customers.checkDuplicates.query({ name: '孙悦', phones: [number] })).items).toEqual([]);
  });
});

describe('an ID number', () => {
  // One number belongs to one customer; the last sign is the check digit.
  const ID = { a: '110105194912311014', b: '110105194912311030', c: '110105194912311057', d: '110105194912311073' } as const;
  const needsConsent = {
    code: 'customers.id_number_needs_consent',
    fields: [{ path: 'idNumber', code: 'customers.id_number_needs_consent' }],
  };
  const masked = async (customerId: CustomerId) => (await seller.client.customers.get.query({ customerId })).idNumberMasked;
  const change = (customerId: CustomerId, version: number, idNumber: string, consents: (typeof IDENTITY_CONSENT)[] = []) =>
    seller.client.customers.update.mutate({ customerId, version, changes: { idNumber }, consents });

  it('of a person is not kept in a new file without the separate consent, whatever else he agreed to', async () => {
    const create = (consents: { purpose: 'service' | 'marketing' | 'identity'; channel: 'phone' | 'none' }[]) =>
      seller.client.customers.create.mutate({ name: '甲有证', phones: [phone()], idNumber: ID.a, consents });
    expect(await refusalOf(create([]))).toMatchObject(needsConsent);
    expect(await refusalOf(create([{ purpose: 'marketing', channel: 'phone' }]))).toMatchObject(needsConsent);
    expect((await seller.client.customers.list.query({ term: '甲有证' })).items).toEqual([]);
    const { customerId } = await create([IDENTITY_CONSENT]);
    expect(await masked(customerId)).toBe(`**************${ID.a.slice(-4)}`);
    expect((await seller.client.customers.get.query({ customerId })).consents).toMatchObject([
      { purpose: 'identity', channel: 'none', granted: true },
    ]);
  });

  it('is not added to a file without it; with it, or with one on file, it is', async () => {
    const [given, before] = [await file(seller, '乙有证'), await file(seller, '丙有证')];
    expect(await refusalOf(change(given, 1, ID.b))).toMatchObject(needsConsent);
    expect(await masked(given)).toBeNull();
    await change(given, 1, ID.b, [IDENTITY_CONSENT]);
    await seller.client.customers.recordConsent.mutate({ customerId: before, ...IDENTITY_CONSENT, granted: true, source: '签字' });
    expect(await seller.client.customers.openForEdit.mutate({ customerId: before })).toMatchObject({ identityConsent: true });
    await change(before, 1, ID.c);
    expect([await masked(given), await masked(before)]).toEqual([ID.b, ID.c].map((number) => `**************${number.slice(-4)}`));
  });

  it('is not changed on a consent that was withdrawn; it can still be taken out', async () => {
    const customerId = await file(seller, '丁有证', { idNumber: ID.d, consents: [IDENTITY_CONSENT] });
    await seller.client.customers.recordConsent.mutate({ customerId, ...IDENTITY_CONSENT, granted: false, source: '来电' });
    const { version } = await seller.client.customers.openForEdit.mutate({ customerId });
    expect(await refusalOf(change(customerId, version, ID.d))).toMatchObject(needsConsent);
    await seller.client.customers.update.mutate({ customerId, version, changes: { idNumber: null } });
    expect(await masked(customerId)).toBeNull();
  });

  it('goes with the consent it was kept on, with all it could be found by, and the log says so', async () => {
    const idNumber = '11010519491231109X';
    const customerId = await file(seller, '己有证', { idNumber, consents: [IDENTITY_CONSENT] });
    const stored = () =>
      inTransaction(server.database.pool, { storeId: store.storeId }, (tx) =>
        tx
          .selectFrom('customers')
          .select(['id_document', 'id_number_cipher', 'id_number_index', 'id_number_tail', 'version'])
          .where('id', '=', customerId)
          .executeTakeFirstOrThrow(),
      );
    const say = (consent: { purpose: 'identity' | 'marketing'; channel: 'none' | 'phone' }, granted: boolean) =>
      seller.client.customers.recordConsent.mutate({ customerId, ...consent, granted, source: '来电' });
    await say({ purpose: 'marketing', channel: 'phone' }, false);
    await say(IDENTITY_CONSENT, true);
    expect((await stored()).id_number_tail).toBe('109X');
    await say(IDENTITY_CONSENT, false);
    expect(await stored()).toEqual({ id_document: null, id_number_cipher: null, id_number_index: null, id_number_tail: null, version: 2 });
    expect((await seller.client.customers.checkDuplicates.query({ name: '别人', idNumber })).items).toEqual([]);
    const entries = await inTransaction(server.database.pool, { storeId: store.storeId }, (tx) =>
      listEntries(tx, store.storeId, { entityId: customerId, limit: 1 }),
    );
    expect(entries).toMatchObject([
      {
        action: 'customers.recordConsent',
        before: { idNumberTail: '109X' },
        after: { purpose: 'identity', granted: false, idNumberTail: null },
      },
    ]);
  });

  it('of an organisation is no personal data', async () => {
    const customerId = await file(seller, '苏州某某有限公司', { kind: 'company', idNumber: '91350100M000100Y43' });
    expect(await masked(customerId)).toMatch(/0Y43$/);
    await seller.client.customers.recordConsent.mutate({ customerId, ...IDENTITY_CONSENT, granted: false, source: '来电' });
    expect(await masked(customerId)).toMatch(/0Y43$/);
  });

  it.each([
    { purpose: 'identity', channel: 'phone' },
    { purpose: 'marketing', channel: 'none' },
  ] as const)('knows no consent to $purpose by $channel', async (consent) => {
    const customerId = await file(seller, '戊');
    const refused = await refusalOf(
      seller.client.customers.recordConsent.mutate({ customerId, ...consent, granted: true, source: '签字' }),
    );
    expect(refused).toMatchObject({ code: 'input.invalid', fields: [{ path: 'channel', code: 'consent_channel' }] });
  });
});

describe('who sees what', () => {
  let customerId: CustomerId;
  beforeAll(async () => {
    customerId = await file(seller, '钱多多', {
      birthDate: '1990-05-01',
      address: '苏州市姑苏区干将西路100号',
      email: 'qian@example.com',
      idNumber: '11010519491231002X',
      consents: [IDENTITY_CONSENT],
      vehicle: { plate: '苏E77777' },
    });
  });

  it('own files only to a consultant, the whole store to an advisor, no other store', async () => {
    expect((await advisor.client.customers.get.query({ customerId })).name).toBe('钱多多');
    expect(await refusalOf(otherSeller.client.customers.get.query({ customerId }))).toMatchObject({ code: 'platform.not_found' });
    expect(await refusalOf(stranger.client.customers.get.query({ customerId }))).toMatchObject({ code: 'platform.not_found' });
    expect(await refusalOf(server.anonymous.customers.get.query({ customerId }))).toMatchObject({ code: 'access.signed_out' });
    expect((await otherSeller.client.search.find.query({ term: '钱多多' })).customers).toEqual([]);
    expect((await otherSeller.client.customers.list.query({ term: '钱多多' })).items).toEqual([]);
    expect((await manager.client.customers.list.query({ term: '钱多多' })).items).toMatchObject([
      { id: customerId, phoneMasked: expect.stringMatching(/^138\*{4}\d{4}$/) },
    ]);
  });

  it('hides the year of birth and the ID number from who only looks, and parts without a right', async () => {
    const seen = await chairman.client.customers.get.query({ customerId });
    expect(seen).toMatchObject({
      birth: { date: null, age: null, zodiac: null, month: 5, day: 1 },
      idNumberMasked: null,
      vehicles: null,
      contacts: null,
      visits: null,
      counts: { contacts: null, visits: null },
      may: { edit: false, revealContact: false },
    });
    expect(JSON.stringify(seen)).not.toContain('1990');
  });

  it('lets a hidden number be guessed by nobody: only its shown end or the whole finds', async () => {
    const number = phone();
    await file(seller, '吴暗', { phones: [number] });
    const byChair = async (term: string) =>
      (await chairman.client.search.find.query({ term })).customers.some(({ name }) => name === '吴暗');
    expect([
      await byChair(number.slice(-4)),
      await byChair(number.slice(-5)),
      await byChair(number.slice(-8)),
      await byChair(number),
    ]).toEqual([true, false, false, true]);
    expect((await chairman.client.search.find.query({ term: '苏E77777' })).customers).toEqual([]);
  });

  it('lets the number of a file that is not one’s own be guessed by nobody, whatever one may reveal of others', async () => {
    const [hers, foreign] = [phone(), phone()];
    const names = ['吴远', '吴近'];
    await file(seller, names[0]!, { phones: [foreign] });
    const own = await file(reception, names[1]!, { phones: [hers] });
    const finds = async (term: string) => [
      (await reception.client.search.find.query({ term })).customers.map(({ name }) => name).filter((name) => names.includes(name)),
      (await reception.client.customers.list.query({ term })).items.map(({ name }) => name).filter((name) => names.includes(name)),
    ];
    for (const digits of [5, 6, 7, 8, 9, 10]) {
      expect(await finds(foreign.slice(-digits))).toEqual([[], []]);
      expect(await finds(hers.slice(-digits))).toEqual([['吴近'], ['吴近']]);
    }
    // What the mask shows, and the number a caller tells at the desk.
    for (const term of [foreign.slice(-4), foreign, `+86${foreign}`]) expect(await finds(term)).toEqual([['吴远'], ['吴远']]);
    expect((await reception.client.customers.get.query({ customerId: own })).may.revealContact).toBe(true);
  });

  it('shows numbers on demand and records who looked', async () => {
    const { phones } = await seller.client.customers.revealPhone.mutate({ customerId });
    expect(phones[0]).toMatchObject({ tel: expect.stringMatching(/^\+86138\d{8}$/), rank: 1 });
    expect(await refusalOf(chairman.client.customers.revealPhone.mutate({ customerId }))).toMatchObject({ code: 'access.forbidden' });
    expect(await refusalOf(otherSeller.client.customers.revealPhone.mutate({ customerId, taskId: customerId as never }))).toMatchObject({
      code: 'customers.task_not_own',
    });
    expect(await seller.client.customers.revealIdNumber.mutate({ customerId })).toEqual({ idNumber: '11010519491231002X' });
  });

  it('takes lists away only with the right to, and records it', async () => {
    expect(await refusalOf(seller.client.customers.export.mutate({}))).toMatchObject({ code: 'access.forbidden' });
    await file(manager, '=HYPERLINK("http://x")');
    const csv = await manager.client.customers.export.mutate({ format: 'csv', term: '=hyper' });
    const text = Buffer.from(csv.base64, 'base64').toString('utf8');
    expect(csv.rows).toBe(1);
    expect(text).toContain(`"'=HYPERLINK(""http://x"")"`);
    expect((await manager.client.customers.export.mutate({})).rows).toBeGreaterThan(3);
  });
});

describe('editing', () => {
  it('joins changes of two people to different fields and tells of the one both changed', async () => {
    const customerId = await file(seller, '何海', { city: '苏州', remark: '旧备注' });
    const opened = await seller.client.customers.openForEdit.mutate({ customerId });
    await advisor.client.customers.update.mutate({ customerId, version: opened.version, changes: { remark: '顾问的备注' } });
    const saved = await seller.client.customers.update.mutate({
      customerId,
      version: opened.version,
      changes: { city: '昆山' },
      base: { city: opened.city },
    });
    expect(saved.version).toBe(opened.version + 2);
    expect(await seller.client.customers.get.query({ customerId })).toMatchObject({ city: '昆山', remark: '顾问的备注' });
    expect(
      await refusalOf(
        seller.client.customers.update.mutate({
          customerId,
          version: opened.version,
          changes: { remark: '我的备注' },
          base: { remark: opened.remark },
        }),
      ),
    ).toMatchObject({
      code: 'platform.conflict',
      conflict: [{ field: 'remark', yours: '我的备注', theirs: '顾问的备注', original: '旧备注' }],
    });
    // Without what it began from, a change from an older version might undo another's; fields it leaves alone are none of its conflicts.
    expect(
      await refusalOf(seller.client.customers.update.mutate({ customerId, version: opened.version, changes: { occupation: '教师' } })),
    ).toMatchObject({
      code: 'platform.conflict',
      conflict: [{ field: 'occupation', yours: '教师', theirs: null, original: null }],
    });
  });

  it('says in the contract what a change from an older version has to bring along', async () => {
    const { paths } = (await (await fetch(`${server.url}/openapi.json`)).json()) as {
      paths: Record<string, { patch: { requestBody: { content: Record<string, { schema: { properties: Record<string, unknown> } }> } } }>;
    };
    const { properties } = paths['/customers/{customerId}']!.patch.requestBody.content['application/json']!.schema;
    expect(properties['base']).toMatchObject({ description: expect.stringContaining('when the person began') });
  });

  it('keeps nobody from working with the customer meanwhile', async () => {
    const customerId = await file(manager, '占用中');
    const taken = await inTransaction(server.platform.pool, { storeId: store.storeId }, async (tx) => {
      expect(await lockCustomer(tx, store.storeId, customerId, 'everyone')).toBeDefined();
      return advisor.client.tasks.add.mutate({
        customerId,
        channel: 'phone',
        dueOn: dateIn('Asia/Shanghai' as TimeZone, now()),
        note: '保养提醒',
      });
    });
    expect(taken).toBeDefined();
  });

  it('finds the customer by the new name and number and no longer by the old', async () => {
    const customerId = await file(seller, '旧名字');
    const opened = await seller.client.customers.openForEdit.mutate({ customerId });
    const number = phone();
    await seller.client.customers.update.mutate({
      customerId,
      version: opened.version,
      changes: { name: '新名字', phones: [...opened.phones, number] },
    });
    const ids = async (term: string) => (await seller.client.search.find.query({ term })).customers.map(({ id }) => id);
    expect([await ids('旧名字'), await ids('新名字'), await ids(number)]).toEqual([[], [customerId], [customerId]]);
  });

  it('writes the audit without showing contact data', async () => {
    const customerId = await file(seller, '审计', { address: '苏州市相城区某路1号' });
    const { version } = await seller.client.customers.openForEdit.mutate({ customerId });
    await seller.client.customers.update.mutate({ customerId, version, changes: { address: '苏州市吴中区某路9号', city: '苏州' } });
    const { items } = await seller.client.customers.timeline.query({ customerId, kinds: ['change'] });
    expect(items).toMatchObject([
      { kind: 'change', action: 'customers.update', fields: expect.arrayContaining(['address', 'city']), by: '李明' },
      { action: 'customers.create' },
    ]);
    const client = await server.database.pool.connect();
    await client.query(`begin; set local baoke.store_id = '${store.storeId}'`);
    const { rows } = await client.query<{ text: string }>(
      `select (before::text || after::text) as text from audit_entries where entity_id = $1 and action = 'customers.update'`,
      [customerId],
    );
    await client.query('rollback');
    client.release();
    expect(rows[0]?.text).not.toMatch(/吴中|相城/);
  });

  it('marks a difficult customer with a reason only', async () => {
    const customerId = await file(seller, '难办');
    const flags = { customerId, version: 1, isFleet: false, isVip: false, isDifficult: true };
    expect(await refusalOf(seller.client.customers.setFlags.mutate(flags))).toMatchObject({ code: 'customers.difficult_needs_reason' });
    await seller.client.customers.setFlags.mutate({ ...flags, difficultReason: '多次无理索赔' });
    expect((await advisor.client.customers.list.query({ tab: 'flagged', term: '难办' })).items).toMatchObject([{ isDifficult: true }]);
  });
});

describe('contacts', () => {
  it('are recorded with a next step, seen on card and time line, once per key', async () => {
    const customerId = await file(seller, '联系人甲');
    const keyed = server.client({ cookie: seller.cookie, 'idempotency-key': 'contact-1' });
    const input = {
      customerId,
      outcome: 'reached' as const,
      content: '下周来保养',
      nextOn: addDays(dateIn('Asia/Shanghai' as TimeZone, now()), 7),
    };
    const first = await keyed.contacts.record.mutate(input);
    expect(await keyed.contacts.record.mutate(input)).toEqual(first);
    expect(first.taskId).not.toBeNull();
    const card = await seller.client.customers.get.query({ customerId });
    expect(card).toMatchObject({
      counts: { contacts: 1 },
      contacts: [{ outcome: 'reached', content: '下周来保养', staffName: '李明' }],
      promises: {
        openTasks: 1,
        overdueTasks: 0,
        tasks: [{ id: first.taskId, kind: 'manual', ruleKey: null, ruleName: null, assigneeName: '李明' }],
      },
    });
    expect(card.lastContactAt).not.toBeNull();
    const technician = await server.person(store, 'TECH', 'service');
    expect(card.countedInPart).toEqual(['complaints']);
    const ofOwn = { contacts: [], counts: { contacts: 0 }, countedInPart: ['contacts'] };
    expect(await technician.client.customers.get.query({ customerId })).toMatchObject(ofOwn);
    expect((await seller.client.customers.timeline.query({ customerId, kinds: ['contact'] })).items).toMatchObject([
      { kind: 'contact', by: '李明', content: '下周来保养' },
    ]);
  });

  it('mark a wrong number and ask for verification, and offer a complaint', async () => {
    const customerId = await file(seller, '空号');
    await seller.client.contacts.record.mutate({ customerId, outcome: 'wrong_number' });
    expect(await seller.client.customers.get.query({ customerId })).toMatchObject({
      phones: [{ valid: false }],
      reachable: false,
      toVerify: true,
      lastContactAt: null,
    });
    expect(await seller.client.contacts.record.mutate({ customerId, outcome: 'reached', satisfied: false })).toMatchObject({
      suggestsComplaint: true,
    });
  });

  it('are refused out of reach and for a vehicle of nobody here', async () => {
    const customerId = await file(seller, '别人的');
    expect(await refusalOf(otherSeller.client.contacts.record.mutate({ customerId, outcome: 'reached' }))).toMatchObject({
      code: 'platform.not_found',
      fields: [{ path: 'customerId' }],
    });
    expect(
      await refusalOf(seller.client.contacts.record.mutate({ customerId, outcome: 'reached', vehicleId: customerId as never })),
    ).toMatchObject({ fields: [{ path: 'vehicleId' }] });
    expect(await refusalOf(reception.client.contacts.record.mutate({ customerId, outcome: 'reached' }))).toMatchObject({
      code: 'platform.not_found',
    });
  });
});

describe('vehicles', () => {
  it('know their owners, plates, policies and mileage', async () => {
    const customerId = await file(seller, '车主甲');
    const buyer = await file(seller, '买家乙');
    const { vehicleId } = await seller.client.vehicles.create.mutate({
      customerId,
      vin: 'LSG12BJZ6PS608996',
      plate: '苏E11111',
      deliveredOn: '2026-01-10',
      policies: [{ kind: 'commercial', insurer: '人保', expiresOn: '2027-01-09' }],
      vinReason: '行驶证如此',
    });
    for (const [readOn, mileageKm] of [
      ['2026-02-01', 1000],
      ['2026-05-12', 6000],
    ] as const)
      await seller.client.vehicles.addMileage.mutate({ vehicleId, readOn, mileageKm });
    expect(await seller.client.vehicles.addMileage.mutate({ vehicleId, readOn: '2026-06-01', mileageKm: 5000 })).toMatchObject({
      doubtful: true,
    });
    const view = await seller.client.vehicles.get.query({ vehicleId });
    expect(view).toMatchObject({
      plate: '苏E11111',
      lastMileageKm: 6000,
      lastMileageOn: '2026-05-12',
      owner: { name: '车主甲' },
      policies: [{ insurer: '人保' }],
      maintenanceDue: { by: expect.any(String) },
    });
    expect(view.readings).toHaveLength(3);

    await seller.client.vehicles.update.mutate({ vehicleId, version: view.version, changes: { plate: '苏E22222' } });
    expect((await seller.client.search.find.query({ term: '苏E11111' })).customers).toEqual([]);
    expect((await seller.client.search.find.query({ term: '苏E22222' })).customers).toMatchObject([{ id: customerId }]);
    const moved = await seller.client.vehicles.changeOwner.mutate({ vehicleId, version: view.version + 1, customerId: buyer });
    expect(moved.version).toBe(view.version + 2);
    expect((await seller.client.search.find.query({ term: '苏E22222' })).customers).toMatchObject([{ id: buyer }]);
    expect(await seller.client.vehicles.get.query({ vehicleId })).toMatchObject({
      owner: { name: '买家乙' },
      people: [
        { name: '买家乙', to: null },
        { name: '车主甲', to: expect.any(String) },
      ],
      plates: [{ plate: '苏E22222', to: null }, { plate: '苏E11111' }],
    });
    const changed = { kind: 'change', action: 'vehicles.changeOwner', by: '李明' };
    for (const [id, came] of [
      [customerId, false],
      [buyer, true],
    ] as const)
      expect((await seller.client.customers.timeline.query({ customerId: id, kinds: ['change'] })).items[0]).toMatchObject({
        ...changed,
        car: { vehicleId, name: '苏E22222', came },
      });
    expect((await seller.client.customers.get.query({ customerId })).vehicles).toMatchObject([{ current: false }]);
  });

  it('keep every period of whoever owned them, also of one who bought his back', async () => {
    const [first, second] = [await file(seller, '车主庚'), await file(seller, '车主辛')];
    const { vehicleId } = await seller.client.vehicles.create.mutate({ customerId: first, plate: '苏E77801', deliveredOn: '2020-03-01' });
    const give = async (customerId: CustomerId, from: string) => {
      const { version } = await manager.client.vehicles.get.query({ vehicleId });
      return manager.client.vehicles.changeOwner.mutate({ vehicleId, version, customerId, from });
    };
    await give(second, '2022-03-01');
    expect(await refusalOf(give(first, '2022-02-28'))).toMatchObject({
      code: 'vehicles.from_before_owner',
      fields: [{ path: 'from', code: 'vehicles.from_before_owner' }],
    });
    expect(await refusalOf(give(first, '2090-01-01'))).toMatchObject({ code: 'vehicles.from_in_future', fields: [{ path: 'from' }] });
    await give(first, '2024-03-01');
    // Whoever has it already goes on.
    await give(first, '2025-03-01');
    expect(await manager.client.vehicles.get.query({ vehicleId })).toMatchObject({
      owner: { id: first },
      people: [
        { customerId: first, from: '2024-03-01', to: null },
        { customerId: second, from: '2022-03-01', to: '2024-03-01' },
        { customerId: first, from: '2020-03-01', to: '2022-03-01' },
      ],
    });
    const carsOf = async (customerId: CustomerId) =>
      (await manager.client.customers.get.query({ customerId })).vehicles?.map(({ current }) => current);
    expect([await carsOf(first), await carsOf(second)]).toEqual([[true], [false]]);
  });

  it('end with the next owner where they had left the last one later', async () => {
    const [first, second] = [await file(seller, '车主壬'), await file(seller, '车主癸')];
    const { vehicleId, version } = await seller.client.vehicles.create.mutate({
      customerId: first,
      plate: '苏E77802',
      deliveredOn: '2024-03-01',
    });
    await seller.client.vehicles.update.mutate({ vehicleId, version, changes: { status: 'transferred' } });
    await manager.client.vehicles.changeOwner.mutate({ vehicleId, version: version + 1, customerId: second, from: '2025-03-01' });
    expect((await manager.client.vehicles.get.query({ vehicleId })).people).toMatchObject([
      { customerId: second, from: '2025-03-01', to: null },
      { customerId: first, from: '2024-03-01', to: '2025-03-01' },
    ]);
  });

  it('leave their owner when they are handed on or scrapped, and come back to him with the status or by naming him', async () => {
    const customerId = await file(seller, '车主己');
    const { vehicleId, version } = await seller.client.vehicles.create.mutate({ customerId, plate: '苏E77701', deliveredOn: '2024-01-10' });
    const stands = async () => {
      const { relationship, vehicles } = await seller.client.customers.get.query({ customerId });
      return [relationship, vehicles?.map(({ current }) => current)];
    };
    const owned = await stands();
    await seller.client.vehicles.update.mutate({ vehicleId, version, changes: { status: 'moved_away' } });
    expect(await stands()).toEqual(owned);
    await seller.client.vehicles.update.mutate({ vehicleId, version: version + 1, changes: { status: 'scrapped' } });
    expect(await stands()).toEqual(['former', [false]]);
    expect(await manager.client.vehicles.get.query({ vehicleId })).toMatchObject({ owner: null, people: [{ to: expect.any(String) }] });
    await manager.client.vehicles.update.mutate({ vehicleId, version: version + 2, changes: { status: 'transferred' } });
    expect(await stands()).toEqual(['former', [false]]);
    await manager.client.vehicles.update.mutate({ vehicleId, version: version + 3, changes: { status: 'in_use' } });
    expect(await stands()).toEqual(owned);
    expect(await manager.client.vehicles.get.query({ vehicleId })).toMatchObject({
      owner: { id: customerId },
      people: [{ from: '2024-01-10', to: null }],
    });
    expect((await seller.client.search.find.query({ term: '苏E77701' })).customers).toMatchObject([{ id: customerId }]);
    await seller.client.vehicles.update.mutate({ vehicleId, version: version + 4, changes: { status: 'scrapped' } });
    await manager.client.vehicles.changeOwner.mutate({ vehicleId, version: version + 5, customerId });
    expect((await stands())[1]).toEqual([true]);
  });

  it.each(['scrapped', 'transferred'] as const)(
    'that are %s when they are filed make a former owner of whoever had them',
    async (status) => {
      const customerId = await file(seller, '旧主庚');
      const plate = status === 'scrapped' ? '苏E77711' : '苏E77712';
      const { vehicleId, version } = await seller.client.vehicles.create.mutate({ customerId, plate, status, deliveredOn: '2019-01-10' });
      const stands = async () => {
        const { relationship, vehicles } = await seller.client.customers.get.query({ customerId });
        return [relationship, vehicles?.map(({ current }) => current)];
      };
      expect(await stands()).toEqual(['former', [false]]);
      expect(await manager.client.vehicles.get.query({ vehicleId })).toMatchObject({
        owner: null,
        people: [{ customerId, from: '2019-01-10', to: expect.any(String) }],
      });
      expect((await manager.client.search.find.query({ term: plate })).customers).toEqual([]);
      await manager.client.vehicles.update.mutate({ vehicleId, version, changes: { status: 'in_use' } });
      expect((await stands())[1]).toEqual([true]);
    },
  );

  it('make an owner of whoever has one, and a former owner of whom the last has left', async () => {
    const number = phone();
    const customerId = await file(seller, '旧主丁', { phones: [number] });
    const buyer = await file(seller, '新主戊');
    const today = dateIn('Asia/Shanghai' as TimeZone, now());
    await inTransaction(server.platform.pool, { storeId: store.storeId }, (tx) =>
      tx
        .updateTable('customers')
        .set({ first_delivered_on: '2024-01-10', last_visit_on: addDays(today, -250) })
        .where('id', '=', customerId)
        .execute(),
    );
    const vehicles = await Promise.all(
      ['苏E66601', '苏E66602'].map((plate) => seller.client.vehicles.create.mutate({ customerId, plate, deliveredOn: '2024-01-10' })),
    );
    const file0 = await seller.client.customers.get.query({ customerId });
    const stands = async () => {
      const { relationship, version, vehicles: cars } = await seller.client.customers.get.query({ customerId });
      const listed = async (filter: object) =>
        (await manager.client.customers.list.query({ term: '旧主丁', ...filter })).items.map((row) => row.relationship);
      return {
        relationship,
        edited: version - file0.version,
        cars: cars?.filter(({ current }) => current).length,
        atRisk: await listed({ tab: 'at_risk' }),
        former: await listed({ relationships: ['former'] }),
        found: (await manager.client.customers.checkDuplicates.query({ phones: [number] })).items.map((row) => row.relationship),
        counted: (await manager.client.customers.counts.query()).at_risk,
        figure: (await manager.client.reports.home.query()).figures.find(({ figure }) => figure === 'at_risk')?.value,
      };
    };
    const give = async (of: number, to: CustomerId) => {
      const vehicle = vehicles[of]!; // two were made
      const { version } = await manager.client.vehicles.get.query({ vehicleId: vehicle.vehicleId });
      await manager.client.vehicles.changeOwner.mutate({ vehicleId: vehicle.vehicleId, version, customerId: to });
    };
    const before = await stands();
    expect(before).toMatchObject({ relationship: 'at_risk', cars: 2, atRisk: ['at_risk'], former: [], found: ['at_risk'] });
    await give(0, buyer);
    expect(await stands()).toEqual({ ...before, cars: 1 });
    await give(1, buyer);
    const one = before.counted - 1;
    expect(await stands()).toEqual({
      ...before,
      relationship: 'former',
      cars: 0,
      atRisk: [],
      former: ['former'],
      found: ['former'],
      counted: one,
      figure: one,
    });
    // He has been seen the day he came to have a car again.
    await give(0, customerId);
    expect(await stands()).toEqual({ ...before, relationship: 'owner', cars: 1, atRisk: [], found: ['owner'], counted: one, figure: one });
  });

  it('are one per VIN, kept with a wrong check digit for a reason only', async () => {
    const customerId = await file(seller, '车主丙');
    expect(await refusalOf(seller.client.vehicles.create.mutate({ customerId, vin: 'LSG12BJZ6PS608999' }))).toMatchObject({
      code: 'vehicles.vin_check_digit',
    });
    await seller.client.vehicles.create.mutate({ customerId, vin: 'LSG12BJZ6PS608999', vinReason: '行驶证如此' });
    expect(await refusalOf(seller.client.vehicles.create.mutate({ customerId, vin: 'LSG12BJZ6PS608999', vinReason: 'x' }))).toMatchObject({
      code: 'vehicles.vin_on_file',
    });
    expect(await refusalOf(seller.client.vehicles.create.mutate({ customerId }))).toMatchObject({ code: 'vehicles.nothing_to_know_it_by' });
    expect(await refusalOf(stranger.client.vehicles.get.query({ vehicleId: customerId as unknown as VehicleId }))).toMatchObject({
      code: 'platform.not_found',
    });
  });
});

describe('a plate on file', () => {
  const create = (customerId: CustomerId, plate: string, seenVehicles: VehicleId[] = []) =>
    seller.client.vehicles.create.mutate({ customerId, plate, seenVehicles });
  const toldOf = (vehicleId: VehicleId) => ({
    code: 'vehicles.plate_on_file',
    fields: [{ path: 'plate', code: 'vehicles.plate_on_file', params: { vehicleId } }],
  });

  it('is told of, with whichever owner, and goes to another car that somebody has told apart', async () => {
    const [customerId, other] = [await file(seller, '郑有牌'), await file(seller, '吴同牌')];
    const { vehicleId } = await create(customerId, '苏E7P201');
    expect(await refusalOf(create(customerId, 'e·7p201'))).toMatchObject(toldOf(vehicleId));
    expect(await refusalOf(create(other, '苏E7P201'))).toMatchObject(toldOf(vehicleId));
    const second = await create(other, '苏E7P201', [vehicleId]);
    expect(await refusalOf(create(other, '苏E7P201', [vehicleId]))).toMatchObject(toldOf(second.vehicleId));
    // What another store has on file is nobody's business here.
    await stranger.client.vehicles.create.mutate({ customerId: await file(stranger, '外店有牌'), plate: '苏E7P201' });
  });

  it('is told of in a changed file too, and not asked of the one that has it', async () => {
    const customerId = await file(seller, '冯改牌');
    const { vehicleId } = await create(customerId, '苏E7P202');
    const { vehicleId: changed } = await create(customerId, '苏E7P203');
    const change = (version: number, changes: { plate?: string; colour?: string }, seenVehicles: VehicleId[] = []) =>
      seller.client.vehicles.update.mutate({ vehicleId: changed, version, changes, seenVehicles });
    await change(1, { plate: '苏E7P203', colour: '白' });
    expect(await refusalOf(change(2, { plate: '苏E7P202' }))).toMatchObject(toldOf(vehicleId));
    await change(2, { plate: '苏E7P202' }, [vehicleId]);
  });

  it('is filed once where several file it at once, and told to the others', async () => {
    const owners = await Promise.all(Array.from('甲乙丙丁戊己', (sign) => file(seller, `陈${sign}同时`)));
    const filed = await Promise.allSettled(owners.map((customerId) => create(customerId, '苏E7P204')));
    expect(filed.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of filed)
      if (one.status === 'rejected') expect(await refusalOf(Promise.reject(one.reason))).toMatchObject({ code: 'vehicles.plate_on_file' });
  });
});

it('counts on the card the orders its reader may open', async () => {
  const customerId = await file(seller, '订单甲');
  const of = { store_id: store.storeId, customer_id: customerId };
  await inTransaction(server.platform.pool, { storeId: store.storeId }, async (tx) => {
    await tx
      .insertInto('orders')
      .values({ ...of, id: newId(), ordered_on: '2026-03-01', consultant_id: seller.staffId, state: 'open' })
      .execute();
    // His task lets the other seller see the customer, but not the orders of a colleague.
    await tx
      .insertInto('tasks')
      .values({
        ...of,
        id: newId(),
        kind: 'follow_up',
        channel: 'phone',
        status: 'open',
        assignee_id: otherSeller.staffId,
        role: 'SC',
        purpose: 'service',
        priority: 3,
        not_before_on: '2026-03-01',
        due_at: now(),
      })
      .execute();
  });
  const counted = async ({ client }: TestPerson) => (await client.customers.get.query({ customerId })).counts.orders;
  expect([await counted(seller), await counted(manager), await counted(otherSeller), await counted(advisor)]).toEqual([1, 1, 0, null]);
});

it.each(['name', 'consultant'] as const)('goes on behind the longest of names, by %s', async (sort) => {
  const far = await server.store(`far ${sort}`);
  const consultant = await server.person(far, 'SC', 'sales', '庄'.repeat(60));
  const { client } = await server.person(far, 'GM', 'management');
  for (const name of ['庄'.repeat(100), `${'庄'.repeat(99)}周`])
    await client.customers.create.mutate({ name, phones: [phone()], consultantId: consultant.staffId });
  const first = await client.customers.list.query({ sort, limit: 1 });
  const second = await client.customers.list.query({ sort, limit: 1, cursor: first.nextCursor });
  expect(second.items).toHaveLength(1);
  expect(second.items[0]?.id).not.toBe(first.items[0]?.id);
});

it('counts quick scopes, pages by key in every order and lists visits', async () => {
  for (const sort of CUSTOMER_SORTS) {
    for (const descending of [false, true]) {
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: { items: { id: string }[]; nextCursor: string | null } = await manager.client.customers.list.query({
          sort,
          descending,
          limit: 1,
          cursor,
        });
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor);
      const all = await manager.client.customers.list.query({ sort, descending, limit: 200 });
      expect(seen).toEqual(all.items.map(({ id }) => id));
      expect(new Set(seen).size).toBe(seen.length);
    }
  }
  const counts = await manager.client.customers.counts.query();
  expect(counts.all).toBe((await manager.client.customers.list.query({ limit: 200 })).items.length);
  expect(await refusalOf(manager.client.customers.list.query({ cursor: 'nonsense' }))).toMatchObject({ code: 'platform.bad_cursor' });
  // A place in one order is none in another.
  const { nextCursor } = await manager.client.customers.list.query({ sort: 'createdAt', limit: 1 });
  for (const other of [{ sort: 'name' }, { sort: 'createdAt', descending: true }] as const)
    expect(await refusalOf(manager.client.customers.list.query({ ...other, cursor: nextCursor }))).toMatchObject({
      code: 'platform.bad_cursor',
    });
  expect((await manager.client.service.listVisits.query({})).items).toEqual([]);
  expect((await manager.client.service.categories.query()).categories).toHaveLength(16);
});
