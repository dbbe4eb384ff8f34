/** One JSON document, or lines of text. */
export function print(options: { readonly json: boolean }, document: unknown, lines: readonly string[]): void {
  process.stdout.write(options.json ? `${JSON.stringify(document, null, 2)}\n` : lines.map((line) => `${line}\n`).join(''));
}
