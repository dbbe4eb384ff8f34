import type { BrowserContext } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { toFirstTask, useDesk, WAIT } from './desk.ts';

const { product, enter, call, expectPolicyKept } = useDesk();

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
    // Who is highlighted in the list was chosen by nobody.
    await keys.press('Tab');
    expect(await dialog.getByRole('checkbox').evaluate(isHere)).toBe(true);
    await dialog.getByText('刘鹏 2 位、陈洁 1 位').waitFor(WAIT);
    await keys.press('Control+Enter');
    await page.getByText('已修改 3 位客户').waitFor(WAIT);
    await rows.filter({ hasText: '陈洁' }).waitFor(WAIT);
    expect(await rows.filter({ hasText: '刘鹏' }).count()).toBe(2);

    const [{ id }] = (await call<{ items: [{ id: string }] }>(context, 'customers.list', { source: '批量试点', sort: 'advisor' })).items;
    await call(context, 'customers.update', { customerId: id, version: 2, changes: { advisorId: null } });
    await go('button', '撤销批量修改');
    await keys.press('Enter');
    await dialog.getByText('3 位客户的服务顾问改为 刘鹏、陈洁').waitFor(WAIT);
    await dialog.locator('button:focus', { hasText: '撤销批量修改' }).waitFor(WAIT);
    await keys.press('Enter');
    await page.getByText('已恢复 2 位客户；1 位之后又有改动').waitFor(WAIT);
    await page.waitForFunction(() => !document.querySelector('main tbody')?.textContent?.includes('刘鹏'), undefined, WAIT);
    expect(await page.getByRole('button', { name: '撤销批量修改' }).count()).toBe(0);
    await context.close();
  });
});

describe('a new customer who may be on file', () => {
  it('is refused in view of whoever saves at the foot of the form, in one sentence', async () => {
    const context = await enter('salesmgr', { viewport: { width: 1280, height: 720 } });
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

describe('files that are somebody else', () => {
  it('are told so by the keyboard, and the hand ends at what saves', async () => {
    const context = await enter('salesmgr', { viewport: { width: 1280, height: 720 } });
    const page = await context.newPage();
    const alike = { name: '同名同姓', birthDate: '1985-03-07' };
    const one = await call<{ customerId: string }>(context, 'customers.create', { ...alike, phones: ['13900006441'] });
    await call(context, 'customers.create', { ...alike, phones: ['13900006442'], seenDuplicates: [one.customerId] });
    await page.goto(`${product.url}/customers/new`);
    await page.getByLabel('姓名').first().fill('同名同姓', WAIT);
    await page.getByLabel('出生日期').first().fill('1985-03-07');
    await page.keyboard.press('Enter');
    await page.locator('input[id^=phones]').first().fill('13900006443');
    const other = page.getByRole('button', { name: '不是同一人' });
    await other.nth(1).waitFor(WAIT);
    await page.getByRole('main').getByRole('button', { name: '保存', exact: true }).click();
    const failure = page.locator('.ui-form-failure');
    await failure.waitFor(WAIT);
    await other.first().focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.textContent === '不是同一人', undefined, WAIT);
    expect(await failure.count()).toBe(1);
    await page.keyboard.press('Enter');
    await failure.waitFor({ state: 'hidden', ...WAIT });
    await page.keyboard.press('Control+Enter');
    await page.waitForURL(/\/customers\/[0-9a-f-]{36}$/, WAIT);
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

describe('what the card counts', () => {
  it('is there to open: tasks in my day, everything else in the time line', async () => {
    const context = await enter('ccmgr');
    const page = await context.newPage();
    const { customerId } = await call<{ customerId: string }>(context, 'customers.create', { name: '待办客户', phones: ['13900005317'] });
    const dueOn = new Date(Date.now() + 32 * 3_600_000).toISOString().slice(0, 10); // tomorrow in the store
    const { taskId } = await call<{ taskId: string }>(context, 'tasks.add', {
      customerId,
      dueOn,
      note: '回电说明配件到货',
      channel: 'phone',
    });
    await call(context, 'contacts.record', { customerId, channel: 'phone', outcome: 'reached', content: '问配件何时到' });
    await page.goto(`${product.url}/customers/${customerId}`);
    const open = page.getByRole('region', { name: '未了事项' });
    await open.getByText('1 项任务待办').waitFor(WAIT);
    expect(await open.getByRole('listitem').count()).toBe(1);
    await page.getByRole('button', { name: '联系 1 次' }).click(WAIT);
    await page.locator('.ant-tag-checkable-checked', { hasText: '联系' }).waitFor(WAIT);
    await page.getByText('问配件何时到').first().waitFor(WAIT);
    await open.getByRole('link').click(WAIT);
    await page.waitForURL(`**/day?task=${taskId}`, WAIT);
    await page.locator('article.task-panel').getByText('回电说明配件到货').first().waitFor(WAIT);
    await context.close();
  });
});

expectPolicyKept();
