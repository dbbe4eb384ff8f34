import react from '@vitejs/plugin-react';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin, UserConfig } from 'vite';

/** Stands in the built page where the server puts the nonce of each answer. */
export const NONCE_PLACEHOLDER = '__CSP_NONCE__';

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
    plugins: [react(), compressed()],
    html: { cspNonce: NONCE_PLACEHOLDER },
    server: { port, strictPort: true, proxy: { '/trpc': 'http://127.0.0.1:4200' } },
    build: {
      target: 'es2023',
      // Modules are preloaded by markup; the browsers we support need no script for that.
      modulePreload: { polyfill: false },
      // A font or picture inside a style sheet as data: would need a wider policy.
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 700,
      rolldownOptions: {
        treeshake: { moduleSideEffects: [{ test: /packages\/(core|i18n)\/src\//, sideEffects: false }] },
        output: {
          // React changes with our dependencies, not with our screens: it stays cached. Everything else splits by route.
          codeSplitting: { groups: [{ name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// }] },
        },
      },
    },
  };
}

const COMPRESSIBLE = /\.(js|css|svg)$/;

// The server sends what lies beside a file as .br or .gz: packed once here, not with every answer.
function compressed(): Plugin {
  return {
    name: 'baoke-compressed',
    apply: 'build',
    generateBundle(_, bundle) {
      for (const [fileName, file] of Object.entries(bundle)) {
        if (!COMPRESSIBLE.test(fileName)) continue;
        const source = Buffer.from(file.type === 'chunk' ? file.code : file.source);
        if (source.length < 1024) continue;
        this.emitFile({ type: 'asset', fileName: `${fileName}.gz`, source: gzipSync(source, { level: 9 }) });
        this.emitFile({
          type: 'asset',
          fileName: `${fileName}.br`,
          source: brotliCompressSync(source, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }),
        });
      }
    },
  };
}
