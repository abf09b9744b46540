// A child process for the test that kills it: the app behind its loopback server. Says its address, and waits.
import { writeSync } from 'node:fs';
import { startChromiumHost } from '../../main/hosts/chromium/host.ts';

const { url } = await startChromiumHost({ dataFolder: process.argv[2]!, window: false, say: () => undefined });
writeSync(1, `${url}\n`);
