// A data folder with a document that has replies, for tests of what surrounds them: no model has to be asked.
import { createHash } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openServices } from '../../main/app.ts';
import type { ReplyValue } from '../../main/common/api.ts';
import { aReply } from '../main/a-reply.ts';
import { makeReport, TITLE } from './a-report.ts';

/** The report `repeats` times over, with a summary of these sentences of it, by their place. */
export async function preparedFolder(repeats: number, quoted: readonly number[]): Promise<string> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'longleaf-prepared-'));
  const say = () => undefined;
  const services = await openServices({ dataFolder, assetsFolder: dataFolder, rendererFolder: dataFolder, say });
  const { bytes, truth } = await makeReport(repeats);
  const id = createHash('sha256').update(bytes).digest('hex');
  const body = bytes as BodyInit;
  await services.handle(new Request(`app://longleaf/documents/${id}`, { method: 'PUT', body }));
  await services.api.addDocument({ id, name: 'harbour.pdf', title: TITLE, pages: 3 * repeats, words: 118 * repeats });
  const sentences = quoted.map((place) => {
    const [text, box] = [...truth][place]!;
    const citation = { page: box.page, quote: text, start: 0, end: text.length, status: 'verified' as const };
    return { text, citations: [{ ...citation, boxes: [box] }] };
  });
  const reply: ReplyValue = { ...aReply(), sentences };
  await services.api.addRun(id, reply);
  services.close();
  return dataFolder;
}
