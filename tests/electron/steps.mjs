// What the smoke test does in a window, whichever shell shows it: the sample is opened and summarised, a citation leads to its page,
// and the doors that a page has no business with are shut.
import assert from 'node:assert/strict';

const minutes = 60_000;

/** Opens the sample, makes a summary, follows its first citation; returns the number of citations. */
export const summariseSample = async (page) => {
  await page.getByRole('button', { name: 'Try the sample' }).click();
  await page.getByRole('button', { name: 'Summarise', exact: true }).click({ timeout: minutes });
  const chips = page.getByRole('button', { name: /^p\. \d+, show in the document$/ });
  await chips.first().waitFor({ timeout: 8 * minutes });
  const name = await chips.first().getAttribute('aria-label');
  const number = Number(/\d+/.exec(name)[0]);
  await chips.first().click();
  const sheet = page.getByLabel(new RegExp(`^Page ${number} of \\d+$`)).first();
  await sheet.waitFor({ timeout: minutes });
  const box = await sheet.boundingBox();
  const height = await page.evaluate(() => innerHeight);
  assert.ok(box && box.y < height && box.y + box.height > 0, `page ${number} is in view`);
  assert.equal(await chips.first().getAttribute('aria-current'), 'true');
  return chips.count();
};

/** Each name, and whether that door was found open. */
export const probeDoors = (page) =>
  page.evaluate(async () => {
    const inline = document.createElement('script');
    inline.textContent = 'window.inlineScriptRan = true';
    document.head.append(inline);
    const frame = document.createElement('iframe');
    frame.src = 'https://example.org/';
    document.body.append(frame);
    const rejected = (promise) =>
      promise.then(
        () => false,
        () => true,
      );
    const doors = {
      'Node in the page': typeof globalThis.require !== 'undefined' || typeof globalThis.process !== 'undefined',
      'Electron in the page': Object.keys(globalThis).some((key) => /electron|ipc/i.test(key)),
      'inline script': globalThis.inlineScriptRan === true,
      'a new window': globalThis.open('https://example.org/') !== null,
      'a request to the net': !(await rejected(fetch('https://example.org/', { mode: 'no-cors' }))),
      'a file of the disk': !(await rejected(fetch('file:///etc/passwd'))),
      'a path that climbs': (await fetch('/assets/..%2f..%2fpackage.json')).ok,
      camera: !(await rejected(navigator.mediaDevices.getUserMedia({ video: true }))),
      notifications: (await navigator.permissions.query({ name: 'notifications' })).state === 'granted',
    };
    frame.remove();
    return doors;
  });

export const assertShut = (doors) => {
  assert.deepEqual(
    Object.entries(doors).filter(([, open]) => open),
    [],
    'every door is shut',
  );
};
