import { createElement, type FunctionComponent } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { blindTo, PLACE } from '../../renderer/views/blind-to.ts';
import type { ViewProps } from '../../renderer/views/view-props.ts';
import { opened } from './some-document.ts';

/** As React asks a memo. */
const isSame = (View: FunctionComponent<ViewProps>, before: ViewProps, now: ViewProps): boolean =>
  (View as unknown as { compare(before: ViewProps, now: ViewProps): boolean }).compare(before, now);

test('a view is drawn anew for all that changes but what it does not show', () => {
  const Blind = blindTo<ViewProps>(({ now }) => createElement('p', null, now.document?.name), PLACE);
  const props = { now: opened(), chooseFile: () => undefined } as unknown as ViewProps;
  const after = (change: Partial<ViewProps['now']>): ViewProps => ({ ...props, now: { ...props.now, ...change } });
  expect(renderToStaticMarkup(createElement(Blind, props))).toContain('<p>');
  expect(isSame(Blind, props, after({ here: { page: 2, y: 0 }, zoom: 2, trail: [] }))).toBe(true);
  expect(isSame(Blind, props, after({ tab: 'ask' }))).toBe(false);
  // What was not there before is a change too.
  expect(isSame(Blind, props, after({ job: { kind: 'summary', stopping: false } }))).toBe(false);
  expect(isSame(Blind, props, { ...props, chooseFile: () => undefined })).toBe(false);
});
