import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { appRouter } from '../router.ts';
import { TRANSPORT_FAULTS } from './answers.ts';
import { contractOf, pack, unpack, type Contract } from './contract.ts';
import { describeApi } from './openapi.ts';
import { TRANSPORT } from './refusals.ts';

const KEPT = new URL('contract-v1.generated.json', import.meta.url);

/** What the running code offers. */
export function contractNow(): Contract {
  const faults = Object.fromEntries(TRANSPORT_FAULTS.map((code) => [code, 'TRANSPORT']));
  return contractOf(describeApi(appRouter, 'v1'), { ...TRANSPORT, ...faults });
}

/** What callers of v1 have been promised. */
export function contractKept(): Contract | undefined {
  return existsSync(KEPT) ? unpack(JSON.parse(readFileSync(KEPT, 'utf8')) as Parameters<typeof unpack>[0]) : undefined;
}

export function keepContract(contract: Contract): void {
  writeFileSync(KEPT, `${JSON.stringify(pack(contract), null, 1)}\n`);
}
