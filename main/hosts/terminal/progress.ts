// Progress of a long command on stderr: a bar with the time left on a terminal, one line per stage elsewhere.
import { SingleBar } from 'cli-progress';
import type { Stage, StageProgress } from '../../../reading/index.ts';
import { duration, say } from './output.ts';

/** `fetch`: a model comes over the network, in bytes. */
type Step = Stage | 'fetch';

export type StepProgress = Omit<StageProgress, 'stage'> & { stage: Step };

const stages: Record<Step, string> = {
  pages: 'Reading the pages',
  recognise: 'Recognising text',
  model: 'Loading the model',
  parts: 'Reading in parts',
  window: 'Reading the document',
  rank: 'Weighing sentences',
  write: 'Writing',
  measure: 'Measuring',
  fetch: 'Downloading',
};

/** These take minutes or hours. */
const long = new Set<Step>(['parts', 'fetch']);

export interface ProgressView {
  report(progress: StepProgress): void;
  /** Takes the bar away; also after an error. */
  end(): void;
}

/** Takes the bar away before anything else is said. */
export function showProgress(stream: NodeJS.WriteStream = process.stderr): ProgressView {
  return stream.isTTY ? bars(stream) : lines();
}

function lines(): ProgressView {
  let shown: Step | undefined;
  let tenth = 0;
  return {
    report({ stage, done, total, secondsLeft }) {
      if (stage !== shown) say(`${stages[stage]}…`);
      // Long enough to want to know how far it is.
      const now = Math.floor((10 * done) / Math.max(1, total));
      if (long.has(stage) && stage === shown && now > tenth) {
        const left = secondsLeft === undefined ? '' : `, ${duration(secondsLeft * 1000)} left`;
        say(`${stages[stage]}: ${10 * now} %${left}`);
      }
      tenth = stage === shown || long.has(stage) ? now : 0;
      shown = stage;
    },
    end: () => undefined,
  };
}

function bars(stream: NodeJS.WriteStream): ProgressView {
  let bar: SingleBar | undefined;
  let shown: Step | undefined;
  const end = () => {
    bar?.stop();
    bar = undefined;
    shown = undefined;
  };
  return {
    report({ stage, done, total, secondsLeft }) {
      const left = secondsLeft === undefined ? '' : `${duration(Math.max(0, secondsLeft) * 1000)} left`;
      if (stage !== shown) {
        end();
        shown = stage;
        bar = new SingleBar({
          stream,
          format: `${stages[stage].padEnd(20)} {bar} {percentage}% {left}`,
          barCompleteChar: '━',
          barIncompleteChar: '─',
          barsize: 30,
          hideCursor: true,
          clearOnComplete: true,
          // Only for as long as the bar is shown: a resized window must not leave remains of it.
          linewrap: false,
          gracefulExit: false,
        });
        bar.start(Math.max(total, 1), done, { left });
        return;
      }
      bar?.setTotal(Math.max(total, 1));
      bar?.update(done, { left });
    },
    end,
  };
}
