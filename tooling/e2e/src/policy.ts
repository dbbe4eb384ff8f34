import type { BrowserContext } from 'playwright-core';

/** Writes down what the browser reports of the pages' policy (CSP) from now on: each refusal, with the page it was on. */
export async function watchPolicy(context: BrowserContext, reports: string[]): Promise<void> {
  await context.exposeBinding('reportRefusal', ({ page }, refusal: string) => reports.push(`${new URL(page.url()).pathname} ${refusal}`));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile, lineNumber, columnNumber }) => {
      const { reportRefusal } = globalThis as unknown as { reportRefusal(refusal: string): void };
      reportRefusal(`${effectiveDirective} refuses ${blockedURI} at ${sourceFile}:${lineNumber}:${columnNumber}`);
    });
  });
  context.on('console', (message) => {
    if (/content security policy/i.test(message.text())) reports.push(message.text());
  });
}
