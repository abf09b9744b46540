// Which rotary pair is looked at, from the fastest to the slowest; above it how much each is slowed, which tells the ways of stretching
// apart: Position Interpolation slows all alike, YaRN only the slow ones.
import { type Pair, rough, slowdown, times, wavelength } from '../../engine/lens.ts';

const HEIGHT = 20;

interface PairChoiceProps {
  pairs: readonly Pair[];
  chosen: number;
  choose(pair: number): void;
}

export function PairChoice({ pairs, chosen, choose }: PairChoiceProps) {
  const turn = (pair: Pair) => `one turn in ${rough(wavelength(pair.trained))} tokens`;
  const at = pairs[chosen]!;
  return (
    <div className="lens-pairs">
      <label htmlFor="lens-pair">
        Pair {chosen + 1} of {pairs.length}: <strong>{turn(at)}</strong>
      </label>
      <Slowed pairs={pairs} chosen={chosen} />
      <input
        id="lens-pair"
        type="range"
        min={0}
        max={pairs.length - 1}
        value={chosen}
        aria-valuetext={`Pair ${chosen + 1} of ${pairs.length}, ${turn(at)}, slowed ${times(slowdown(at))}`}
        onChange={(event) => choose(Number(event.currentTarget.value))}
      />
      <p className="lens-ends" aria-hidden="true">
        <span>fastest: a radian a token</span>
        <span>slowest</span>
      </p>
    </div>
  );
}

/** A bar for each pair, as high as it is slowed, in doublings. */
function Slowed({ pairs, chosen }: Omit<PairChoiceProps, 'choose'>) {
  const most = Math.max(2, ...pairs.map(slowdown));
  const width = 1000 / pairs.length;
  return (
    <svg className="lens-slowed" viewBox={`0 0 1000 ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {pairs.map((pair) => {
        const height = 2 + ((HEIGHT - 2) * Math.max(0, Math.log2(slowdown(pair)))) / Math.log2(most);
        return (
          <rect
            key={pair.index}
            data-chosen={pair.index === chosen || undefined}
            x={(pair.index + 0.15) * width}
            width={width * 0.7}
            y={HEIGHT - height}
            height={height}
          />
        );
      })}
    </svg>
  );
}
