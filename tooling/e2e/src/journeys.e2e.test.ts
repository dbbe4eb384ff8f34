import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createBaokeClient } from '@baoke/client/node';
import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { toFirstTask, useDesk, WAIT } from './desk.ts';
import { baoke } from './product.ts';

const EXPORT = fileURLToPath(new URL('../../../apps/api/src/imports/fixtures/dms-export-small/', import.meta.url));

const { product, enter, call, expectPolicyKept } = useDesk();

describe('the import wizard', () => {
  const files = readdirSync(EXPORT).filter((name) => /\.(xlsx|csv)$/.test(name));
  async function toTry(page: Page): Promise<void> {
    await page.goto(`${product.url}/imports/new`);
    await page
      .locator('input[type=file]')
      .setInputFiles(files.map((name) => ({ name, mimeType: 'application/octet-stream', buffer: readFileSync(EXPORT + name) })));
    await page.getByRole('button', { name: '上传并识别' }).click();
    await page.getByRole('button', { name: '下一步：试运行' }).click(WAIT);
    await page.getByRole('button', { name: '开始导入' }).first().waitFor({ timeout: 60_000 });
  }
  const countOf = async (context: BrowserContext): Promise<number> => {
    const response = await context.request.get(`${product.url}/trpc/customers.counts?input=${encodeURIComponent('{}')}`);
    return ((await response.json()) as { result: { data: { all: number } } }).result.data.all;
  };

  it('undoes a whole import, and the store is as it was', async () => {
    const context = await enter('ccmgr');
    const page = await context.newPage();
    const before = await countOf(context);
    await toTry(page);
    await page.getByRole('button', { name: '开始导入' }).first().click();
    await page.getByText('导入完成').first().waitFor({ timeout: 60_000 });
    expect(await countOf(context)).toBeGreaterThan(before);
    await page.getByRole('button', { name: '撤销整个导入' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '撤销整个导入' }).click(WAIT);
    await page.getByText('导入已撤销').first().waitFor({ timeout: 60_000 });
    expect(await countOf(context)).toBe(before);
    await context.close();
  });

  it('cancels a run that is at work, and nothing of it stays', async () => {
    const context = await enter('ccmgr');
    const page = await context.newPage();
    const before = await countOf(context);
    await toTry(page);
    // A short run may be over before a hand is at the button: the cancel goes out with the start.
    await page.getByRole('button', { name: '开始导入' }).first().click();
    await page.getByRole('button', { name: '取消导入' }).click(WAIT);
    await page.getByRole('dialog').getByRole('button', { name: '取消导入' }).click(WAIT);
    await page
      .getByText(/导入已取消，数据恢复到导入前|导入完成/)
      .first()
      .waitFor({ timeout: 60_000 });
    if (await page.getByText('导入已取消').first().isVisible()) expect(await countOf(context)).toBe(before);
    await context.close();
  });
});

describe('on paper', () => {
  it('stand title, store and time, and nothing of the screen around them', async () => {
    const context = await enter('ccmgr');
    const page = await context.newPage();
    const { customerId } = await call<{ customerId: string }>(context, 'customers.create', { name: '纸上客户', phones: ['13900002468'] });
    const listed = await context.request.get(`${product.url}/trpc/complaints.list?input=${encodeURIComponent('{"tab":"closed"}')}`);
    const { result } = (await listed.json()) as { result: { data: { items: { complaint: { id: string } }[] } } };
    const papers = [
      { path: `/customers/${customerId}/print/management`, title: '客户管理卡', sheets: 1 },
      { path: `/complaints/${result.data.items[0]?.complaint.id}/print`, title: '客户抱怨投诉&意见反馈处理单', sheets: 1 },
      { path: '/complaints/scores', title: '客诉评分表', sheets: 1 },
      { path: '/reports/service', title: '维修周报', sheets: 2 },
    ];
    for (const { path, title, sheets } of papers) {
      await page.emulateMedia({ media: 'screen' });
      await page.goto(`${product.url}${path}`);
      await page.getByRole('heading', { name: title }).waitFor(WAIT);
      await page.waitForFunction(() => document.querySelector('.ant-skeleton, .ant-spin-spinning') === null, undefined, WAIT);
      await page.emulateMedia({ media: 'print' });
      const paper = page.getByRole('main');
      await paper.getByText('保客示范店').filter({ visible: true }).first().waitFor(WAIT);
      await paper
        .getByText(/打印时间 \d{4}-\d\d-\d\d \d\d:\d\d/)
        .filter({ visible: true })
        .first()
        .waitFor(WAIT);
      expect(
        await page
          .getByRole('navigation')
          .or(page.getByRole('banner'))
          .or(paper.getByRole('button', { name: /打印|导出|返回/ }))
          .filter({ visible: true })
          .count(),
        path,
      ).toBe(0);
      const printed = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
      expect(printed.match(/\/Type\s*\/Page\b/g)?.length, path).toBeLessThanOrEqual(sheets);
    }
    await context.close();
  });
});

