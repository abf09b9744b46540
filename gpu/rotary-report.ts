// What a window shows of a model's rotary positions: the rates at which its pairs turn, as they were trained and as each factor would
// stretch them. They come from the same functions as the engine's own tables; nothing is loaded onto the card.
import type { RotaryReport } from './api.ts';
import { readDivisors } from './model/load.ts';
import { type Rope, ropeAngles, withFactor } from './model/rope-scaling.ts';
import type { OpenModel } from './open-model.ts';

/**
 * Of the rotation of the layers that see the whole window, for `factors` and the file's own. `contextLength`: tokens of the stretched window, by which LongRoPE chooses
 * its divisors. Throws what the source throws, and 'damaged-model' for divisors that divide nothing.
 */
export async function rotaryReport(
  { source, header, config, info }: OpenModel,
  factors: readonly number[],
  contextLength: number,
): Promise<RotaryReport> {
  const [rope] = config.ropes;
  const { type, factor, originalContext } = rope.scaling;
  // LongRoPE's magnitude and long divisors are its stretching: what was trained before them is the short window.
  const trainedContext = type === 'longrope' ? originalContext : info.trainedContext;
  const [near, far] = [
    await readDivisors(source, header, rope, trainedContext),
    await readDivisors(source, header, rope, contextLength),
  ];
  const all = [...new Set([...factors, factor])].sort((a, b) => a - b);
  const by = (asked: number): Rope => ({ ...rope, scaling: withFactor(rope.scaling, asked) });
  return {
    method: type,
    base: rope.base,
    divided: rope.divisors !== undefined,
    trainedContext,
    ownFactor: factor,
    trained: [...ropeAngles(by(1), near).perPosition],
    stretched: all.map((asked) => {
      const { perPosition, magnitude } = ropeAngles(by(asked), far);
      return { factor: asked, perPosition: [...perPosition], magnitude };
    }),
    ...localLayers(config),
  };
}

function localLayers({ slidingWindow, layers }: OpenModel['config']): Pick<RotaryReport, 'local'> {
  if (!slidingWindow) return {};
  const local = slidingWindow.isLocal.filter(Boolean).length;
  return { local: { layers: local, of: layers, tokens: slidingWindow.tokens } };
}
