import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';

/** Writes a file whole or not at all, durable, mode 0600. */
export function writeDurably(path: string, text: string): void {
  const next = `${path}.new`;
  writeAndSync(next, text);
  renameSync(next, path);
}

export function writeAndSync(path: string, text: string): void {
  const fd = openSync(path, 'w', 0o600);
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
