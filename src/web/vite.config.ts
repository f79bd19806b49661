// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { defineConfig } from 'vite';

/** Builds the page into build/page, from where the service serves it (daemon/page-files.ts). */
export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: 'automatic' } },
  build: {
    outDir: join(import.meta.dirname, '../../build/page'),
    emptyOutDir: true,
    // What runs it: browsers of 2024 and later. noVNC waits for one promise at the top of a module.
    target: 'es2022',
    // An inlined file would be a data: URL, which the Content-Security-Policy does not let pass.
    assetsInlineLimit: 0,
    // A polyfill would be an inline script.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // "use client" is for servers that render React; here is none.
      onLog: (level, log, print) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') print(level, log);
      },
    },
  },
});
