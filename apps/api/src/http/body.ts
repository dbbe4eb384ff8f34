import { NOT_JSON, NOT_UTF8 } from './answers.ts';
import type { FieldFault } from './refusals.ts';

const DEEPEST = 64;

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** The text of a body; undefined for bytes that are no UTF-8, which would become other signs without a word (spec 09, fact 4). */
export function textOf(body: Buffer): string | undefined {
  try {
    return UTF8.decode(body);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Takes a body as UTF-8 text, whatever its type: another charset, or bytes that are none, are refused. For Fastify's own way of parsing. */
export function readText(take: (text: string) => unknown) {
  return (
    { headers }: { readonly headers: { readonly 'content-type'?: string | undefined } },
    body: Buffer | string,
    done: (error: Error | null, value?: unknown) => void,
  ): void => {
    const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
    if (!/^utf-?8$/i.test(charset)) return done(Object.assign(new Error(`a body in ${charset}`), { statusCode: 415 }));
    const text = textOf(Buffer.isBuffer(body) ? body : Buffer.from(body));
    if (text === undefined) return done(Object.assign(new Error('the body is no UTF-8'), { statusCode: 400, fields: [NOT_UTF8] }));
    try {
      done(null, take(text));
    } catch (error) {
      done(error as Error);
    }
  };
}

/** Whether an address says nothing but UTF-8 behind its percent signs. */
export function isReadableUrl(url: string): boolean {
  if (!url.includes('%')) return true;
  try {
    decodeURIComponent(url);
    return true;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}

/** A body that is not taken for what it holds; its fault says why. */
export class UnreadableBody extends Error {
  readonly statusCode = 400;
  readonly fields: readonly FieldFault[];
  constructor(fault: FieldFault) {
    super(`the body cannot be read: ${fault.code}`);
    this.fields = [fault];
  }
}

/** JSON text as the object that every body is; nothing is an empty one. */
export function parseBody(text: string): object {
  const fault = faultOfJson(text);
  if (fault) throw new UnreadableBody(fault);
  try {
    const value: unknown = text === '' ? {} : JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    if (error instanceof SyntaxError) throw new UnreadableBody(NOT_JSON);
    throw error;
  }
  throw new UnreadableBody(NOT_JSON);
}

/** An object or list that is open where the text is being read. */
type Level = { readonly keys: Set<string> | null; step: string | number; expectsKey: boolean };

/**
 * What is wrong with JSON text that a parser takes all the same: nested deeper than anything of ours, for a hundred thousand brackets would
 * exhaust the stack of whoever walks them; or a key that stands twice in one object, of which the parser silently keeps the last while
 * another program reads the first. Text that is no JSON is not judged.
 */
export function faultOfJson(text: string): FieldFault | undefined {
  const levels: Level[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const level = levels.at(-1);
    switch (text.charCodeAt(at)) {
      case QUOTE: {
        const end = endOfString(text, at);
        if (level?.keys && level.expectsKey) {
          level.step = keyOf(text.slice(at, end + 1));
          level.expectsKey = false;
          if (level.keys.has(level.step))
            return { path: levels.map(({ step }) => step).join('.'), code: 'repeated_key', params: { key: level.step } };
          level.keys.add(level.step);
        }
        at = end;
        break;
      }
      case OPENING_BRACE:
        levels.push({ keys: new Set(), step: '', expectsKey: true });
        break;
      case OPENING_BRACKET:
        levels.push({ keys: null, step: 0, expectsKey: false });
        break;
      case CLOSING_BRACE:
      case CLOSING_BRACKET:
        levels.pop();
        break;
      case COMMA:
        if (level?.keys) level.expectsKey = true;
        else if (level) level.step = Number(level.step) + 1;
        break;
      default:
    }
    if (levels.length > DEEPEST) return NOT_JSON;
  }
  return undefined;
}

const [QUOTE, COMMA, OPENING_BRACE, CLOSING_BRACE, OPENING_BRACKET, CLOSING_BRACKET] = [...'",{}[]'].map((sign) => sign.charCodeAt(0));

/** Where the string that begins here ends: at the next quote that no backslash escapes; the last sign of a text that goes on within it. */
function endOfString(text: string, from: number): number {
  for (let end = text.indexOf('"', from + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text[end - 1 - escapes] === '\\') escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return text.length - 1;
}

/** A key as it is read: `"\\u0061"` is `a`. */
function keyOf(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return String(JSON.parse(quoted));
  } catch (error) {
    if (error instanceof SyntaxError) return quoted;
    throw error;
  }
}
