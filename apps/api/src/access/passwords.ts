import { hash, verify } from '@node-rs/argon2';

// 19 MiB, two passes: about 40 ms. At most four at once, so that a storm of sign-ins cannot take the process.
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const AT_ONCE = 4;
let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) await new Promise<void>((go) => waiting.push(go));
  running += 1;
  try {
    return await work();
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, COST));
}

// An unknown name costs the same time as a wrong password.
const nobody = hashPassword('nobody has this password');

/** Whether the password fits; with no hash (unknown name) it takes as long and answers no. */
export async function passwordFits(passwordHash: string | undefined, password: string): Promise<boolean> {
  const against = passwordHash ?? (await nobody);
  const fits = await inTurn(() => verify(against, password));
  return fits && passwordHash !== undefined;
}
