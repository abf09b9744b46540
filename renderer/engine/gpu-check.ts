// Which graphics card will read, in the words of the engine's worker. A missing one is said in one sentence.
import type { Gpu } from '../state.ts';
import type { ReaderClient } from './reader-client.ts';

export async function checkGpu(reader: ReaderClient): Promise<Gpu> {
  try {
    const { name, software } = await reader.ask({ ask: 'adapter' });
    return { status: 'found', name, software };
  } catch (error) {
    const sentence = error instanceof Error ? error.message : '';
    return { status: 'none', sentence: sentence || 'No usable graphics device was found.' };
  }
}
