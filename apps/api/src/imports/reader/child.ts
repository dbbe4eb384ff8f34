/**
 * The reader's own process: reads one file, sends its rows in batches, waits for the parent between them, and ends.
 *
 * It holds no database connection and no secret; whatever a hostile file does to it ends with it.
 */
import { readFile, stat } from 'node:fs/promises';
import type { SheetRow } from '@baoke/core/imports';
import { detectDelimiter, readDelimited } from './csv.ts';
import { decodeText } from './decode.ts';
import { UnreadableFile, type ReaderLimits } from './limits.ts';
import type { FromReader, ToReader } from './messages.ts';
import { readWorkbook } from './xlsx.ts';

/** Batches on the way before the reader waits. */
const WINDOW = 3;
const BATCH_ROWS = 1000;

let acknowledged = 0;
let sent = 0;
let wake: (() => void) | undefined;

process.on('message', (message: ToReader) => {
  if (message.type === 'read') void run(message.path, message.limits);
  else {
    acknowledged += 1;
    wake?.();
  }
});
process.on('disconnect', () => process.exit(0));

async function run(path: string, limits: ReaderLimits): Promise<void> {
  try {
    const { size } = await stat(path);
    if (size > limits.fileBytes) throw new UnreadableFile('imports.file_too_large');
    if (size === 0) throw new UnreadableFile('imports.file_empty');
    const bytes = await readFile(path);
    let batch: SheetRow[] = [];
    let rows = 0;
    for await (const row of rowsOf(bytes, path, limits)) {
      batch.push(row);
      rows += 1;
      if (batch.length < BATCH_ROWS) continue;
      await deliver({ type: 'rows', rows: batch });
      batch = [];
      if (process.memoryUsage.rss() > limits.memoryBytes) throw new UnreadableFile('imports.too_much_memory');
    }
    if (batch.length > 0) await deliver({ type: 'rows', rows: batch });
    finish({ type: 'end', rows });
  } catch (error) {
    if (error instanceof UnreadableFile) finish({ type: 'refused', refusal: error.refusal, row: error.row });
    else finish({ type: 'refused', refusal: 'imports.reader_failed', detail: error instanceof Error ? error.message : String(error) });
  }
}

async function* rowsOf(bytes: Buffer, path: string, limits: ReaderLimits): AsyncGenerator<SheetRow> {
  const magic = bytes.subarray(0, 4).toString('latin1');
  if (magic === 'PK\u0003\u0004') {
    await deliver({ type: 'format', format: 'xlsx' });
    yield* readWorkbook(bytes, limits);
    return;
  }
  // Compound documents: .xls of old, and workbooks with a password.
  if (magic === '\u00d0\u00cf\u0011\u00e0') throw new UnreadableFile('imports.workbook_encrypted_or_old');
  if (/\.xls[xm]?$/i.test(path)) throw new UnreadableFile('imports.not_a_workbook');
  const { encoding, text } = decodeText(bytes);
  const delimiter = detectDelimiter(text);
  await deliver({ type: 'format', format: 'csv', encoding, delimiter });
  yield* readDelimited(text, delimiter, limits);
}

async function deliver(message: FromReader): Promise<void> {
  send(message);
  if (message.type !== 'rows') return;
  sent += 1;
  while (sent - acknowledged >= WINDOW) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}

function send(message: FromReader): void {
  process.send?.(message);
}

/** The channel is closed once the last message is out; the process then ends by itself. */
function finish(message: FromReader): void {
  process.send?.(message, undefined, undefined, () => process.disconnect());
}
