import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser } from './browser.ts';
import { watchPolicy } from './policy.ts';
import { setUpSecondStep, type Authenticator } from './second-step.ts';
import { startProduct, type Product } from './product.ts';

// The main job on real input, as its users do it: the export in, today's work out, the manager's week.
const EXPORT = fileURLToPath(new URL('../../../apps/api/src/imports/fixtures/dms-export-small/', import.meta.url));
const NEW_PASSWORD = 'a password of my own';
const WAIT = { timeout: 60_000 };

// The export knows nothing after 21 November 2026; the clock is moved to the day after.
const CLOCK_OFFSET_MS = Date.parse('2026-11-22T10:00:00+08:00') - Date.now();

let product: Product;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const reports: string[] = [];

beforeAll(async () => {
  product = await startProduct(['--empty'], { CLOCK_OFFSET_MS: String(CLOCK_OFFSET_MS) });
  browser = await launchBrowser();
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
  await watchPolicy(context, reports);
  page = await context.newPage();
});
afterAll(async () => {
  // What the browser showed last; a failed run is looked at here.
  await page.screenshot({ path: fileURLToPath(new URL('../../../.cache/main-job.png', import.meta.url)) });
  await browser.close();
  await product.stop();
});

/** The first sign-in of somebody: a password of his own, and the second step where his role needs one. */
async function signIn(username: string, password: string): Promise<void> {
  await context.clearCookies();
  await page.goto(`${product.url}/`);
  await page.getByLabel('用户名').fill(username);
  await page.getByLabel('密码').fill(password);
  await page.keyboard.press('Enter');
  const mustChange = page.getByLabel('当前密码');
  await page.getByLabel('用户名').waitFor({ state: 'hidden', ...WAIT });
  await mustChange.waitFor(WAIT);
  await mustChange.fill(password);
  await page.getByLabel('新密码', { exact: true }).fill(NEW_PASSWORD);
  await page.getByLabel('再输一次新密码').fill(NEW_PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByLabel('再输一次新密码').waitFor({ state: 'hidden', ...WAIT });
}

/** Password, then the code of the app: a wrong one first, the next step's, and after that a recovery code. */
async function signInAgain(username: string, { code, recoveryCodes }: Authenticator): Promise<void> {
  for (const [wrong, right] of [
    ['000000', code(1)],
    ['abcd-abcd-abcd-abcd', recoveryCodes[0] ?? ''],
  ] as const) {
    await context.clearCookies();
    await page.goto(`${product.url}/`);
    await page.getByLabel('用户名').fill(username);
    await page.getByLabel('密码').fill(NEW_PASSWORD);
    await page.keyboard.press('Enter');
    const field = page.getByLabel('动态验证码');
    await field.waitFor(WAIT);
    await field.fill(wrong);
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('验证码不正确').waitFor(WAIT);
    await field.fill(right);
    await page.keyboard.press('Enter');
    await field.waitFor({ state: 'hidden', ...WAIT });
    await page.getByRole('navigation').first().waitFor(WAIT);
  }
}

/** The session ends at work: he is asked for both steps where he is, and the page he was going to comes. */
async function goOnAfterTheEnd({ recoveryCodes }: Authenticator): Promise<void> {
  await context.clearCookies();
  await page.getByRole('link', { name: '员工' }).click();
  const again = page.getByRole('dialog', { name: '重新登录' });
  await again.getByLabel('密码').fill(NEW_PASSWORD, WAIT);
  await page.keyboard.press('Enter');
  await again.getByLabel('动态验证码').fill(recoveryCodes[1] ?? '', WAIT);
  await page.keyboard.press('Enter');
  await again.waitFor({ state: 'hidden', ...WAIT });
  await page.locator('main tbody').getByText('admin', { exact: true }).waitFor(WAIT);
}

/** Makes a colleague as the administrator does, and answers his first password. */
async function makeColleague(username: string, name: string, role: string): Promise<string> {
  const response = await context.request.post(`${product.url}/trpc/staff.create`, { data: { username, name, role } });
  const { result } = (await response.json()) as { result: { data: { password: string } } };
  return result.data.password;
}

it('from the DMS export to the worked task and the manager’s figure with its rows', async () => {
  const administrator = /password\s+(\S+)/.exec(product.printed)?.[1] ?? '';
  await signIn('admin', administrator);
  const authenticator = await setUpSecondStep(page, NEW_PASSWORD, CLOCK_OFFSET_MS);
  await signInAgain('admin', authenticator);
  await goOnAfterTheEnd(authenticator);
  const agentPassword = await makeColleague('fang', '方琳', 'FU_AGENT');
  const managerPassword = await makeColleague('wang', '王海涛', 'SVC_MGR');

  // The wizard: choose, look at the columns, try, import.
  await page.goto(`${product.url}/imports/new`);
  await page.getByRole('button', { name: /^通知/ }).waitFor(WAIT);
  await page.locator('input[type=file]').setInputFiles(
    readdirSync(EXPORT)
      .filter((name) => /\.(xlsx|csv)$/.test(name))
      .map((name) => EXPORT + name),
  );
  await page.getByRole('button', { name: '上传并识别' }).click();
  await page.getByRole('button', { name: '下一步：试运行' }).click(WAIT);
  await page.getByRole('button', { name: '开始导入' }).first().click(WAIT);
  await page.getByText('导入完成').first().waitFor(WAIT);
  await page.getByRole('button', { name: '安排今日工作' }).click(WAIT);
  await page.getByText(/已安排：新增 \d+ 项任务/).waitFor(WAIT);

  // The callback agent works by keyboard alone: what is first, why, the result by number, the next one.
  await signIn('fang', agentPassword);
  await page.goto(`${product.url}/day?tab=unassigned`);
  const panel = page.locator('article.task-panel');
  await panel.waitFor(WAIT);
  const customer = await panel.getAttribute('aria-label');
  await panel.getByRole('heading', { name: '话术' }).waitFor(WAIT);
  await page.keyboard.press('1');
  await page
    .getByRole('radio', { name: /已联系/ })
    .and(page.locator('[aria-checked=true]'))
    .waitFor(WAIT);
  await page.keyboard.press('7');
  await page.getByRole('radio', { name: '满意', exact: true }).and(page.locator('[aria-checked=true]')).waitFor(WAIT);
  await page.keyboard.press('Enter');
  await page.waitForFunction((name) => document.querySelector('article.task-panel')?.getAttribute('aria-label') !== name, customer, WAIT);

  // The service manager: the call is in today's numbers; a week's figure opens its rows.
  await signIn('wang', managerPassword);
  await setUpSecondStep(page, NEW_PASSWORD, CLOCK_OFFSET_MS);
  await page.goto(`${product.url}/reports/service?from=2024-11-04&to=2024-11-11`);
  await page.getByRole('heading', { name: '维修周报' }).waitFor(WAIT);
  await page.getByText('与去年同期 2023-11-06 – 2023-11-12 相比').waitFor(WAIT);
  // The week 2024-W45 of this export has four visits, all effective: the manifest's figure, and its rows behind it.
  await page.getByRole('button', { name: /^4，/ }).first().click(WAIT);
  const rows = page.getByRole('dialog').locator('tbody tr');
  await rows.nth(3).waitFor(WAIT);
  expect(await rows.count()).toBe(4);
  await page.goto(`${product.url}/reports/callbacks`);
  await page.getByRole('heading', { name: '回访统计' }).waitFor(WAIT);
  expect(reports).toEqual([]);
});
