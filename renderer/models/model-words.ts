// What is said of a model: pure functions from what is known of it to a few words.
import type { DownloadRow, ModelRow } from '../../main/common/api.ts';
import type { CatalogueModel } from '../../main/common/catalogue.ts';
import { roughMemory } from '../../main/common/catalogue.ts';
import { LARGEST_WINDOW } from '../../reading/window.ts';
import type { ModelReport, RoomReport } from '../engine/engine-protocol.ts';
import { count, size, sizes, timeLeft } from '../format.ts';

export interface FitWords {
  kind: 'whole' | 'partly' | 'none';
  sentence: string;
}

/** Windows are offered in steps of so many tokens. */
const STEP = 512;

/** Whether the largest window of a model fits on this card, and how much of it does. */
export function fitWords({ fit }: Pick<ModelReport, 'fit'>, room: RoomReport | undefined): FitWords | undefined {
  if (!fit) return undefined;
  const all = count(LARGEST_WINDOW);
  if (fit.window >= LARGEST_WINDOW)
    return { kind: 'whole', sentence: `A window of ${all} tokens fits here: it takes ${size(fit.bytes)}.` };
  const there = room ? ` and ${size(room.free)} are free` : '';
  if (fit.window > 0)
    return {
      kind: 'partly',
      sentence: `Up to ${count(fit.window)} tokens fit here; ${all} would take ${size(fit.bytes)}${there}.`,
    };
  return { kind: 'none', sentence: `There is no room for it here: ${all} tokens take ${size(fit.bytes)}${there}.` };
}

/** The same of a model that is only known from the catalogue: about. */
export function roughFit(model: CatalogueModel, room: RoomReport | undefined): FitWords | undefined {
  const bytes = roughMemory(model, LARGEST_WINDOW);
  const takes = `about ${size(bytes)} with a window of ${count(LARGEST_WINDOW)} tokens`;
  if (!room) return { kind: 'partly', sentence: `Takes ${takes}.` };
  if (bytes <= room.free) return { kind: 'whole', sentence: `Fits here: ${takes}.` };
  const window = Math.floor((room.free - roughMemory(model, 0)) / model.perToken / STEP) * STEP;
  return window >= STEP
    ? { kind: 'partly', sentence: `About ${count(window)} tokens fit here; takes ${takes}.` }
    : { kind: 'none', sentence: `No room for it here: takes ${takes}, ${size(room.free)} are free.` };
}

/** Tokens that it reads without more stretching than its own file asks for. */
export const ownWindow = ({ trainedContext, rope }: Pick<ModelReport, 'trainedContext' | 'rope'>): number =>
  Math.min(LARGEST_WINDOW, rope.type === 'none' ? trainedContext : Math.floor(trainedContext * rope.factor));

/** Whether a document of so many tokens goes in whole: for the reader who came from one that does not. */
export const takesWhole = (report: ModelReport, needed: number): boolean =>
  ownWindow(report) >= needed && (report.fit === undefined || report.fit.window >= needed);

type Report = Pick<ModelReport, 'name'> | { refused: string } | undefined;

/** What its maker calls it, where the header says something that is a name; else its file's name. */
const ownName = ({ name }: Pick<ModelRow, 'name'>, report: Report): string => {
  const said = report && !('refused' in report) ? report.name.trim().replace(/\s+/g, ' ') : '';
  return /\p{L}{3}/u.test(said) && said.length <= 80 && !/[\\/]/.test(said) ? said : name;
};

/** A model by name; where another of `models` has the same one, with its file's too. */
export function modelTitle(
  model: Pick<ModelRow, 'id' | 'name'>,
  models: readonly Pick<ModelRow, 'id' | 'name'>[],
  reports: Readonly<Record<string, Report>>,
): string {
  const own = ownName(model, reports[model.id]);
  const isTaken = models.some((other) => other.id !== model.id && ownName(other, reports[other.id]) === own);
  return isTaken && own !== model.name ? `${own} (${model.name})` : own;
}

const LICENCES: readonly [RegExp, string][] = [
  [/^apache-?2(?:\.0)?$/i, 'Apache 2.0'],
  [/^mit$/i, 'MIT'],
  [/^gemma$/i, 'Gemma terms of use'],
  [/^llama-?2$/i, 'Llama 2 community licence'],
  [/^llama-?3$/i, 'Llama 3 community licence'],
];

/** As a reader knows it: "Apache 2.0", "CC BY-SA 4.0"; what is not known is said as its file has it. */
export function licenceName(id: string): string {
  const creative = /^cc-(by(?:-(?:sa|nc|nd))*)-(\d\.\d)$/i.exec(id);
  if (creative) {
    const noTrade = /nc/i.test(creative[1]!) ? ', not for commercial use' : '';
    return `CC ${creative[1]!.toUpperCase()} ${creative[2]}${noTrade}`;
  }
  const llama = /^llama-?(3\.\d)$/i.exec(id);
  if (llama) return `Llama ${llama[1]} community licence`;
  return LICENCES.find(([pattern]) => pattern.test(id))?.[1] ?? id;
}

/** "4.3 billion parameters". */
export function parameters(number: number): string {
  if (number >= 1e9) return `${(number / 1e9).toFixed(1)} billion parameters`;
  return `${(number / 1e6).toFixed(number < 1e7 ? 1 : 0)} million parameters`;
}

export const trainedOn = ({ trainedContext, rope }: Pick<ModelReport, 'trainedContext' | 'rope'>): string =>
  `trained on ${count(trainedContext)} tokens${rope.type !== 'none' && rope.factor > 1 ? `, stretched ×${rope.factor}` : ''}`;

/** How far a download is. */
export function downloadWords({ state, done, bytes, rate, secondsLeft, problem }: DownloadRow): string {
  const percent = `${Math.floor((100 * done) / bytes)} %`;
  if (state === 'waiting') return `Waits for the one before it. ${sizes(done, bytes)}`;
  if (state === 'checking') return 'Comparing it with its checksum…';
  if (state === 'stopped') return `Stopped at ${percent}. What was fetched is kept.`;
  if (state === 'failed') return problem ?? 'It could not be fetched.';
  if (state === 'done') return 'It is ready.';
  const speed = rate === undefined ? '' : ` · ${size(rate)} a second`;
  const left = secondsLeft === undefined ? '' : ` · ${timeLeft(secondsLeft)}`;
  return `${sizes(done, bytes)}${speed}${left}`;
}

/** Why a model that was asked for is not offered: it is among those on the way. */
export function knownWords(row: DownloadRow): string {
  if (isMoving(row)) return `${row.name} is on its way already.`;
  if (row.state === 'done') return `${row.name} is here already: press “Use it”.`;
  return `${row.name} was begun before, and what came of it is kept: press “Resume”.`;
}

/** Bytes come or are compared: what is shown of it grows old. */
export const isMoving = ({ state }: Pick<DownloadRow, 'state'>): boolean =>
  state === 'waiting' || state === 'fetching' || state === 'checking';

/** What a listener is told of downloads that were under way `before` and have ended since; empty when none has. */
export const endedWords = (before: readonly DownloadRow[], now: readonly DownloadRow[]): string =>
  now
    .filter(({ id, state }) => {
      const was = before.find((one) => one.id === id);
      return was !== undefined && isMoving(was) && (state === 'done' || state === 'failed');
    })
    .map(({ name, state }) => `${name} ${state === 'done' ? 'is ready' : 'failed'}.`)
    .join(' ');

/** Of an address, what a reader knows it by. */
export const withoutQuery = (address: string): string => address.replace(/\?.*$/, '');
