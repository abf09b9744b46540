// What a reader is told when the disk or the database says no: one sentence for each thing that can be done about it. The code of
// the operating system or of SQLite goes into the detail, never a path's contents or a document's text.
import { MainError } from '../common/api.ts';

const fullCodes = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'SQLITE_FULL']);
const refusedCodes = new Set(['EACCES', 'EPERM', 'EROFS', 'SQLITE_READONLY', 'SQLITE_PERM', 'SQLITE_CANTOPEN']);
const busyCodes = new Set(['EBUSY', 'SQLITE_BUSY', 'SQLITE_LOCKED', 'SQLITE_BUSY_SNAPSHOT', 'SQLITE_BUSY_RECOVERY']);
const ioCodes = new Set([
  'EIO',
  'ENOENT',
  'ENXIO',
  'ENODEV',
  'ENOTDIR',
  'EISDIR',
  'EEXIST',
  'EMFILE',
  'ENFILE',
  'ENAMETOOLONG',
  'EBADF',
]);
const damagedCodes = ['SQLITE_CORRUPT', 'SQLITE_NOTADB'];

export const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

export const isDamage = (error: unknown): boolean => damagedCodes.some((code) => errorCode(error).startsWith(code));

/** Turns errors of files and of SQLite into the one a reader can act on; others are returned as they are. */
export const asMainError = (error: unknown): unknown => {
  const code = errorCode(error);
  if (error instanceof MainError || code === '') return error;
  if (fullCodes.has(code)) {
    return new MainError('disk-full', 'The disk is full: this was not saved. Free some space and try again.', code);
  }
  if (busyCodes.has(code)) {
    return new MainError(
      'busy',
      'Another Longleaf is using this history: this was not saved. Close it and try again.',
      code,
    );
  }
  if (refusedCodes.has(code) || code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN')) {
    return new MainError(
      'disk',
      'Longleaf may not write to its data folder: this was not saved. Allow it and try again.',
      code,
    );
  }
  if (isDamage(error)) {
    return new MainError(
      'disk',
      'The history is damaged: this was not saved. Start Longleaf again to repair it.',
      code,
    );
  }
  if (ioCodes.has(code) || code.startsWith('SQLITE_IOERR')) {
    return new MainError('disk', 'The disk reported an error: this was not saved. Try again.', code);
  }
  return error;
};

/** Runs synchronous database work with errors a reader can act on. */
export const withDiskErrors = <T>(work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw asMainError(error);
  }
};
