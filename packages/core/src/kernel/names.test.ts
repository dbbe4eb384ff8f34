import { expect, it } from 'vitest';
import { byName } from './index.ts';

it('orders names by pinyin, not by the codes of their characters', () => {
  const names = ['张伟', '方琳', '王海涛', '陈洁', '林小雨'].map((name) => ({ name }));
  expect(names.toSorted(byName).map(({ name }) => name)).toEqual(['陈洁', '方琳', '林小雨', '王海涛', '张伟']);
});
