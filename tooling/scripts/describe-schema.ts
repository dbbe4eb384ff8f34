import { writeFileSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeSchema, generateTableTypes, migrate } from '@baoke/db';
import { startEmbeddedPostgres } from '@baoke/db/embedded';

// Writes the table types and the readable description of the schema from a freshly migrated database.
const directory = mkdtempSync(join(tmpdir(), 'baoke-describe-'));
const server = await startEmbeddedPostgres({ directory, durable: false });
try {
  await migrate(server.ownerUrl);
  writeFileSync(new URL('../../packages/db/src/tables.generated.ts', import.meta.url), await generateTableTypes(server.ownerUrl));
  writeFileSync(new URL('../../packages/db/schema/tables.md', import.meta.url), await describeSchema(server.ownerUrl));
} finally {
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
}
