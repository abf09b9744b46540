// A child process for the tests that kill it: goes on with a download, says so, then how it ended.
import { writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { openServices } from '../../../../main/app.ts';

const [dataFolder, id] = process.argv.slice(2);
const services = await openServices(
  { dataFolder, assetsFolder: tmpdir(), rendererFolder: tmpdir(), say: () => undefined },
  { mayFetch: () => true, patience: [] },
);
await services.api.startDownload(id).catch(() => undefined);
writeSync(1, 'begun\n');
for (;;) {
  const row = (await services.api.downloads()).find((one) => one.id === id);
  if (!row || !['waiting', 'fetching', 'checking'].includes(row.state)) {
    writeSync(1, `${JSON.stringify(row ?? {})}\n`);
    process.exit(0);
  }
  await new Promise((done) => setTimeout(done, 5));
}
