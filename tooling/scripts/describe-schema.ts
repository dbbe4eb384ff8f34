import { rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { describeSchema, generateTableTypes, migrate } from '@baoke/db';
import { startEmbeddedPostgres } from '@baoke/db/embedded';

// Writes the table types and the readable description of the schema from a freshly migrated database.
const directory = fileURLToPath(new URL(`../../.cache/describe-${randomBytes(6).toString('hex')}`, import.meta.url));
const server = await startEmbeddedPostgres({ directory, durable: false });
try {
  await migrate(server.ownerUrl);
  writeFileSync(new URL('../../packages/db/src/tables.generated.ts', import.meta.url), await generateTableTypes(server.ownerUrl));
  writeFileSync(new URL('../../packages/db/schema/tables.md', import.meta.url), await describeSchema(server.ownerUrl));
} finally {
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
}
