import { WORDS_OF, type WordsOf } from '../../packages/i18n/src/lazy.ts';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const APPS = fileURLToPath(new URL('../../apps/', import.meta.url));
const STATIC_IMPORT = /^(?:import|export)(?! type)[^;]*?from '(\.[^']+)'/gms;
const NEEDED_LATER = /needWords\(\[([^\]]*)\]\)/g;
const ROUTE = /staticData: \{ words: \[([^\]]*)\] \},\s*component: lazyRouteComponent\(\(\) => import\('([^']+)'\)/g;

const namesIn = (list: string) => [...list.matchAll(/'(\w+)'/g)].map((found) => found[1]);

function sourcesOf(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file) || !existsSync(file)) return seen;
  seen.add(file);
  for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(STATIC_IMPORT)) sourcesOf(resolve(dirname(file), path), seen);
  return seen;
}

/** Capabilities whose keys stand in the sources: `'tasks.title'`, `` `care.rules.${key}.name` ``. */
function sectionsIn(files: Iterable<string>): WordsOf[] {
  const text = [...files].map((file) => readFileSync(file, 'utf8')).join('\n');
  return WORDS_OF.filter((name) => new RegExp(`['"\`]${name}\\.[a-zA-Z$]`).test(text));
}

const screens = globSync('{console,reports}/src/{features/**/,}{routes.ts,router.tsx}', { cwd: APPS }).flatMap((routes) => {
  const text = readFileSync(resolve(APPS, routes), 'utf8');
  return [...text.matchAll(ROUTE)].map(([, words = '', page = '']) => ({
    page: resolve(APPS, dirname(routes), page),
    words: namesIn(words),
  }));
});

it('finds the pages that name their words', () => {
  expect(screens.length).toBeGreaterThan(8);
});

it.each(screens.map(({ page, words }) => ({ page: page.slice(APPS.length), words })))(
  '$page waits for every word it shows at first',
  ({ page, words }) => {
    const used = sectionsIn(sourcesOf(resolve(APPS, page)));
    expect(words).toEqual(expect.arrayContaining(used));
  },
);

// What follows a page in a piece of its own fetches the words it adds before it is shown.
it.each(['TaskPanel.tsx', 'DayComplaintPanel.tsx'])('%s of my day waits for the words that the queue does without', (open) => {
  const page = resolve(APPS, 'console/src/features/tasks/MyDayPage.tsx');
  const later = [...readFileSync(page, 'utf8').matchAll(NEEDED_LATER)].flatMap(([, list = '']) => namesIn(list));
  const queue = screens.find((screen) => screen.page === page)?.words ?? [];
  const used = sectionsIn(sourcesOf(resolve(dirname(page), open)));
  expect([...queue, ...later]).toEqual(expect.arrayContaining(used));
});
