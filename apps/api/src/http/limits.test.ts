import { describe, expect, it } from 'vitest';
import { createLimits } from './limits.ts';

const locked = (limits: ReturnType<typeof createLimits>, ip: string) =>
  limits.signInAllowed('admin', ip).then(
    () => false,
    () => true,
  );

describe('guesses for one name', () => {
  it('from many addresses lock the name for addresses unknown to it, not for its owner’s', async () => {
    const limits = createLimits(100);
    await limits.signInSucceeded('admin', '10.0.0.1');
    for (let n = 0; n < 50; n += 1) await limits.signInFailed('admin', `192.0.2.${n}`);
    expect([await locked(limits, '198.51.100.7'), await locked(limits, '10.0.0.1')]).toEqual([true, false]);
    await expect(limits.signInAllowed('callback', '198.51.100.7')).resolves.toBeUndefined();
  });

  it('from one address lock that address alone', async () => {
    const limits = createLimits(100);
    for (let n = 0; n < 5; n += 1) await limits.signInFailed('admin', '192.0.2.1');
    expect([await locked(limits, '192.0.2.1'), await locked(limits, '192.0.2.2')]).toEqual([true, false]);
    await expect(limits.signInAllowed('admin', '192.0.2.1')).rejects.toMatchObject({ cause: { retryAfterSeconds: 900 } });
  });
});
