import react from '@vitejs/plugin-react';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin, UserConfig } from 'vite';

/** Stands in the built page where the server puts the nonce of each answer. */
export const NONCE_PLACEHOLDER = '__CSP_NONCE__';

/** Where the server listens while an application is developed. */
const API = 'http://127.0.0.1:4200';

type App = {
  /** Path the application is served under, with slashes at both ends. */
  readonly base: string;
  readonly port: number;
};

/**
 * How both web applications are built.
 *
 * The page carries no inline script and no inline style. Vite marks its tags, and a meta element that antd's styles read,
 * with a placeholder nonce. The server replaces every placeholder with a fresh random nonce per answer and sends
 * `script-src 'self' 'nonce-…'; style-src 'self' 'nonce-…'`; the page itself must not be cached, the hashed assets forever.
 */
export function webApp({ base, port }: App): UserConfig {
  return {
    base,
    plugins: [react(), withinPolicy(), compressed()],
    html: { cspNonce: NONCE_PLACEHOLDER },
    server: { port, strictPort: true, proxy: { '/trpc': API, '^/imports/(files$|[^/]+/files/)': API } },
    build: {
      target: 'es2023',
      // What each screen fetches is read from it, and held to a budget.
      manifest: true,
      // Modules are preloaded by markup; the browsers we support need no script for that.
      modulePreload: { polyfill: false },
      // A font or picture inside a style sheet as data: would need a wider policy.
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 700,
      rolldownOptions: {
        // The calendars say nothing of themselves, but only compute: a screen that asks neither has neither.
        treeshake: {
          moduleSideEffects: [{ test: /packages\/(core|i18n)\/src\/|node_modules\/(tyme4ts|chinese-days)\//, sideEffects: false }],
        },
        output: {
          // React changes with our dependencies, not with our screens: it stays cached. Everything else splits by route.
          codeSplitting: { groups: [{ name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// }] },
        },
      },
    },
  };
}

/** The style elements that rc-util writes: what its callers do not say of a nonce. */
const CSP_OF_CALLER = /\bcsp,(?=\s+prepend,)/;
const CSP_OF_PAGE = `csp = { nonce: document.querySelector('meta[property="csp-nonce"]')?.nonce },`;

// Two libraries ask the browser for what the page's policy refuses, and go on without it; every refusal is a report.
// - antd's dialogs lock the page's scrolling with a style element, and measure scroll bars with another. Neither takes the
//   nonce of ConfigProvider: it becomes the default of the one function that writes them. A version that reads otherwise
//   fails the build.
// - zod tries whether it may compile its checks; in a page it never may.
function withinPolicy(): Plugin {
  return {
    name: 'baoke-within-policy',
    apply: 'build',
    transform: {
      filter: { id: [/@rc-component\/util\/es\/Dom\/dynamicCSS\.js$/, /\/zod\/v4\/core\/core\.js$/] },
      handler(code, id) {
        if (id.includes('/zod/')) return { code: `${code}\nconfig({ jitless: true });\n`, map: null };
        if (!CSP_OF_CALLER.test(code)) this.error(`${id} no longer takes its nonce where it did: see withinPolicy in packages/ui/vite.ts`);
        return { code: code.replace(CSP_OF_CALLER, CSP_OF_PAGE), map: null };
      },
    },
  };
}

const SMALLEST_COMPRESSED = 1024;
const COMPRESSIBLE = /\.(js|css|svg)$/;

// The server sends what lies beside a file as .br or .gz: packed once here, not with every answer. Only a written file
// is finished: Vite fills in the lists of preloads last.
function compressed(): Plugin {
  return {
    name: 'baoke-compressed',
    apply: 'build',
    async writeBundle({ dir = 'dist' }, bundle) {
      const names = Object.keys(bundle).filter((name) => COMPRESSIBLE.test(name));
      await Promise.all(
        names.map(async (name) => {
          const file = join(dir, name);
          const source = await readFile(file);
          if (source.length < SMALLEST_COMPRESSED) return;
          await writeFile(`${file}.gz`, gzipSync(source, { level: 9 }));
          await writeFile(`${file}.br`, brotliCompressSync(source, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }));
        }),
      );
    },
  };
}
