// Who may import whom (the table in ARCHITECTURE.md): the lint says no to each forbidden import, however it is written, and to none
// of the allowed ones. Each case is a file of its own in a folder of the same shape, linted with our biome.json.
import { execFile } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from './main/temporary-folder.ts';

const root = join(import.meta.dirname, '..');
const folder = temporaryFolder();
const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');

const forbidden: [folder: string, sources: string[]][] = [
  [
    'gpu',
    [
      '../reading/index.ts',
      '../main/common/api.ts',
      '../renderer/app.tsx',
      'node:fs',
      'fs',
      'electron',
      'webgpu',
      'zod',
    ],
  ],
  ['gpu/model', ['../../reading/document.ts', '../../main/app.ts', '../../tests/gpu/reference.ts']],
  [
    'reading',
    [
      '../gpu/index.ts',
      '../gpu/engine.ts',
      '../main/app.ts',
      '../renderer/document/pdf.ts',
      'pdfjs-dist',
      'pdfjs-dist/build/pdf.mjs',
    ],
  ],
  [
    'reading',
    ['node:fs', 'node:fs/promises', 'path', 'electron', 'webgpu', 'zod', '../gpu/engine.ts', './main/random.ts'],
  ],
  [
    'reading/layout',
    ['../../gpu/engine.ts', '../../gpu/gguf/header.ts', '../../main/common/api.ts', '../../renderer/app.tsx'],
  ],
  [
    'main/common',
    [
      '../app.ts',
      '../host.ts',
      '../places.ts',
      '../services/models.ts',
      '../hosts/chromium/host.ts',
      'node:fs',
      'fs',
      'electron',
      'ws',
    ],
  ],
  ['main/common', ['../../gpu/api.ts', '../../reading/document.ts', '../../renderer/app.tsx']],
  [
    'main',
    [
      './hosts/chromium/host.ts',
      './hosts/electron/policy.ts',
      '../gpu/api.ts',
      '../reading/index.ts',
      '../renderer/app.tsx',
      'electron',
      'electron/main',
      'webgpu',
    ],
  ],
  ['main/services', ['../hosts/terminal/index.ts', '../../gpu/api.ts', '../../reading/document.ts', 'electron']],
  ['main/services/database', ['../../hosts/chromium/host.ts', '../../../gpu/api.ts', '../../../renderer/app.tsx']],
  [
    'main/hosts/chromium',
    [
      '../electron/policy.ts',
      '../terminal/index.ts',
      '../../../gpu/api.ts',
      '../../../reading/index.ts',
      '../../../renderer/app.tsx',
      'electron',
      'webgpu',
    ],
  ],
  [
    'main/hosts/electron',
    [
      '../chromium/host.ts',
      '../terminal/index.ts',
      '../../../gpu/api.ts',
      '../../../reading/index.ts',
      '../../../renderer/app.tsx',
      'webgpu',
    ],
  ],
  [
    'main/hosts/terminal',
    [
      '../chromium/host.ts',
      '../electron/policy.ts',
      '../../../renderer/app.tsx',
      '../../../tests/main/random.ts',
      'electron',
    ],
  ],
  [
    'renderer',
    [
      '../main/app.ts',
      '../main/host.ts',
      '../main/places.ts',
      '../main/requests.ts',
      '../main/services/models.ts',
      '../main/hosts/electron/policy.ts',
    ],
  ],
  [
    'renderer',
    [
      '../gpu/index.ts',
      '../gpu/engine.ts',
      './main/random.ts',
      'node:fs',
      'fs',
      'electron',
      'webgpu',
      'better-sqlite3',
    ],
  ],
  [
    'renderer/views',
    ['../../main/app.ts', '../../main/graphics.ts', '../../gpu/index.ts', '../../gpu/runtime/device.ts', 'node:path'],
  ],
];
const allowed: [file: string, sources: string[]][] = [
  ['gpu/model/a.ts', ['../api.ts', './llama.ts', '../runtime/tensor.ts', '../kernels/rope.wgsl?raw']],
  ['reading/a.ts', ['./document.ts', './layout/lines.ts']],
  ['main/common/a.ts', ['./api.ts', 'zod', 'birpc']],
  ['main/a.ts', ['./host.ts', './common/api.ts', './services/models.ts', 'node:fs']],
  [
    'main/services/database/a.ts',
    ['../../common/api.ts', '../disk-error.ts', './migrations.ts', 'better-sqlite3', 'node:path'],
  ],
  ['main/hosts/chromium/a.ts', ['../../app.ts', '../../common/rpc.ts', './guard.ts', 'ws', 'node:http']],
  ['main/hosts/electron/a.ts', ['../../app.ts', './policy.ts', 'electron', 'node:path']],
  [
    'main/hosts/terminal/a.ts',
    ['../../places.ts', '../../../gpu/index.ts', '../../../reading/index.ts', 'webgpu', 'node:fs'],
  ],
  [
    'renderer/views/a.tsx',
    ['../state.ts', '../../main/common/api.ts', '../../reading/document.ts', '../../gpu/api.ts', 'react'],
  ],
  [
    'renderer/engine/engine.worker.ts',
    ['../gpu/index.ts', '../gpu/runtime/device.ts', '../reading/index.ts', '../main/common/rpc.ts'],
  ],
];

