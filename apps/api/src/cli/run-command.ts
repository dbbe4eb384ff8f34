import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { isConnectionLost, MigrationError } from '@baoke/db';
import { EmbeddedPostgresError } from '@baoke/db/embedded';
import { now } from '../clock.ts';
import { ConfigError, readConfig } from '../config.ts';
import { KeyFileError } from '../key-file.ts';
import { OperatorError } from './open.ts';

const MENDABLE = [OperatorError, ConfigError, EmbeddedPostgresError, KeyFileError, MigrationError];

/** Whether an operator can mend a fault, by what its message says. */
export function isMendable(error: unknown): error is Error {
  return MENDABLE.some((fault) => error instanceof fault);
}

/**
 * Runs a command. A fault ends it with one sentence and the exit code 1, with --json also with a document `{ error }`: one an operator can
 * mend in its own words, any other with the place where its details were put.
 */
export async function runCommand(options: { readonly json: boolean }, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    process.exitCode = 1;
    if (isMendable(error)) return tellFault(options, { error: error.message });
    if (isConnectionLost(error))
      return tellFault(options, {
        error: 'The database was stopped while the command worked; what it had not finished was undone. Run it again.',
      });
    const details = keepDetails(error);
    tellFault(options, {
      error: `The command broke off by a fault that was not foreseen. Its details are in ${details}: send them along when you ask for help.`,
      details,
    });
  }
}

/** The sentence on the standard error, the document on the standard output. */
export function tellFault(options: { readonly json: boolean }, fault: { readonly error: string; readonly details?: string }): void {
  process.stderr.write(`${fault.error}\n`);
  if (options.json) process.stdout.write(`${JSON.stringify(fault, null, 2)}\n`);
}

/** Writes what is known of a fault into the data folder, else where the system keeps passing files; for its owner alone, for it may name customers. */
function keepDetails(error: unknown): string {
  const text = `${now()} ${process.argv.slice(2, 3).join('')}\n${inspect(error, { depth: 6 })}\n`;
  const name = `fault-${now().replace(/[:.]/g, '-')}-${process.pid}.txt`;
  const write = (folder: string) => {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  try {
    return write(join(readConfig(process.env).dataDirectory, 'faults'));
  } catch {
    // The folder may be what is at fault.
    return write(tmpdir());
  }
}