describe('somebody of two stores', () => {
  const SECOND = '保客高新店';
  const operate = (...args: string[]) => {
    const { status, said } = baoke(args, { DATA_DIR: product.directory });
    expect(status, said).toBe(0);
  };
  it('goes from one to the other in both apps, and sees each by itself', async () => {
    operate('store', 'second', '--name', SECOND);
    operate('user', 'salead', '--store', 'second', '--role', 'SA_LEAD');
    const context = await enter('salead');
    const page = await context.newPage();
    const account = page.getByRole('button', { name: /我的账号/ });
    const rows = page.getByRole('main').locator('tbody tr:has(a)');
    await page.goto(`${product.url}/customers`);
    await rows.first().waitFor(WAIT);
    await account.click();
    await page.getByRole('menuitem', { name: SECOND }).click();
    await account.getByText(SECOND).waitFor(WAIT);
    await page.goto(`${product.url}/customers`);
    await page.getByText('还没有客户档案').first().waitFor(WAIT);
    expect(await rows.count()).toBe(0);

    await page.goto(`${product.url}/reports/`);
    const store = page.getByRole('combobox', { name: '门店' });
    await page
      .getByTitle(SECOND, { exact: true })
      .or(page.getByText(SECOND, { exact: true }))
      .first()
      .waitFor(WAIT);
    await store.click();
    await page.locator('.ant-select-item-option', { hasText: '保客示范店' }).click(WAIT);
    await page.waitForFunction(
      () => sessionStorage.getItem('baoke.store') !== null && document.querySelector('.rp-main h1') !== null,
      undefined,
      WAIT,
    );
    await page.goto(`${product.url}/customers`);
    await rows.first().waitFor(WAIT);
    await account.getByText('保客示范店').waitFor(WAIT);
    await context.close();
  });

  it('is not held where he still owes a second step', async () => {
    operate('user', 'fleetmgr', '--store', 'second', '--role', 'FLEET_MGR');
    const context = await enter('fleetmgr');
    const page = await context.newPage();
    await page.goto(`${product.url}/`);
    await page.getByRole('button', { name: /我的账号/ }).click(WAIT);
    await page.getByRole('menuitem', { name: SECOND }).click();
    await page.getByRole('heading', { name: '开启两步验证' }).waitFor(WAIT);
    await page.goto(`${product.url}/reports/`);
    await page.getByRole('heading', { name: '开启两步验证' }).waitFor(WAIT);
    await page.getByRole('button', { name: '去保客示范店' }).click();
    await page
      .getByRole('button', { name: /我的账号/ })
      .getByText('保客示范店')
      .waitFor(WAIT);
    await context.close();
  });
});

describe('a session that ends', () => {
  it('is gone on with where it ended, and nothing typed is lost', async () => {
    const context = await enter('ccmgr');
    const page = await context.newPage();
    const { customerId } = await call<{ customerId: string }>(context, 'customers.create', { name: '会话过期', phones: ['13900008765'] });
    await page.goto(`${product.url}/customers/${customerId}`);
    await page.getByRole('button', { name: '记录联系' }).click(WAIT);
    const form = page.getByRole('dialog', { name: '记录与 会话过期 的联系' });
    await form.getByLabel('说了什么').fill('下周三上午来做保养');
    await form.getByRole('button', { name: '30 天后' }).click();
    const day = form.getByLabel('下次联系');
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('.contact-next input')?.value.match(/^\d{4}-\d\d-\d\d$/));
    await context.clearCookies();
    await page.keyboard.press('Control+Enter');
    const again = page.getByRole('dialog', { name: '重新登录' });
    await again.getByLabel('密码').waitFor(WAIT);
    // Put off, the way back stays beside the message.
    await page.keyboard.press('Escape');
    await again.waitFor({ state: 'hidden', ...WAIT });
    expect(await form.getByLabel('说了什么').inputValue()).toBe('下周三上午来做保养');
    await form.getByRole('button', { name: '重新登录' }).click();
    const password = /the password of all is (\S+)/.exec(product.printed)?.[1] ?? '';
    for (const typed of ['wrong-password', password]) {
      await again.getByLabel('密码').fill(typed);
      await page.keyboard.press('Enter');
      if (typed !== password) await again.getByText('用户名或密码不正确').waitFor(WAIT);
    }
    await again.waitFor({ state: 'hidden', ...WAIT });
    await form.getByText('登录已失效').waitFor({ state: 'hidden', ...WAIT });
    expect(await day.inputValue()).toMatch(/^\d{4}-\d\d-\d\d$/);
    await form.getByRole('button', { name: '保存' }).click();
    await form.waitFor({ state: 'hidden', ...WAIT });
    await page.getByText('下周三上午来做保养').first().waitFor(WAIT);
    await context.close();
  });
});

