// Views that are not drawn anew for what they do not show: every page that is scrolled past changes the state, and would draw the whole
// window otherwise.
import { type FunctionComponent, memo } from 'react';
import type { State } from '../state.ts';
import type { ViewProps } from './view-props.ts';

/** Where the reader is, and where the pages are asked to go. */
export const PLACE = ['here', 'target', 'trail', 'zoom', 'pane'] as const satisfies readonly (keyof State)[];

/** Drawn anew when any of its properties changes, or any part of the state but these. */
export const blindTo = <Props extends ViewProps>(
  View: FunctionComponent<Props>,
  unseen: readonly (keyof State)[],
): FunctionComponent<Props> =>
  memo(View, (before, now) =>
    sameBut(before, now, (key) =>
      key === 'now' ? sameBut(before.now, now.now, (part) => unseen.includes(part as keyof State)) : false,
    ),
  ) as FunctionComponent<Props>;

function sameBut<T extends object>(before: T, now: T, isSame: (key: string) => boolean): boolean {
  const keys = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...keys].every((key) => Object.is(before[key as keyof T], now[key as keyof T]) || isSame(key));
}
