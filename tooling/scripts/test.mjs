import './preflight.mjs';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Everything a change has to pass, in the order in which it fails fastest.
const root = fileURLToPath(new URL('../../', import.meta.url));
const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', DO_NOT_TRACK: '1', NO_COLOR: '1', NODE_COMPILE_CACHE: `${root}.cache/compile` };
const results = `${root}.cache/test-results.json`;
mkdirSync(`${root}.cache`, { recursive: true });
rmSync(results, { force: true });

function step(name, command, args) {
  const began = performance.now();
  process.stdout.write(`\n— ${name}\n`);
  const { status, error } = spawnSync(command, args, { cwd: root, env, stdio: 'inherit' });
  process.stdout.write(`${name}: ${status === 0 ? 'passed' : 'FAILED'} (${((performance.now() - began) / 1000).toFixed(1)} s)\n`);
  if (error) process.stderr.write(`${error.message}\n`);
  return status === 0;
}

const checks = [
  step('lint', 'oxlint', ['--deny-warnings']),
  step('types of core', 'tsc', ['-p', 'packages/core']),
  step('types of server and tools', 'tsc', ['-p', 'tsconfig.node.json']),
  step('types of browser journeys', 'tsc', ['-p', 'tooling/e2e']),
  step('types of console and controls', 'tsc', ['-p', 'tsconfig.web.json']),
  step('types of reports', 'tsc', ['-p', 'apps/reports']),
  step('build', 'turbo', ['run', 'build', '--output-logs=errors-only']),
  step('tests (pure, on PostgreSQL, in a browser)', 'vitest', ['run', '--reporter=json', `--outputFile.json=${results}`]),
];

let counted = { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0 };
try {
  counted = JSON.parse(readFileSync(results, 'utf8'));
} catch (error) {
  process.stderr.write(`no test results were written: ${error.message}\n`);
}
const failedChecks = checks.slice(0, -1).filter((ok) => !ok).length;
process.stdout.write(`\n${counted.numPassedTests} passed, ${counted.numFailedTests + failedChecks} failed, ${counted.numPendingTests} skipped\n`);
process.exit(checks.every(Boolean) ? 0 : 1);
