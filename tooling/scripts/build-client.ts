import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { declareRouter } from '@baoke/api/http/declarations';
import { appRouter } from '@baoke/api/router';

// The client for programs outside this repository: JavaScript and declarations that name no source of ours, so that whoever compiles
// against them, by whatever rules, compiles nothing of us.
const client = fileURLToPath(new URL('../../packages/client/', import.meta.url));
const dist = `${client}dist/`;
rmSync(dist, { recursive: true, force: true });
execFileSync(
  process.execPath,
  [fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url)), '-p', 'tsconfig.dist.json'],
  {
    cwd: client,
    stdio: 'inherit',
  },
);
for (const name of ['index', 'node']) {
  const file = `${dist}${name}.d.ts`;
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('./index.ts', './index.js').replaceAll('@baoke/api/router', './router.js'));
}
writeFileSync(`${dist}router.d.ts`, declareRouter(appRouter));
