import './preflight.mjs';
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Everything a change has to pass. Two things run side by side, for no step keeps two cores busy by itself: the apps are built while lint and
// types are checked, and the browser walks the built apps while the other tests run. What a step says is shown in one piece when it ends.
const root = fileURLToPath(new URL('../../', import.meta.url));
const env = {
  ...process.env,
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  DO_NOT_TRACK: '1',
  NO_COLOR: '1',
  NODE_COMPILE_CACHE: `${root}.cache/compile`,
};
const results = `${root}.cache/test-results.json`;
mkdirSync(`${root}.cache`, { recursive: true });
rmSync(results, { force: true });

function step(name, command, args, { quiet = false } = {}) {
  const began = performance.now();
  process.stdout.write(`— ${name}\n`);
  return new Promise((done) => {
    let said = '';
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
    const end = (passed) => {
      process.stdout.write(
        `\n${passed && quiet ? '' : said}${name}: ${passed ? 'passed' : 'FAILED'} (${((performance.now() - began) / 1000).toFixed(1)} s)\n`,
      );
      done(passed);
    };
    child.once('error', ({ message }) => {
      said += `${message}\n`;
      end(false);
    });
    child.once('close', (code) => end(code === 0));
  });
}

async function oneByOne(...steps) {
  const passed = [];
  for (const [name, command, ...args] of steps) passed.push(await step(name, command, args));
  return passed;
}

/** Runs projects of vitest and answers what they counted; what they say is shown where something failed. */
async function tests(name, ...projects) {
  const file = `${root}.cache/test-results.${projects.join('-')}.json`;
  rmSync(file, { force: true });
  const passed = await step(
    name,
    'vitest',
    ['run', ...projects.flatMap((project) => ['--project', project]), '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`],
    { quiet: true },
  );
  let counted = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, testResults: [] };
  try {
    counted = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    process.stderr.write(`no results of ${name} were written: ${error.message}\n`);
  }
  // What fails outside a test, as a setup does, is counted by nobody.
  if (!passed && counted.numFailedTests === 0) counted.numFailedTests = 1;
  return { passed, counted };
}

const checks = (
  await Promise.all([
    oneByOne(['build', 'turbo', 'run', 'build', '--output-logs=errors-only']),
    oneByOne(
      ['lint', 'oxlint', '--deny-warnings'],
      ['format', 'oxfmt', '--check'],
      ['types of core', 'tsc', '-p', 'packages/core'],
      ['types of server and tools', 'tsc', '-p', 'tsconfig.node.json'],
      ['types of browser journeys', 'tsc', '-p', 'tooling/e2e'],
      ['types of console and controls', 'tsc', '-p', 'tsconfig.web.json'],
      ['types of reports', 'tsc', '-p', 'apps/reports'],
    ),
  ])
).flat();
const tested = await Promise.all([tests('tests (pure, on PostgreSQL)', 'unit', 'db'), tests('tests in a browser', 'e2e')]);

const sum = (of) => tested.reduce((total, { counted }) => total + counted[of], 0);
const counted = { numPassedTests: sum('numPassedTests'), numFailedTests: sum('numFailedTests'), numPendingTests: sum('numPendingTests') };
writeFileSync(results, JSON.stringify({ ...counted, testResults: tested.flatMap(({ counted: { testResults } }) => testResults) }));
const failedChecks = checks.filter((passed) => !passed).length;
process.stdout.write(
  `\n${counted.numPassedTests} passed, ${counted.numFailedTests + failedChecks} failed, ${counted.numPendingTests} skipped\n`,
);
process.exit([...checks, ...tested.map(({ passed }) => passed)].every(Boolean) ? 0 : 1);
