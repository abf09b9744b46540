// One build for everything: the window (client), the Node entry points (node) and Electron's preload (CommonJS, because the
// sandbox accepts nothing else). `vite build --app` writes dist/; vitest reads the same file.
import { builtinModules } from 'node:module';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** Packages that stay imports in the Node build: native ones, and those that only a clone has. */
const external = ['electron', 'better-sqlite3', 'webgpu', 'pdfjs-dist', 'playwright-core', '@sparticuz/chromium'];

const nodeBuild = (input: Record<string, string>, outDir: string, format: 'es' | 'cjs') => ({
  consumer: 'server' as const,
  resolve: { conditions: ['node'], noExternal: true as const, external },
  build: {
    outDir,
    emptyOutDir: true,
    target: 'node22',
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input,
      external: [
        /^electron$/,
        /^better-sqlite3$/,
        /^webgpu$/,
        /^pdfjs-dist/,
        /^playwright-core/,
        /^@sparticuz/,
        ...builtinModules,
        /^node:/,
      ],
      output: { format, entryFileNames: format === 'cjs' ? '[name].cjs' : '[name].js' },
    },
  },
});

export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react()],
  worker: { format: 'es' },
  environments: {
    client: { build: { outDir: '../dist/renderer', emptyOutDir: true, target: 'chrome140' } },
    node: nodeBuild(
      {
        electron: 'main/hosts/electron/index.ts',
        chromium: 'main/hosts/chromium/index.ts',
        terminal: 'main/hosts/terminal/index.ts',
        extractor: 'main/hosts/terminal/extractor.ts',
        'pdf-thread': 'main/hosts/terminal/pdf-thread.ts',
      },
      '../dist/main',
      'es',
    ),
    preload: nodeBuild({ preload: 'main/hosts/electron/preload.ts' }, '../dist/preload', 'cjs'),
  },
  builder: {},
  test: {
    root: '.',
    dir: 'tests',
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // A second, as it is by default, is a pause of a busy machine.
    expect: { poll: { timeout: 120_000 } },
    globalSetup: ['tests/build.ts'],
  },
});
