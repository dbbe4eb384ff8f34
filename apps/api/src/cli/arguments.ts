import { resolve } from 'node:path';
import { STORE_CODE, USERNAME } from '@baoke/core/access';
import { isUuid } from '@baoke/core/kernel';
import { words } from '@baoke/core/kernel/wire';
import { PROVINCE_SIGNS } from '@baoke/core/vehicles';
import { OperatorError } from './open.ts';

// What an operator types is judged like what comes over HTTP; a refusal names the argument and what is accepted.

const NAME = words(60);
/** Area codes as landlines carry them: three digits for the largest cities, else four. */
const AREA_CODE = /^0(?:10|2\d|[3-9]\d{2})$/;

/** Refuses options that say nothing to what is being done; those that were not given are undefined or false. */
export function refuseOthers(options: Readonly<Record<string, unknown>>, doing: string, taken: readonly string[]): void {
  const flag = (name: string) => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const other = Object.keys(options).find(
    (name) => name !== 'json' && !taken.includes(name) && options[name] !== undefined && options[name] !== false,
  );
  if (other !== undefined)
    throw new OperatorError(`${flag(other)} does not go with ${doing}, which takes ${[...taken, 'json'].map(flag).join(', ')}`);
}

/** A name that people read: of a store, a person, a key. */
export function nameArgument(argument: string, text: string): string {
  const name = NAME.safeParse(text);
  if (!name.success) throw new OperatorError(`${argument} wants a name of 1 to 60 signs, not "${text}"`);
  return name.data;
}

export function storeCodeArgument(text: string): string {
  return matching(
    text,
    STORE_CODE,
    'The code of a store',
    'has 1 to 60 lower-case letters, digits and . _ -, the first of them a letter or digit',
  );
}

export function usernameArgument(text: string): string {
  return matching(
    text.toLowerCase(),
    USERNAME,
    'A user name',
    'has 2 to 60 lower-case letters, digits and . _ -, the first of them a letter or digit',
  );
}

export function areaCodeArgument(text: string): string {
  return matching(text, AREA_CODE, '--area', 'wants the area code of landlines with its leading 0, such as 0512');
}

/** A whole number; undefined where the option was not given. */
export function wholeArgument(argument: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= least && number <= most))
    throw new OperatorError(`${argument} wants a whole number from ${least} to ${most}, not "${text}"`);
  return number;
}

export function provinceArgument(text: string): string {
  return matching(text, new RegExp(`^[${PROVINCE_SIGNS}]$`), '--province', `wants one of ${PROVINCE_SIGNS}`);
}

export function idArgument(argument: string, text: string): string {
  if (!isUuid(text))
    throw new OperatorError(`${argument} wants an id as the list shows it, such as 01a21f51-7075-7218-a965-6c088d186ebe, not "${text}"`);
  return text;
}

/**
 * A file as an absolute path, from the folder in which the operator typed it: `pnpm baoke` and `npm run baoke` go to the root of the product
 * first and keep that folder in INIT_CWD.
 */
export function fileArgument(path: string, env: NodeJS.ProcessEnv = process.env): string {
  return env['npm_lifecycle_event'] === 'baoke' ? resolve(env['INIT_CWD'] ?? '', path) : resolve(path);
}

function matching(text: string, pattern: RegExp, argument: string, accepted: string): string {
  if (!pattern.test(text)) throw new OperatorError(`${argument} ${accepted}; "${text}" is not`);
  return text;
}
