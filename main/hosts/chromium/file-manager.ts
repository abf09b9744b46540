// The system's file manager, asked to show a file. Where there is none, the reader is told where the file lies.
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { MainError } from '../../common/api.ts';
import { hasDisplay } from './browser.ts';

/** Program and arguments; the file itself is marked where the system can. */
export const fileManager = (platform: string, path: string): [program: string, args: string[]] => {
  if (platform === 'darwin') return ['open', ['-R', path]];
  if (platform === 'win32') return ['explorer.exe', [`/select,${path}`]];
  return ['xdg-open', [dirname(path)]];
};

const noManager = (path: string) => new MainError('refused', `No file manager could be opened. The file is ${path}`);

/** Rejects with a MainError that names the file when none can be started. */
export const showInFolder = (path: string): Promise<void> =>
  new Promise((done, fail) => {
    if (!hasDisplay()) return fail(noManager(path));
    const [program, args] = fileManager(process.platform, path);
    const child = spawn(program, args, { detached: true, stdio: 'ignore' });
    child.once('error', () => fail(noManager(path)));
    child.once('spawn', () => {
      child.unref();
      done();
    });
  });
