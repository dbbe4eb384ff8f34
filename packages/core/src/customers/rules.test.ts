import { describe, expect, it } from 'vitest';
import type { CustomerId } from '../kernel/index.ts';
import { on } from '../kernel/testing.ts';
import { DEFAULT_CUSTOMER_POLICY as POLICY } from './model.ts';
import {
  endsIdNumber,
  keepIdNumber,
  ageOn,
  areSimilarAddresses,
  birthdayOf,
  checkFields,
  completeness,
  constellationOf,
  isToVerify,
  mergeEdit,
  rankDuplicates,
  relationship,
  relationshipBounds,
  setFlags,
  stand,
  verifiedSince,
  zodiacOf,
  type Candidate,
  type Likeness,
} from './rules.ts';
import { aCustomer } from './testing.ts';

const TODAY = on('2026-11-01');
const BOUNDS = relationshipBounds(TODAY, POLICY);

describe('relationship (worked example "Lost customers", document 002)', () => {
  it.each([
    { name: 'visited six months ago to the day', lastVisitOn: '2026-05-01', is: 'at_risk' },
    { name: 'visited a day later', lastVisitOn: '2026-05-02', is: 'owner' },
    { name: 'visited twelve months ago to the day', lastVisitOn: '2025-11-01', is: 'at_risk' },
    { name: 'visited a day earlier', lastVisitOn: '2025-10-31', is: 'lost' },
  ])('$name', ({ lastVisitOn, is }) => {
    const seen = { firstDeliveredOn: on('2020-01-01'), lastVisitOn: on(lastVisitOn), ownerSince: null };
    expect(relationship({ ...seen, formerOwner: false }, BOUNDS)).toBe(is);
    expect(relationship({ ...seen, formerOwner: true }, BOUNDS)).toBe('former');
  });

  it('counts from the delivery while there was no visit, and knows prospects', () => {
    const car = { formerOwner: false, ownerSince: null };
    expect(relationship({ firstDeliveredOn: on('2026-10-30'), lastVisitOn: null, ...car }, BOUNDS)).toBe('owner');
    expect(relationship({ firstDeliveredOn: on('2026-10-30'), lastVisitOn: on('2024-01-01'), ...car }, BOUNDS)).toBe('owner');
    expect(relationship({ firstDeliveredOn: null, lastVisitOn: null, ...car }, BOUNDS)).toBe('prospect');
  });

  it.each([
    {
      name: 'whose own visit is long ago is an owner with the car he has now',
      lastVisitOn: '2024-01-01',
      ownerSince: '2026-10-31',
      is: 'owner',
    },
    { name: 'who never was here is one too', lastVisitOn: null, ownerSince: '2026-05-02', is: 'owner' },
    { name: 'who has not been here since is at risk', lastVisitOn: '2024-01-01', ownerSince: '2026-05-01', is: 'at_risk' },
    { name: 'who was here later is counted from there', lastVisitOn: '2026-10-01', ownerSince: '2024-01-01', is: 'owner' },
  ])('somebody $name', ({ lastVisitOn, ownerSince, is }) => {
    const seen = { firstDeliveredOn: null, lastVisitOn: lastVisitOn === null ? null : on(lastVisitOn), ownerSince: on(ownerSince) };
    expect(relationship({ ...seen, formerOwner: false }, BOUNDS)).toBe(is);
  });

  it('knows who brought a car from elsewhere and has none any more', () => {
    expect(relationship({ firstDeliveredOn: null, lastVisitOn: null, ownerSince: null, formerOwner: true }, BOUNDS)).toBe('former');
  });
});

