import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { soakCrashes } from './crashes.ts';
import { soakImports } from './imports.ts';

const USAGE = `pnpm soak [imports] [crashes] [--kills 30] [--customers 3500] [--cycles 100] [--seed TEXT]

  imports      kill -9 of the importing process at random moments, the same import again: the same records as a clean run
  crashes      kill -9 of API and PostgreSQL under writes: nothing acknowledged is lost, nothing half applied
  --kills      of imports (default 30)
  --customers  whose files are imported; one has about seven rows (default 3500)
  --cycles     of crashes (default 100)
  --seed       repeats the moments of an earlier run; printed by each

Both when neither is named. Needs Linux.`;

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string', default: '30' },
    customers: { type: 'string', default: '3500' },
    cycles: { type: 'string', default: '100' },
    seed: { type: 'string', default: new Date().toISOString() },
    help: { type: 'boolean', default: false },
  },
});
const parts = positionals.length > 0 ? positionals : ['imports', 'crashes'];
if (flags.help || parts.some((part) => part !== 'imports' && part !== 'crashes')) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(flags.help ? 0 : 1);
}

const cache = fileURLToPath(new URL('../../.cache/soak/', import.meta.url));
mkdirSync(cache, { recursive: true });
const say = (line: string) => process.stdout.write(`${line}\n`);
const { seed } = flags;
say(`seed ${seed}`);
if (parts.includes('imports')) await soakImports({ kills: Number(flags.kills), customers: Number(flags.customers), seed, cache, say });
if (parts.includes('crashes')) await soakCrashes({ cycles: Number(flags.cycles), seed, cache, say });
