// One model at hand: chosen or not, what it is, whether there is room for it; its file can be shown and removed.
import { Check, FolderOpen, Trash2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { ModelRow } from '../../../main/common/api.ts';
import { missingSentence } from '../../../main/common/model-names.ts';
import type { ModelReport } from '../../engine/engine-protocol.ts';
import { count, size } from '../../format.ts';
import { modelTitle, takesWhole } from '../../models/model-words.ts';
import { isBusy, modelsShown } from '../../state.ts';
import { IconButton } from '../icon-button.tsx';
import { ModelFacts, weight } from './model-facts.tsx';
import type { ModelsProps } from './models-props.ts';
import { SelfTest } from './self-test.tsx';

interface ModelItemProps extends ModelsProps {
  model: ModelRow;
  chosen: boolean;
}

export function ModelItem(props: ModelItemProps) {
  const { model, chosen, session, now, asked } = props;
  const report = now.reports[model.id];
  const busy = isBusy(now);
  const unusable = model.missing !== undefined || (report !== undefined && 'refused' in report);
  const said = `model-${model.id}`;
  const title = modelTitle(model, now.models, now.reports);
  return (
    <li className="model" data-chosen={chosen || undefined} data-unusable={unusable || undefined}>
      <div className="model-row">
        <label>
          <input
            type="radio"
            name="model"
            checked={chosen}
            disabled={busy || unusable}
            aria-describedby={said}
            onChange={() => void session.chooseModel(model)}
          />
          <span className="model-mark">{chosen && <Check size={13} strokeWidth={3} aria-hidden="true" />}</span>
          <span className="model-name">{title}</span>
        </label>
        {model.embedded && <span className="model-badge own">Came with Longleaf</span>}
        {model.elsewhere && <span className="model-badge own">In your folder</span>}
        <NeedMark {...props} report={report} />
        {!model.embedded && (
          <span className="model-tools">
            <IconButton label={`Show ${title} in its folder`} onPress={() => void session.showModelFile(model)}>
              <FolderOpen size={15} strokeWidth={1.7} aria-hidden="true" />
            </IconButton>
            {!model.elsewhere && (
              <IconButton label={`Remove ${title}`} disabled={busy} onPress={() => void session.mayForgetModel(model)}>
                <Trash2 size={15} strokeWidth={1.7} aria-hidden="true" />
              </IconButton>
            )}
          </span>
        )}
      </div>
      <div className="model-inset">
        <div id={said} className="model-about">
          <Facts model={model} report={report} room={now.room} />
        </div>
        {chosen && report && !('refused' in report) && <SelfTest {...props} report={report} />}
        {asked.removing?.id === model.id && <Removing {...props} use={asked.removing.use} />}
      </div>
    </li>
  );
}

/** For the reader whose document is too long for the present model. */
function NeedMark({ now, report }: ModelItemProps & { report?: ModelReport | { refused: string } }) {
  const needed = now.document?.choice?.needed;
  if (
    needed === undefined ||
    needed > now.settings.largestWindow ||
    !report ||
    'refused' in report ||
    !takesWhole(report, needed)
  )
    return null;
  return <span className="model-badge">This document goes in whole</span>;
}

function Facts({
  model: { name, bytes, parts, missing },
  report,
  room,
}: Pick<ModelItemProps, 'model'> & { report?: ModelReport | { refused: string }; room: ModelsProps['now']['room'] }) {
  if (missing) return <p className="models-problem">{missingSentence(missing)}</p>;
  if (report && 'refused' in report) return <p className="models-problem">{report.refused}</p>;
  if (!report) return <p>{weight(bytes, parts?.length)}</p>;
  return (
    <ModelFacts report={report} room={room} bytes={bytes} files={parts?.length} file={parts ? name : `${name}.gguf`} />
  );
}

/** The question before a model is removed, with what depends on it. */
function Removing({
  model,
  now,
  use,
  session,
  store,
}: ModelItemProps & { use: NonNullable<ModelsProps['asked']['removing']>['use'] }) {
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);
  const made = use.replies === 1 ? 'The one reply it made stays' : `The ${count(use.replies)} replies it made stay`;
  return (
    <section className="model-removing" aria-label={`Remove ${modelTitle(model, now.models, now.reports)}?`}>
      <p>
        <strong>Remove it?</strong> {size(model.bytes)} become free.
        {use.chosen && ' It is the one that reads now: Longleaf’s own model takes its place.'}
        {use.replies > 0 && ` ${made} in the history.`} What it has read of documents would be read again.
      </p>
      <div className="model-actions">
        <button ref={keep} type="button" className="button" onClick={() => store.update((s) => modelsShown(s, {}))}>
          Keep it
        </button>
        <button type="button" className="button danger" onClick={() => void session.forgetModel(model.id)}>
          Remove
        </button>
      </div>
    </section>
  );
}
