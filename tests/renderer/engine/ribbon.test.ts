import { expect, test } from 'vitest';
import {
  describeWindow,
  layoutOfPlan,
  layoutOfReceipt,
  pageAtShare,
  reachOf,
} from '../../../renderer/engine/ribbon.ts';
import { document, reply } from '../some-document.ts';

const { window: receipt } = reply('summary', []);

test('a page reaches from its first token to the first of the next page', () => {
  const spans = [
    { sentence: 0, start: 5, end: 300 },
    { sentence: 1, start: 302, end: 480 },
    { sentence: 2, start: 482, end: 900 },
  ];
  const plan = { ids: [], spans, contextLength: 2_048, ropeFactor: 4, receipt };
  expect(layoutOfPlan(document, plan).pages).toEqual([
    { page: 1, start: 5, end: 302 },
    { page: 2, start: 302, end: 482 },
    { page: 3, start: 482, end: 900 },
  ]);
});

test('a stored receipt shares its tokens by the length of the pages that were read', () => {
  expect(layoutOfReceipt(document, receipt).pages).toEqual([
    { page: 1, start: 0, end: 400 },
    { page: 2, start: 400, end: 600 },
    { page: 3, start: 600, end: 1_000 },
  ]);
  const part = layoutOfReceipt(document, { ...receipt, pagesRead: [[2, 3]], pagesLeftOut: [[1, 1]] });
  expect(part.pages.map(({ page }) => page)).toEqual([2, 3]);
});

test('a page is within the trained range, across its end, or past it', () => {
  const reaches = layoutOfReceipt(document, receipt).pages.map((span) => reachOf(span, 512));
  expect(reaches).toEqual(['trained', 'across', 'stretched']);
});

test('a point of the strip is a page', () => {
  const { pages } = layoutOfReceipt(document, receipt);
  expect([0, 0.39, 0.41, 0.61, 0.999].map((at) => pageAtShare(pages, at)?.page)).toEqual([1, 1, 2, 3, 3]);
  expect(pageAtShare([], 0.5)).toBeUndefined();
});

test('the strip in words names tokens, pages, factor and what was left out', () => {
  const words = describeWindow(layoutOfReceipt(document, { ...receipt, pagesLeftOut: [[4, 6]] }));
  for (const part of ['1,000 of 32,768', 'pages 1–3', '512', 'by 4', 'Left out: pages 4–6'])
    expect(words).toContain(part);
});
