import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createBaokeClient } from '@baoke/client/node';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchBrowser } from './browser.ts';
import { callAs, signedIn, type DemoContext } from './demo.ts';
import { baoke } from './product.ts';

const EXPORT = fileURLToPath(new URL('../../../apps/api/src/imports/fixtures/dms-export-small/', import.meta.url));
const WAIT = { timeout: 30_000 };

const product = inject('demo');
const reports: string[] = [];
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const enter = (username: string): Promise<DemoContext> => signedIn(browser, product, username, { reports });

const call = <T>(context: BrowserContext, path: string, data: object) => callAs<T>(context, product, path, data);

// Complaints stand before the tasks of a day.
const FIRST_TASK = '.day-queue > ul:last-of-type > li > .day-line >> nth=0';
async function toFirstTask(page: Page): Promise<void> {
  await page.locator(FIRST_TASK).click(WAIT);
  await page.locator('article.task-panel').getByText('为什么联系').waitFor(WAIT);
}

describe('a complaint by the keyboard alone', () => {
  it('is registered and answered', async () => {
    const context = await enter('ccmgr');
    const page = await context.newPage();
    const keys = page.keyboard;
    await call(context, 'customers.create', { name: '键盘客户', phones: ['13900001234'] });
    await page.goto(`${product.url}/complaints`);
    await page.getByRole('heading', { name: '客诉' }).first().waitFor(WAIT);
    await keys.press('c');
    await page.getByRole('heading', { name: '登记客诉' }).waitFor(WAIT);
    // Focus is moved by Tab only; each field is typed into where it stands.
    const tabTo = async (label: string) => {
      const field = page.getByRole('main').getByLabel(label, { exact: true });
      for (let n = 0; n < 40 && !(await field.evaluate((element) => element === document.activeElement)); n += 1) await keys.press('Tab');
      expect(await field.evaluate((element) => element === document.activeElement), label).toBe(true);
    };
    const choose = async (label: string, words: string) => {
      await tabTo(label);
      await keys.type(words);
      await page
        .locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: words })
        .first()
        .waitFor(WAIT);
      await keys.press('Enter');
    };
    await choose('客户', '键盘客户');
    await tabTo('客诉内容');
    await keys.type('空调异响，修了两次没有修好');
    await choose('类别', '维修质量');
    await choose('来源', '电话');
    await keys.press('Control+Enter');
    await page.waitForURL(/\/complaints\/[0-9a-f-]{36}$/, WAIT);
    const respond = page.getByRole('button', { name: /^响应/ }).first();
    await respond.waitFor(WAIT);
    for (let n = 0; n < 60 && !(await respond.evaluate((element) => element === document.activeElement)); n += 1) await keys.press('Tab');
    await keys.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor(WAIT);
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
    await keys.type('已致电客户，约明天到店复检');
    await keys.press('Control+Enter');
    await dialog.waitFor({ state: 'hidden', ...WAIT });
    await page.getByText('已致电客户，约明天到店复检').first().waitFor(WAIT);
    await context.close();
  });
});

describe('what a complaint is about', () => {
  it('is a visit found and chosen by the keyboard, which brings its car and stands on page and paper', async () => {
    const context = await enter('ccmgr');
    const page = await context.newPage();
    const keys = page.keyboard;
    type Visits = { visits: { orderNo: string; plate: string | null; vehicleId: string | null }[] };
    type Cards = { items: { id: string; vehicles: { id: string }[] }[] };
    const { items } = await call<Cards>(context, 'customers.list', { sort: 'lastVisitOn', descending: true, limit: 20 });
    const customerId = items.find(({ vehicles }) => vehicles.length > 0)?.id;
    const { visits } = await call<Visits>(context, 'complaints.occasions', { customerId });
    const { orderNo, plate } = visits[0] ?? {};
    if (!orderNo || !plate) throw new Error('the last visitor of the demo store came without a plate');
    await page.goto(`${product.url}/complaints/new?customerId=${customerId}`);
    const field = page.getByLabel('相关工单或订单', { exact: true });
    await field.waitFor(WAIT);
    await page.getByLabel('客户', { exact: true }).focus();
    for (let n = 0; n < 6 && !(await field.evaluate((element) => element === document.activeElement)); n += 1) await keys.press('Tab');
    await keys.type(orderNo);
    await page.locator('.ant-select-item-option').filter({ hasText: orderNo }).waitFor(WAIT);
    await page.waitForFunction(() => document.querySelectorAll('.ant-select-item-option').length === 1, undefined, WAIT);
    await keys.press('Enter');
    await page.getByTitle(new RegExp(plate)).first().waitFor(WAIT);
    await page.getByLabel('客诉内容').fill('说好的免费检查收了钱');
    for (const [label, words] of [
      ['类别', '价格费用'],
      ['来源', '电话'],
    ] as const) {
      await page.getByLabel(label, { exact: true }).focus();
      await keys.type(words);
      await page
        .locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: words })
        .first()
        .waitFor(WAIT);
      await keys.press('Enter');
    }
    await keys.press('Control+Enter');
    await page.waitForURL(/\/complaints\/[0-9a-f-]{36}$/, WAIT);
    const link = page.getByRole('link', { name: new RegExp(orderNo) });
    await link.waitFor(WAIT);
    await page.goto(`${page.url()}/print`);
    await page.getByRole('cell').filter({ hasText: orderNo }).waitFor(WAIT);
    await link.click();
    await page.waitForURL(/\/visits/, WAIT);
    await page.getByRole('main').locator('tbody tr:has(a)').filter({ hasText: orderNo }).waitFor(WAIT);
    await context.close();
  });
});

