// How the words of prose are chosen: the likeliest, or drawn with a seed that stands beside the reply and in every export of it.
import type { ViewProps } from '../view-props.ts';
import { Choice, Typed } from './setting-controls.tsx';

const TEMPERATURES: readonly [number, string][] = [
  [0, 'the likeliest'],
  [0.3, 'hardly drawn (0.3)'],
  [0.7, 'drawn (0.7)'],
  [1, 'freely drawn (1)'],
];

const LARGEST_SEED = 2 ** 32 - 1;

export function ProseSettings({ now, session }: ViewProps) {
  const { temperature } = now.settings;
  return (
    <section aria-labelledby="settings-prose">
      <h3 id="settings-prose">Prose</h3>
      <Choice
        name="Words"
        value={temperature}
        options={TEMPERATURES}
        choose={(value) => void session.changeSettings({ temperature: Number(value) })}
      >
        Of summaries and answers that a model tells in its own words; quotations are the document’s. The likeliest words
        keep closest to it and are the same each time. This is called temperature.
      </Choice>
      {temperature > 0 && <Seed now={now} session={session} />}
    </section>
  );
}

function Seed({ now, session }: Pick<ViewProps, 'now' | 'session'>) {
  const { seed } = now.settings;
  const take = (typed: string): boolean => {
    const value = Number(typed);
    if (!Number.isInteger(value) || value < 0 || value > LARGEST_SEED) return false;
    if (value !== seed) void session.changeSettings({ seed: value });
    return true;
  };
  return (
    <Typed
      name="Seed"
      stored={seed === 0 ? '' : String(seed)}
      placeholder="new each time"
      inputMode="numeric"
      take={take}
    >
      A number with which the same words are drawn again, from the same document on the same machine. Empty: a new one
      for each reply. It stands beside the reply and in its exports.
    </Typed>
  );
}
