import { expect, it } from 'vitest';
import { maskIdNumbers } from './raw-cells.ts';

it.each([
  { name: 'as it is written', cell: '110101199003070038', type: null, shown: '**************0038' },
  {
    name: 'in full-width digits among words',
    cell: '身份证１１０１０１１９９００３０７００３８',
    type: null,
    shown: '**************００３８',
  },
  { name: 'parted by blanks', cell: '110101 19900307 0038', type: 'text', shown: '**************0038' },
  { name: 'of fifteen digits where no field is known', cell: '110101900307003', type: null, shown: '**************7003' },
  { name: 'or a number that is as long and has a field', cell: '110101900307003', type: 'text', shown: '110101900307003' },
  { name: 'or two phones', cell: '13812340001 13812340002', type: 'phone', shown: '13812340001 13812340002' },
] as const)('hides an ID number $name', ({ cell, type, shown }) => {
  expect(maskIdNumbers([cell], [type])).toEqual([shown]);
});
