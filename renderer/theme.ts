// Light, dark, or as the system says: one attribute on <html>, from which styles/tokens.css takes its colours.
import { useEffect, useSyncExternalStore } from 'react';
import type { Settings } from '../main/common/api.ts';

export function useTheme(theme: Settings['theme']): void {
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);
}

/** After system comes light, after light dark. */
export const nextTheme = (theme: Settings['theme']): Settings['theme'] =>
  theme === 'system' ? 'light' : theme === 'light' ? 'dark' : 'system';

/** One pane at a time; the stylesheets say the same. */
export const NARROW = '(max-width: 800px)';

/** Whether a media query holds now. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = matchMedia(query);
      list.addEventListener('change', changed);
      return () => list.removeEventListener('change', changed);
    },
    () => matchMedia(query).matches,
  );
}