describe('the palette', () => {
  it('has the keys from the press that opens it, and always a row for Enter', async () => {
    const context = await enter('callback');
    const page = await context.newPage();
    for (const [at, name] of ['禚俊杰', '禚俊明', '禚天明'].entries())
      await call(context, 'customers.create', { name, phones: [`1390000880${at}`] });
    // The palette is slow to come, and the page behind has digits of its own.
    let send: () => void = () => undefined;
    const sent = new Promise<void>((resolve) => (send = resolve));
    await page.route('**/Palette-*.js', async (route) => {
      await sent;
      await route.continue();
    });
    await page.goto(`${product.url}/day`);
    await toFirstTask(page);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('4');
    send();
    const box = page.getByRole('dialog').getByRole('combobox');
    await box.waitFor(WAIT);
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'combobox');
    await page.keyboard.type('2');
    expect(await box.inputValue()).toBe('42');
    expect(await page.locator('.task-outcome[aria-checked=true]').count()).toBe(0);

    const selected = page.getByRole('dialog').getByRole('option', { selected: true });
    await box.fill('');
    await page.keyboard.type('禚');
    await page.getByRole('dialog').getByRole('option', { name: '禚天明' }).waitFor(WAIT);
    await page.keyboard.type('俊');
    await page
      .getByRole('dialog')
      .getByRole('option', { name: '禚天明' })
      .waitFor({ state: 'hidden', ...WAIT });
    expect(await selected.count()).toBe(1);
    const name = await selected.locator('.ui-palette-label').innerText();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/customers\/[0-9a-f-]{36}$/, WAIT);
    await page.getByRole('main').getByRole('heading', { name }).waitFor(WAIT);
    await context.close();
  });
});

describe('a car found by the end of its VIN', () => {
  it('says the VIN beside the plate', async () => {
    const context = await enter('sa');
    const page = await context.newPage();
    const vin = 'LSVAB2186E2106573';
    const { customerId } = (await call(context, 'customers.create', { name: '禚志强', phones: ['13900008811'] })) as { customerId: string };
    await call(context, 'vehicles.create', { customerId, vin, plate: '苏E6F8K9' });
    await page.goto(`${product.url}/customers`);
    await page.getByRole('main').getByRole('heading').first().waitFor(WAIT);
    await page.keyboard.press('Control+k');
    const box = page.getByRole('dialog').getByRole('combobox');
    await box.fill('E2106573');
    await page.getByRole('dialog').getByRole('option', { name: vin }).waitFor(WAIT);
    await context.close();
  });
});

describe('a chart', () => {
  it('is saved as a sharp picture, and goes with the workbook', async () => {
    const context = await enter('ccmgr');
    const page = await context.newPage();
    await page.goto(`${product.url}/reports/callbacks`);
    const taken = async (button: string) => {
      const [file] = await Promise.all([page.waitForEvent('download', WAIT), page.getByRole('button', { name: button }).click(WAIT)]);
      return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
    };
    const picture = await taken('把“近 12 期回访与满意度”保存为图片（PNG）');
    expect(picture.name).toMatch(/^近 12 期回访与满意度 \d{4}-\d\d-\d\d.*\.png$/);
    // The signature and the first chunk of a PNG: its width in pixels is the first number.
    expect([picture.bytes.subarray(0, 8).toString('latin1'), picture.bytes.readUInt32BE(16)]).toEqual(['\x89PNG\r\n\x1a\n', 1920]);
    const workbook = await taken('导出 Excel');
    expect(workbook.bytes.includes('xl/charts/chart1.xml')).toBe(true);
    await context.close();
  });
});

