import { generateSync } from 'otplib';
import type { Page } from 'playwright-core';

const WAIT = { timeout: 60_000 };
const STEP_MS = 30_000;

/** What somebody holds who has set up his second step. */
export type Authenticator = { readonly recoveryCodes: readonly string[]; code(stepsAhead?: number): string };

/**
 * Sets up the second step on its page, where whoever owes it is led, and goes on to work. The app's clock is the product's.
 *
 * @param clockOffsetMs by how much the product's clock is moved
 */
export async function setUpSecondStep(page: Page, password: string, clockOffsetMs = 0): Promise<Authenticator> {
  await page.getByRole('heading', { name: '开启两步验证' }).waitFor(WAIT);
  await page.getByLabel('当前密码').fill(password);
  await page.keyboard.press('Enter');
  await page.getByRole('img', { name: '两步验证二维码' }).waitFor(WAIT);
  const secret = (await page.locator('.account-secret code').innerText()).trim();
  const code = (stepsAhead = 0) => generateSync({ secret, epoch: Math.floor((Date.now() + clockOffsetMs + stepsAhead * STEP_MS) / 1000) });
  await page.getByLabel('输入 App 显示的 6 位数字').fill(code());
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '保存备用恢复码' }).waitFor(WAIT);
  const recoveryCodes = await page.locator('.account-codes code').allInnerTexts();
  await page.getByRole('button', { name: '我已保存，继续' }).click();
  await page.getByRole('heading', { name: '保存备用恢复码' }).waitFor({ state: 'hidden', ...WAIT });
  return { recoveryCodes, code };
}
