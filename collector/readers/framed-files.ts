/**
 * Where framed files lie, and how they are opened: those of a container folder by folder and never through a link,
 * with no access time left (artifact-files.ts); any others as lines are.
 */
import { closeSync, openSync } from 'node:fs';
import { files_max, isInContainer, lookAt, openFound, scanPattern } from './artifact-files.ts';
import { compressed_name, findLineFiles, type LineFile } from './line-files.ts';

export type FramedFile = Pick<LineFile, 'path' | 'dev' | 'ino' | 'size' | 'mtime_ms'> & {
  is_compressed: boolean;
  /** The path as people read it: that of a container's file is kept with one character a byte. */
  shown: string;
  /** Of a container: what it was found by. */
  pattern?: string;
};

/** Oldest first. @throws the file system's error where a folder may not be read. */
export function findFramedFiles(patterns: readonly string[]): FramedFile[] {
  const contained = patterns.filter(isInContainer);
  const others = findLineFiles(patterns.filter((pattern) => !isInContainer(pattern)));
  return [
    ...others.map(({ compression, ...file }) => ({
      ...file,
      shown: file.path,
      is_compressed: compression !== 'none',
    })),
    ...contained.flatMap(findContained).sort((a, b) => a.mtime_ms - b.mtime_ms),
  ];
}

function findContained(pattern: string): FramedFile[] {
  const files: FramedFile[] = [];
  let trouble = '';
  scanPattern(pattern, {
    trouble: (message) => {
      trouble = message;
    },
    visit: (path, name, folder_fd) => {
      const found = lookAt(folder_fd, name, path);
      if (found !== undefined)
        files.push({
          ...{ path, pattern, dev: Number(found.dev), ino: Number(found.ino), size: Number(found.size) },
          ...{ mtime_ms: Number(found.mtime_ns / 1_000_000n), is_compressed: compressed_name.test(name) },
          shown: Buffer.from(path, 'latin1').toString('utf8'),
        });
      return files.length < files_max;
    },
  });
  if (trouble !== '') throw new Error(trouble);
  return files;
}

/** Undefined where something else is there now. @throws the file system's error. */
export function openFramedFile({ path, pattern, ino }: FramedFile): number | undefined {
  if (pattern === undefined) return openSync(path, 'r');
  const opened = openFound(pattern, path);
  if (opened === undefined || Number(opened.file.ino) === ino) return opened?.fd;
  closeSync(opened.fd);
  return undefined;
}
