// Prints assets/sample/sample.html to assets/sample.pdf: tagged, with an outline. Run by hand after the text was changed, with the
// folder of Source Serif 4's static cuts (the `files` folder of the npm package @fontsource/source-serif-4) as argument.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { findBrowser } from '../tests/support/browser.ts';

const [fonts] = process.argv.slice(2);
if (!fonts) {
  console.error('node tools/make-sample.mjs FOLDER_OF_FONTS');
  process.exit(2);
}

const face = async (weight, style) => {
  const bytes = await readFile(join(fonts, `source-serif-4-latin-${weight}-${style}.woff2`));
  const url = `data:font/woff2;base64,${bytes.toString('base64')}`;
  return `@font-face { font-family: "Serif"; font-weight: ${weight}; font-style: ${style}; src: url(${url}); }`;
};

const source = fileURLToPath(new URL('../assets/sample/sample.html', import.meta.url));
const browser = await chromium.launch(await findBrowser());
try {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(source).href);
  const faces = [face(400, 'normal'), face(600, 'normal'), face(400, 'italic')];
  await page.addStyleTag({ content: (await Promise.all(faces)).join('\n') });
  await page.evaluate(() => Promise.all([...document.fonts].map((font) => font.load())));
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true, tagged: true, outline: true });
  await writeFile(new URL('../assets/sample.pdf', import.meta.url), pdf);
} finally {
  await browser.close();
}
