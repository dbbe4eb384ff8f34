import type { BrowserContext, Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useDesk, WAIT } from './desk.ts';

const { product, enter, call, expectPolicyKept } = useDesk();

const numberIn = (text: string): number => Number(/[\d,]+/.exec(text)?.[0].replaceAll(',', ''));

/** The count a drawer ends with, when all its pages are there. */
async function rowsOf(page: Page): Promise<number> {
  const drawer = page.getByRole('dialog');
  const more = drawer.getByRole('button', { name: '加载更多' });
  const all = drawer.getByText(/^共 [\d,]+ 行$/);
  await more.or(all).first().waitFor(WAIT);
  while ((await all.count()) === 0) {
    const shown = await drawer.locator('tbody tr').count();
    await more.click(WAIT);
    await page.waitForFunction((before) => document.querySelectorAll('.ant-drawer tbody tr').length > before, shown, WAIT);
  }
  const rows = await drawer.locator('tbody tr:has(a)').count();
  expect(numberIn(await all.innerText())).toBe(rows);
  return rows;
}

async function overdueRows(context: BrowserContext): Promise<number> {
  let rows = 0;
  let cursor: string | null = null;
  do {
    type Page = { items: unknown[]; nextCursor: string | null };
    const next: Page = await call<Page>(context, 'tasks.team', { tab: 'overdue', limit: 200, cursor });
    rows += next.items.length;
    cursor = next.nextCursor;
  } while (cursor !== null);
  return rows;
}

describe('the home of a manager', () => {
  // Every figure once; those of complaints and overdue tasks for the store and for a department.
  it.each([
    { who: 'ccmgr', figures: ['即将超时或已超时的客诉', '待回访确认的客诉', '逾期未回访', '近 7 天错过的回访', '近 7 天回访满意度'] },
    { who: 'svcmgr', figures: ['即将超时或已超时的客诉', '逾期未回访', '本周进厂台次', '即将流失的客户'] },
    { who: 'salesmgr', figures: ['未结案的销售客诉', '逾期未回访', '本月交车'] },
    { who: 'train', figures: ['近一个月服务客诉率'] },
  ])('opens for $who exactly the rows each figure counts', async ({ who, figures }) => {
    const context = await enter(who);
    const page = await context.newPage();
    /** The number on the card, which is left for the rows behind it. */
    const opened = async (figure: string): Promise<number> => {
      await page.goto(`${product.url}/reports/`);
      const card = page.locator('.rp-card', { hasText: figure });
      await card.waitFor(WAIT);
      // A share says what it counts of how many; what it counts are its rows.
      const share = await card.getByText(/^[\d,]+ \/ [\d,]+$/).allInnerTexts();
      const counted = numberIn(share[0] ?? (await card.locator('strong').innerText()));
      await card.click(WAIT);
      return counted;
    };
    for (const figure of figures) {
      if (figure !== '逾期未回访') {
        const counted = await opened(figure);
        expect([figure, await rowsOf(page)]).toEqual([figure, counted]);
        continue;
      }
      const differing = async () => {
        const counted = await opened(figure);
        await page.waitForURL(/\/team\?tab=overdue/, WAIT);
        const mark = page.getByRole('button', { name: /^逾期/, pressed: true }).locator('.ui-count');
        await mark.waitFor(WAIT);
        const shown = numberIn(await mark.innerText());
        const rows = await overdueRows(context);
        return counted === shown && shown === rows ? null : { counted, shown, rows };
      };
      // A call may come due between the looks; the next ones then agree.
      await expect.poll(differing, { timeout: 90_000, interval: 1_000 }).toBeNull();
    }
    await context.close();
  });

  it('shows of each complaint that runs out the clock that runs, by its name', async () => {
    const context = await enter('ccmgr');
    const options = await context.request.get(`${product.url}/trpc/complaints.options`);
    const { result } = (await options.json()) as { result: { data: { departments: { id: string; kind: string }[] } } };
    const departmentId = result.data.departments.find(({ kind }) => kind === 'service')?.id;
    const { customerId } = await call<{ customerId: string }>(context, 'customers.create', { name: '时限客户', phones: ['13900007531'] });
    const { complaint } = await call<{ complaint: { id: string; number: string } }>(context, 'complaints.register', {
      customerId,
      source: 'phone',
      kind: 'service.attitude',
      content: '等了一小时没有人理',
      departmentId,
    });
    const page = await context.newPage();
    await page.goto(`${product.url}/reports/complaints?rows=running_out`);
    const drawer = page.getByRole('dialog', { name: '即将超时或已超时的客诉' });
    const clockOf = async (row: Locator) =>
      (await row.locator('td').allInnerTexts()).find((text) => /^(响应|结案)/.test(text.trim()))?.trim();
    const fresh = drawer.getByRole('row', { name: complaint.number });
    await fresh.waitFor(WAIT);
    expect(await drawer.getByRole('columnheader').allInnerTexts()).toContain('时限');
    expect(await fresh.getByText('待响应').count()).toBe(1);
    expect(await clockOf(fresh)).toMatch(/^响应/);
    await drawer.getByText('待响应').first().waitFor(WAIT);
    for (const row of await drawer.locator('tbody tr').all()) {
      const waits = (await row.getByText('待响应').count()) === 1;
      expect(await clockOf(row)).toMatch(waits ? /^响应/ : /^结案/);
    }
    await context.close();
  });
});

