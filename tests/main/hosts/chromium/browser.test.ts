// Finding a browser, and what it is started with.
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { webGpuSwitches } from '../../../../main/graphics.ts';
import { findBrowser, hasDisplay, quietFlags, webGpuFlags } from '../../../../main/hosts/chromium/browser.ts';
import { claimProfile } from '../../../../main/hosts/chromium/profile.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();
const only =
  (...paths: string[]) =>
  (path: string) =>
    paths.includes(path);

describe('a browser', () => {
  test('is found where each system has it', () => {
    expect(findBrowser({ PATH: '/usr/local/bin:/usr/bin' }, 'linux', only('/usr/bin/chromium'))).toBe(
      '/usr/bin/chromium',
    );
    const edge = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe';
    expect(findBrowser({ 'PROGRAMFILES(X86)': 'C:\\Program Files (x86)' }, 'win32', only(edge))).toBe(edge);
    const chrome = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
    expect(findBrowser({ HOME: '/Users/a' }, 'darwin', only(chrome))).toBe(chrome);
  });

  test('is Chrome before Chromium, wherever they lie', () => {
    const both = only('/a/chromium', '/b/google-chrome');
    expect(findBrowser({ PATH: '/a:/b' }, 'linux', both)).toBe('/b/google-chrome');
  });

  test('is not looked for in folders relative to where the app was started', () => {
    expect(findBrowser({ PATH: '.:bin' }, 'linux', () => true)).toBeUndefined();
  });

  test('that the reader names comes first, and nothing else when it is not there', () => {
    expect(findBrowser({ LONGLEAF_BROWSER: '/x', PATH: '/usr/bin' }, 'linux', () => true)).toBe('/x');
    expect(
      findBrowser({ LONGLEAF_BROWSER: '/x', PATH: '/usr/bin' }, 'linux', only('/usr/bin/chromium')),
    ).toBeUndefined();
  });

  test('is not there', () => {
    expect(findBrowser({ PATH: '/usr/bin' }, 'linux', () => false)).toBeUndefined();
  });
});

test('its window needs a display on Linux', () => {
  expect([
    hasDisplay({}, 'linux'),
    hasDisplay({ DISPLAY: ':0' }, 'linux'),
    hasDisplay({ WAYLAND_DISPLAY: 'w' }, 'linux'),
  ]).toEqual([false, true, true]);
});

test('its sandbox is never switched off', () => {
  for (const platform of ['linux', 'darwin', 'win32']) {
    for (const gpu of [true, false]) {
      expect([...quietFlags, ...webGpuFlags(platform, gpu)].join()).not.toMatch(
        /no-sandbox|disable-web-security|disable-gpu-sandbox/,
      );
    }
  }
});

test('WebGPU is switched on where it is off, and in software only where there is no GPU', () => {
  const keeps = ['disable-domain-blocking-for-3d-apis', 'disable-renderer-backgrounding'];
  const kept = keeps.map((name) => `--${name}`);
  expect(webGpuSwitches('win32', true)).toEqual(keeps.map((name) => [name, '']));
  expect(webGpuFlags('linux', true)).toEqual([...kept, '--enable-unsafe-webgpu', '--enable-features=Vulkan']);
  expect(webGpuFlags('linux', false)).toEqual([...kept, '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']);
});

test('two running apps have two profiles, and the next start has a free one', () => {
  const first = claimProfile(folder('browser'));
  const second = claimProfile(folder('browser'));
  expect([first.folder, second.folder]).toEqual([folder('browser-1'), folder('browser-2')]);
  expect(existsSync(first.folder)).toBe(true);
  first.release();
  expect(claimProfile(folder('browser')).folder).toBe(first.folder);
});
