// Reading what is longer than the window: part by part, each summed up with its sources, then the sums summed up together, level
// by level, until one is left. Sources are sentences of the document and are carried through, so that the last summary cites
// pages as a short one does. After each step all that was done is handed out as JSON, and a later call goes on from there.

import type { StageProgress, Status } from '../document.ts';
import type { RunReport } from '../replies/rank.ts';
import { type Checkpoints, fingerprint } from './checkpoints.ts';

/** A sentence of a summary: the sentences of the document that it rests on, and the text where it is not the first of them. */
export interface Point {
  sources: number[];
  text?: string;
  status?: Status;
}

export interface Levels {
  /** Level 0, one entry a part: what it costs, in tokens. */
  parts: readonly number[];
  /** Points of the summary itself, and how many the parts leave for it: one for so many tokens. */
  wanted: number;
  tokensPerPoint: number;
  /** Tokens that a point takes when it is laid in again. */
  tokensOf(point: Point): number;
  /** Tokens of points that are summed up together. */
  room: number;
  /** Points of different sections are never summed up together, and each section keeps points of its own. */
  sectionOf?(point: Point): number;
  /** Sums up part `index` in about `count` points. */
  read(index: number, count: number, run: StepOptions): Promise<Point[]>;
  /** Sums up points of the level below in `count`; `last` makes a piece of the summary itself. */
  join(points: readonly Point[], to: { count: number; last: boolean }, run: StepOptions): Promise<Point[]>;
}

export interface StepOptions {
  report: RunReport;
  onProgress: (progress: StageProgress) => void;
  signal?: AbortSignal;
}

export interface LevelOptions {
  /** Tells one job from another: document, model, settings. */
  print: string;
  checkpoints?: { store: Checkpoints; key: string };
  onProgress?: (progress: StageProgress) => void;
  signal?: AbortSignal;
}

/** What is kept: the points of each finished step, by level, and what all of them took. */
interface Kept {
  version: 1;
  print: string;
  levels: Point[][][];
  report: RunReport;
}

/** Upper levels beyond which something does not shrink. */
const MOST_LEVELS = 8;
/** A level leaves one point in so many, but never fewer than twice what the summary has. */
const SHRINK = 6;
const KEPT_TWICE = 2;

/** The points of the last level. Rejects with the signal's reason when stopped; what was finished until then is kept. */
export const readInLevels = async (
  levels: Levels,
  options: LevelOptions,
): Promise<{ points: Point[]; report: RunReport }> => {
  const kept = await loadKept(options);
  const watch = progressOf(levels, options, kept);
  const step = async (level: number, index: number, cost: number, work: (run: StepOptions) => Promise<Point[]>) => {
    kept.levels[level] ??= [];
    const done = kept.levels[level][index];
    if (done) return done;
    options.signal?.throwIfAborted();
    const points = await work({ report: kept.report, onProgress: watch.within(cost), signal: options.signal });
    options.signal?.throwIfAborted();
    kept.levels[level][index] = points;
    watch.finished(cost);
    await options.checkpoints?.store.save(options.checkpoints.key, kept);
    return points;
  };
  let points: Point[] = [];
  const reading = levels.parts.reduce((sum, tokens) => sum + tokens, 0);
  const first = Math.max(KEPT_TWICE * levels.wanted, reading / levels.tokensPerPoint);
  const counts = shareOut(first, levels.parts);
  for (const [index, cost] of levels.parts.entries()) {
    points.push(...(await step(0, index, cost, (run) => levels.read(index, counts[index], run))));
  }
  for (let level = 1; level <= MOST_LEVELS; level++) {
    const groups = groupsOf(points, levels);
    const few = KEPT_TWICE * levels.wanted;
    const last = groups.length <= 1 || points.length <= few || level === MOST_LEVELS || !!levels.sectionOf;
    const left = last ? levels.wanted : Math.max(few, points.length / SHRINK);
    const sizes = shareOut(
      left,
      groups.map((group) => group.length),
    );
    const next: Point[] = [];
    for (const [index, group] of groups.entries()) {
      const cost = group.reduce((sum, point) => sum + levels.tokensOf(point), 0);
      const to = { count: Math.min(sizes[index], group.length), last };
      next.push(...(await step(level, index, cost, (run) => levels.join(group, to, run))));
    }
    points = next;
    if (last) break;
  }
  return { points, report: kept.report };
};

