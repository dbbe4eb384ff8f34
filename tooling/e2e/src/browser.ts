import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser } from 'playwright-core';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const INSTALLED = ['/usr/bin/chromium', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/**
 * A real browser: the Chromium that comes from npm on Linux x64, an installed one elsewhere.
 *
 * The npm Chromium unpacks itself into the temporary folder and takes whatever lies there, so it gets a folder of its
 * own; the libraries that a bare machine lacks come with it and are shown to the browser alone.
 */
export async function launchBrowser(): Promise<Browser> {
  if (process.platform === 'linux' && process.arch === 'x64') {
    const temporary = join(ROOT, '.cache', 'chromium');
    mkdirSync(temporary, { recursive: true });
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = temporary;
    process.env['AWS_LAMBDA_JS_RUNTIME'] = 'nodejs24.x';
    try {
      const { default: packaged } = await import('@sparticuz/chromium');
      const executablePath = await packaged.executablePath();
      // The browser ends at the first Chinese sign where fontconfig knows no font at all: it is shown the one that was unpacked.
      const fontconfig = join(temporary, 'fontconfig.conf');
      writeFileSync(
        fontconfig,
        `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${join(temporary, 'fonts')}</dir><cachedir>${join(temporary, 'fontcache')}</cachedir></fontconfig>`,
      );
      const libraries = [join(temporary, 'al2023', 'lib'), join(temporary, 'al2', 'lib')].filter((folder) => existsSync(folder));
      return await chromium.launch({
        executablePath,
        args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--no-first-run'],
        // Where no language is set, a file's Chinese name is none to the browser.
        env: { ...process.env, LC_ALL: 'C.UTF-8', LD_LIBRARY_PATH: libraries.join(':'), FONTCONFIG_FILE: fontconfig } as Record<
          string,
          string
        >,
      });
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    }
  }
  const executablePath = process.env['CHROME'] ?? INSTALLED.find((path) => existsSync(path));
  if (!executablePath) throw new Error('No Chromium comes from npm for this platform. Install Chrome or say where it is: CHROME=/path');
  return chromium.launch({ executablePath });
}
