import { expect, it } from 'vitest';
import { STORE_CODE, USERNAME } from './model.ts';

it.each([
  { word: 'gm', username: true, code: true },
  { word: 'wang.li_2-b', username: true, code: true },
  { word: 'a', username: false, code: true },
  { word: 'a'.repeat(60), username: true, code: true },
  { word: 'a'.repeat(61), username: false, code: false },
  { word: '', username: false, code: false },
  { word: 'Bad', username: false, code: false },
  { word: 'bad name', username: false, code: false },
  { word: '.hidden', username: false, code: false },
  { word: '门店', username: false, code: false },
  { word: 'gm\n', username: false, code: false },
])('"$word" as a name to sign in by, as the code of a store', ({ word, username, code }) => {
  expect({ username: USERNAME.test(word), code: STORE_CODE.test(word) }).toEqual({ username, code });
});
