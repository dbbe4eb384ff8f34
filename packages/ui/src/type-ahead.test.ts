import { expect, it } from 'vitest';
import { typeAhead, withKey } from './type-ahead.ts';

const press = (key: string, held: { ctrlKey?: boolean } = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...held });

it.each([
  { name: 'a sign', typed: 'ji', key: press('a'), after: 'jia' },
  { name: 'a digit, which the page would take for a result', typed: '', key: press('4'), after: '4' },
  { name: 'backspace', typed: 'jia', key: press('Backspace'), after: 'ji' },
  { name: 'a named key', typed: 'jia', key: press('ArrowDown'), after: 'jia' },
  { name: 'a second Ctrl+K', typed: 'jia', key: press('k', { ctrlKey: true }), after: 'jia' },
])('after $name the box holds "$after"', ({ typed, key, after }) => expect(withKey(typed, key)).toBe(after));

it('takes the keys of the page until it ends', () => {
  const page = new EventTarget() as unknown as Window; // adds and removes listeners, and no more is asked of it
  let behind = 0;
  let given = 0;
  const ahead = typeAhead(page, () => (given += 1));
  page.addEventListener('keydown', () => (behind += 1));
  const type = (key: string) => page.dispatchEvent(Object.assign(new Event('keydown', { cancelable: true }), press(key)));
  type('4');
  type('2');
  expect([ahead.end(), behind]).toEqual(['42', 0]);
  type('1');
  expect([ahead.end(), behind]).toEqual(['42', 1]);
  const again = typeAhead(page, () => (given += 1));
  type('Escape');
  expect([given, again.end()]).toEqual([1, '']);
});
