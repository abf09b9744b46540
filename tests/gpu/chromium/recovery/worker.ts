// Loads a small model anew for each text, as the app's worker would, and writes greedily behind a prompt.
import { bytesSource } from '../../../../gpu/gguf/bytes-source.ts';
import { createEngine, openModel } from '../../../../gpu/index.ts';
import { smallShape, syntheticModel } from '../../synthetic-model.ts';

export type FromWriter = { stage: string } | { ids: number[]; lost: number } | { thrown: string };

const tell = (message: FromWriter) => postMessage(message);
const prompt = Array.from({ length: 600 }, (_, i) => (i * 31) % smallShape.vocabulary);

self.onmessage = async () => {
  let lost = 0;
  try {
    const open = await openModel(bytesSource(syntheticModel(smallShape, { tied: false })));
    const options = { contextLength: 768, onDeviceLost: () => lost++ };
    const engine = await createEngine(navigator.gpu, open, options);
    tell({ stage: 'loaded' });
    const ids: number[] = [];
    for await (const { id } of engine.generate(prompt, {
      maxTokens: 120,
      stop: [],
      onProgress: () => tell({ stage: 'reading' }),
    })) {
      ids.push(id);
      tell({ stage: 'writing' });
    }
    engine.dispose();
    tell({ ids, lost });
  } catch (error) {
    tell({ thrown: String(error) });
  }
};
