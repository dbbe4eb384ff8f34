import type { Browser, BrowserContext } from 'playwright-core';
import { watchPolicy } from './policy.ts';
import type { Product } from './product.ts';

export type DemoContext = BrowserContext;
type Options = {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly locale?: 'zh' | 'en';
  /** Takes what the browser reports of the pages' policy. */
  readonly reports?: string[];
};

/** A browser in which somebody of the demo store is signed in, as its printed list of sign-ins says. */
export async function signedIn(
  browser: Browser,
  product: Pick<Product, 'url' | 'printed'>,
  username: string,
  { viewport = { width: 1440, height: 900 }, locale = 'zh', reports }: Options,
): Promise<DemoContext> {
  const password = /the password of all is (\S+)/.exec(product.printed)?.[1];
  if (!password) throw new Error('the product printed no demo password');
  const context = await browser.newContext({
    viewport: { ...viewport },
    locale: locale === 'zh' ? 'zh-CN' : 'en-US',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
    acceptDownloads: true,
  });
  if (reports) await watchPolicy(context, reports);
  const response = await context.request.post(`${product.url}/trpc/access.signIn`, { data: { username, password } });
  if (!response.ok()) throw new Error(`${username} could not sign in: ${response.status()}`);
  return context;
}

/** Asks the server as the page would. */
export async function callAs<T>(context: BrowserContext, { url }: Pick<Product, 'url'>, path: string, data: object): Promise<T> {
  const response = await context.request.post(`${url}/trpc/${path}`, { data });
  const body = (await response.json()) as { result?: { data: T } };
  if (!body.result) throw new Error(`${path}: ${JSON.stringify(body)}`);
  return body.result.data;
}
