import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from './browser.ts';
import { signedIn, type DemoContext } from './demo.ts';
import { startProduct, type Product } from './product.ts';

// Every page of both apps, on a desk and on a phone, in Chinese and in English: nothing that keeps somebody from using it (WCAG 2.2 AA).
const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** What antd's table draws itself and offers no way to change: the row it measures with, and its scrolling box on a phone. */
const OF_THE_TABLE: readonly { readonly rule: string; readonly target: string }[] = [
  { rule: 'aria-hidden-focus', target: '.ant-table-measure-row' },
  { rule: 'scrollable-region-focusable', target: '.ant-table-content' },
];
// The layouts differ by width and the labels by language, hardly by both at once: two passes see every layout and every label.
const PASSES = [
  { name: 'a desk in Chinese', locale: 'zh', viewport: { width: 1440, height: 900 } },
  { name: 'a phone in English', locale: 'en', viewport: { width: 390, height: 844 } },
] as const;

let product: Product;
let browser: Browser;
let records: { readonly customerId: string; readonly vehicleId: string; readonly complaintId: string };

/** Pages by the account that works with them. Records are those of the demo store. */
function pagesOf(account: 'ccmgr' | 'admin' | 'gm'): readonly string[] {
  const { customerId, vehicleId, complaintId } = records;
  switch (account) {
    case 'ccmgr':
      return [
        '/day',
        '/team',
        '/customers',
        '/customers/new',
        `/customers/${customerId}`,
        `/customers/${customerId}/edit`,
        `/customers/${customerId}/print/data`,
        `/customers/${customerId}/vehicles/new`,
        `/vehicles/${vehicleId}`,
        `/vehicles/${vehicleId}/edit`,
        '/visits',
        '/complaints',
        '/complaints/new',
        '/complaints/scores',
        `/complaints/${complaintId}`,
        `/complaints/${complaintId}/print`,
        '/care',
      ];
    case 'admin':
      return [
        '/imports',
        '/imports/new',
        '/settings',
        '/settings?section=calendar',
        '/settings?section=customers',
        '/settings?section=security',
        '/staff',
        '/rights',
        '/keys',
        '/audit',
        '/two-step',
      ];
    case 'gm':
      return ['/reports/', '/reports/service', '/reports/callbacks', '/reports/care', '/reports/complaints'];
  }
}

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  const { request } = await signedIn(browser, product, 'ccmgr', {});
  const ask = async <T>(path: string, input: unknown): Promise<T> => {
    const response = await request.get(`${product.url}/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`);
    return ((await response.json()) as { result: { data: T } }).result.data;
  };
  const { items: complaints } = await ask<{ items: { complaint: { id: string } }[] }>('complaints.list', {});
  const complaint = complaints[0]?.complaint;
  if (!complaint) throw new Error('the demo store has no complaint');
  const customers = await ask<{ items: { id: string }[] }>('customers.list', { tab: 'at_risk' });
  for (const { id: customerId } of customers.items) {
    const card = await ask<{ vehicles: { id: string }[] | null }>('customers.get', { customerId });
    const vehicle = card.vehicles?.[0];
    if (vehicle) {
      records = { customerId, vehicleId: vehicle.id, complaintId: complaint.id };
      return;
    }
  }
  throw new Error('no owner of the demo store has a vehicle');
});
afterAll(async () => {
  await browser.close();
  await product.stop();
});

/** What is seriously wrong with a page, one line for each rule and element. */
async function faultsOf(context: BrowserContext, path: string): Promise<string[]> {
  const page = await context.newPage();
  try {
    await page.goto(`${product.url}${path}`);
    const shown = page.locator('main').locator('h1, h2, .ant-tabs, table, form, article').filter({ visible: true }).first();
    if (
      !(await shown.waitFor({ timeout: 60_000 }).then(
        () => true,
        () => false,
      ))
    )
      return [`${path} shows nothing`];
    await page.waitForFunction(() => document.querySelector('.ant-skeleton, .ant-spin-spinning') === null, undefined, { timeout: 60_000 });
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(
      (tags) =>
        (globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({
          runOnly: tags,
          resultTypes: ['violations'],
        }),
      TAGS,
    );
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ target, html }) => ({ id, target: target.join(' '), html })))
      .filter(({ id, target }) => !OF_THE_TABLE.some((known) => known.rule === id && target.includes(known.target)))
      .map(({ id, target, html }) => `${path} ${id}: ${target} ${html.slice(0, 160)}`);
  } finally {
    await page.close();
  }
}

describe('every page can be used', () => {
  it.each(PASSES)('on $name', async ({ locale, viewport }) => {
    const found = await Promise.all(
      (['ccmgr', 'admin', 'gm'] as const).map(async (account) => {
        const context: DemoContext = await signedIn(browser, product, account, { viewport, locale });
        const faults: string[] = [];
        for (const path of pagesOf(account)) faults.push(...(await faultsOf(context, path)));
        await context.close();
        return faults;
      }),
    );
    const anonymous = await browser.newContext({ viewport, locale: locale === 'zh' ? 'zh-CN' : 'en-US' });
    expect([...found.flat(), ...(await faultsOf(anonymous, '/sign-in'))]).toEqual([]);
  });
});
