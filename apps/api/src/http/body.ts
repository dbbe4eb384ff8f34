import { NOT_UTF8 } from './answers.ts';

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
  return ({ headers }: { readonly headers: { readonly 'content-type'?: string | undefined } }, body: Buffer | string, done: (error: Error | null, value?: unknown) => void): void => {
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

/** JSON text as a value; refused when it is none, or nested deeper than anything of ours: a hundred thousand brackets would exhaust the stack of whoever walks them. */
export function parseBody(text: string): { readonly ok: true; readonly value: unknown } | { readonly ok: false } {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i += 1) {
    const sign = text[i];
    if (inString) {
      if (sign === '\\') i += 1;
      else if (sign === '"') inString = false;
    } else if (sign === '"') inString = true;
    else if (sign === '[' || sign === '{') {
      depth += 1;
      if (depth > DEEPEST) return { ok: false };
    } else if (sign === ']' || sign === '}') depth -= 1;
  }
  try {
    return { ok: true, value: text === '' ? {} : JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return { ok: false };
    throw error;
  }
}
