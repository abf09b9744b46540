// How the window looks: light, dark, or as the system says, and how large its text is; attributes on <html>, from which styles/tokens.css
// takes colours and size.
import { useEffect, useSyncExternalStore } from 'react';
import type { Settings } from '../main/common/api.ts';

export function useLook({ theme, textSize }: Settings): void {
  useEffect(() => {
    const { dataset } = document.documentElement;
    if (theme === 'system') delete dataset.theme;
    else dataset.theme = theme;
    dataset.textSize = textSize;
  }, [theme, textSize]);
}

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
