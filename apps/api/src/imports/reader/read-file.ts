import { fork } from 'node:child_process';
import { access, constants, readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { SheetRow } from '@baoke/core/imports';
import { DEFAULT_LIMITS, UnreadableFile, type ReaderLimits } from './limits.ts';
import type { FileFormat, FromReader, ToReader } from './messages.ts';

const MEMORY_CHECK_MILLISECONDS = 100;
const PAGE_BYTES = 4096;

export interface ReadOptions {
  readonly limits?: ReaderLimits;
  readonly signal?: AbortSignal;
  readonly onFormat?: (format: FileFormat) => void;
}

/** A file on disk by its path, or one whose bytes are held: they go to the reader through a pipe, and lie on no disk in plain. */
export type ReadableFile = string | { readonly name: string; readonly bytes: () => Promise<Buffer> };

/**
 * Reads a spreadsheet or delimited file in a process of its own and answers its rows in batches; the reader waits while a batch is worked on.
 *
 * Throws {@link UnreadableFile} when the file is refused or oversteps a limit; the process is then gone, whatever state it was in.
 * Leaving the loop early ends it too. Source: spec 09 P13.
 */
export async function* readFileRows(file: ReadableFile, options: ReadOptions = {}): AsyncGenerator<SheetRow[]> {
  const limits = options.limits ?? DEFAULT_LIMITS;
  const held = typeof file === 'string' ? null : await file.bytes();
  refuseBySize(typeof file === 'string' ? await sizeOf(file) : (held?.length ?? 0), limits);
  const { NODE_COMPILE_CACHE: compiled } = process.env;
  const child = fork(fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './child.ts' : './child.js', import.meta.url)), [], {
    execArgv: [`--max-old-space-size=${Math.floor((limits.memoryBytes / 1024 / 1024) * 0.75)}`],
    // Nothing of the server's environment but where compiled code lies: no connection string, no key.
    env: compiled === undefined ? {} : { NODE_COMPILE_CACHE: compiled },
    stdio: [held === null ? 'ignore' : 'pipe', 'ignore', 'ignore', 'ipc'],
  });
  const queue: FromReader[] = [];
  let failure: UnreadableFile | undefined;
  let exited = false;
  let drained = false;
  let wake: (() => void) | undefined;
  const stir = () => wake?.();
  const stop = (refusal: UnreadableFile) => {
    failure ??= refusal;
    child.kill('SIGKILL');
    stir();
  };
  child.on('message', (message: FromReader) => {
    queue.push(message);
    stir();
  });
  child.on('exit', () => {
    exited = true;
    stir();
  });
  // The process may be gone before its last messages have come through; they have once the channel closes.
  child.on('disconnect', () => {
    drained = true;
    stir();
  });
  child.on('error', () => stop(new UnreadableFile('imports.reader_failed')));
  // A reader that ends before it has taken everything says why itself.
  child.stdin?.on('error', () => undefined);
  // Time in which the parent works on a batch is not the file's fault: the clock runs only while the reader is awaited.
  let spent = 0;
  let waitingSince = performance.now();
  let waiting = true;
  const clock = setInterval(() => {
    if (waiting && spent + performance.now() - waitingSince > limits.milliseconds) stop(new UnreadableFile('imports.too_slow'));
    void residentBytes(child.pid).then((bytes) => {
      if (bytes > limits.memoryBytes) stop(new UnreadableFile('imports.too_much_memory'));
    });
  }, MEMORY_CHECK_MILLISECONDS);
  const aborted = () => child.kill('SIGKILL');
  options.signal?.addEventListener('abort', aborted, { once: true });
  try {
    const [name, path] = typeof file === 'string' ? [file, file] : [file.name, null];
    child.send({ type: 'read', name, path, limits } satisfies ToReader);
    if (held) child.stdin?.end(held);
    for (;;) {
      const message = queue.shift();
      if (failure) throw failure;
      options.signal?.throwIfAborted();
      if (!message) {
        // V8 aborts the process when its heap is full, which leaves no message behind.
        if (exited && drained) throw new UnreadableFile('imports.too_much_memory');
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      if (message.type === 'format') options.onFormat?.(message);
      else if (message.type === 'end') return;
      else if (message.type === 'refused') throw refusalOf(message);
      else {
        waiting = false;
        spent += performance.now() - waitingSince;
        yield message.rows;
        waitingSince = performance.now();
        waiting = true;
        if (child.connected) child.send({ type: 'next' } satisfies ToReader, undefined, undefined, hasSentItsEnd);
      }
    }
  } finally {
    clearInterval(clock);
    options.signal?.removeEventListener('abort', aborted);
    if (!exited) child.kill('SIGKILL');
  }
}

/** A reader that has sent its last message closes the channel; a word that crosses with that needs no answer. */
function hasSentItsEnd(): void {}

function refusalOf(message: Extract<FromReader, { type: 'refused' }>): UnreadableFile {
  const refused = new UnreadableFile(message.refusal, message.row);
  if (message.detail) refused.cause = message.detail;
  return refused;
}

async function sizeOf(path: string): Promise<number> {
  const found = async () => {
    await access(path, constants.R_OK);
    return stat(path);
  };
  const file = await found().catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new UnreadableFile('imports.file_missing');
    if (code === 'EACCES' || code === 'EPERM') throw new UnreadableFile('imports.file_forbidden');
    throw error;
  });
  if (file.isDirectory()) throw new UnreadableFile('imports.file_is_folder');
  return file.size;
}

function refuseBySize(size: number, limits: ReaderLimits): void {
  if (size > limits.fileBytes) throw new UnreadableFile('imports.file_too_large');
  if (size === 0) throw new UnreadableFile('imports.file_empty');
}

/** Resident memory of a process as the kernel counts it, native buffers included; 0 where it does not tell (the reader then watches itself). */
async function residentBytes(pid: number | undefined): Promise<number> {
  if (pid === undefined || process.platform !== 'linux') return 0;
  try {
    const pages = (await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ')[1];
    return Number(pages) * PAGE_BYTES;
  } catch (error) {
    // The process has just ended: there is nothing left to measure.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return 0;
    throw error;
  }
}
