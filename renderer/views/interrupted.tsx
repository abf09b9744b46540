// Replies that were begun and never ended: the app was closed or killed while they were made.
import { CirclePause } from 'lucide-react';
import { when } from '../format.ts';
import type { ViewProps } from './view-props.ts';

export function Interrupted({ now, session, kind }: ViewProps & { kind: 'summary' | 'answer' }) {
  const begun = now.document?.interrupted.filter(({ request }) => request.kind === kind) ?? [];
  return begun.map((one) => {
    const name = kind === 'summary' ? 'A summary' : `“${one.request.question ?? ''}”`;
    return (
      <section key={one.id} className="todo" aria-label="Interrupted">
        <CirclePause size={18} strokeWidth={1.7} aria-hidden="true" />
        <p>
          <strong>Unfinished.</strong> {name} was begun {when(one.createdAt)} and interrupted.
          {one.request.inParts && ' What was read of it is kept.'}
        </p>
        {one.written && <p className="interrupted-part">{one.written.text}…</p>}
        <div className="todo-acts">
          <button
            type="button"
            className="button primary"
            disabled={now.job !== undefined}
            onClick={() => void session.continueRun(one)}
          >
            Continue
          </button>
          <button type="button" className="button" onClick={() => void session.forgetInterruption(one)}>
            Dismiss
          </button>
        </div>
      </section>
    );
  });
}
