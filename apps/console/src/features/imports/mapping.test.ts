import type { FieldName } from '@baoke/core/imports';
import { describe, expect, it } from 'vitest';
import { chosen, lostField } from './mapping.ts';

const columns = (['name', 'phone', 'address', null] as const).map((field) => ({ field }));

describe('choosing what a column holds', () => {
  it.each<{ name: string; at: number; field: FieldName | null; lost: FieldName | undefined }>([
    { name: 'leaving out a required column', at: 1, field: null, lost: 'phone' },
    { name: 'making another field of a required column', at: 1, field: 'remark', lost: 'phone' },
    { name: 'leaving out a column that may be missing', at: 2, field: null, lost: undefined },
    { name: 'taking a required field from one column to another', at: 3, field: 'phone', lost: undefined },
    { name: 'choosing what stands there', at: 1, field: 'phone', lost: undefined },
  ])('$name', ({ at, field, lost }) => {
    expect(lostField('customers', columns, at, field)).toBe(lost);
  });

  it('takes the field from where it was', () => {
    expect(chosen(columns, 3, 'phone')).toEqual(['name', null, 'address', 'phone']);
  });
});
