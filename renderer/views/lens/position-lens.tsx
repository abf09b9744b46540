// The position lens: what stretching the window does to the model that reads, on the positions of this document.
import { type ReactNode, useEffect, useState } from 'react';
import type { RotaryReport } from '../../../gpu/api.ts';
import type { WindowReceipt } from '../../../reading/document.ts';
import { RESERVE } from '../../../reading/window.ts';
import { clearestPair, pairsOf, stepWords, turnsWords } from '../../engine/lens.ts';
import { layoutOf } from '../../engine/ribbon.ts';
import { count } from '../../format.ts';
import { problemOf } from '../../problems.ts';
import { isBusy } from '../../state.ts';
import { Segments } from '../segments.tsx';
import type { ViewProps } from '../view-props.ts';
import { Curves } from './curves.tsx';
import { PairTable, Sinusoids } from './more.tsx';
import { PairChoice } from './pair-choice.tsx';

const NOT_READ = 'How this model is turned could not be read from its file. Close this and open it again.';

export function PositionLens({ now, session, close }: ViewProps & { close(): void }) {
  const [report, setReport] = useState<RotaryReport>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    session.rotary().then(setReport, (error) => setProblem(problemOf(error, NOT_READ).sentence));
  }, [session]);
  const receipt = layoutOf(now)?.receipt;
  return (
    <div className="lens">
      {problem && <p role="alert">{problem}</p>}
      {report && receipt && (
        <Lens report={report} receipt={receipt}>
          {(factor) => <ReadWith report={report} receipt={receipt} factor={factor} now={now} session={session} />}
        </Lens>
      )}
      <div className="dialog-foot">
        <button type="button" className="button" onClick={close}>
          Close
        </button>
      </div>
    </div>
  );
}

interface LensProps {
  report: RotaryReport;
  /** Of the document, and the factor that it is read with. */
  receipt: WindowReceipt;
  /** What can be done about a factor that is looked at. */
  children(factor: number): ReactNode;
}

function Lens({ report, receipt: { tokens, factor: used }, children }: LensProps) {
  const { trained, trainedContext, stretched } = report;
  const [factor, setFactor] = useState(stretched.some((one) => one.factor === used) ? used : report.ownFactor);
  const [chosen, setChosen] = useState(() => clearestPair(trained, trainedContext));
  const pairs = pairsOf(report, factor);
  const pair = pairs[chosen]!;
  return (
    <>
      <p className="dialog-text">
        A model like LLaMA knows where a token stands by angles: pairs of its numbers are turned further with every
        position, some fast, some slowly. This one was trained on positions 0 to {count(trainedContext - 1)};{' '}
        {tokens > trainedContext
          ? `this document has ${count(tokens)} tokens.`
          : `this document ends within them, at ${count(tokens - 1)}.`}
      </p>
      <div className="lens-factor">
        <Segments
          name="Stretch the window"
          options={stretched.map((one) => ({ value: String(one.factor), name: `×${one.factor}` }))}
          value={String(factor)}
          choose={(value) => setFactor(Number(value))}
        />
        {factor === used ? <p>{usedWords(report, used)}</p> : children(factor)}
      </div>
      <Curves pair={pair} trainedContext={trainedContext} tokens={tokens} stretched={rowName(report, factor)} />
      <PairChoice pairs={pairs} chosen={chosen} choose={setChosen} />
      <p className="lens-words">
        {turnsWords(pair, trainedContext)} {stepWords(pair)} {otherWords(report, factor)}
      </p>
      <p className="lens-why">
        <strong>Why it works.</strong> Between positions that it knows, an attention score can stray only a little; past
        them hardly anything holds it. Chen et al. (2023, arXiv 2306.15595) give an upper bound for each: for LLaMA 7B
        the first is about 600 times smaller than the second. {boundWords(report)} The price: neighbours are harder to
        tell apart, which a short tuning teaches.
      </p>
      <PairTable pairs={pairs} trainedContext={trainedContext} />
      <Sinusoids />
    </>
  );
}

interface ReadWithProps extends Pick<LensProps, 'report' | 'receipt'>, Pick<ViewProps, 'now' | 'session'> {
  factor: number;
}

/** Another factor for this document, with what is to be expected of it; it has keys and values of its own, so all is read anew. */
function ReadWith({ report, receipt: { tokens, native }, factor, now, session }: ReadWithProps) {
  const room = Math.min(now.settings.largestWindow, Math.floor(native * factor));
  if (tokens + RESERVE > room)
    return <p>{`×${factor} makes room for ${count(room)} tokens: too few for this document.`}</p>;
  return (
    <>
      <button type="button" className="button" disabled={isBusy(now)} onClick={() => void session.readWith(factor)}>
        Read it with ×{factor}
      </button>
      <p>{qualityWords(report, factor)}</p>
    </>
  );
}

function qualityWords({ method, ownFactor }: RotaryReport, factor: number): string {
  if (method !== 'none' && factor === ownFactor) return 'Its file was tuned for it.';
  if (factor === 1) return 'Not stretched.';
  return `It was not tuned for that: expect it to be ${factor <= 2 ? 'somewhat' : 'much'} worse.`;
}

/** How far the bound carries: it was derived for Position Interpolation. */
const boundWords = ({ method }: RotaryReport): string =>
  method === 'none' || method === 'linear'
    ? 'Bounds, not measurements: they say what cannot happen.'
    : `They are for dividing all positions alike; ${METHODS[method]} slows some pairs more than others, for the same reason.`;

const METHODS = { yarn: 'YaRN', ntk: 'a larger base', longrope: 'LongRoPE' };

/** What has become of the positions, in the field's own words. */
function rowName({ method, divided }: RotaryReport, factor: number): string {
  if (method === 'longrope')
    return factor === 1 ? 'By its own long factors' : `By its long factors, and divided by ${factor}`;
  if (factor === 1) return 'Not stretched';
  if (method === 'yarn') return `Stretched ×${factor} by YaRN`;
  if (method === 'ntk') return `Stretched ×${factor} by its base`;
  return divided ? `Divided by ${factor} on top of its own divisors` : `Position Interpolation: divided by ${factor}`;
}

function usedWords({ method, ownFactor, trainedContext }: RotaryReport, used: number): string {
  if (method === 'longrope' && used === 1)
    return `Its own long factors are in use where a window exceeds ${count(trainedContext)} tokens.`;
  if (method !== 'none' && used === ownFactor && used > 1) return `×${used} is in use: what its file was tuned for.`;
  if (used > 1) return `×${used} is in use; the model was not tuned for it.`;
  return '×1 is in use: nothing is stretched.';
}

/** What else changes the angles of this model. */
function otherWords({ divided, method, stretched, local }: RotaryReport, factor: number): string {
  const magnitude = stretched.find((one) => one.factor === factor)?.magnitude ?? 1;
  return [
    divided && method !== 'longrope' && 'The file divides the angles of slow pairs; the curve has that already.',
    magnitude !== 1 && `Cosine and sine are multiplied by ${magnitude.toFixed(3)}.`,
    local &&
      `${local.layers} of ${local.of} layers see the last ${count(local.tokens)} tokens only and are not stretched.`,
  ]
    .filter(Boolean)
    .join(' ');
}