describe('customers changed at once', () => {
  it('are chosen, given away and taken back by the keyboard alone', async () => {
    const context = await enter('svcmgr');
    const page = await context.newPage();
    const keys = page.keyboard;
    for (const [n, name] of ['批量甲', '批量乙', '批量丙'].entries())
      await call(context, 'customers.create', { name, phones: [`1390000222${n}`], source: '批量试点' });
    await page.goto(`${product.url}/customers?source=${encodeURIComponent('批量试点')}&sort=advisor&descending=true`);
    const rows = page.getByRole('main').locator('tbody tr:has(a)');
    await rows.nth(2).waitFor(WAIT);
    const isHere = (element: Element) => element === document.activeElement;
    const go = async (role: 'button' | 'checkbox', name: string, key: 'Tab' | 'Shift+Tab' = 'Tab') => {
      const target = page.getByRole(role, { name }).first();
      await target.waitFor(WAIT);
      for (let n = 0; n < 60 && !(await target.evaluate(isHere)); n += 1) await keys.press(key);
      expect(await target.evaluate(isHere), name).toBe(true);
    };
    await go('checkbox', '选择本页全部');
    await keys.press('Space');
    await page.getByText('已选择 3 项').waitFor(WAIT);
    await go('button', '分配服务顾问', 'Shift+Tab');
    await keys.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor(WAIT);
    for (const name of ['刘鹏', '陈洁']) {
      await keys.type(name);
      await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: name }).waitFor(WAIT);
      await keys.press('Enter');
    }
    await dialog.getByText('将修改 3 位客户').waitFor(WAIT);
    await dialog.getByText('刘鹏 2 位、陈洁 1 位').waitFor(WAIT);
    await keys.press('Escape');
    await keys.press('Control+Enter');
    await page.getByText('已修改 3 位客户').waitFor(WAIT);
    await rows.filter({ hasText: '陈洁' }).waitFor(WAIT);
    expect(await rows.filter({ hasText: '刘鹏' }).count()).toBe(2);

    const [{ id }] = (await call<{ items: [{ id: string }] }>(context, 'customers.list', { source: '批量试点', sort: 'advisor' })).items;
    await call(context, 'customers.update', { customerId: id, version: 2, changes: { advisorId: null } });
    await go('button', '撤销批量修改');
    await keys.press('Enter');
    await dialog.getByText('3 位客户的服务顾问改为 刘鹏、陈洁').waitFor(WAIT);
    await keys.press('Enter');
    await page.getByText('已恢复 2 位客户；1 位之后又有改动').waitFor(WAIT);
    await page.waitForFunction(() => !document.querySelector('main tbody')?.textContent?.includes('刘鹏'), undefined, WAIT);
    expect(await page.getByRole('button', { name: '撤销批量修改' }).count()).toBe(0);
    await context.close();
  });
});

describe('a new customer who may be on file', () => {
  it('is refused in view of whoever saves at the foot of the form, in one sentence', async () => {
    const context = await signedIn(browser, product, 'salesmgr', { viewport: { width: 1280, height: 720 }, reports });
    const page = await context.newPage();
    await call(context, 'customers.create', { name: '重号甲', phones: ['13900006412'] });
    await page.goto(`${product.url}/customers/new`);
    await page.getByLabel('姓名').first().fill('重号乙', WAIT);
    await page.locator('input[id^=phones]').first().fill('13900006412');
    await page.getByText('重号甲').waitFor(WAIT);
    await page.getByRole('main').getByRole('button', { name: '保存', exact: true }).click();
    const failure = page.locator('.ui-form-failure');
    await failure.waitFor(WAIT);
    const [box, top] = [await failure.boundingBox(), await page.locator('.shell-top').boundingBox()];
    expect(box?.y ?? -1).toBeGreaterThanOrEqual((top?.y ?? Infinity) + (top?.height ?? 0));
    expect((await failure.innerText()).split('发现可能相同的档案')).toHaveLength(2);
    await context.close();
  });
});

