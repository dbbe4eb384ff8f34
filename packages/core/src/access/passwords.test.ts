import { expect, it } from 'vitest';
import { passwordRefusal } from './passwords.ts';

const KNOWN = ['王强', 'wangqiang', 'suzhou-01', '苏州店'];

it.each([
  { password: 'password1234', refused: 'access.password_common' },
  { password: 'P@ssw0rd2026!', refused: 'access.password_common' },
  { password: '!!Welcome2026', refused: 'access.password_common' },
  { password: 'qwertyuiop', refused: 'access.password_common' },
  { password: '1qaz2wsx3edc', refused: 'access.password_common' },
  { password: 'Asdfgh12345', refused: 'access.password_common' },
  { password: 'abcdefgh123', refused: 'access.password_common' },
  { password: 'woaini1314520', refused: 'access.password_common' },
  { password: 'baoke20262026', refused: 'access.password_common' },
  { password: 'baoke-demo-2026', refused: 'access.password_common' },
  { password: 'aaaaaaaaaaaa', refused: 'access.password_common' },
  { password: 'xyzxyzxyzxyz', refused: 'access.password_common' },
  { password: '13812345678', refused: 'access.password_common' },
  { password: 'wangqiang2026', refused: 'access.password_own' },
  { password: 'Wangqiang!Password', refused: 'access.password_own' },
  { password: '王强王小1234567', refused: 'access.password_own' },
  { password: 'suzhou-01-01-01', refused: 'access.password_common' },
  // The demo's, generated ones, and what people think of themselves.
  { password: 'another password', refused: undefined },
  { password: 'qT7vUu0rPzK1mXw9', refused: undefined },
  { password: '八月桂花开满院子 2 棵', refused: undefined },
])('$password: $refused', ({ password, refused }) => expect(passwordRefusal(password, KNOWN)).toBe(refused));
