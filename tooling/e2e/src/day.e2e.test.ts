import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { FIRST_TASK, toFirstTask, useDesk, WAIT } from './desk.ts';

const { product, enter, call, expectPolicyKept } = useDesk();

describe('what nobody has yet', () => {
  it('is listed by the role it is for, and offered to that role first', async () => {
    const context = await enter('ccmgr');
    const page = await context.newPage();
    await page.goto(`${product.url}/team`);
    const pile = page.getByRole('button', { name: /^待领取（回访员）/ });
    await pile.click(WAIT);
    await page.waitForURL(/tab=unassigned&role=FU_AGENT/, WAIT);
    await page.locator('.team-person[aria-current=true]', { hasText: '待领取（回访员）' }).waitFor(WAIT);
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

describe('a page left open', () => {
  it('over midnight shows the day that began', async () => {
    const context = await enter('callback');
    const page = await context.newPage();
    await page.clock.install();
    await page.goto(`${product.url}/day`);
    await toFirstTask(page);
    await page.clock.fastForward(61_000);
    const asksAnew = (call: string) => page.waitForRequest((request) => request.url().includes(call), WAIT);
    // A day later it is another one, whatever the hour.
    await Promise.all([asksAnew('tasks.myDay'), asksAnew('tasks.counts'), page.clock.fastForward('24:00:00')]);
    await context.close();
  });
});

describe('tasks given away by the keyboard', () => {
  it('go to the chosen and to nobody whom an open list marks', async () => {
    const context = await enter('ccmgr');
    const page = await context.newPage();
    await page.goto(`${product.url}/team?tab=unassigned&role=FU_AGENT`);
    const boxes = page.locator('tr[data-row-key]').getByRole('checkbox');
    await boxes.nth(1).waitFor(WAIT);
    await boxes.nth(0).check();
    await boxes.nth(1).check();
    await page.getByRole('button', { name: /^转派/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: '原因' }).fill('休假');
    await dialog.getByLabel('接收人').focus();
    await page.keyboard.type('许佳');
    await page.locator('.ant-select-item-option-active', { hasText: '许佳' }).waitFor(WAIT);
    await page.keyboard.press('Enter');
    await dialog.locator('.ant-select-selection-item', { hasText: '许佳' }).waitFor(WAIT);
    await page.locator('.ant-select-item-option-active').filter({ hasNotText: '许佳' }).waitFor(WAIT);
    const [sent] = await Promise.all([
      page.waitForRequest((request) => request.url().includes('tasks.reassign'), WAIT),
      page.keyboard.press('Control+Enter'),
    ]);
    expect((sent.postDataJSON() as { toIds: string[] }).toIds).toHaveLength(1);
    await page.getByText('已转派 2 项').waitFor(WAIT);
    await context.close();
  });
});

describe('a task that is no call', () => {
  it('offers what fits its way, in buttons and keys', async () => {
    const context = await enter('sc');
    const page = await context.newPage();
    const { customerId } = await call<{ customerId: string }>(context, 'customers.create', {
      name: '收信客户',
      phones: ['13900006421'],
      province: '江苏省',
      address: '苏州市工业园区星湖街328号',
    });
    const dueOn = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10); // today in the store
    const task = { customerId, dueOn, note: '寄出感谢信' };
    const { taskId } = await call<{ taskId: string }>(context, 'tasks.add', { ...task, channel: 'letter' });
    await page.goto(`${product.url}/day?task=${taskId}`);
    const panel = page.locator('article.task-panel');
    await panel.getByRole('radio', { name: '已寄出' }).waitFor(WAIT);
    await panel.getByRole('link', { name: '客户档案' }).last().waitFor(WAIT);
    await panel.getByRole('heading', { name: '内容要点' }).waitFor(WAIT);
    await panel.getByText(/^寄至：江苏省 .*\*/).waitFor(WAIT);
    await panel.getByRole('textbox', { name: '备注（选填）' }).waitFor(WAIT);
    expect(await panel.getByRole('button', { name: /拨打|显示号码/ }).count()).toBe(0);
    await page.keyboard.press('1');
    await panel.getByRole('radio', { name: '已寄出', checked: true }).waitFor(WAIT);

    const { taskId: byMessage } = await call<{ taskId: string }>(context, 'tasks.add', { ...task, channel: 'wechat' });
    await page.goto(`${product.url}/day?task=${byMessage}`);
    await panel.getByRole('radio', { name: '未回复' }).waitFor(WAIT);
    await panel.getByRole('button', { name: '显示号码' }).click(WAIT);
    await panel.getByRole('button', { name: /13900006421/ }).waitFor(WAIT);
    expect(await panel.getByRole('button', { name: '拨打' }).count()).toBe(0);
    await context.close();
  });
});

describe('the lists that results are sorted by', () => {
  it('say which name is which, to whoever looks and whoever listens', async () => {
    const context = await enter('admin');
    const page = await context.newPage();
    await page.goto(`${product.url}/settings?section=results`);
    const list = page.locator('.settings-codes').first();
    expect(await list.locator('.settings-codes-head', { hasText: '英文名' }).innerText(WAIT)).toMatch(/^中文名\s+英文名$/);
    expect(await list.getByRole('textbox', { name: '接待服务 中文名' }).inputValue(WAIT)).toBe('接待服务');
    expect(await list.getByRole('textbox', { name: '接待服务 英文名' }).inputValue(WAIT)).toBe('Reception and attitude');
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
    // The same words as in My day.
    await form.getByText('1 已联系').waitFor(WAIT);
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
    await page.getByText('还没有发出，联网后自动发送').waitFor(WAIT);
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
    await page.getByText('还没有发出，联网后自动发送').waitFor(WAIT);
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
    await page.locator('.day-line', { hasText: 'CSI 满意度回访' }).first().click(WAIT);
    await page.getByRole('heading', { name: '话术' }).waitFor(WAIT);
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

  it('typed over while it waits says that it does not go by itself, until it is saved again', async () => {
    const context = await enter('callback2');
    const page = await context.newPage();
    let sent = 0;
    await page.goto(`${product.url}/day`);
    await toFirstTask(page);
    await context.setOffline(true);
    await page.keyboard.press('2');
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
    await page.keyboard.type('没人接');
    await page.keyboard.press('Enter');
    const waiting = page.getByText('还没有发出，联网后自动发送');
    const held = page.getByText('没有发出，也不会自动发送：请再保存一次');
    await waiting.waitFor(WAIT);
    expect(await page.locator('.ui-form-failure').count()).toBe(1);
    await page.keyboard.type('了');
    await held.waitFor(WAIT);
    expect([await waiting.count(), await page.getByText('没有连上服务器').count()]).toEqual([0, 0]);
    page.on('request', (request) => {
      if (request.url().includes('tasks.record')) sent += 1;
    });
    await context.setOffline(false);
    await page.getByText('网络已断开', { exact: false }).waitFor({ state: 'hidden', ...WAIT });
    expect([await held.count(), sent]).toEqual([1, 0]);
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('已记录').waitFor(WAIT);
    expect(sent).toBe(1);
    await context.close();
  });

  it('is written above the bar that saves it, with what is asked in sight', async () => {
    const context = await enter('callback', { viewport: { width: 1280, height: 720 } });
    const page = await context.newPage();
    await page.goto(`${product.url}/day`);
    await page.locator('.day-line', { hasText: 'CSI 满意度回访' }).first().click(WAIT);
    await page.getByRole('heading', { name: '话术' }).waitFor(WAIT);
    const box = async (selector: string) => (await page.locator(selector).boundingBox()) ?? { x: 0, y: NaN, width: 0, height: NaN };
    const inSight = async () => {
      const [head, said, note, bar] = await Promise.all(['.task-head', '.task-said', 'textarea[data-note]', '.task-save'].map(box));
      return said!.y >= head!.y + head!.height && said!.y < note!.y && note!.y + note!.height <= bar!.y && bar!.y + bar!.height <= 720;
    };
    await page.keyboard.press('1');
    await page.getByRole('radiogroup', { name: '客户是否满意' }).waitFor(WAIT);
    await expect.poll(inSight, WAIT).toBe(true);
    await page.keyboard.press('7');
    for (const line of ['客户很满意', '下月回厂', '换轮胎']) {
      await page.keyboard.type(line);
      await page.keyboard.press('Shift+Enter');
    }
    await expect.poll(inSight, WAIT).toBe(true);
    await context.close();
  });

  it('keeps the call at the right of a long reason', async () => {
    const context = await enter('callback', { viewport: { width: 1280, height: 720 } });
    const page = await context.newPage();
    const { customerId } = await call<{ customerId: string }>(context, 'customers.create', { name: '长事由', phones: ['13900006431'] });
    const dueOn = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10); // today in the store
    const note = '质保 2027-02-23 到期；原排 2026-11-29，当天电话已排满，顺延，客户希望周末接到电话';
    const { taskId } = await call<{ taskId: string }>(context, 'tasks.add', { customerId, dueOn, note });
    await page.goto(`${product.url}/day?task=${taskId}`);
    const [who, button] = [page.locator('.task-head-who'), page.locator('.task-head > .task-call')];
    await who.getByText(note).waitFor(WAIT);
    const [text, side] = [await who.boundingBox(), await button.boundingBox()];
    expect(side?.x ?? 0).toBeGreaterThanOrEqual((text?.x ?? Infinity) + (text?.width ?? 0));
    expect(side?.y ?? Infinity).toBeLessThan((text?.y ?? 0) + 24);
    await context.close();
  });

  it('that opens with its list stands in sight there', async () => {
    const context = await enter('callback', { viewport: { width: 1280, height: 720 } });
    const page = await context.newPage();
    await page.goto(`${product.url}/day`);
    await toFirstTask(page);
    const queue = page.locator('.day-queue');
    await queue.evaluate((list) => list.scrollTo(0, 900));
    await page.locator('.ui-scopes').getByRole('button', { name: '即将到来' }).click();
    await page.waitForURL(/tab=upcoming&task=/, WAIT);
    const seen = async () => {
      const [line, heading] = await Promise.all([
        queue.locator('[aria-current=true]').boundingBox(),
        queue.locator('.day-group').first().boundingBox(),
      ]);
      return (line?.y ?? 0) >= (heading?.y ?? Infinity) + (heading?.height ?? 0) - 1;
    };
    await expect.poll(seen, WAIT).toBe(true);
    await context.close();
  });

  it('is saved on a phone without scrolling, by targets a thumb meets', async () => {
    const context = await enter('callback', { viewport: { width: 375, height: 812 } });
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
    const context = await enter('callback', { viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    await page.goto(`${product.url}/day`);
    await page.locator('.day-line', { hasText: 'CSI 满意度回访' }).first().click(WAIT);
    await page.getByRole('heading', { name: '话术' }).waitFor(WAIT);
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
    await failure.getByText('还没有发出，联网后自动发送').waitFor(WAIT);
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
    await panel.getByRole('heading', { name: '话术' }).waitFor(WAIT);
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

expectPolicyKept();
