// A word to a reader who looks elsewhere: by the shell, where it can, else by the browser, which asks for leave first and only when the
// reader has asked for it.
import type { MainApi } from '../main/common/api.ts';
import type { AttentionMeans } from './attention.ts';

/** 'ask': the browser would have to be asked for leave. */
export type NotifyState = 'ready' | 'ask' | 'denied';

export const notifyState = (byShell: boolean): NotifyState => {
  if (byShell) return 'ready';
  if (typeof Notification === 'undefined' || Notification.permission === 'denied') return 'denied';
  return Notification.permission === 'granted' ? 'ready' : 'ask';
};

/** On the reader's action only. */
export async function askLeave(byShell: boolean): Promise<NotifyState> {
  if (notifyState(byShell) === 'ask') await Notification.requestPermission();
  return notifyState(byShell);
}

function notifyByBrowser(sentence: string) {
  if (notifyState(false) !== 'ready') return;
  const notice = new Notification('Longleaf', { body: sentence, tag: 'longleaf' });
  notice.onclick = () => {
    window.focus();
    notice.close();
  };
}

/** What `watchWork` works with in a window. */
export const attentionMeans = (api: MainApi, byShell: boolean): AttentionMeans => ({
  showProgress: (share) => void api.showProgress(share ?? null).catch(() => undefined),
  showTitle: (title) => {
    document.title = title;
  },
  notify: (sentence) => {
    if (byShell) void api.notify(sentence).catch(() => undefined);
    else notifyByBrowser(sentence);
  },
  isAway: () => document.hidden || !document.hasFocus(),
  now: () => performance.now(),
});
