import './preflight.mjs';
import { spawnSync } from 'node:child_process';
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Installing is done by pnpm before this runs; here: build what changed, then serve in this very process.
const root = fileURLToPath(new URL('../../', import.meta.url));
const began = performance.now();
enableCompileCache(`${root}.cache/compile`);
// The readers of files are processes of their own.
process.env.NODE_COMPILE_CACHE ??= `${root}.cache/compile`;
const built = spawnSync('turbo', ['run', 'build', '--output-logs=errors-only', '--log-order=grouped'], {
  cwd: root,
  encoding: 'utf8',
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', DO_NOT_TRACK: '1' },
});
if (built.status !== 0) {
  process.stderr.write(`The apps could not be built:\n${built.stdout ?? ''}${built.stderr ?? ''}${built.error?.message ?? ''}\n`);
  process.exit(1);
}
const fromCache = /FULL TURBO/.test(built.stdout);
process.stdout.write(`apps ${fromCache ? 'as built before' : 'built'} (${((performance.now() - began) / 1000).toFixed(1)} s)\n`);
process.argv.splice(2, 0, 'serve');
await import('../../apps/api/src/cli/main.ts');