describe('what nobody has yet', () => {
  it('is listed by the role it is for, and offered to that role first', async () => {
    const context = await enter('ccmgr');
    const page = await context.newPage();
    await page.goto(`${product.url}/team`);
    const pile = page.getByRole('button', { name: /^未分配（回访员）/ });
    await pile.click(WAIT);
    await page.waitForURL(/tab=unassigned&role=FU_AGENT/, WAIT);
    await page.locator('.team-person[aria-current=true]', { hasText: '未分配（回访员）' }).waitFor(WAIT);
    const rows = page.locator('tr[data-row-key]');
    await rows.filter({ hasText: '回访员' }).first().waitFor(WAIT);
    await rows
      .filter({ hasNotText: '回访员' })
      .first()
      .waitFor({ state: 'detached', ...WAIT });

    await rows.first().getByRole('checkbox').check();
    await page.getByRole('button', { name: /^转派/ }).click();
    await page.getByRole('dialog').getByLabel('接收人').click();
    const offered = page.locator('.ant-select-item-option');
    await offered.first().waitFor(WAIT);
    expect(await offered.first().innerText()).toContain('回访员');
    await page.keyboard.press('Escape');
    await page.goto(page.url());
    await page.getByRole('button', { name: '全部人员' }).click(WAIT);
    await page.waitForURL(/\/team$/, WAIT);
    await context.close();
  });
});

describe('a complaint’s page', () => {
  it('leads to its customer, and an address that names none says so', async () => {
    const context = await enter('ccmgr');
    const page = await context.newPage();
    const { items } = await call<{ items: { complaint: { id: string }; customer: { name: string } }[] }>(context, 'complaints.list', {
      limit: 1,
    });
    await page.goto(`${product.url}/complaints/${items[0]?.complaint.id}`);
    await page
      .getByRole('main')
      .getByRole('link', { name: items[0]?.customer.name ?? '' })
      .click(WAIT);
    await page.waitForURL(/\/customers\/[0-9a-f-]{36}$/, WAIT);
    await page.goto(`${product.url}/complaints/not-an-id`);
    await page.getByText('没有这个页面').waitFor(WAIT);
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').fill('投诉');
    await page.getByRole('dialog').getByRole('option', { name: '客诉处理' }).waitFor(WAIT);
    await context.close();
  });
});

describe('what a customer is called is text', () => {
  const NAME = '<img src=x onerror=alert(1)>';
  const TEXT = '{{7*7}} <script>alert(2)</script>';
  it('in list, card, timeline, form, paper, palette, toast and file', async () => {
    const context = await enter('ccmgr');
    const page = await context.newPage();
    const ran: string[] = [];
    page.on('dialog', (dialog) => {
      ran.push(dialog.message());
      void dialog.dismiss();
    });
    page.on('console', (message) => {
      if (/violates .*script-src/.test(message.text())) ran.push(message.text());
    });
    const shows = async (path: string, ...texts: string[]) => {
      await page.goto(`${product.url}${path}`);
      for (const text of texts) await page.getByText(text, { exact: false }).first().waitFor(WAIT);
      expect(await page.locator('img[src="x"]').count(), path).toBe(0);
      expect(await page.getByText('49', { exact: true }).count(), path).toBe(0);
    };

    // The toast that tells of a new file names him.
    await page.goto(`${product.url}/customers/new`);
    await page.getByLabel('姓名').fill(NAME);
    await page.getByLabel('主要电话').fill('13900004321');
    await page.getByLabel('备注').fill(TEXT);
    await page.keyboard.press('Control+Enter');
    await page.getByRole('main').getByRole('heading', { name: NAME }).waitFor(WAIT);
    await page.locator('.ant-message, [role=status], [role=alert]').getByText(NAME).first().waitFor(WAIT);
    const customerId = page.url().split('/').at(-1) ?? '';
    await call(context, 'customers.addObservation', { customerId, content: TEXT });
    await call(context, 'contacts.record', { customerId, outcome: 'reached', content: TEXT });
    const options = (await (await context.request.get(`${product.url}/trpc/complaints.options`)).json()) as {
      result: { data: { departments: { id: string; kind: string }[] } };
    };
    const departmentId = options.result.data.departments.find(({ kind }) => kind === 'sales')?.id;
    const { complaint } = await call<{ complaint: { id: string } }>(context, 'complaints.register', {
      customerId,
      source: 'phone',
      kind: 'sales.price',
      severity: 'normal',
      content: TEXT,
      departmentId,
    });

    // Signs are no words to search by; the end of his number is.
    await shows('/customers?term=%224321%22', NAME);
    await shows(`/customers/${customerId}`, NAME, TEXT);
    await shows(`/customers/${customerId}/print/data`, NAME, TEXT);
    await shows('/complaints', NAME);
    await shows(`/complaints/${complaint.id}`, NAME, TEXT);
    await shows(`/complaints/${complaint.id}/print`, NAME, TEXT);
    await page.goto(`${product.url}/customers`);
    await page.getByRole('navigation').first().waitFor(WAIT);
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').fill('4321');
    await page.getByRole('dialog').getByText(NAME).first().waitFor(WAIT);

    const { base64 } = await call<{ base64: string }>(context, 'customers.export', { format: 'csv', term: '4321' });
    expect(Buffer.from(base64, 'base64').toString('utf8')).toContain(NAME);
    expect(ran).toEqual([]);
    await context.close();
  });
});

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