describe('rows of days beside a report', () => {
  const line = (page: Page, name: string) => page.locator('.rp-table tr', { has: page.getByRole('rowheader', { name, exact: true }) });

  it.each([
    { report: 'service', rows: (page: Page) => page.locator('.rp-stat p', { hasText: '环比' }).getByRole('button') },
    { report: 'service', rows: (page: Page) => line(page, '总台次').locator('td:nth-of-type(3) button') },
    { report: 'service', rows: (page: Page) => line(page, '总台次').locator('td:nth-of-type(5) button') },
    { report: 'callbacks', rows: (page: Page) => line(page, '上期').getByRole('button') },
    { report: 'care', rows: (page: Page) => line(page, '上期').getByRole('button') },
    { report: 'complaints', rows: (page: Page) => line(page, '服务客诉率 · 合计').locator('td:nth-of-type(2) .ui-quiet button') },
    { report: 'complaints', rows: (page: Page) => page.locator('.rp-table tbody tr').first().getByRole('button') },
  ])('leave $report as it was when they are closed', async ({ report, rows }) => {
    const context = await enter('gm');
    const page = await context.newPage();
    await page.goto(`${product.url}/reports/${report}`);
    const figure = rows(page).first();
    await figure.waitFor(WAIT);
    await page.waitForFunction(() => document.querySelector('.ant-skeleton') === null, undefined, WAIT);
    const shown = () => Promise.all([page.locator('.rp-period').innerText(), page.locator('.rp-table').first().innerText()]);
    const before = await shown();
    const counted = numberIn(await figure.innerText());
    await figure.click();
    const drawer = page.getByRole('dialog');
    await drawer.locator('tbody tr').first().waitFor(WAIT);
    // The rows say of which days they are; the report under them has not moved.
    const days = await drawer.locator('.rp-drawer-days').innerText();
    expect(days).toMatch(/^\d{4}-\d\d-\d\d/);
    expect(before[0].split('\n')).not.toContain(days);
    expect(await shown()).toEqual(before);
    // Opened by its address, as somebody it was passed on to opens it.
    const other = await context.newPage();
    await other.goto(page.url());
    await other.getByRole('dialog').locator('.rp-drawer-days', { hasText: days }).waitFor(WAIT);
    await other.close();
    // Thousands would be read page by page; money has rows, but is none of their number.
    if (counted < 400 && !(await figure.innerText()).includes('¥')) expect(await rowsOf(page)).toBe(counted);
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.querySelector('.ant-drawer') === null, undefined, WAIT);
    expect(await shown()).toEqual(before);
    expect(new URL(page.url()).search).not.toMatch(/rows/);
    await context.close();
  });
});

describe('the months of complaints', () => {
  it('name each figure by its line and its column', async () => {
    const context = await enter('gm');
    const page = await context.newPage();
    await page.goto(`${product.url}/reports/complaints`);
    const figures = page.locator('.rp-table').first().locator('tbody tr button[aria-label]');
    await figures.first().waitFor(WAIT);
    // Two figures may be the same number; what they are of is not.
    const names = await figures.evaluateAll((buttons) => buttons.map((button) => button.ariaLabel?.replace(/^[\d,]+/, '')));
    expect(names).toEqual([...new Set(names)]);
    await context.close();
  });
});

describe('on a phone', () => {
  it.each([{ report: 'complaints' }, { report: 'service' }, { report: 'callbacks' }])(
    'the rows behind a figure of $report are cards, nothing of them cut',
    async ({ report }) => {
      const context = await enter('gm', { viewport: { width: 390, height: 844 } });
      const page = await context.newPage();
      await page.goto(`${product.url}/reports/${report}`);
      await page.locator('.rp-stat button').first().click(WAIT);
      const drawer = page.getByRole('dialog');
      const cards = drawer.getByRole('list').getByRole('listitem');
      await cards.first().waitFor(WAIT);
      const all = await drawer.getByText(/^(共 \d+ 行|已显示 \d+ 行)/).innerText();
      expect(await cards.count()).toBe(numberIn(all));
      expect(await drawer.getByRole('table').count()).toBe(0);
      const beyond = await drawer.evaluate((frame) =>
        [...frame.querySelectorAll('li *')].filter((part) => part.getBoundingClientRect().right > innerWidth).map((part) => part.outerHTML),
      );
      expect(beyond).toEqual([]);
      await context.close();
    },
  );
});

expectPolicyKept();