describe('derived from the birth date', () => {
  it.each([
    { born: '1990-11-01', today: '2026-11-01', age: 36 },
    { born: '1990-11-02', today: '2026-11-01', age: 35 },
    { born: '2000-02-29', today: '2026-02-27', age: 25 },
    { born: '2000-02-29', today: '2026-02-28', age: 26 },
  ])('$born is $age on $today', ({ born, today, age }) => expect(ageOn(on(born), on(today))).toBe(age));

  // Spring Festival 1990 was 27 January: whoever was born the day before is still a snake.
  it.each([
    { born: '1990-01-26', zodiac: 'snake' },
    { born: '1990-01-27', zodiac: 'horse' },
    { born: '1984-02-02', zodiac: 'rat' },
    { born: '1983-12-31', zodiac: 'pig' },
  ])('$born is a $zodiac', ({ born, zodiac }) => expect(zodiacOf(on(born))).toBe(zodiac));

  it.each([
    { born: '1990-01-19', is: 'capricorn' },
    { born: '1990-01-20', is: 'aquarius' },
    { born: '1990-03-20', is: 'pisces' },
    { born: '1990-03-21', is: 'aries' },
    { born: '1990-12-21', is: 'sagittarius' },
    { born: '1990-12-22', is: 'capricorn' },
  ])('$born is $is', ({ born, is }) => expect(constellationOf(on(born))).toBe(is));

  it('keeps the birthday in its own calendar', () => {
    expect(birthdayOf(on('2026-09-25'), 'lunar')).toEqual({ month: 8, day: 15, leap: false });
    expect(birthdayOf(on('2026-09-25'), 'solar')).toEqual({ month: 9, day: 25, leap: false });
  });
});

