import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** A static build beside the ledger's, which serves it. While developing, the ledger of the running stack answers. */
export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ['@exrec/source', 'module', 'browser', 'development|production'] },
  build: {
    outDir: '../../dist/apps/console',
    emptyOutDir: true,
    // The policy of the page allows no inline scripts, and no data: fonts or styles are needed.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(
      ['/api', '/session', '/version', '/health'].map((path) => [
        path,
        process.env.EXREC_URL ?? 'http://127.0.0.1:3680',
      ]),
    ),
  },
});
