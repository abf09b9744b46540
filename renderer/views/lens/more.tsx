// What the position lens keeps folded: every pair's numbers, and the older picture of positions that most readers know.
import { type Pair, radians, rough, sinusoidPaths, slowdown, times, wavelength } from '../../engine/lens.ts';
import { count } from '../../format.ts';

export const PairTable = ({ pairs, trainedContext }: { pairs: readonly Pair[]; trainedContext: number }) => (
  <details className="lens-more">
    <summary>All {pairs.length} pairs in numbers</summary>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reached by keyboard */}
    <section className="lens-table" tabIndex={0} aria-label="All pairs in numbers">
      <table>
        <thead>
          <tr>
            <th scope="col">Pair</th>
            <th scope="col">Tokens a turn</th>
            <th scope="col">Turns in {count(trainedContext)}</th>
            <th scope="col">Radians a token</th>
            <th scope="col">Stretched</th>
            <th scope="col">Slowed</th>
          </tr>
        </thead>
        <tbody>
          {pairs.map((pair) => (
            <tr key={pair.index}>
              <th scope="row">{pair.index + 1}</th>
              <td>{rough(wavelength(pair.trained))}</td>
              <td>{rough(trainedContext / wavelength(pair.trained))}</td>
              <td>{radians(pair.trained)}</td>
              <td>{radians(pair.stretched)}</td>
              <td>{times(slowdown(pair))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  </details>
);

const POSITIONS = 96;
const DIMENSIONS = 48;
const paths = sinusoidPaths(POSITIONS, DIMENSIONS, 7);

export const Sinusoids = () => (
  <details className="lens-more">
    <summary>The same idea in the first transformers</summary>
    <div className="lens-sinusoids">
      <svg viewBox={`0 0 ${POSITIONS} ${DIMENSIONS}`} preserveAspectRatio="none" aria-hidden="true">
        {paths.map((path, level) => (
          <path key={path.slice(0, 12)} d={path} opacity={level / (paths.length - 1)} />
        ))}
      </svg>
      <p>
        Vaswani et al. (2017) added to each token the sines and cosines of its position: here {POSITIONS} positions from
        left to right, {DIMENSIONS} dimensions from the fastest at the top to the slowest at the bottom; dark is 1,
        light −1. LLaMA turns its queries and keys by the same angles instead (Su et al. 2021), so that what is compared
        depends on how far apart two tokens stand.
      </p>
    </div>
  </details>
);
