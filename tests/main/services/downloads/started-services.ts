// The app's services over a server of models, opened anew for every test, and what tests of downloads do with them.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { openServices, type Services } from '../../../../main/app.ts';
import type { DownloadRow } from '../../../../main/common/api.ts';
import type { DownloadMeans } from '../../../../main/services/downloads/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { loopback, type ModelServer, startModelServer } from './model-server.ts';

/** A busy machine may be silent for a while; the test of a server that is has less patience. */
const means: Partial<DownloadMeans> = { mayFetch: loopback, silence: 60_000, patience: [1, 1, 1] };
/** What the server has under m.gguf. */
export const model = Buffer.concat([Buffer.from('GGUF'), randomBytes(400_000)]);

interface Started {
  server: ModelServer;
  services: Services;
  /** The data folder. */
  data: string;
}

/** Call it once in a file: it registers what opens and closes. The values are those of the present test. */
export function startedServices() {
  const on = { data: '' } as Started;
  const folder = temporaryFolder();
  let opened = 0;
  const open = (changes: Partial<DownloadMeans> = {}) =>
    openServices(
      { dataFolder: on.data, assetsFolder: folder('assets'), rendererFolder: folder('r'), say: () => undefined },
      { ...means, ...changes },
    );
  const reopen = async (changes?: Partial<DownloadMeans>) => {
    on.services.close();
    on.services = await open(changes);
  };
  const rowOf = async (id: string): Promise<DownloadRow> =>
    (await on.services.api.downloads()).find((row) => row.id === id) ?? ({ state: 'gone' } as never);

  /** Until it is neither waiting, being fetched nor checked. */
  const ended = async (id: string): Promise<DownloadRow> => {
    for (;;) {
      const row = await rowOf(id);
      if (!['waiting', 'fetching', 'checking'].includes(row.state)) return row;
      await new Promise((done) => setTimeout(done, 5));
    }
  };
  const fetchAll = async (path = 'm.gguf', hash?: string): Promise<DownloadRow> => {
    const { id } = await (hash
      ? on.services.api.askDownload(on.server.url(path), hash)
      : on.services.api.askDownload(on.server.url(path)));
    await on.services.api.startDownload(id);
    return ended(id);
  };
  const stored = (): string[] => (existsSync(join(on.data, 'models')) ? readdirSync(join(on.data, 'models')) : []);
  /** Where the last request began: as many bytes were there. */
  const askedFrom = (): number => Number(/^bytes=(\d+)-/.exec(on.server.asked.at(-1)!.range!)![1]);
  const storedBytes = (name = 'm.gguf') => readFileSync(join(on.data, 'models', name));

  beforeAll(async () => {
    mkdirSync(folder('assets/models'), { recursive: true });
    on.server = await startModelServer();
  });
  afterAll(() => on.server.close());
  beforeEach(async () => {
    Object.assign(on.server, { misbehave: undefined, cutAfter: -1, pace: 0, statesHash: false, etags: true });
    on.server.files.clear();
    on.server.files.set('m.gguf', model);
    on.data = folder(`data ${opened++}`);
    on.services = await open();
    on.server.asked.length = 0;
    return () => on.services.close();
  });

  return { on, open, reopen, rowOf, ended, fetchAll, stored, askedFrom, storedBytes };
}
