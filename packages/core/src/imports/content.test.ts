import { describe, expect, it } from 'vitest';
import { rightsOf, type RightOverride, type Role } from '../access/index.ts';
import { maskContacts, opensIdNumbers, seesRows, takesRows } from './content.ts';
import { type Cell, type FieldName } from './model.ts';

describe('what stood in a file', () => {
  const own: RightOverride = { role: 'SC', capability: 'imports', action: 'view', scope: 'store' };
  it.each<{ name: string; role: Role; uploader: boolean; sees: boolean; takes: boolean; opens: boolean; overrides?: RightOverride[] }>([
    { name: 'an administrator who brought it', role: 'ADMIN', uploader: true, sees: true, takes: true, opens: false },
    { name: 'an administrator who did not', role: 'ADMIN', uploader: false, sees: false, takes: false, opens: false },
    { name: 'a customer-care manager who brought it', role: 'CC_MGR', uploader: true, sees: true, takes: true, opens: true },
    { name: 'a general manager', role: 'GM', uploader: false, sees: true, takes: true, opens: true },
    {
      name: 'a general manager who takes no customers away',
      role: 'GM',
      uploader: false,
      sees: true,
      takes: false,
      opens: false,
      overrides: [{ role: 'GM', capability: 'customers', action: 'export', scope: 'none' }],
    },
    {
      name: 'a consultant who sees his own customers',
      role: 'SC',
      uploader: false,
      sees: false,
      takes: false,
      opens: false,
      overrides: [own],
    },
    { name: 'an auditor', role: 'AUDITOR', uploader: false, sees: false, takes: false, opens: false },
  ])('is for $name', ({ role, uploader, sees, takes, opens, overrides }) => {
    const reader = { uploader, rights: rightsOf(role, overrides) };
    expect([seesRows(reader), takesRows(reader), opensIdNumbers(reader)]).toEqual([sees, takes, opens]);
  });

  it.each<{ field: FieldName | null; cell: Cell; shown: Cell }>([
    { field: 'phone', cell: '13548743945', shown: '135****3945' },
    { field: 'phone', cell: { number: 13_548_743_945, format: '0.00E+00' }, shown: '135****3945' },
    { field: 'phone', cell: '１３５４８７４３９４５', shown: '135****3945' },
    { field: 'phone', cell: '135487439', shown: '*******39' },
    { field: 'phone', cell: '+86 135-4874-3945 / 0512-65001111', shown: '135****3945 / 051****1111' },
    { field: 'phone', cell: '无', shown: '无' },
    { field: 'vin', cell: '139 7770 0011', shown: '139****0011' },
    { field: 'lastMileageKm', cell: '+86 13977700017', shown: '139****0017' },
    { field: null, cell: 'tel139.7770.0020', shown: 'tel139****0020' },
    { field: null, cell: '05202610100001', shown: '05202610100001' },
    { field: 'address', cell: '江苏省苏州市干将路 1 号', shown: '江苏****' },
    { field: 'model', cell: '请打 13548743945，勿打公司', shown: '请打 135****3945,勿打公司' },
    { field: null, cell: '0512-65001111', shown: '051****1111' },
    { field: null, cell: '11010519491231002X', shown: '11010519491231002X' },
    { field: null, cell: null, shown: null },
    { field: 'name', cell: '苏州（集团）公司', shown: '苏州（集团）公司' },
    { field: 'vin', cell: 'LSGKE54H9HW012345', shown: 'LSGKE54H9HW012345' },
    { field: 'nextServiceOn', cell: { number: 13_548_743_945, format: '0' }, shown: '135****3945' },
  ])('masks $cell of the column $field', ({ field, cell, shown }) => {
    expect(maskContacts([cell], { kind: 'customers', columns: [{ header: '', field, by: 'header' }] })).toEqual([shown]);
  });
});