describe('two people with one file', () => {
  it('are shown both versions field by field, and lose nothing by it', async () => {
    const [one, other] = [await enter('ccmgr'), await enter('svcmgr')];
    const { customerId } = await call<{ customerId: string }>(one, 'customers.create', {
      name: '两人同改',
      phones: ['13900005678'],
      remark: '原来的备注',
    });
    const edit = async (context: BrowserContext) => {
      const page = await context.newPage();
      await page.goto(`${product.url}/customers/${customerId}/edit`);
      await page.getByLabel('备注').waitFor(WAIT);
      return page;
    };
    const [theirs, mine] = [await edit(one), await edit(other)];
    await theirs.getByLabel('备注').fill('对方的备注');
    await theirs.getByLabel('城市').fill('苏州');
    await theirs.getByLabel('职业').fill('教师');
    await theirs.keyboard.press('Control+Enter');
    await theirs.waitForURL(/\/customers\/[0-9a-f-]{36}$/, WAIT);

    await mine.getByLabel('工作单位').fill('一中');
    await mine.getByLabel('城市').fill('昆山');
    await mine.getByLabel('备注').fill('我的备注');
    await mine.keyboard.press('Control+Enter');
    const dialog = mine.getByRole('dialog', { name: '有人同时修改了这条记录' });
    const choice = (name: string) => dialog.getByRole('radio', { name });
    await choice('备注 对方的修改').waitFor(WAIT);
    for (const text of ['原来的备注', '对方的备注', '我的备注', '苏州', '昆山'])
      await dialog.getByText(text, { exact: true }).waitFor(WAIT);
    // Put off, it is asked again before anything is saved; nothing typed is gone meanwhile.
    await mine.waitForFunction(() => document.activeElement instanceof HTMLInputElement && document.activeElement.type === 'radio');
    await mine.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden', ...WAIT });
    expect([await mine.getByLabel('城市').inputValue(), await mine.getByLabel('备注').inputValue()]).toEqual(['昆山', '我的备注']);
    await mine.getByLabel('备注').fill('我改过的备注');
    await mine.keyboard.press('Control+Enter');
    await dialog.getByText('我改过的备注', { exact: true }).waitFor(WAIT);
    // By keyboard: the first field takes what the other wrote, the second one stays.
    await mine.waitForFunction(() => document.activeElement instanceof HTMLInputElement && document.activeElement.type === 'radio');
    await mine.keyboard.press('ArrowLeft');
    expect(await choice('城市 对方的修改').isChecked()).toBe(true);
    expect(await choice('备注 您的修改').isChecked()).toBe(true);
    for (
      let n = 0;
      n < 6 && !(await dialog.getByRole('button', { name: '保存' }).evaluate((button) => button === document.activeElement));
      n += 1
    )
      await mine.keyboard.press('Tab');
    await mine.keyboard.press('Enter');
    await mine.waitForURL(/\/customers\/[0-9a-f-]{36}$/, WAIT);
    expect(await call(other, 'customers.openForEdit', { customerId })).toMatchObject({
      city: '苏州',
      occupation: '教师',
      employer: '一中',
      remark: '我改过的备注',
    });

    // What was typed and left, given back later, does not overwrite what came between.
    await mine.goto(`${product.url}/customers/${customerId}/edit`);
    await mine.getByLabel('备注').fill('放下的备注');
    await mine.goto(`${product.url}/customers`);
    await theirs.goto(`${product.url}/customers/${customerId}/edit`);
    await theirs.getByLabel('备注').fill('其间的备注');
    await theirs.keyboard.press('Control+Enter');
    await theirs.waitForURL(/\/customers\/[0-9a-f-]{36}$/, WAIT);
    await mine.goto(`${product.url}/customers/${customerId}/edit`);
    await mine.getByRole('button', { name: '恢复' }).click(WAIT);
    expect(await mine.getByLabel('备注').inputValue()).toBe('放下的备注');
    await mine.keyboard.press('Tab');
    await mine.getByLabel('备注').press('Control+Enter');
    await dialog.getByText('其间的备注', { exact: true }).waitFor(WAIT);
    await Promise.all([one.close(), other.close()]);
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

describe('an answer that is lost on the way', () => {
  it('does not make the second press a second contact', async () => {
    const context = await enter('ccmgr');
    const page = await context.newPage();
    const { customerId } = await call<{ customerId: string }>(context, 'customers.create', { name: '断线客户', phones: ['13900009753'] });
    await page.goto(`${product.url}/customers/${customerId}`);
    await page.getByRole('button', { name: '记录联系' }).click(WAIT);
    const form = page.getByRole('dialog', { name: '记录与 断线客户 的联系' });
    await form.getByLabel('说了什么').fill('答应月底回厂');
    const keys: (string | undefined)[] = [];
    await page.route('**/trpc/contacts.record*', async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      if (keys.length > 1) return route.continue();
      // The server writes; its answer does not arrive.
      expect((await route.fetch()).ok()).toBe(true);
      return route.abort('connectionreset');
    });
    await form.getByRole('button', { name: '保存' }).click();
    await form.getByText('没有连上服务器').first().waitFor(WAIT);
    await form.getByRole('button', { name: '保存' }).click();
    await form.waitFor({ state: 'hidden', ...WAIT });
    expect(keys).toEqual([keys[0], keys[0]]);
    const timeline = await context.request.get(
      `${product.url}/trpc/customers.timeline?input=${encodeURIComponent(JSON.stringify({ customerId, kinds: ['contact'] }))}`,
    );
    const { result } = (await timeline.json()) as { result: { data: { items: { content: string }[] } } };
    expect(result.data.items.map(({ content }) => content)).toEqual(['答应月底回厂']);
    await context.close();
  });
});

describe('a result recorded without a network', () => {
  it('goes out by itself, once, when the network is back', async () => {
    const context = await enter('callback');
    const page = await context.newPage();
    const sent: (string | undefined)[] = [];
    page.on('request', (request) => {
      if (request.url().includes('tasks.record')) sent.push(request.headers()['idempotency-key']);
    });
    await page.goto(`${product.url}/day`);
    const panel = page.locator('article.task-panel');
    await toFirstTask(page);
    const taskId = new URL(page.url()).searchParams.get('task');
    await context.setOffline(true);
    await panel.locator('.task-outcome').first().click();
    await page.keyboard.press('7');
    await page.keyboard.press('Enter');
    await page.getByText('没有连上服务器').first().waitFor(WAIT);
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await context.setOffline(false);
    await page.getByText(/^已补发并保存/).waitFor(WAIT);
    await page.getByText(/份内容还没有发出/).waitFor({ state: 'hidden', ...WAIT });
    expect(new Set(sent).size).toBe(1);
    const response = await context.request.get(`${product.url}/trpc/tasks.get?input=${encodeURIComponent(JSON.stringify({ taskId }))}`);
    expect(((await response.json()) as { result: { data: { task: object } } }).result.data.task).toMatchObject({ status: 'done' });
    await context.close();
  });

  it('leaves the panel it was typed in, so that nobody records it again', async () => {
    const context = await enter('callback2');
    const page = await context.newPage();
    await page.goto(`${product.url}/day`);
    await toFirstTask(page);
    const name = await page.locator('article.task-panel').getAttribute('aria-label');
    const taskId = new URL(page.url()).searchParams.get('task');
    await context.setOffline(true);
    await page.keyboard.press('2');
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
    await page.keyboard.press('Enter');
    await page.getByText('还没有发出，联网后自动发送').waitFor(WAIT);
    await context.setOffline(false);
    await page.getByText(/^已补发并保存/).waitFor(WAIT);
    await page.waitForFunction((before) => document.querySelector('article.task-panel')?.getAttribute('aria-label') !== before, name, WAIT);
    expect(await page.getByText('没有连上服务器').count()).toBe(0);
    const response = await context.request.get(`${product.url}/trpc/tasks.get?input=${encodeURIComponent(JSON.stringify({ taskId }))}`);
    expect(((await response.json()) as { result: { data: { task: object } } }).result.data.task).toMatchObject({ attempts: 1 });
    await context.close();
  });
});

describe('a complaint of the day', () => {
  it('is found by its number, called from My day, and the call is written down', async () => {
    const care = await enter('ccmgr');
    const options = await care.request.get(`${product.url}/trpc/complaints.options`);
    const { departments } = ((await options.json()) as { result: { data: { departments: { id: string; kind: string }[] } } }).result.data;
    const { customerId } = await call<{ customerId: string }>(care, 'customers.create', { name: '待致电客户', phones: ['13900007321'] });
    const { complaint } = await call<{ complaint: { id: string; number: string } }>(care, 'complaints.register', {
      customerId,
      source: 'phone',
      kind: 'service.waiting',
      content: '等了三个小时没有人说明',
      departmentId: departments.find(({ kind }) => kind === 'service')?.id ?? '',
    });
    await care.close();
    const context = await enter('svcmgr');
    const page = await context.newPage();
    await page.goto(`${product.url}/day?complaint=${complaint.id}`);
    const panel = page.locator('article.task-panel', { hasText: complaint.number });
    const dial = panel.getByRole('button', { name: '拨打' });
    await dial.waitFor(WAIT);
    expect(await dial.innerText()).toMatch(/^拨打\s139\*+7321$/);
    await page.keyboard.press('d');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('待致电客户').waitFor(WAIT);
    expect(await dial.innerText()).toMatch(/^拨打\s13900007321$/);
    await dialog.getByLabel('说了什么').fill('已致歉，约明天上午到店');
    await page.keyboard.press('Control+Enter');
    await dialog.waitFor({ state: 'hidden', ...WAIT });
    await page.goto(`${product.url}/customers/${customerId}`);
    await page.getByRole('main').getByText('已致歉，约明天上午到店').first().waitFor(WAIT);
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog');
    await palette.getByRole('combobox').fill(complaint.number.slice(4));
    await palette.getByRole('option', { name: complaint.number }).first().click(WAIT);
    await page.waitForURL(`**/complaints/${complaint.id}`, WAIT);
    await context.close();
  });
});

describe('a number that was shown', () => {
  it('of one task is not dialled for the next', async () => {
    const context = await enter('callback');
    const page = await context.newPage();
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('tasks.revealPhone')) asked.push(request.postData() ?? '');
    });
    await page.goto(`${product.url}/day`);
    await toFirstTask(page);
    const panel = page.locator('article.task-panel');
    const dial = panel.getByRole('button', { name: '拨打' });
    const shown = /^拨打\s\d{11}$/;
    const masked = /^拨打\s\d{3}\*+\d{4}$/;
    const name = await panel.getAttribute('aria-label');
    await dial.waitFor(WAIT);
    expect(await dial.innerText()).toMatch(masked);
    await page.keyboard.press('d');
    await page.waitForFunction(() => /\d{11}/.test(document.querySelector('.task-call button')?.textContent ?? ''), null, WAIT);
    expect(await dial.innerText()).toMatch(shown);
    await page.keyboard.press('j');
    await page.waitForFunction((before) => document.querySelector('article.task-panel')?.getAttribute('aria-label') !== before, name, WAIT);
    await dial.waitFor(WAIT);
    expect(await dial.innerText()).toMatch(masked);
    await page.keyboard.press('d');
    await page.waitForFunction(() => /\d{11}/.test(document.querySelector('.task-call button')?.textContent ?? ''), null, WAIT);
    expect(new Set(asked).size).toBe(2);
    await context.close();
  });

  it('of one customer is not on the page of another', async () => {
    const context = await enter('ccmgr');
    const page = await context.newPage();
    const consents = [{ purpose: 'identity', channel: 'none' }];
    const create = (name: string, phone: string, idNumber: string) =>
      call<{ customerId: string }>(context, 'customers.create', { name, phones: [phone], idNumber, consents });
    const first = await create('证件甲', '13900008643', '329806198604021234');
    const second = await create('证件乙', '13900008644', '11010519491231002X');
    await page.goto(`${product.url}/customers/${first.customerId}`);
    const main = page.getByRole('main');
    const reveal = main.getByRole('button', { name: '显示完整号码' });
    await reveal.first().waitFor(WAIT);
    for (const button of (await reveal.all()).toReversed()) await button.click();
    await main.getByText('329806198604021234').waitFor(WAIT);
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog');
    await palette.getByRole('combobox').fill('证件乙');
    await palette.getByText('证件乙').last().click(WAIT);
    await page.waitForURL(`**/customers/${second.customerId}`, WAIT);
    await main.getByRole('heading', { name: '证件乙' }).first().waitFor(WAIT);
    expect(await main.getByText(/329806198604021234|13900008643/).count()).toBe(0);
    await context.close();
  });
});

