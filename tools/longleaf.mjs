#!/usr/bin/env node
// The `longleaf` command. Kept in words that every Node understands, so that an old one gets a sentence and not a syntax error.

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  console.error(
    `Longleaf needs Node 22.13 or newer and this is ${process.version}; in a clone, \`npx longleaf\` uses the Node that \`npm ci\` brought (Linux), elsewhere install a newer Node.`,
  );
  process.exit(1);
}

try {
  const { ensureBuilt } = await import('./build.mjs');
  await ensureBuilt();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
const { run } = await import('../dist/main/terminal.js');
await run(process.argv.slice(2));
