import { describe, expect, it } from 'vitest';
import type { CustomerId, VehicleId } from '../kernel/index.ts';
import { Directory, type KnownCustomer, type KnownVehicle } from './directory.ts';
import { FIELDS, DEFAULT_POLICY, type FileKind } from './model.ts';
import { recognise } from './recognise.ts';
import { rowReader } from './rows.ts';

const CAR = 'LSGKE54H9HW012345';
const PHONE = '13900004101';
const OTHER_PHONE = '13900004102';

const MUST_HAVE: Readonly<Partial<Record<FileKind, Readonly<Record<string, string>>>>> = {
  service: { orderNo: 'W1', arrivedOn: '2026-03-01', category: '保养' },
  sales: { orderedOn: '2026-01-02' },
};

/** A row of a file with these fields and what such a row must have besides. */
function aRow(kind: FileKind, fields: Readonly<Record<string, string>>) {
  const told: Readonly<Record<string, string>> = { ...MUST_HAVE[kind], ...fields };
  const headers: Readonly<Record<string, { readonly header: string }>> = FIELDS[kind];
  const names = Object.keys(headers);
  const rows = [names.map((name) => headers[name]?.header ?? ''), names.map((name) => told[name] ?? null)];
  const recognition = recognise(rows.map((cells, at) => ({ row: at + 1, cells })));
  if (!recognition) throw new Error('the file is not recognised');
  const read = rowReader(recognition.mapping, recognition.habits, DEFAULT_POLICY)({ row: 2, cells: rows[1]! });
  if (!read || read.data.kind !== kind || read.outcome === 'rejected') throw new Error('the row is not taken');
  return read.data;
}

function onFile(customers: readonly string[][], owner?: string): Directory {
  const known = customers.map(([name, phone]): KnownCustomer => {
    if (name === undefined) throw new Error('a customer without a name');
    return { id: name as CustomerId, name, primaryPhone: phone ? `+86${phone}` : null, externalId: null };
  });
  const cars: KnownVehicle[] = owner
    ? [{ id: 'car' as VehicleId, vin: CAR, plate: null, ownerId: owner as CustomerId, formerOwnerIds: [] }]
    : [];
  let made = 0;
  return new Directory(() => `new ${(made += 1)}`, known, cars);
}

describe('a name with ? for a character that a file could not hold', () => {
  it.each([
    { name: 'on file, by the phone', known: [['汪杰?', PHONE]], row: ['汪杰𫖯', PHONE], is: '汪杰?', whole: true },
    { name: 'of the row, by the phone', known: [['汪杰𫖯', PHONE]], row: ['汪杰?', PHONE], is: '汪杰𫖯', whole: false },
    { name: 'on either side', known: [['汪杰?', PHONE]], row: ['汪杰?', PHONE], is: '汪杰?', whole: false },
    { name: 'with another phone', known: [['汪杰?', OTHER_PHONE]], row: ['汪杰𫖯', PHONE], is: 'new 1', whole: false },
    { name: 'and other characters', known: [['汪伟?', PHONE]], row: ['汪杰𫖯', PHONE], is: 'new 1', whole: false },
    { name: 'and a character that GBK holds', known: [['李?', PHONE]], row: ['李明', PHONE], is: 'new 1', whole: false },
    { name: 'of the row, and a character that GBK holds', known: [['李明', PHONE]], row: ['李?', PHONE], is: 'new 1', whole: false },
    { name: 'and nothing else', known: [['??', PHONE]], row: ['赵敏', PHONE], is: 'new 1', whole: false },
    { name: 'and another length', known: [['汪?', PHONE]], row: ['汪杰𫖯', PHONE], is: 'new 1', whole: false },
    {
      name: 'beside the whole one on file',
      known: [
        ['汪杰?', PHONE],
        ['汪杰𫖯', PHONE],
      ],
      row: ['汪杰𫖯', PHONE],
      is: '汪杰𫖯',
      whole: false,
    },
    {
      name: 'of two in a family the owner of the car',
      known: [
        ['𫖯?', PHONE],
        ['?𫖯', PHONE],
      ],
      owner: '?𫖯',
      row: ['𫖯𫖯', PHONE],
      is: '?𫖯',
      whole: true,
    },
    {
      name: 'of a company',
      known: [['苏州?鑫贸易有限公司', PHONE]],
      row: ['苏州䥽鑫贸易有限公司', OTHER_PHONE],
      is: '苏州?鑫贸易有限公司',
      whole: true,
    },
    {
      name: 'of a company and a person on one phone',
      known: [['苏州?鑫', PHONE]],
      row: ['苏州䥽鑫公司', PHONE],
      is: 'new 1',
      whole: false,
    },
  ])('$name', ({ known, owner, row, is, whole }) => {
    const [name = '', phone = ''] = row;
    for (const kind of ['customers', 'service', 'sales'] as const) {
      const directory = onFile(known, owner);
      directory.beginFile();

      const { customerId, nameIsWhole } = directory.apply(2, aRow(kind, { name, phone, vin: CAR }));
      expect({ kind, customerId, nameIsWhole }).toEqual({ kind, customerId: is, nameIsWhole: whole });
    }
  });

  it('is whole from then on, and still found by the one with ?', () => {
    const directory = onFile([['汪杰?', PHONE]]);
    directory.beginFile();
    const seen = ['汪杰𫖯', '汪杰?', '汪杰𫖯', '汪杰明'].map((name, at) => {
      const { customerId, nameIsWhole } = directory.apply(at, aRow('service', { name, phone: PHONE, vin: CAR, orderNo: `W${at}` }));
      return [customerId, nameIsWhole];
    });
    expect(seen).toEqual([
      ['汪杰?', true],
      ['汪杰?', false],
      ['汪杰?', false],
      ['new 2', false],
    ]);
  });

  it('is whole on a work order without a phone, by the car', () => {
    const directory = onFile([['汪杰?', PHONE]], '汪杰?');
    directory.beginFile();
    const { customerId, nameIsWhole } = directory.apply(2, aRow('service', { name: '汪杰𫖯', vin: CAR }));
    expect([customerId, nameIsWhole]).toEqual(['汪杰?', true]);
  });
});
