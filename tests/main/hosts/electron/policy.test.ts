// What Electron's window may do: each door, tried without Electron.
import { describe, expect, test } from 'vitest';
import {
  appScheme,
  isOwnUrl,
  mayHave,
  mayLoad,
  mayNavigate,
  mayRequest,
  maySpeak,
  menuTemplate,
  unpacked,
  windowOptions,
} from '../../../../main/hosts/electron/policy.ts';

const foreign = [
  'https://example.org/',
  'http://127.0.0.1/',
  'file:///etc/passwd',
  'app://longleaf.evil/',
  'app://evil/',
  'app://longleaf:99/',
  'app://x@longleaf/',
  'app://user:pass@longleaf/',
  'apps://longleaf/',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'blob:https://example.org/1',
  'about:blank',
  'chrome://gpu',
  'devtools://devtools/bundled/x.html',
  'view-source:app://longleaf/',
  'ms-word:x',
  '//longleaf/',
  'app:longleaf',
  '',
];

test('no other address is ours', () => {
  expect(foreign.filter(isOwnUrl)).toEqual([]);
  expect(['app://longleaf/', 'app://longleaf/assets/a.js', 'APP://longleaf/'].every(isOwnUrl)).toBe(true);
});

test('the window navigates nowhere but to its own page', () => {
  expect(foreign.filter(mayNavigate)).toEqual([]);
  expect(
    ['app://longleaf/documents/x', 'app://longleaf/a.js', 'app://longleaf/?a', 'app://longleaf/sample.pdf'].filter(
      mayNavigate,
    ),
  ).toEqual([]);
  expect(mayNavigate('app://longleaf/')).toBe(true);
});

test('it loads its own origin and what it made itself', () => {
  const loaded = foreign.filter((url) => mayLoad(url, true));
  expect(loaded).toEqual(['data:text/html,<script>alert(1)</script>']);
  expect(mayLoad('blob:app://longleaf/0a', true)).toBe(true);
  expect([mayLoad('devtools://devtools/x', false), mayLoad('devtools://devtools/x', true)]).toEqual([true, false]);
});

test('every permission but copying text is denied', () => {
  const permissions = [
    'media',
    'geolocation',
    'notifications',
    'midi',
    'openExternal',
    'clipboard-read',
    'hid',
    'usb',
    'serial',
    'fileSystem',
    'unknown',
  ];
  expect(permissions.filter((permission) => mayHave(permission, 'app://longleaf/'))).toEqual([]);
  expect(mayHave('clipboard-sanitized-write', 'app://longleaf/')).toBe(true);
  expect(foreign.filter((url) => mayHave('clipboard-sanitized-write', url))).toEqual([]);
});

describe('a port', () => {
  const window = { url: 'app://longleaf/', isMainFrame: true, ownWindow: true };
  test('is for the main frame of our window', () => {
    expect(maySpeak(window)).toBe(true);
  });
  test.each([
    ['a frame in it', { ...window, isMainFrame: false }],
    ['another window', { ...window, ownWindow: false }],
    ['a page of another origin', { ...window, url: 'https://example.org/' }],
    ['a page that is gone', { ...window, url: '' }],
  ])('is not for %s', (_name, sender) => {
    expect(maySpeak(sender)).toBe(false);
  });
});

test('requests of our scheme come from our origin', () => {
  const from = (url: string, origin?: string) =>
    mayRequest({ url, headers: new Headers(origin === undefined ? {} : { origin }) });
  expect([from('app://longleaf/'), from('app://longleaf/documents/x', 'app://longleaf')]).toEqual([true, true]);
  expect([
    from('app://evil/'),
    from('app://longleaf/', 'https://example.org'),
    from('app://longleaf/', 'null'),
    from('app://longleaf/', ''),
  ]).toEqual([false, false, false, false]);
});

test('the page runs in the sandbox, in a world of its own, without Node', () => {
  expect(windowOptions('/app/dist/preload', undefined).webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
    allowRunningInsecureContent: false,
  });
  expect(appScheme.privileges).not.toHaveProperty('bypassCSP');
  expect(appScheme.privileges).not.toHaveProperty('corsEnabled');
});

test('developer tools are in the menu of a clone only', () => {
  const roles = (packaged: boolean) => JSON.stringify(menuTemplate('linux', packaged));
  expect([roles(true).includes('toggleDevTools'), roles(false).includes('toggleDevTools')]).toEqual([false, true]);
});

test('the window files of a packed app lie beside the archive', () => {
  expect(unpacked('/opt/Longleaf/resources/app.asar/dist/renderer')).toBe(
    '/opt/Longleaf/resources/app.asar.unpacked/dist/renderer',
  );
  expect(unpacked('C:\\Longleaf\\resources\\app.asar\\dist')).toBe('C:\\Longleaf\\resources\\app.asar.unpacked\\dist');
  expect(unpacked('/home/a/app.asarium/dist')).toBe('/home/a/app.asarium/dist');
});
