import fc from 'fast-check';

// Laws are tried on the same cases at every run, so that a failure is one of the change and not of the day. Other cases, or more of them:
// LAW_SEED=7 LAW_RUNS=2000 pnpm test:unit.
fc.configureGlobal({
  seed: Number(process.env['LAW_SEED'] ?? 20261122),
  ...(process.env['LAW_RUNS'] ? { numRuns: Number(process.env['LAW_RUNS']) } : {}),
});
