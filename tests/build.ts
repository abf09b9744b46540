// vitest globalSetup: tests of the hosts run the built dist/, so it is built when stale. LONGLEAF_NO_BUILD=1 leaves it as it is.
import { ensureBuilt } from '../tools/build.mjs';

export default async function setup(): Promise<void> {
  if (process.env.LONGLEAF_NO_BUILD !== '1') await ensureBuilt();
}
