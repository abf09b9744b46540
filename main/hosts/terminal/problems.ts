// Errors as the terminal says them: one plain sentence on stderr. Only sentences that our own code wrote are shown; for anything
// else there is a general one, and `--debug` shows the rest.
import { basename } from 'node:path';
import { EngineError } from '../../../gpu/api.ts';
import { ReadingError, SCANNED } from '../../../reading/index.ts';
import { MainError } from '../../common/api.ts';

/** What the terminal itself finds wrong: a file that is not there, a file that cannot be written. */
export class TerminalError extends Error {
  readonly detail: string;
  constructor(message: string, detail = '') {
    super(message);
    this.name = 'TerminalError';
    this.detail = detail;
  }
}

/** `error` of node:fs about `path` as a sentence; `wanted` completes "name …". Our own errors pass as they are. */
export function fileProblem(error: unknown, path: string, wanted: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const said = {
    ENOENT: `There is no file ${path}; check the name.`,
    ENOTDIR: `There is no file ${path}; check the name.`,
    EISDIR: `${path} is a folder; name ${wanted}.`,
    EACCES: `${path} may not be read; check its permissions.`,
    EPERM: `${path} may not be read; check its permissions.`,
    ERR_FS_FILE_TOO_LARGE: `${path} is larger than 2 GB; name a smaller file.`,
  }[code ?? ''];
  return said ? new TerminalError(said, code) : error;
}

/** `error` of node:fs about writing `path` as a sentence. */
export function writeProblem(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const said = {
    ENOENT: `The folder of ${path} does not exist; make it first.`,
    EISDIR: `${path} is a folder; name a file to write.`,
    EACCES: `${path} may not be written; check its permissions.`,
    EPERM: `${path} may not be written; check its permissions.`,
    EROFS: `${path} may not be written; choose another place.`,
    ENOSPC: `The disk is full and ${path} was not written; make room.`,
  }[code ?? ''];
  return said ? new TerminalError(said, code) : error;
}

/** The one sentence for whoever typed the command; `path` is the file that it was about. */
export function sentenceOf(error: unknown, path?: string): string {
  if (error instanceof ReadingError && error.kind === 'locked')
    return `${path ? basename(path) : 'This PDF'} is locked; give its password with --password.`;
  if (error instanceof ReadingError && error.kind === 'wrong-password')
    return `The password does not open ${path ? basename(path) : 'this PDF'}; try another.`;
  const ours = [ReadingError, EngineError, TerminalError, MainError].some((kind) => error instanceof kind);
  if (error instanceof ReadingError && error.detail === SCANNED) return `${error.message} Read it with --ocr.`;
  if (ours && error instanceof Error) return error.message;
  const name = error instanceof Error ? error.name : typeof error;
  return `Something unforeseen went wrong (${name}); run the command again with --debug to see where.`;
}

/** For `--debug`: stack and detail of an error and of its causes. */
export function detailsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { detail } = error as { detail?: unknown };
  const cause = error.cause === undefined ? '' : `\ncaused by ${detailsOf(error.cause)}`;
  return `${error.stack}${typeof detail === 'string' && detail !== '' ? `\ndetail: ${detail}` : ''}${cause}`;
}
