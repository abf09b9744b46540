// What a summary should be: how long, what for, by section, and whether quoted or told by the model; where no model at hand tells, that
// one can be added.
import { catalogue } from '../../main/common/catalogue.ts';
import { size } from '../format.ts';
import type { State, Wish } from '../state.ts';
import { Segments } from './segments.tsx';
import type { ViewProps } from './view-props.ts';

const LENGTHS: readonly { value: Wish['length']; name: string }[] = [
  { value: 'short', name: 'Short' },
  { value: 'medium', name: 'Medium' },
  { value: 'long', name: 'Long' },
];

const MODES: readonly { value: Wish['mode']; name: string }[] = [
  { value: 'quotes', name: 'Word for word' },
  { value: 'prose', name: 'Told by the model' },
];

export function SummaryOptions({ now, store, acts }: ViewProps) {
  const { wish, document } = now;
  const change = (part: Partial<Wish>) => store.update((s) => ({ ...s, wish: { ...s.wish, ...part } }));
  return (
    <div className="wish">
      <Segments name="Length" options={LENGTHS} value={wish.length} choose={(length) => change({ length })} />
      {document?.prose && (
        <Segments name="In what words" options={MODES} value={wish.mode} choose={(mode) => change({ mode })} />
      )}
      {document?.layout && !document.prose && <Prose gpu={now.gpu} add={acts.models} />}
      <label className="wish-purpose">
        <span>What for</span>
        <input
          type="text"
          maxLength={200}
          placeholder="for a lawyer, the risks, …"
          value={wish.purpose}
          onChange={(event) => change({ purpose: event.currentTarget.value })}
        />
      </label>
      <label className="wish-check">
        <input
          type="checkbox"
          checked={wish.bySection}
          onChange={(event) => change({ bySection: event.currentTarget.checked })}
        />
        Section by section
      </label>
    </div>
  );
}

/** The model to recommend, where there is a card for it. */
function Prose({ gpu, add }: { gpu: State['gpu']; add(): void }) {
  const { name, bytes } = catalogue[0]!;
  return (
    <p className="wish-prose">
      This model quotes, word for word.{' '}
      <button type="button" className="link" onClick={add}>
        Add one that writes prose
      </button>
      {gpu.status === 'found' && !gpu.software && `: ${name}, ${size(bytes)}, for one`}
    </p>
  );
}
