// The models at hand: which one reads, how to add one from a file, and how to take one away again.
import { Check, FileUp, Loader, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { ModelRow } from '../../main/common/api.ts';
import type { ViewProps } from '../app.tsx';
import { plural } from '../format.ts';
import { modelOf } from '../replies.ts';
import type { State } from '../state.ts';

type Asked = Extract<State['dialog'], { kind: 'models' }>;

const size = (bytes: number): string =>
  bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;

export function ModelList(props: ViewProps & { asked: Asked; close(): void }) {
  const { now, session, asked, close } = props;
  const input = useRef<HTMLInputElement>(null);
  const chosen = modelOf(now);
  const busy = asked.importing || now.job !== undefined;
  return (
    <>
      <p className="dialog-text">
        A model is one GGUF file. It is copied into Longleaf’s own folder, runs on this machine, and what it reads stays
        here.
      </p>
      <ul className="models">
        {now.models.map((model) => (
          <ModelItem key={model.id} model={model} chosen={model.id === chosen?.id} busy={busy} {...props} />
        ))}
      </ul>
      <KeptOnDisk {...props} />
      <p className="model-state" role="status">
        {asked.importing && (
          <>
            <Loader className="spin" size={15} aria-hidden="true" /> Checking and copying the file…
          </>
        )}
        {asked.problem && <span className="model-problem">{asked.problem}</span>}
      </p>
      <input
        ref={input}
        type="file"
        accept=".gguf"
        aria-label="Import a model file"
        hidden
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          currentTarget.value = '';
          if (file) void session.importModel(file);
        }}
      />
      <div className="dialog-foot">
        <button type="button" className="button" onClick={() => input.current?.click()} disabled={busy}>
          <FileUp size={15} strokeWidth={1.75} aria-hidden="true" /> Import a file…
        </button>
        <button type="button" className="button primary" onClick={close}>
          Done
        </button>
      </div>
    </>
  );
}

const BUDGETS: readonly [number, string][] = [
  [0, 'nothing'],
  [2e9, 'up to 2 GB'],
  [8e9, 'up to 8 GB'],
  [32e9, 'up to 32 GB'],
];

/** What was read into models and lies on the disk, so that it need not be read again. */
function KeptOnDisk({ now, session }: ViewProps) {
  const [usage, setUsage] = useState<{ count: number; bytes: number }>();
  useEffect(() => {
    void session.snapshotUsage().then(setUsage);
  }, [session]);
  return (
    <p className="kept">
      <label>
        Keep on disk what was read
        <select
          value={now.settings.snapshotBudget}
          onChange={(event) => void session.changeSettings({ snapshotBudget: Number(event.currentTarget.value) })}
        >
          {BUDGETS.map(([bytes, name]) => (
            <option key={bytes} value={bytes}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <span>{usage && `${size(usage.bytes)} of ${plural(usage.count, 'reading')} now`}</span>
    </p>
  );
}

function ModelItem(props: ViewProps & { model: ModelRow; chosen: boolean; busy: boolean; asked: Asked }) {
  const { model, chosen, busy, session, store, asked } = props;
  const sure = asked.forgetting === model.id;
  return (
    <li className="model" data-chosen={chosen || undefined}>
      <label>
        <input
          type="radio"
          name="model"
          checked={chosen}
          disabled={busy}
          onChange={() => void session.chooseModel(model)}
        />
        <span className="model-mark">{chosen && <Check size={13} strokeWidth={3} aria-hidden="true" />}</span>
        <span className="model-name">{model.name}</span>
        <span className="model-facts">
          {size(model.bytes)}
          {model.embedded ? ' · came with Longleaf' : ''}
          {model.sha256 && ` · ${model.sha256.slice(0, 12)}…`}
        </span>
      </label>
      {!model.embedded && (
        <button
          type="button"
          className={sure ? 'button danger' : 'icon-button'}
          aria-label={sure ? `Remove ${model.name} for good` : `Remove ${model.name}`}
          disabled={busy}
          onClick={() =>
            sure
              ? void session.forgetModel(model)
              : store.update((s) => ({ ...s, dialog: { kind: 'models', forgetting: model.id } }))
          }
        >
          {sure ? 'Remove' : <Trash2 size={14} strokeWidth={1.7} aria-hidden="true" />}
        </button>
      )}
    </li>
  );
}