/** Every way to name another file. */
const forms: [name: string, write: (source: string) => string][] = [
  ['import', (source) => `import { a } from '${source}';\nexport const b = a;\n`],
  ['import type', (source) => `import type { A } from '${source}';\nexport type B = A;\n`],
  ['bare import', (source) => `import '${source}';\n`],
  ['import()', (source) => `export const a = () => import('${source}');\n`],
  ['export from', (source) => `export { a } from '${source}';\n`],
];

const written = new Map<string, string>();
const write = (file: string, text: string, shown: string) => {
  mkdirSync(dirname(folder(file)), { recursive: true });
  writeFileSync(folder(file), text);
  written.set(file, shown);
};
/** Files in which the lint found an import that is not allowed. */
const refused = new Set<string>();

const lint = async (): Promise<void> => {
  const config = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
  writeFileSync(folder('biome.json'), JSON.stringify({ ...config, $schema: undefined, vcs: undefined }));
  const args = ['lint', '--only=style/noRestrictedImports', '--reporter=json', '--max-diagnostics=none', '.'];
  const report = await new Promise<string>((done) =>
    execFile(process.execPath, [biome, ...args], { cwd: folder(''), maxBuffer: 1e9 }, (_error, out) => done(out)),
  );
  for (const { category, location } of JSON.parse(report).diagnostics) {
    if (category === 'lint/style/noRestrictedImports')
      refused.add(location.path.replaceAll('\\', '/').replace(/^\.\//, ''));
  }
};

const forbiddenFiles: string[] = [];
const allowedFiles: string[] = [];
beforeAll(async () => {
  let number = 0;
  for (const [name, text] of forms) {
    for (const [under, sources] of forbidden) {
      for (const source of sources) {
        const file = `${under}/case-${number++}.ts`;
        write(file, text(source), `${under}: ${name} ${source}`);
        forbiddenFiles.push(file);
      }
    }
  }
  for (const [file, sources] of allowed) {
    write(
      file,
      sources.map((source, i) => `import { a as a${i} } from '${source}';\nexport const b${i} = a${i};\n`).join(''),
      file,
    );
    allowedFiles.push(file);
  }
  await lint();
});

test('the lint refuses every import that the table forbids', () => {
  expect(forbiddenFiles.filter((file) => !refused.has(file)).map((file) => written.get(file))).toEqual([]);
});

test('and none that it allows', () => {
  expect(allowedFiles.filter((file) => refused.has(file))).toEqual([]);
});

test('reading takes types alone from gpu/api.ts', () => {
  const importing = globSync('reading/**/*.ts', { cwd: root }).flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/^(.*)[^\n]*from '[./]+gpu\/api\.ts'/gm)].map(
      ([, start]) => start,
    ),
  );
  expect(importing.length).toBeGreaterThan(0);
  expect(importing.filter((start) => !/^(import|export) type /.test(start))).toEqual([]);
});
