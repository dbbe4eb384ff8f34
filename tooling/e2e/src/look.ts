import { mkdirSync } from 'node:fs';
import { launchBrowser } from './browser.ts';

// Takes pictures of pages for a person to look at: `node look.ts URL USER OUT path[@widthxheight][@en] …`
const [, , url = '', user = '', out = '', ...pages] = process.argv;
mkdirSync(out, { recursive: true });
const browser = await launchBrowser();
for (const page of pages) {
  const [path = '/', size = '1440x900', language = 'zh'] = page.split('@');
  const [width = 1440, height = 900] = size.split('x').map(Number);
  const context = await browser.newContext({
    viewport: { width, height },
    locale: language === 'en' ? 'en-US' : 'zh-CN',
    timezoneId: 'Asia/Shanghai',
  });
  await context.request.post(`${url}/trpc/access.signIn`, { data: { username: user, password: 'baoke-demo-2026' } });
  await context.request.post(`${url}/trpc/access.setLocale`, { data: { locale: language } });
  const tab = await context.newPage();
  const faults: string[] = [];
  tab.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  tab.on('pageerror', (error) => faults.push(error.message));
  await tab.goto(`${url}${path}`);
  await tab.waitForLoadState('networkidle', { timeout: 8_000 }).catch(() => {});
  await tab.evaluate(() => document.fonts.ready.then(() => {}));
  const name = `${out}/${user}${path.replaceAll(/[^a-z0-9]+/gi, '-')}-${width}-${language}.png`;
  await tab.screenshot({ path: name });
  console.log(name, faults.slice(0, 3).join(' | '));
  await context.close();
}
await browser.close();
