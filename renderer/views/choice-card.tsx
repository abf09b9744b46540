// The choice when a document does not fit into the window: all of it in parts, some of its pages, a larger factor, or another model.
// Nothing is left out unless the reader says so.
import { BookOpen, Cpu, Layers, Settings, StretchHorizontal } from 'lucide-react';
import type { ReactNode } from 'react';
import { LARGEST_WINDOW } from '../../reading/window.ts';
import { count, pagesPhrase, plural, roughSpan } from '../format.ts';
import type { OpenDocument } from '../state.ts';
import type { ViewProps } from './view-props.ts';

export function ChoiceCard({ now, session, store }: ViewProps) {
  const { choice, refused } = now.document!;
  const busy = now.job !== undefined;
  if (!choice) return <p>{refused?.sentence}</p>;
  const { needed, capacity, pages, larger } = choice;
  return (
    <div className="choice">
      <p className="choice-lead">
        This document needs {count(needed)} tokens and the window holds {count(capacity)}. How should it be read?
      </p>
      <ul className="choice-list">
        <Way
          icon={<Layers size={18} strokeWidth={1.6} aria-hidden="true" />}
          name={`All of it, in ${plural(choice.parts.count, 'part')}`}
          act={() => void session.choose({ inParts: true })}
          busy={busy}
          best
        >
          Every page is read; the parts are summed up together, and each sentence keeps its page.{' '}
          {timeOf(now.document!)}
        </Way>
        {pages && (
          <Way
            icon={<BookOpen size={18} strokeWidth={1.6} aria-hidden="true" />}
            name={`Only ${pagesPhrase([pages])}`}
            act={() => void session.choose({ pages: [pages] })}
            busy={busy}
          >
            What fits at once. The other pages are not read, and the reply says so.
          </Way>
        )}
        {larger && (
          <Way
            icon={<StretchHorizontal size={18} strokeWidth={1.6} aria-hidden="true" />}
            name={`Stretch the window ×${larger.factor}`}
            act={() => void session.choose({ ropeFactor: larger.factor })}
            busy={busy}
          >
            Room for {count(larger.capacity)} tokens. {larger.note}
          </Way>
        )}
        {now.settings.largestWindow < LARGEST_WINDOW && (
          <Way
            icon={<Settings size={18} strokeWidth={1.6} aria-hidden="true" />}
            name="A larger window"
            act={() => store.update((s) => ({ ...s, dialog: { kind: 'settings' } }))}
            busy={busy}
          >
            Windows are set to {count(now.settings.largestWindow)} tokens at most. The settings change that.
          </Way>
        )}
        <Way
          icon={<Cpu size={18} strokeWidth={1.6} aria-hidden="true" />}
          name="Another model"
          act={() => void session.showModels()}
          busy={busy}
        >
          {needed > LARGEST_WINDOW
            ? `No window holds more than ${count(LARGEST_WINDOW)} tokens; another model may read the parts better.`
            : 'One with a larger window. Those that this document fits into are marked.'}
        </Way>
      </ul>
    </div>
  );
}

function timeOf({ partsSeconds, parts }: OpenDocument): string {
  if (partsSeconds !== undefined)
    return `About ${roughSpan(partsSeconds)} on this machine; it can be stopped and continued.`;
  return parts ? 'Measuring how long that takes…' : 'It can be stopped and continued.';
}

interface WayProps {
  icon: ReactNode;
  name: string;
  children: ReactNode;
  act(): void;
  busy: boolean;
  best?: boolean;
}

const Way = ({ icon, name, children, act, busy, best }: WayProps) => (
  <li>
    <button type="button" className="choice-way" data-best={best || undefined} onClick={act} disabled={busy}>
      {icon}
      <span className="choice-name">{name}</span>
      <span className="choice-about">{children}</span>
    </button>
  </li>
);
