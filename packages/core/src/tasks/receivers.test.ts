import { describe, expect, it } from 'vitest';
import type { Role } from '../access/index.ts';
import { byFitnessFor } from './receivers.ts';

describe('whom to give tasks to', () => {
  const people = [
    { name: '曹阿姨', role: 'SUPPORT' },
    { name: '蒋丽', role: 'FINANCE' },
    { name: '赵敏', role: 'FU_AGENT' },
    { name: '张伟', role: 'SC' },
    { name: '李娜', role: 'SC' },
    { name: '白雪', role: 'SA' },
  ] as const;
  const offered = (...roles: Role[]) => people.toSorted(byFitnessFor(roles)).map(({ name }) => name);

  it.each([
    { name: 'of one role', roles: ['SC'], expected: ['李娜', '张伟', '白雪', '赵敏', '曹阿姨', '蒋丽'] },
    {
      name: 'of several roles, by name among them',
      roles: ['SC', 'FU_AGENT'],
      expected: ['李娜', '张伟', '赵敏', '白雪', '曹阿姨', '蒋丽'],
    },
    { name: 'of a role behind the counter', roles: ['FINANCE'], expected: ['蒋丽', '白雪', '李娜', '张伟', '赵敏', '曹阿姨'] },
    { name: 'of a role nobody has', roles: ['MEMBER'], expected: ['白雪', '李娜', '张伟', '赵敏', '曹阿姨', '蒋丽'] },
    { name: 'of no known role', roles: [], expected: ['白雪', '李娜', '张伟', '赵敏', '曹阿姨', '蒋丽'] },
  ] satisfies { name: string; roles: Role[]; expected: string[] }[])('tasks $name', ({ roles, expected }) =>
    expect(offered(...roles)).toEqual(expected),
  );
});
