// "Test this model": a map of lengths by depths that fills in while passkeys are looked for, with one sentence of what it came to.
import { Check, FlaskConical, X } from 'lucide-react';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { ModelRow, SelfTestRow } from '../../../main/common/api.ts';
import { DEPTHS, selfTestLengths } from '../../../reading/self-test.ts';
import type { ModelReport } from '../../engine/engine-protocol.ts';
import { count, share, timeLeft, when } from '../../format.ts';
import { modelTitle } from '../../models/model-words.ts';
import { mapOf, resultWords, shownPlaces } from '../../models/self-test.ts';
import { isBusy, type TestRun } from '../../state.ts';
import type { ModelsProps } from './models-props.ts';

interface SelfTestProps extends ModelsProps {
  model: ModelRow;
  report: ModelReport;
}

export function SelfTest({ model, report, now, session }: SelfTestProps) {
  const kept = model.sha256 === undefined ? undefined : now.tested[model.sha256];
  const run = now.testing?.model === model.id ? now.testing : undefined;
  const places = shownPlaces(kept, run?.places ?? []);
  const lengths = selfTestLengths(report, report.fit?.window);
  return (
    <section className="self-test" aria-label={`Test of ${modelTitle(model, now.models, now.reports)}`}>
      {run ? (
        <Running run={run} stop={() => session.stopSelfTest()} />
      ) : (
        lengths.length > 0 && (
          <Start
            lengths={lengths}
            again={kept !== undefined}
            wanted={now.dialog?.kind === 'models' && now.dialog.test === true}
            disabled={isBusy(now) || model.sha256 === undefined}
            software={now.gpu.status === 'found' && now.gpu.software}
            start={(chosen) => void session.startSelfTest(chosen)}
          />
        )
      )}
      {(places.length > 0 || run) && <HeatMap rows={mapOf(places, run?.lengths ?? [])} />}
      {places.length > 0 && !run && <Result kept={kept} />}
    </section>
  );
}

interface StartProps {
  lengths: readonly number[];
  again: boolean;
  /** The reader came for it: it begins at once, where it can. */
  wanted: boolean;
  disabled: boolean;
  software: boolean;
  start(lengths: readonly number[]): void;
}

/** Tokens: some minutes without a graphics card. */
const SHORT = 4_096;

/** How far: a long text takes its time, above all without a graphics card. */
function Start({ lengths, again, wanted, disabled, software, start }: StartProps) {
  const button = useRef<HTMLButtonElement>(null);
  const [most, setMost] = useState(
    () => (software && lengths.findLast((length) => length <= SHORT)) || lengths.at(-1)!,
  );
  const test = useEffectEvent(() => start(lengths.filter((length) => length <= most)));
  useEffect(() => {
    if (wanted && !disabled) test();
    else if (wanted) button.current?.focus();
  }, [wanted, disabled]);
  return (
    <div className="self-test-start">
      <button
        ref={button}
        type="button"
        className="button"
        disabled={disabled}
        onClick={() => start(lengths.filter((length) => length <= most))}
      >
        <FlaskConical size={15} strokeWidth={1.75} aria-hidden="true" /> {again ? 'Test it again' : 'Test this model'}
      </button>
      <label>
        up to
        <select value={most} disabled={disabled} onChange={(event) => setMost(Number(event.currentTarget.value))}>
          {lengths.map((length) => (
            <option key={length} value={length}>
              {count(length)} tokens
            </option>
          ))}
        </select>
      </label>
      <p>Hides a key of five digits in long texts and asks for it: how far can this window be trusted?</p>
    </div>
  );
}

function Running({ run: { places, lengths, progress, stopping }, stop }: { run: TestRun; stop(): void }) {
  const all = lengths.length * DEPTHS;
  const left = progress?.stage === 'measure' ? progress.secondsLeft : undefined;
  const done = progress?.stage === 'measure' ? share(progress.done, progress.total) : 0;
  const end = useRef<HTMLButtonElement>(null);
  // Where the button was that began it.
  useEffect(() => end.current?.focus(), []);
  return (
    <div className="self-test-run">
      <p role="status">
        {places.length} of {all} places measured
      </p>
      <p>{left === undefined ? 'Waking the model' : timeLeft(left)}</p>
      <button ref={end} type="button" className="button" onClick={stop} disabled={stopping}>
        {stopping ? 'Stopping…' : 'Stop'}
      </button>
      <progress className="bar" max={1} value={done} aria-label="Self-test" />
    </div>
  );
}

const part = (depth: number) => `${(100 * depth) / DEPTHS}–${(100 * (depth + 1)) / DEPTHS}`;

/** "4/5", as far as it was measured. */
function countWords(found: readonly (boolean | undefined)[]): string {
  const measured = found.filter((one) => one !== undefined);
  return measured.length === 0 ? '…' : `${measured.filter(Boolean).length}/${measured.length}`;
}

/** A word and a sign in every cell: its colour only repeats them. */
const HeatMap = ({ rows }: { rows: ReturnType<typeof mapOf> }) => (
  <table className="heat-map">
    <caption>Where in the text the key is hidden, in per cent from its beginning</caption>
    <thead>
      <tr>
        <th scope="col">Tokens</th>
        {Array.from({ length: DEPTHS }, (_, depth) => (
          <th key={part(depth)} scope="col">
            {part(depth)}
          </th>
        ))}
        <th scope="col">Found</th>
      </tr>
    </thead>
    <tbody>
      {rows.map(({ length, found }) => (
        <tr key={length}>
          <th scope="row">{count(length)}</th>
          {found.map((one, depth) => (
            <td key={part(depth)} data-found={one}>
              {one === true && <Check size={13} strokeWidth={2.5} aria-hidden="true" />}
              {one === false && <X size={13} strokeWidth={2.5} aria-hidden="true" />}
              <span>{one === undefined ? '…' : one ? 'found' : 'missed'}</span>
            </td>
          ))}
          <td>{countWords(found)}</td>
        </tr>
      ))}
    </tbody>
  </table>
);

const Result = ({ kept }: { kept: SelfTestRow | undefined }) =>
  kept ? (
    <>
      <p>
        <strong>{resultWords(kept.places)}</strong> Measured {when(kept.measuredAt)}
        {kept.adapter && ` on ${kept.adapter}`}.
      </p>
      <p className="self-test-limits">
        One key in each place, so single cells may be luck. It says how far the model can look something up, and nothing
        of whether it understands what it reads.
      </p>
    </>
  ) : null;