describe('the way to the reports', () => {
  it('stands in the navigation and in the palette', async () => {
    const context = await enter('svcmgr');
    const page = await context.newPage();
    await page.goto(`${product.url}/customers`);
    await page.getByRole('navigation').getByRole('link', { name: '管理报表' }).click(WAIT);
    await page.waitForURL(/\/reports\//, WAIT);
    await page.goto(`${product.url}/customers`);
    const box = page.getByRole('dialog').getByRole('combobox');
    const options = page.getByRole('dialog').getByRole('group', { name: '前往' }).getByRole('option');
    for (const { term, found } of [
      { term: '报表', found: ['管理报表', '维修周报', '回访统计', '关怀执行', '客诉分析'] },
      { term: 'reports', found: ['管理报表', '维修周报', '回访统计', '关怀执行', '客诉分析'] },
      { term: '维修周报', found: ['维修周报'] },
    ]) {
      await page.getByRole('button', { name: /姓名、拼音/ }).click(WAIT);
      await box.fill(term);
      await page.waitForFunction((count) => document.querySelectorAll('[role=dialog] [role=option]').length === count, found.length, WAIT);
      expect(await options.allInnerTexts()).toEqual(found);
      if (term !== '维修周报') await page.keyboard.press('Escape');
    }
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '维修周报' }).waitFor(WAIT);
    await context.close();
  });
});

describe('the focus', () => {
  const at = (page: Page) => page.evaluate(() => document.activeElement?.textContent || document.activeElement?.ariaLabel);
  it('goes back to what opened a dialog, a drawer or a popover', async () => {
    const context = await enter('ccmgr');
    const page = await context.newPage();
    const { customerId } = await call<{ customerId: string }>(context, 'customers.create', { name: '焦点客户', phones: ['13900003579'] });
    await page.goto(`${product.url}/customers/${customerId}`);
    const opener = page.getByRole('button', { name: '记录联系' });
    await opener.click(WAIT);
    await page.getByRole('dialog').getByLabel('说了什么').waitFor(WAIT);
    await page.waitForFunction(() => document.activeElement?.closest('.ant-modal form'));
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.querySelector('.ant-modal-root') === null, undefined, WAIT);
    expect(await at(page)).toContain('记录联系');
    await page.keyboard.press('Control+k');
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'combobox');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.querySelector('.ant-modal-root') === null, undefined, WAIT);
    expect(await at(page)).toContain('记录联系');

    await page.goto(`${product.url}/customers`);
    await page.getByRole('button', { name: '列设置' }).click(WAIT);
    await page.locator('.ui-columns').waitFor(WAIT);
    await page.locator('.ui-columns button').last().focus();
    await page.keyboard.press('Escape');
    await page.locator('.ui-columns').waitFor({ state: 'hidden', ...WAIT });
    expect(await at(page)).toBe('列设置');

    await page.goto(`${product.url}/team`);
    await page.getByRole('checkbox', { name: '选择本页全部' }).waitFor(WAIT);

    await page.goto(`${product.url}/reports/service`);
    const figure = page.locator('.rp-figure').first();
    await figure.click(WAIT);
    await page.getByRole('dialog').locator('tbody tr').first().waitFor(WAIT);
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.querySelector('.ant-drawer') === null, undefined, WAIT);
    expect(await figure.evaluate((button) => button === document.activeElement)).toBe(true);
    await context.close();
  });
});

it('an integrator’s program hears by its key what changes in the store', async () => {
  const context = await enter('admin');
  const { secret } = await call<{ secret: string }>(context, 'keys.create', { name: '联调', scopes: ['customers:view', 'customers:edit'] });
  const client = createBaokeClient({ url: product.url, apiKey: secret });
  const heard: string[] = [];
  const begun = Promise.withResolvers<void>();
  const subscription = client.live.changes.subscribe(undefined, {
    onStarted: () => begun.resolve(),
    onData: ({ data }) => void heard.push(`${data.topic} ${data.entityId}`),
    onError: begun.reject,
  });
  await begun.promise;
  const named = { name: '联调客户', phones: ['13900007518'] };
  const { customerId } = await client.customers.create.mutate(named, { context: { idempotencyKey: randomUUID() } });
  await expect.poll(() => heard, WAIT).toContain(`customers ${customerId}`);
  subscription.unsubscribe();
  await context.close();
});

expectPolicyKept();
