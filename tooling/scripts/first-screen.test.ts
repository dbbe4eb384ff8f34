import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { builtApp, isBuilt, SCREENS, weigh } from './first-screen.ts';

describe('first screens keep their budget (12)', () => {
  it.for(SCREENS)('$app: $name', ({ app, budgetKb, ...screen }, { skip }) => {
    if (!isBuilt(app)) skip(`${app} is not built`);
    const { totalKb, files } = weigh(screen, builtApp(app));
    const heaviest = files.slice(0, 8).map(({ file, kb }) => `${file} ${kb.toFixed(1)}`);
    expect(totalKb, `heaviest: ${heaviest.join(', ')}`).toBeLessThanOrEqual(budgetKb);
  });
});

describe('weighing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'first-screen-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const contents = {
    'index.html': '<html>',
    'entry.js': 'entry'.repeat(50),
    'shared.js': 'shared'.repeat(50),
    'page.js': 'page'.repeat(50),
    'page.css': 'css'.repeat(50),
    'later.js': 'later'.repeat(50),
  };
  for (const [name, text] of Object.entries(contents)) writeFileSync(join(folder, name), text);
  mkdirSync(join(folder, '.vite'));
  writeFileSync(
    join(folder, '.vite', 'manifest.json'),
    JSON.stringify({
      'index.html': { file: 'entry.js', imports: ['_shared.js'], dynamicImports: ['src/Page.tsx', 'src/Later.tsx'] },
      '_shared.js': { file: 'shared.js', imports: ['index.html'] },
      'src/Page.tsx': { file: 'page.js', imports: ['_shared.js'], css: ['page.css'] },
      'src/Later.tsx': { file: 'later.js' },
    }),
  );
  const kb = (...names: (keyof typeof contents)[]) =>
    names.reduce((sum, name) => sum + gzipSync(contents[name], { level: 9 }).length / 1000, 0);

  it('counts page, entry, screen, style and what they share once, and nothing that comes later', () => {
    expect(weigh({ modules: ['src/Page.tsx'] }, folder).totalKb).toBeCloseTo(
      kb('index.html', 'entry.js', 'shared.js', 'page.js', 'page.css'),
    );
  });
  it('knows no screen that was renamed', () => {
    expect(() => weigh({ modules: ['src/Gone.tsx'] }, folder)).toThrow('src/Gone.tsx');
  });
});