/** `total` parted in proportion to `weights`, in whole numbers of at least 1. */
const shareOut = (total: number, weights: readonly number[]): number[] => {
  const all = weights.reduce((sum, weight) => sum + weight, 0) || 1;
  let [sum, given] = [0, 0];
  return weights.map((weight) => {
    sum += (total * weight) / all;
    const share = Math.max(1, Math.round(sum) - given);
    given += share;
    return share;
  });
};

/** Points in their order, in groups of about one size that fit into `room`, one or more for each section. */
const groupsOf = (points: readonly Point[], { tokensOf, room, sectionOf }: Levels): Point[][] => {
  const sections: Point[][] = [];
  points.forEach((point, i) => {
    if (i === 0 || (sectionOf && sectionOf(point) !== sectionOf(points[i - 1]))) sections.push([]);
    sections.at(-1)!.push(point);
  });
  return sections.flatMap((section) => {
    const all = section.reduce((sum, point) => sum + tokensOf(point), 0);
    const share = all / Math.max(1, Math.ceil(all / room));
    const groups: Point[][] = [];
    let sum = 0;
    for (const point of section) {
      const tokens = tokensOf(point);
      if (groups.length === 0 || sum + tokens / 2 > share * groups.length) groups.push([]);
      groups.at(-1)!.push(point);
      sum += tokens;
    }
    return groups;
  });
};

const loadKept = async ({ print, checkpoints }: LevelOptions): Promise<Kept> => {
  const fresh: Kept = { version: 1, print, levels: [], report: {} };
  const found = (await checkpoints?.store.load(checkpoints.key)) as Partial<Kept> | null | undefined;
  const whole =
    found?.version === 1 && found.print === print && isLevels(found.levels) && typeof found.report === 'object';
  return whole ? { ...fresh, levels: found.levels!, report: { ...found.report } } : fresh;
};

const isLevels = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every(
    (level) =>
      Array.isArray(level) &&
      level.every((points) => Array.isArray(points) && points.every(({ sources }: Point) => Array.isArray(sources))),
  );

/** Progress over all levels, in tokens; time left by what this run has done so far. */
const progressOf = ({ parts, room }: Levels, { onProgress }: LevelOptions, kept: Kept) => {
  const reading = parts.reduce((sum, tokens) => sum + tokens, 0);
  // What the upper levels take is known only when they come; a part leaves about a tenth of itself.
  const total = Math.round(reading * (parts.length > 1 ? 1.12 : 1) + room / 2);
  const began = performance.now();
  const before = (kept.levels[0] ?? []).reduce((sum, points, i) => sum + (points ? parts[i] : 0), 0);
  let done = before;
  const tell = (now: number): void => {
    const share = (now - before) / Math.max(1, total - before);
    const seconds = (performance.now() - began) / 1000;
    const known = now - before > 0.2 * Math.max(...parts) && share < 1;
    onProgress?.({
      stage: 'parts',
      done: Math.min(Math.round(now), total),
      total,
      ...(known && { secondsLeft: (seconds / share) * (1 - share) }),
    });
  };
  return {
    /** Laying in is taken for three quarters of a step, weighing and writing for the rest. */
    within:
      (cost: number) =>
      ({ stage, done: at, total: of }: StageProgress): void => {
        const share = at / Math.max(1, of);
        if (stage === 'window') tell(done + 0.75 * cost * share);
        else if (stage === 'rank' || stage === 'write') tell(done + cost * (0.75 + 0.25 * share));
      },
    finished: (cost: number): void => {
      done += cost;
      tell(done);
    },
  };
};

export const printOf = (text: string, settings: object): string => fingerprint(text, JSON.stringify(settings));
