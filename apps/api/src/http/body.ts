const DEEPEST = 64;

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
