// What every view is handed: the state as it is now, and where its actions go.
import type { Acts } from '../acts.ts';
import type { GlanceStore } from '../glance.ts';
import type { Finding } from '../search/finding.ts';
import type { Session } from '../session.ts';
import type { State } from '../state.ts';
import type { Store } from '../store.ts';

export interface ViewProps {
  store: Store;
  /** What moves with the mouse and the scroll. */
  glance: GlanceStore;
  finding: Finding;
  session: Session;
  now: State;
  /** What a key or the palette may ask for. */
  acts: Acts;
  /** Shows the system's file dialog. */
  chooseFile(): void;
}