describe('consent to the keeping of an ID number', () => {
  it('is not withdrawn without the warning that the number goes', async () => {
    const context = await enter('ccmgr');
    const page = await context.newPage();
    const { customerId } = await call<{ customerId: string }>(context, 'customers.create', {
      name: '证件客户',
      phones: ['13900008642'],
      idNumber: '329806198507294804',
      consents: [{ purpose: 'identity', channel: 'none' }],
    });
    await page.goto(`${product.url}/customers/${customerId}`);
    await page.getByRole('button', { name: '登记授权' }).click(WAIT);
    const dialog = page.getByRole('dialog', { name: '登记授权' });
    const warning = dialog.getByText('档案中的证件号码会一并删除，不能恢复');
    await dialog.getByText('不同意', { exact: true }).click(WAIT);
    expect(await warning.count()).toBe(0);
    await dialog.getByRole('combobox', { name: '用途' }).click();
    await page.locator('.ant-select-item-option', { hasText: '证件' }).click(WAIT);
    await warning.waitFor(WAIT);
    await dialog.getByLabel('取得方式').fill('客户来电');
    await dialog.getByRole('button', { name: '保存' }).click();
    await dialog.waitFor({ state: 'hidden', ...WAIT });
    expect(await call(context, 'customers.openForEdit', { customerId })).toMatchObject({ idNumberMasked: null, identityConsent: false });
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

describe('a task', () => {
  it('is not saved by the Enter that ends a Chinese word', async () => {
    const context = await enter('callback');
    const page = await context.newPage();
    await page.goto(`${product.url}/day`);
    await toFirstTask(page);
    let saved = 0;
    await page.route('**/trpc/tasks.record*', (route) => {
      saved += 1;
      return route.abort();
    });
    await page.getByRole('radio', { name: '接通', exact: false }).first().click(WAIT);
    const note = page.locator('textarea[data-note]');
    await note.fill('蒋先生');
    // The order of Safari: the composition is over, and the key that ended it still comes.
    await note.evaluate((field) =>
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true })),
    );
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    expect(saved).toBe(0);
    await note.press('Enter');
    await page.getByText('没有连上服务器').first().waitFor(WAIT);
    expect(saved).toBe(1);
    await context.close();
  });

  it('lets a slip of a key be mended by keys', async () => {
    const context = await enter('callback');
    const page = await context.newPage();
    await page.goto(`${product.url}/day`);
    await toFirstTask(page);
    const chosen = page.locator('.task-outcome[aria-checked=true] kbd');
    const note = page.locator('textarea[data-note]');
    const choose = async (digit: string) => {
      await page.keyboard.press(digit);
      await chosen.getByText(digit).waitFor(WAIT);
    };
    await choose('1');
    await choose('3');
    expect(await note.inputValue()).toBe('');
    await page.keyboard.type('下午 2 点再打');
    expect([await note.inputValue(), await chosen.innerText()]).toEqual(['下午 2 点再打', '3']);
    await page.keyboard.press('Escape');
    await choose('4');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await chosen.waitFor({ state: 'hidden', ...WAIT });
    expect(await note.inputValue()).toBe('下午 2 点再打');
    await context.close();
  });

  it('of the pool that a colleague takes and settles says so to whoever has it open', async () => {
    const [one, other] = [await enter('callback'), await enter('callback2')];
    const [mine, theirs] = [await one.newPage(), await other.newPage()];
    await mine.goto(`${product.url}/day?tab=unassigned`);
    await mine.locator('article.task-panel').getByRole('button', { name: '领取' }).waitFor(WAIT);
    const address = mine.url();
    await theirs.goto(address);
    await theirs.locator('article.task-panel').getByRole('button', { name: '领取' }).waitFor(WAIT);
    await theirs.locator('textarea[data-note]').fill('客户说周末来');
    await mine.keyboard.press('1');
    await theirs.getByText(/已由 \S+ 于 .+ 领取/).waitFor(WAIT);
    expect(await theirs.getByLabel('您写下、没有保存的内容，可以复制').inputValue()).toBe('客户说周末来');
    await mine.keyboard.press('7');
    await mine.keyboard.press('Enter');
    await mine.getByText('已记录').first().waitFor(WAIT);
    await theirs.getByText(/已由 \S+ 于 .+ 记录：已联系/).waitFor(WAIT);
    await theirs.locator('.task-lost').getByRole('button', { name: '下一' }).click();
    await theirs.waitForFunction((before) => location.href !== before, address, WAIT);
    await theirs.locator('.task-outcome').first().waitFor(WAIT);
    await Promise.all([one.close(), other.close()]);
  });

  it('recorded by mistake is taken back by one key, and recorded anew from what had been typed', async () => {
    const context = await enter('callback2');
    const page = await context.newPage();
    await page.goto(`${product.url}/day`);
    await toFirstTask(page);
    const name = await page.locator('article.task-panel').getAttribute('aria-label');
    const shown = (same: boolean) =>
      page.waitForFunction(
        ([before, wanted]) => (document.querySelector('article.task-panel')?.getAttribute('aria-label') === before) === wanted,
        [name, same] as const,
        WAIT,
      );
    const note = page.locator('textarea[data-note]');
    const saves = async (more: string) => {
      await page.keyboard.type(more);
      await page.keyboard.press('Enter');
      await page.getByRole('status').getByText(`已记录：${name}`).waitFor(WAIT);
      await shown(false);
    };
    const focused = () => note.evaluate((field) => field === document.activeElement);
    await page.keyboard.press('2');
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
    await saves('打错了');
    await page.keyboard.press('u');
    await page.getByText(`已撤回：${name}，请重新记录`).waitFor(WAIT);
    await shown(true);
    expect([await note.inputValue(), await focused()]).toEqual(['打错了', true]);
    await page.locator('.task-outcome[aria-checked=true]').getByText('未接通').waitFor(WAIT);
    await page.keyboard.press('Escape');
    await page.keyboard.press('1');
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
    // A survey is not saved before it says how satisfied he is; what was typed is no place for the digit.
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.classList.contains('task-said'));
    await page.keyboard.press('7');
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
    await saves('，其实接通了');

    // From the list of the day, and from the customer's time line, by Tab and Enter.
    const tabTo = async (within: string) => {
      const button = page.locator(within).getByRole('button', { name: '撤回' }).first();
      await button.waitFor(WAIT);
      for (let n = 0; n < 60 && !(await button.evaluate((element) => element === document.activeElement)); n += 1)
        await page.keyboard.press('Tab');
      expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA', undefined, WAIT);
      expect(await note.inputValue()).toBe('打错了，其实接通了');
    };
    await page.goto(`${product.url}/day`);
    await page.getByRole('button', { name: '今天的记录' }).waitFor(WAIT);
    await page.keyboard.press('u');
    const results = page.locator('.day-results li');
    await results.first().waitFor(WAIT);
    expect(await results.nth(1).locator('del').innerText()).toBe('未接通：打错了');
    const card = await results.first().getByRole('link').getAttribute('href');
    await tabTo('.day-results');
    await saves('');
    await page.goto(`${product.url}${card}`);
    await tabTo('.ui-timeline');
    expect(new URL(page.url()).pathname).toBe('/day');
    await context.close();
  });

  it('recorded without a network is called back before it goes out', async () => {
    const context = await enter('callback2');
    const page = await context.newPage();
    let sent = 0;
    await page.goto(`${product.url}/day`);
    await toFirstTask(page);
    await context.setOffline(true);
    await page.keyboard.press('1');
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
    await page.keyboard.press('7');
    await page.keyboard.type('先别发');
    await page.keyboard.press('Enter');
    await page.getByText('还没有发出，联网后自动发送').waitFor(WAIT);
    await page.getByRole('button', { name: '收回，先不发送' }).press('Enter');
    await page.getByText('还没有发出，联网后自动发送').waitFor({ state: 'hidden', ...WAIT });
    page.on('request', (request) => {
      if (request.url().includes('tasks.record')) sent += 1;
    });
    await context.setOffline(false);
    await page.getByText(/份内容还没有发出/).waitFor({ state: 'hidden', ...WAIT });
    const note = page.locator('textarea[data-note]');
    expect([await note.inputValue(), await note.evaluate((field) => field === document.activeElement), sent]).toEqual(['先别发', true, 0]);
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('已记录').waitFor(WAIT);
    expect(sent).toBe(1);
    await context.close();
  });

  it('is saved on a phone without scrolling, by targets a thumb meets', async () => {
    const context = await signedIn(browser, product, 'callback', { viewport: { width: 375, height: 812 }, reports });
    const page = await context.newPage();
    await page.goto(`${product.url}/day`);
    await page.locator(FIRST_TASK).click(WAIT);
    await page.getByRole('radio', { name: '未接通' }).click(WAIT);
    await page.locator('.task-chips .ant-btn').first().waitFor(WAIT);
    const save = await page.getByRole('button', { name: '保存，下一项' }).boundingBox();
    const bar = await page.locator('.shell-bottom').boundingBox();
    expect((save?.y ?? Infinity) + (save?.height ?? 0)).toBeLessThanOrEqual(bar?.y ?? 0);
    const targets = await page
      .locator('.task-chips .ant-btn, .task-other .ant-btn')
      .evaluateAll((buttons) => buttons.map((button) => button.getBoundingClientRect().height));
    expect(targets.length).toBeGreaterThan(3);
    expect(Math.min(...targets)).toBeGreaterThanOrEqual(44);
    await context.close();
  });

  it('that cannot be saved shows why where one looks, on a phone too', async () => {
    const context = await signedIn(browser, product, 'callback', { viewport: { width: 390, height: 844 }, reports });
    const page = await context.newPage();
    await page.goto(`${product.url}/day`);
    await page.locator('.day-line', { hasText: 'CSI 满意度回访' }).first().click(WAIT);
    await page.getByText('为什么联系').waitFor(WAIT);
    await page.getByRole('radio', { name: '已联系' }).click(WAIT);
    const answers = page.getByRole('radiogroup', { name: '客户是否满意' });
    await answers.waitFor(WAIT);
    const save = page.getByRole('button', { name: '保存，下一项' });
    const between = async (seen: Locator) => {
      const [box, bar, top] = await Promise.all([seen.boundingBox(), save.boundingBox(), page.locator('.shell-top').boundingBox()]);
      expect(box?.y ?? -1).toBeGreaterThanOrEqual((top?.y ?? Infinity) + (top?.height ?? 0));
      expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThanOrEqual(bar?.y ?? 0);
    };
    await page.evaluate(() => scrollTo(0, 0));
    await save.click();
    const fault = page.getByText('请选择客户是否满意');
    await fault.waitFor(WAIT);
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'radiogroup', undefined, WAIT);
    await between(answers);
    await between(fault);

    await answers.getByRole('radio', { name: '不满意' }).click();
    await page.getByLabel('客户原话').fill('等了两个小时');
    await page.getByLabel('投诉类别').click();
    await page.keyboard.press('Enter');
    await context.setOffline(true);
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await save.click();
    const failure = page.locator('.ui-form-failure');
    await failure.getByText('没有连上服务器').waitFor(WAIT);
    await between(failure);
    await context.close();
  });

  it('is skipped with a reason and handed to a colleague, and is off the list each time', async () => {
    const context = await enter('callback');
    const page = await context.newPage();
    await page.goto(`${product.url}/day`);
    const panel = page.locator('article.task-panel');
    const shown = () => panel.getAttribute('aria-label');
    const task = () => new URL(page.url()).searchParams.get('task');
    await toFirstTask(page);

    const first = await shown();
    await page.keyboard.press('s');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: '客户要求' }).check();
    await page.keyboard.press('Control+Enter');
    await page.getByText(`已跳过：${first}`).waitFor(WAIT);
    await page.waitForFunction((name) => document.querySelector('article.task-panel')?.getAttribute('aria-label') !== name, first, WAIT);

    const second = await shown();
    const secondTask = task();
    await panel.getByText('为什么联系').waitFor(WAIT);
    await page.keyboard.press('h');
    await dialog.getByLabel('转给').fill('许佳');
    await page.locator('.ant-select-item-option-active', { hasText: '许佳' }).first().waitFor(WAIT);
    await page.keyboard.press('Enter');
    await dialog.getByLabel('原因').fill('明天休假');
    await page.keyboard.press('Control+Enter');
    await dialog.waitFor({ state: 'hidden', ...WAIT });
    await page.waitForFunction((name) => document.querySelector('article.task-panel')?.getAttribute('aria-label') !== name, second, WAIT);
    expect(task()).not.toBe(secondTask ?? '');
    const colleague = await enter('callback2');
    const theirs = await colleague.newPage();
    await theirs.goto(`${product.url}/day`);
    await theirs
      .getByText(second ?? '')
      .first()
      .waitFor(WAIT);
    await Promise.all([context.close(), colleague.close()]);
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

it('all of that without one report of the pages’ policy', () => {
  expect(reports).toEqual([]);
});
