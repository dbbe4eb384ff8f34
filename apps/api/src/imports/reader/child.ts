/**
 * The reader's own process: reads one file, sends its rows in batches, waits for the parent between them, and ends.
 *
 * It holds no database connection and no secret; whatever a hostile file does to it ends with it.
 */
import { readFile, stat } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { SheetRow } from '@baoke/core/imports';
import { detectDelimiter, readDelimited } from './csv.ts';
import { decodeText } from './decode.ts';
import { UnreadableFile, type ReaderLimits } from './limits.ts';
import type { FromReader, ToReader } from './messages.ts';

/** Batches on the way before the reader waits. */
const WINDOW = 3;
const BATCH_ROWS = 1000;

let acknowledged = 0;
let sent = 0;
let wake: (() => void) | undefined;

process.on('message', (message: ToReader) => {
  if (message.type === 'read') void run(message);
  else {
    acknowledged += 1;
    wake?.();
  }
});
process.on('disconnect', () => process.exit(0));

async function run({ name, path, limits }: Extract<ToReader, { type: 'read' }>): Promise<void> {
  try {
    const bytes = path === null ? await buffer(process.stdin) : await readBounded(path, limits);
    const rows = await rowsOf(bytes, name, limits);
    // Rows that are at hand are not waited for one by one: the waiting would cost as much as the reading.
    if (Symbol.iterator in rows) {
      for (const row of rows) if (gathered.push(row) >= BATCH_ROWS) await deliverGathered(limits);
    } else {
      for await (const row of rows) if (gathered.push(row) >= BATCH_ROWS) await deliverGathered(limits);
    }
    if (gathered.length > 0) await deliverGathered(limits);
    finish({ type: 'end', rows: delivered });
  } catch (error) {
    if (error instanceof UnreadableFile) finish({ type: 'refused', refusal: error.refusal, row: error.row });
    else finish({ type: 'refused', refusal: 'imports.reader_failed', detail: error instanceof Error ? error.message : String(error) });
  }
}

async function readBounded(path: string, limits: ReaderLimits): Promise<Buffer> {
  const { size } = await stat(path);
  if (size > limits.fileBytes) throw new UnreadableFile('imports.file_too_large');
  if (size === 0) throw new UnreadableFile('imports.file_empty');
  return readFile(path);
}

let gathered: SheetRow[] = [];
let delivered = 0;

async function deliverGathered(limits: ReaderLimits): Promise<void> {
  const rows = gathered;
  gathered = [];
  delivered += rows.length;
  await deliver({ type: 'rows', rows });
  if (process.memoryUsage.rss() > limits.memoryBytes) throw new UnreadableFile('imports.too_much_memory');
}

async function rowsOf(bytes: Buffer, name: string, limits: ReaderLimits): Promise<Iterable<SheetRow> | AsyncIterable<SheetRow>> {
  const magic = bytes.subarray(0, 4).toString('latin1');
  if (magic === 'PK\u0003\u0004') {
    await deliver({ type: 'format', format: 'xlsx' });
    // What reads workbooks takes longer to load than most text files take to read.
    const { readWorkbook } = await import('./xlsx.ts');
    return readWorkbook(bytes, limits);
  }
  // Compound documents: .xls of old, and workbooks with a password.
  if (magic === '\u00d0\u00cf\u0011\u00e0') throw new UnreadableFile('imports.workbook_encrypted_or_old');
  if (/\.xls[xm]?$/i.test(name)) throw new UnreadableFile('imports.not_a_workbook');
  const { encoding, text } = decodeText(bytes);
  const delimiter = detectDelimiter(text);
  await deliver({ type: 'format', format: 'csv', encoding, delimiter });
  return readDelimited(text, delimiter, limits);
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
