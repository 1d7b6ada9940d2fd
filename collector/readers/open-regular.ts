/**
 * Opens what was a regular file when it was looked at. Who owns the folder may have put something else in its place since:
 * a FIFO would hold up the thread that opens it, and a device gives bytes without end.
 */
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

const flags = constants.O_RDONLY | constants.O_NONBLOCK;

const is_other = 'it is no regular file any more';

/** @throws the file system's error, or that it is no regular file */
export async function openRegular(path: string): Promise<FileHandle> {
  const handle = await open(path, flags);
  const stat = await handle.stat();
  if (stat.isFile()) return handle;
  await handle.close();
  throw new Error(is_other);
}

/** @throws the file system's error, or that it is no regular file */
export function openRegularSync(path: string): number {
  const fd = openSync(path, flags);
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw new Error(is_other);
}
