// Runs the built command line as a child process, as a person or a script does.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export const repositoryFile = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const entry = repositoryFile('tests/terminal/run-built.mjs');
export const sample = repositoryFile('assets/sample.pdf');
export const embedded = repositoryFile('assets/models/longleaf-sprig-q8_0.gguf');

/** The reader's own data folder is never touched by a test. */
const data = mkdtempSync(join(tmpdir(), 'longleaf-terminal-data-'));
process.on('exit', () => rmSync(data, { recursive: true, force: true }));

/** `interruptAt`: Ctrl+C is pressed when stderr says this; `killAt`: the process is killed then. */
export const longleaf = (
  args: string[],
  { stdin = '', interruptAt = '', killAt = '', env = {} as Record<string, string> } = {},
): Promise<Ended> =>
  new Promise((done, fail) => {
    const child = spawn(process.execPath, [entry, ...args], {
      env: { LONGLEAF_DATA: data, ...process.env, ...env },
    });
    const ended: Ended = { code: null, stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text) => {
      ended.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      ended.stderr += text;
      if (interruptAt && !child.killed && ended.stderr.includes(interruptAt)) child.kill('SIGINT');
      if (killAt && !child.killed && ended.stderr.includes(killAt)) child.kill('SIGKILL');
    });
    child.on('error', fail);
    child.on('close', (code) => done({ ...ended, code }));
    child.stdin.end(stdin);
  });

/**
 * What a refusal must look like: exit code 1, nothing on stdout, one sentence and no stack trace on stderr. Where Mesa's llvmpipe is
 * installed, Dawn says on its own that it lowers two of its limits.
 */
export const refusalOf = ({ code, stdout, stderr }: Ended): string => {
  const lines = stderr
    .trim()
    .split('\n')
    .filter(
      (line) =>
        !line.endsWith('…') &&
        !line.startsWith('Computing with') &&
        !/^Warning: max\w+ artificially reduced/.test(line),
    );
  if (code !== 1 || stdout !== '' || lines.length !== 1 || /^\s+at |node:internal|Error:/m.test(stderr))
    throw new Error(`not a refusal: ${JSON.stringify({ code, stdout, stderr })}`);
  return lines[0];
};