describe('the file', () => {
  it('asks for verification after three months, and when it was never confirmed', () => {
    expect([on('2026-08-01'), on('2026-07-31'), null].map((verifiedOn) => isToVerify(verifiedOn, verifiedSince(TODAY, POLICY)))).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('weighs what is there and names what is missing, the weightiest first', () => {
    expect(completeness(aCustomer(), 0, POLICY)).toEqual({
      percent: 30,
      missing: ['birthDate', 'idNumber', 'address', 'wechatId', 'gender', 'occupation', 'preferredContactTime', 'source', 'consultantId'],
    });
    expect(completeness(aCustomer({ kind: 'company' }), 2, POLICY).percent).toBe(55);
    expect(completeness(aCustomer(), 0, { ...POLICY, personWeights: {} })).toEqual({ percent: 100, missing: [] });
  });

  it('warns of nobody without a reason', () => {
    const flags = { isFleet: false, isVip: true, isDifficult: true, difficultReason: '  ' };
    expect(setFlags(flags)).toEqual({ ok: false, refusal: 'customers.difficult_needs_reason' });
    expect(setFlags({ ...flags, difficultReason: ' 曾多次索赔 ' })).toMatchObject({ ok: true, value: { difficultReason: '曾多次索赔' } });
    expect(setFlags({ ...flags, isDifficult: false, difficultReason: '旧原因' })).toMatchObject({
      ok: true,
      value: { difficultReason: null },
    });
  });

  it('needs a number, each once, and nobody born tomorrow', () => {
    expect(checkFields(aCustomer({ phones: [] }), TODAY)).toMatchObject({ refusal: 'customers.phone_missing' });
    expect(checkFields(aCustomer({ phones: ['+8613812345678', '+8613812345678'] }), TODAY)).toMatchObject({
      refusal: 'customers.phone_repeated',
    });
    expect(checkFields(aCustomer({ birthDate: on('2026-11-02') }), TODAY)).toMatchObject({ refusal: 'customers.born_in_future' });
    expect(checkFields(aCustomer({ birthDate: TODAY }), TODAY)).toMatchObject({ ok: true });
    expect(checkFields(aCustomer({ kind: 'company', gender: 'male', birthDate: TODAY }), TODAY)).toMatchObject({
      value: { gender: null, birthDate: null },
    });
  });
});

describe('where care stands', () => {
  const died = { standing: 'deceased', on: TODAY, note: ' 家属来电告知 ' } as const;
  const gone = { standing: 'given_up', on: TODAY, reason: 'car_sold', note: ' ' } as const;
  it.each([
    { name: 'a death today', file: {}, change: died, value: { ...died, note: '家属来电告知' } },
    { name: 'an owner given up', file: {}, change: gone, value: { ...gone, note: null } },
    { name: 'a company given up', file: { kind: 'company' as const }, change: gone, value: { ...gone, note: null } },
    { name: 'the death of one given up', file: { standing: 'given_up' as const }, change: died, value: { standing: 'deceased' } },
    {
      name: 'a death that was a mistake',
      file: { status: 'deceased' as const, standing: 'deceased' as const },
      change: { standing: 'active' as const, note: null },
      value: { standing: 'active' },
    },
  ])('takes $name', ({ file, change, value }) => {
    expect(stand(aCustomer(file), change, TODAY)).toMatchObject({ ok: true, value });
  });

  it.each([
    { name: 'a death tomorrow', file: {}, change: { ...died, on: on('2026-11-02') }, refusal: 'customers.standing_in_future' },
    { name: 'giving up from tomorrow', file: {}, change: { ...gone, on: on('2026-11-02') }, refusal: 'customers.standing_in_future' },
    { name: 'the death of a company', file: { kind: 'company' as const }, change: died, refusal: 'customers.company_not_deceased' },
    {
      name: 'another reason without words',
      file: {},
      change: { ...gone, reason: 'other' as const },
      refusal: 'customers.give_up_needs_note',
    },
    { name: 'giving up who has died', file: { status: 'deceased' as const }, change: gone, refusal: 'customers.is_deceased' },
    { name: 'a merged file', file: { status: 'merged' as const }, change: died, refusal: 'customers.not_active' },
    { name: 'an anonymised file', file: { status: 'anonymised' as const }, change: gone, refusal: 'customers.not_active' },
  ])('refuses $name', ({ file, change, refusal }) => {
    expect(stand(aCustomer(file), change, TODAY)).toEqual({ ok: false, refusal });
  });
});

describe('two people editing one file', () => {
  const stored = { remark: '新备注', city: '苏州', phones: ['+8613812345678'] };
  it.each([
    {
      name: 'another field than the other',
      base: { city: '苏州' },
      changes: { city: '昆山' },
      merged: { ...stored, city: '昆山' },
      conflicts: [],
    },
    {
      name: 'the same field',
      base: { remark: '旧备注' },
      changes: { remark: '我的备注' },
      merged: stored,
      conflicts: [{ field: 'remark', yours: '我的备注', theirs: '新备注', original: '旧备注' }],
    },
    { name: 'the same field to the same value', base: { remark: '旧备注' }, changes: { remark: '新备注' }, merged: stored, conflicts: [] },
    {
      name: 'a list untouched by others',
      base: { phones: ['+8613812345678'] },
      changes: { phones: ['+8613900000000'] },
      merged: { ...stored, phones: ['+8613900000000'] },
      conflicts: [],
    },
  ])('$name', ({ base, changes, merged, conflicts }) => {
    expect(mergeEdit(stored, base, changes)).toEqual({ merged, conflicts });
  });

  it('who saw an older version and does not say what he began from overwrites nothing', () => {
    const conflicts = [{ field: 'remark', yours: '我的备注', theirs: '新备注', original: null }];
    expect(mergeEdit(stored, {}, { remark: '我的备注' }, true)).toEqual({ merged: stored, conflicts });
  });
});

describe('duplicates', () => {
  const candidate: Candidate = {
    kind: 'person',
    name: '刘春江',
    phones: ['+8613812345678'],
    birthDate: on('1990-05-01'),
    address: '苏州市工业园区星湖街328号',
    hasIdNumber: true,
    plate: null,
    vin: null,
  };
  const file = (change: Partial<Likeness>): Likeness => ({
    id: 'a' as CustomerId,
    kind: 'person',
    name: '王芳',
    primaryPhone: null,
    phones: [],
    sameIdNumber: false,
    sameVin: false,
    samePlate: false,
    birthDate: null,
    address: null,
    ...change,
  });

  it.each([
    { name: 'ID number', change: { sameIdNumber: true }, reasons: ['id_number'], certain: true },
    {
      name: 'name and primary phone',
      change: { name: '刘 春江', primaryPhone: '+8613812345678', phones: ['+8613812345678'] },
      reasons: ['name_and_phone', 'phone'],
      certain: true,
    },
    {
      name: 'phone of a family',
      change: { phones: ['+8613812345678'], primaryPhone: '+8613812345678' },
      reasons: ['phone'],
      certain: false,
    },
    { name: 'VIN', change: { sameVin: true }, reasons: ['vin'], certain: false },
    { name: 'plate', change: { samePlate: true }, reasons: ['plate'], certain: false },
    { name: 'name and birthday', change: { name: '刘春江', birthDate: on('1990-05-01') }, reasons: ['name_and_birthday'], certain: false },
    {
      name: 'name and similar address',
      change: { name: '刘春江', address: '苏州工业园区星湖街328号3幢' },
      reasons: ['name_and_address'],
      certain: false,
    },
  ])('by $name', ({ change, reasons, certain }) => {
    expect(rankDuplicates(candidate, [file(change as Partial<Likeness>)])).toEqual([{ id: 'a', reasons, certain }]);
  });

  it.each([
    { name: 'a name alone', change: { name: '刘春江' } },
    { name: 'a birthday alone', change: { birthDate: on('1990-05-01') } },
  ])('not by $name', ({ change }) => expect(rankDuplicates(candidate, [file(change)])).toEqual([]));

  it('knows a company by its name', () => {
    const company = { ...candidate, kind: 'company' as const, name: '苏州昌翎公司', phones: ['+865121111111'] };
    expect(rankDuplicates(company, [file({ kind: 'company', name: '苏州昌翎公司' })])).toMatchObject([
      { reasons: ['company_name'], certain: true },
    ]);
  });

  it('puts the strongest first', () => {
    const hits = [
      file({ id: 'b' as CustomerId, samePlate: true }),
      file({ id: 'c' as CustomerId, sameIdNumber: true }),
      file({ id: 'd' as CustomerId, phones: ['+8613812345678'], samePlate: true }),
    ];
    expect(rankDuplicates(candidate, hits).map(({ id }) => id)).toEqual(['c', 'd', 'b']);
  });

  it.each([
    { a: '苏州市姑苏区干将西路100号', b: '苏州市姑苏区干将西路100号2幢', similar: true },
    { a: '苏州市姑苏区干将西路100号', b: '昆山市前进西路8号', similar: false },
    { a: '苏州', b: '苏州', similar: false },
    { a: null, b: null, similar: false },
  ])('$a and $b', ({ a, b, similar }) => expect(areSimilarAddresses(a, b)).toBe(similar));
});

describe('an ID number is kept', () => {
  it.each([
    { document: 'id_card', hasConsent: true, kept: true },
    { document: 'id_card', hasConsent: false, kept: false },
    { document: 'passport', hasConsent: false, kept: false },
    { document: 'other', hasConsent: false, kept: false },
    { document: 'organisation_code', hasConsent: false, kept: true },
  ] as const)('$document, consent $hasConsent: $kept', ({ document, hasConsent, kept }) => {
    expect(keepIdNumber(document, hasConsent)).toEqual(
      kept ? { ok: true, value: document } : { ok: false, refusal: 'customers.id_number_needs_consent' },
    );
  });
  it.each([
    { document: 'id_card', purpose: 'identity', granted: false, ends: true },
    { document: 'passport', purpose: 'identity', granted: false, ends: true },
    { document: 'id_card', purpose: 'identity', granted: true, ends: false },
    { document: 'id_card', purpose: 'marketing', granted: false, ends: false },
    { document: 'organisation_code', purpose: 'identity', granted: false, ends: false },
    { document: null, purpose: 'identity', granted: false, ends: false },
  ] as const)('$document until $purpose $granted: $ends', ({ document, ends, ...entry }) => {
    expect(endsIdNumber(document, entry)).toBe(ends);
  });
});
