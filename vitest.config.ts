import { defineConfig } from 'vitest/config';

// Three kinds of test: pure ones in milliseconds, ones on a real PostgreSQL, journeys in a real browser against the built product.
// The files of a worker share its modules, whose loading would cost a fifth of the time: what a module holds belongs to a store, a session or
// a connection, and each file makes those of its own.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{packages,apps,tooling}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.db.test.ts', '**/*.e2e.test.ts', '**/node_modules/**', '**/dist/**'],
          setupFiles: ['tooling/scripts/laws.ts'],
          // A slow machine under load is no fault of a law tried a thousand times, or of a reader started as a process.
          testTimeout: 60_000,
          maxWorkers: 2,
          isolate: false,
        },
      },
      {
        test: {
          name: 'db',
          include: ['{packages,apps,tooling}/**/*.db.test.ts'],
          exclude: ['**/node_modules/**'],
          globalSetup: ['packages/db/src/testing/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          isolate: false,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['{apps,tooling}/**/*.e2e.test.ts'],
          exclude: ['**/node_modules/**'],
          globalSetup: ['tooling/e2e/src/global-setup.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
