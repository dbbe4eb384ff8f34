import { describe, expect, it } from 'vitest';
import { createLimits } from './limits.ts';

type Limits = ReturnType<typeof createLimits>;
const isLocked = (limits: Limits, ip: string, username = 'admin') =>
  limits.signInTried(username, ip).then(
    () => false,
    () => true,
  );
const failures = async (limits: Limits, ips: readonly string[]) => {
  for (const ip of ips) await limits.signInTried('admin', ip);
};

describe('guesses for one name', () => {
  it('from many addresses lock the name for addresses unknown to it, not for its owner’s', async () => {
    const limits = createLimits(100);
    await limits.signInTried('admin', '10.0.0.1');
    await limits.signInSucceeded('admin', '10.0.0.1');
    await failures(
      limits,
      Array.from({ length: 50 }, (_, n) => `192.0.2.${n}`),
    );
    expect([await isLocked(limits, '198.51.100.7'), await isLocked(limits, '10.0.0.1')]).toEqual([true, false]);
    expect(await isLocked(limits, '198.51.100.7', 'callback')).toBe(false);
  });

  it('from one address lock that address alone', async () => {
    const limits = createLimits(100);
    const tried = [];
    for (let n = 0; n < 5; n += 1) tried.push((await limits.signInTried('admin', '192.0.2.1')).isLast);
    expect(tried).toEqual([false, false, false, false, true]);
    expect([await isLocked(limits, '192.0.2.1'), await isLocked(limits, '192.0.2.2')]).toEqual([true, false]);
    await expect(limits.signInTried('admin', '192.0.2.1')).rejects.toMatchObject({ cause: { retryAfterSeconds: 900 } });
  });

  it('and refused ones of many names lock neither the address nor whoever has signed in from it', async () => {
    const limits = createLimits(100);
    await limits.signInTried('gm', '192.0.2.1');
    await limits.signInSucceeded('gm', '192.0.2.1');
    for (const username of ['a', 'b', 'c', 'd']) for (let n = 0; n < 20; n += 1) await isLocked(limits, '192.0.2.1', username);
    expect([await isLocked(limits, '192.0.2.1', 'stranger'), await isLocked(limits, '192.0.2.1', 'gm')]).toEqual([false, false]);
    for (let n = 0; n < 50; n += 1) await isLocked(limits, '192.0.2.1', `guess${n}`);
    expect([await isLocked(limits, '192.0.2.1', 'another'), await isLocked(limits, '192.0.2.1', 'gm')]).toEqual([true, false]);
  });

  it('at once are no more than one after the other', async () => {
    const limits = createLimits(100);
    const all = await Promise.all(Array.from({ length: 20 }, () => isLocked(limits, '192.0.2.1')));
    expect(all.filter((locked) => !locked)).toHaveLength(5);
  });
});

it('does not count tries that got in, nor those that were asked for the code', async () => {
  const limits = createLimits(100);
  for (let n = 0; n < 60; n += 1) {
    await limits.signInTried(`person${n % 3}`, '192.0.2.1');
    await (n % 2 === 0 ? limits.signInForgiven(`person${n % 3}`, '192.0.2.1') : limits.signInSucceeded(`person${n % 3}`, '192.0.2.1'));
  }
  expect(await isLocked(limits, '192.0.2.1')).toBe(false);
});
