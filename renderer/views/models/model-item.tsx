// One model at hand: chosen or not, what it is, whether there is room for it; its file can be shown and removed.
import { Check, CircleCheck, CircleSlash, FolderOpen, Scale, Trash2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { ModelRow } from '../../../main/common/api.ts';
import { missingSentence } from '../../../main/common/model-names.ts';
import type { ModelReport } from '../../engine-protocol.ts';
import { count, size } from '../../format.ts';
import { type FitWords, fitWords, parameters, takesWhole, trainedOn } from '../../model-words.ts';
import { IconButton } from '../icon-button.tsx';
import type { ModelsProps } from './models-view.tsx';

interface ModelItemProps extends ModelsProps {
  model: ModelRow;
  chosen: boolean;
}

export function ModelItem(props: ModelItemProps) {
  const { model, chosen, session, now, asked } = props;
  const report = now.reports[model.id];
  const busy = asked.busy !== undefined || now.job !== undefined;
  const unusable = model.missing !== undefined || (report !== undefined && 'refused' in report);
  const said = `model-${model.id}`;
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
          <span className="model-name">{model.name}</span>
        </label>
        <NeedMark {...props} report={report} />
        {!model.embedded && (
          <span className="model-tools">
            <IconButton label={`Show ${model.name} in its folder`} onPress={() => void session.showModelFile(model)}>
              <FolderOpen size={15} strokeWidth={1.7} aria-hidden="true" />
            </IconButton>
            <IconButton
              label={`Remove ${model.name}`}
              disabled={busy}
              onPress={() => void session.mayForgetModel(model)}
            >
              <Trash2 size={15} strokeWidth={1.7} aria-hidden="true" />
            </IconButton>
          </span>
        )}
      </div>
      <div className="model-inset">
        <div id={said} className="model-about">
          <Facts model={model} report={report} room={now.room} />
        </div>
        {asked.removing?.id === model.id && <Removing {...props} use={asked.removing.use} />}
      </div>
    </li>
  );
}

/** For the reader whose document is too long for the present model. */
function NeedMark({ now, report }: ModelItemProps & { report?: ModelReport | { refused: string } }) {
  const needed = now.document?.choice?.needed;
  if (needed === undefined || !report || 'refused' in report || !takesWhole(report, needed)) return null;
  return <span className="model-badge">This document goes in whole</span>;
}

function Facts({
  model,
  report,
  room,
}: Pick<ModelItemProps, 'model'> & { report?: ModelReport | { refused: string }; room: ModelsProps['now']['room'] }) {
  if (model.missing) return <p className="models-problem">{missingSentence(model.missing)}</p>;
  if (report && 'refused' in report) return <p className="models-problem">{report.refused}</p>;
  const files = model.parts ? ` in ${model.parts.length} files` : '';
  const came = model.embedded ? 'Came with Longleaf · ' : '';
  if (!report) return <p>{`${came}${size(model.bytes)}${files}`}</p>;
  const fit = fitWords(report, room);
  return (
    <>
      <p>
        {came}
        {size(model.bytes)}
        {files} · {report.architecture} · {parameters(report.parameters)} · {report.types.slice(0, 2).join(', ')}
      </p>
      <p>
        {report.chat ? 'Writes prose and quotes' : 'Quotes; writes no prose (no chat template)'} · {trainedOn(report)}
      </p>
      {report.licence && <Licence name={report.licence} />}
      {fit && <FitLine fit={fit} />}
    </>
  );
}

export const Licence = ({ name }: { name: string }) => (
  <p className="model-licence">
    <Scale size={13} strokeWidth={1.8} aria-hidden="true" /> Licence: {name}
  </p>
);

export const FitLine = ({ fit }: { fit: FitWords }) => (
  <p className="model-fit" data-fit={fit.kind}>
    {fit.kind === 'none' ? (
      <CircleSlash size={13} strokeWidth={2} aria-hidden="true" />
    ) : (
      <CircleCheck size={13} strokeWidth={2} aria-hidden="true" />
    )}
    {fit.sentence}
  </p>
);

/** The question before a model is removed, with what depends on it. */
function Removing({
  model,
  use,
  session,
  store,
}: ModelItemProps & { use: NonNullable<ModelsProps['asked']['removing']>['use'] }) {
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);
  const made = use.replies === 1 ? 'The one reply it made stays' : `The ${count(use.replies)} replies it made stay`;
  return (
    <section className="model-removing" aria-label={`Remove ${model.name}?`}>
      <p>
        <strong>Remove it?</strong> {size(model.bytes)} become free.
        {use.chosen && ' It is the one that reads now: Longleaf’s own model takes its place.'}
        {use.replies > 0 && ` ${made} in the history.`} What it has read of documents would be read again.
      </p>
      <div className="model-actions">
        <button
          ref={keep}
          type="button"
          className="button"
          onClick={() => store.update((s) => ({ ...s, dialog: { kind: 'models' } }))}
        >
          Keep it
        </button>
        <button type="button" className="button danger" onClick={() => void session.forgetModel(model.id)}>
          Remove
        </button>
      </div>
    </section>
  );
}
