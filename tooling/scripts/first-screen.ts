import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What a browser fetches before a screen stands: the page, its entry, and the modules the screen adds, each with its imports. */
export type Screen = {
  readonly name: string;
  readonly app: 'console' | 'reports';
  /** Sources that the screen brings beside the entry: its page, its frame, its words. */
  readonly modules: readonly string[];
  /** Most it may weigh, gzip, in thousands of bytes. */
  readonly budgetKb: number;
};

const words = (...names: readonly string[]) => ['first', ...names].map((name) => `packages/i18n/src/zh/${name}.ts`);

/**
 * The first screens and their budgets. The release stops at 420 (console) and 380 (reports); the aim is 250 and 200, and each
 * budget stands just above what is reached, so that nothing comes in unnoticed. Source: 12, targets for our product.
 */
export const SCREENS: readonly Screen[] = [
  { name: 'sign-in', app: 'console', modules: [...words(), 'src/shell/SignInPage.tsx'], budgetKb: 245 },
  {
    name: 'my day',
    app: 'console',
    modules: [...words('tasks', 'care'), 'src/shell/Shell.tsx', 'src/features/tasks/MyDayPage.tsx'],
    budgetKb: 285,
  },
  { name: 'home', app: 'reports', modules: [...words('reports'), 'src/shell/Shell.tsx', 'src/features/home/HomePage.tsx'], budgetKb: 235 },
];

type Chunk = { readonly file: string; readonly imports?: readonly string[]; readonly css?: readonly string[] };
type Manifest = Readonly<Record<string, Chunk>>;

export type Weight = { readonly totalKb: number; readonly files: readonly { readonly file: string; readonly kb: number }[] };

/** Where an app lies when it is built. */
export function builtApp(app: Screen['app']): string {
  return join(ROOT, 'apps', app, 'dist');
}

export function isBuilt(app: Screen['app']): boolean {
  return existsSync(join(builtApp(app), '.vite', 'manifest.json'));
}

/** Weighs a screen of a built app, every file once. Throws when the build has no such module, as after a renaming. */
export function weigh({ modules }: Pick<Screen, 'modules'>, folder: string): Weight {
  const manifest = JSON.parse(readFileSync(join(folder, '.vite', 'manifest.json'), 'utf8')) as Manifest;
  const files = new Set(['index.html']);
  const seen = new Set<string>();
  const take = (key: string) => {
    if (seen.has(key)) return;
    seen.add(key);
    const chunk = manifest[key];
    if (!chunk) throw new Error(`the build in ${folder} has no ${key}`);
    files.add(chunk.file);
    for (const sheet of chunk.css ?? []) files.add(sheet);
    for (const imported of chunk.imports ?? []) take(imported);
  };
  take('index.html');
  for (const module of modules) {
    const key = Object.keys(manifest).find((source) => source.endsWith(module));
    if (!key) throw new Error(`the build in ${folder} has no chunk of ${module}`);
    take(key);
  }
  const weighed = [...files]
    .map((file) => ({ file, kb: gzipSync(readFileSync(join(folder, file)), { level: 9 }).length / 1000 }))
    .toSorted((a, b) => b.kb - a.kb);
  return { totalKb: weighed.reduce((sum, { kb }) => sum + kb, 0), files: weighed };
}
