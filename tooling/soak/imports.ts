import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { seededChance } from '@baoke/api/demo/random';
import { migrate } from '@baoke/db';
import { startEmbeddedPostgres } from '@baoke/db/embedded';
import pg from 'pg';
import { NOW } from '../bench/dataset.ts';
import { exportFiles } from '../bench/imports.ts';
import { businessHash } from './business-hash.ts';
import { baoke, done } from './command.ts';

const BUSY = /Another import is running/;

export type ImportSoak = {
  readonly kills: number;
  readonly customers: number;
  readonly seed: string;
  readonly cache: string;
  readonly say: (line: string) => void;
};

/**
 * Kills an import at a random moment of its work, runs it again, and holds the store against one that was imported undisturbed (P14).
 * Every kill has a store of its own, so that each hits an import of all rows. Throws when a store differs.
 */
export async function soakImports({ kills, customers, seed, cache, say }: ImportSoak): Promise<void> {
  const chance = seededChance(`imports ${seed}`);
  const paths = await exportFiles(join(cache, `import-${customers}`), customers);
  const rows = paths.reduce((sum, path) => sum + readFileSync(path, 'utf8').split('\r\n').length - 2, 0);
  const directory = join(cache, 'imports');
  rmSync(directory, { recursive: true, force: true });
  const database = await startEmbeddedPostgres({ directory });
  const superuser = new pg.Client({ connectionString: database.superuserUrl('baoke') });
  try {
    await migrate(database.ownerUrl);
    await superuser.connect();
    // The files end at a day of their own; the clock of the commands is moved to it.
    const environment = { DATA_DIR: directory, CLOCK_OFFSET_MS: String(Date.parse(NOW) - Date.now()) };
    const aStore = async (code: string) =>
      (JSON.parse(await done(['store', code, '--name', code, '--json'], environment)) as { id: number }).id;
    const start = (code: string) => baoke(['import', '--store', code, ...paths], environment);
    const hashOf = (storeId: number) => businessHash(superuser, storeId);

    const clean = await aStore('clean');
    const undisturbed = start('clean');
    await undisturbed.says(/reading/);
    const began = performance.now();
    if ((await undisturbed.ended) !== 0) throw new Error(`the clean run failed:\n${undisturbed.said()}`);
    const workMs = performance.now() - began;
    const wanted = await hashOf(clean);
    say(`imports: ${rows} rows in ${paths.length} files; a clean run works ${(workMs / 1000).toFixed(1)} s`);

    for (let kill = 1; kill <= kills;) {
      const code = `killed-${kill}`;
      const storeId = await aStore(code);
      const broken = start(code);
      await broken.says(/reading/);
      const afterMs = Math.round(chance.next() * workMs);
      await Promise.race([wait(afterMs), broken.ended]);
      broken.process.kill('SIGKILL');
      if ((await broken.ended) !== 'SIGKILL') {
        // It was quicker than the clean run: nothing was killed, so it does not count.
        await superuser.query('update stores set code = $2 where id = $1', [storeId, `finished-${storeId}`]);
        continue;
      }
      const at = broken.said().split('\r').at(-1)?.trim() ?? '';
      let again = start(code);
      // PostgreSQL may still be at the statement of the one that is gone; an operator is told so and tries again.
      let busy = 0;
      for (; (await again.ended) !== 0; again = start(code)) {
        if (!BUSY.test(again.said())) throw new Error(`running ${code} again failed:\n${again.said()}`);
        busy += 1;
      }
      const found = await hashOf(storeId);
      const different = Object.keys(wanted).filter((table) => found[table as keyof typeof found] !== wanted[table as keyof typeof wanted]);
      if (different.length > 0)
        throw new Error(`${code}, killed after ${afterMs} ms at "${at}": ${different.join(', ')} differ from the clean run`);
      say(`imports: kill ${kill} of ${kills} after ${afterMs} ms at "${at}": equal${busy > 0 ? `, told busy ${busy} times` : ''}`);
      kill += 1;
    }
  } finally {
    await superuser.end();
    await database.stop();
  }
  rmSync(directory, { recursive: true, force: true });
  say(`imports: ${kills} kills, ${kills} stores equal to the clean run`);
}
