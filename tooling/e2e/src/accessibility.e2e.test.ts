import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchBrowser } from './browser.ts';
import { signedIn, type DemoContext } from './demo.ts';
import { watchPolicy } from './policy.ts';

// Every page of both apps, on a desk and on a phone, in Chinese and in English: nothing that keeps somebody from using it (WCAG 2.2 AA), no
// list wider than a desk, no page wider than its screen, and nothing, what opens over them included, that the pages' own policy refuses (P25).
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

const product = inject('demo');
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
        '/settings?section=results',
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
  browser = await launchBrowser();
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
afterAll(() => browser.close());

type Opening = { readonly by: (page: Page) => Promise<void>; readonly shows: string };
const press = (keys: string, shows: string): Opening => ({ by: (page) => page.keyboard.press(keys), shows });
const click = (control: string, shows: string): Opening => ({
  by: (page) => page.locator(control).filter({ visible: true }).first().click(),
  shows,
});

/** What opens over the pages, at least one of each kind of control; closed again by Escape. */
function openingsOf(path: string, pass: (typeof PASSES)[number]): readonly Opening[] {
  if (pass.locale === 'en') return path === '/day' ? [click('button:has-text("More")', '.ant-drawer-content-wrapper')] : [];
  const openings: Readonly<Record<string, readonly Opening[]>> = {
    '/day': [press('?', '.ant-modal-container'), click('.ant-select', '.ant-select-dropdown')],
    '/customers': [press('Control+k', '.ant-modal-container'), click('button[aria-label="列设置"]', '.ant-popover')],
    [`/customers/${records.customerId}`]: [
      click('button:has-text("打印")', '.ant-dropdown'),
      click('button:has-text("登记授权")', '.ant-modal-container'),
      click('button:has-text("已核实")', '.ant-message-notice'),
    ],
    '/visits': [click('main .ant-picker', '.ant-picker-dropdown')],
    '/care': [click('main tbody a', '.ant-drawer-content-wrapper')],
    '/keys': [press('c', '.ant-modal-container')],
    '/audit': [click('main tbody button, main tbody a', '.ant-drawer-content-wrapper')],
    '/reports/service': [click('.ant-picker', '.ant-picker-dropdown'), click('main td button', '.ant-drawer-content-wrapper')],
  };
  return openings[path] ?? [];
}

async function openAndClose(page: Page, path: string, { by, shows }: Opening): Promise<string[]> {
  const shown = page.locator(shows).filter({ visible: true }).first();
  try {
    await by(page);
    await shown.waitFor({ timeout: 30_000 });
    // Playwright calls visible what lies beside the screen too.
    await shown.evaluate(
      (opened) =>
        new Promise<void>((done, fail) => {
          const watcher = new IntersectionObserver(([seen]) => {
            watcher.disconnect();
            if (seen?.isIntersecting) done();
            else fail(new Error('it lies beside the screen'));
          });
          watcher.observe(opened);
        }),
    );
    await page.keyboard.press('Escape');
    return [];
  } catch (error) {
    return [`${path} does not open ${shows}: ${String(error)}`];
  }
}

/** What a reader would have to push aside to see: a page beyond its screen, on a desk also a list beyond its page. */
async function cutIn(page: Page, path: string): Promise<string[]> {
  const { width = 0, height = 0 } = page.viewportSize() ?? {};
  const faults: string[] = [];
  for (const narrow of width > 1280 ? [width, 1280] : [width]) {
    await page.setViewportSize({ width: narrow, height });
    const wider = await page.evaluate(
      (desk) =>
        [document.documentElement, ...(desk ? document.querySelectorAll('.ui-list .ant-table-content') : [])]
          .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
          .map(({ className, scrollWidth, clientWidth }) => `${className} ${scrollWidth} > ${clientWidth}`),
      width > 1280,
    );
    faults.push(...wider.map((fault) => `${path} is cut at ${narrow}: ${fault}`));
  }
  await page.setViewportSize({ width, height });
  return faults;
}

/** What is seriously wrong with a page, one line for each rule and element. */
async function faultsOf(context: BrowserContext, path: string, openings: readonly Opening[] = []): Promise<string[]> {
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
    const cut = await cutIn(page, path);
    const unopened: string[] = [];
    for (const opening of openings) unopened.push(...(await openAndClose(page, path, opening)));
    const faults = violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ target, html }) => ({ id, target: target.join(' '), html })))
      .filter(({ id, target }) => !OF_THE_TABLE.some((known) => known.rule === id && target.includes(known.target)))
      .map(({ id, target, html }) => `${path} ${id}: ${target} ${html.slice(0, 160)}`);
    return [...faults, ...cut, ...unopened];
  } finally {
    await page.close();
  }
}

describe('every page can be used', () => {
  it.each(PASSES)('on $name', async (pass) => {
    const { locale, viewport } = pass;
    const reports: string[] = [];
    const found = await Promise.all(
      (['ccmgr', 'admin', 'gm'] as const).map(async (account) => {
        const context: DemoContext = await signedIn(browser, product, account, { viewport, locale, reports });
        const faults: string[] = [];
        for (const path of pagesOf(account)) faults.push(...(await faultsOf(context, path, openingsOf(path, pass))));
        await context.close();
        return faults;
      }),
    );
    const anonymous = await browser.newContext({ viewport, locale: locale === 'zh' ? 'zh-CN' : 'en-US' });
    await watchPolicy(anonymous, reports);
    expect([...found.flat(), ...(await faultsOf(anonymous, '/sign-in'))]).toEqual([]);
    expect(reports).toEqual([]);
  });
});
