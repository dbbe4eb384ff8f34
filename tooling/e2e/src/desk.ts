import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { launchBrowser } from './browser.ts';
import { callAs, signedIn, type DemoContext } from './demo.ts';

export const WAIT = { timeout: 30_000 };

/** The demo as the tests of one file work with it, in a browser of their own. Every page they open has to keep to the policy of its content. */
export function useDesk() {
  const product = inject('demo');
  const refusals: string[] = [];
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  return {
    product,
    /** Signs somebody in, as the printed list of sign-ins says. */
    enter: (
      username: string,
      options: { readonly viewport?: { readonly width: number; readonly height: number } } = {},
    ): Promise<DemoContext> => signedIn(browser, product, username, { ...options, reports: refusals }),
    /** Asks the server as the page would. */
    call: <T>(context: BrowserContext, path: string, data: object): Promise<T> => callAs<T>(context, product, path, data),
    /** To stand last in the file. */
    expectPolicyKept: () => it('every page kept to the policy of its content', () => expect(refusals).toEqual([])),
  };
}

/** The first task of a day; complaints stand before it. */
export const FIRST_TASK = '.day-queue > ul:last-of-type > li > .day-line >> nth=0';

export async function toFirstTask(page: Page): Promise<void> {
  await page.locator(FIRST_TASK).click(WAIT);
  await page.locator('article.task-panel').getByRole('heading', { name: '话术' }).waitFor(WAIT);
}
