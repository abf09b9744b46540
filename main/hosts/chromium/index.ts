// `node dist/main/chromium.js [--no-window]`: Longleaf in an installed browser. Ends when the window closes or on Ctrl+C.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { MainError } from '../../common/api.ts';
import { appFolder, standardDataFolder } from '../../places.ts';
import { startChromiumHost } from './host.ts';

const main = async (): Promise<void> => {
  if (!existsSync(join(appFolder(), 'dist', 'renderer', 'index.html'))) {
    throw new MainError('not-found', 'The window is not built yet; run `npm run build` first.');
  }
  const window = !process.argv.includes('--no-window');
  const starting = startChromiumHost({
    dataFolder: standardDataFolder(process.env, process.platform, homedir()),
    window,
  });
  const end = async () => {
    await (await starting).close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void end());
  const host = await starting;
  if (!window)
    console.log(`Open this address in Chromium, Chrome or Edge on this machine (it works once): ${host.url}`);
  await host.closed;
  await end();
};

main().catch((error) => {
  console.error(error instanceof MainError ? error.message : 'Longleaf could not start.');
  if (!(error instanceof MainError)) console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
