/**
 * Finds and opens the files of a source of lines or frames: what the pattern names, and beside it what rotation made of
 * it: `.1`, `.2.gz`, `-20240131`, `.2024-01-31`, `name-20240131.json`, each possibly compressed.
 *
 * Those of a container are found and opened folder by folder and never through a link, with no access time left
 * (artifact-files.ts). Beside a name that is written in full only the usual names of its predecessors are looked for there,
 * because to list a folder leaves an access time.
 */
import { closeSync, constants, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import {
  isInContainer,
  lookAt,
  files_max as looked_at_max,
  openFound,
  scanPattern,
} from './artifact-files.ts';
import { expandFolders, hasMagic, isHidden, listFolder, segmentMatcher } from './glob.ts';
import { openRegular, openRegularSync } from './open-regular.ts';

export interface LineFile {
  /** Of a container: one character a byte. */
  path: string;
  /** The path as people read it. */
  shown: string;
  /** Of a container: what it was found by. */
  pattern?: string;
  dev: number;
  ino: number;
  size: number;
  mtime_ms: number;
  /** `unread`: a form that is not read here. */
  compression: 'none' | 'gzip' | 'zstd' | 'unread';
  /** It has a successor: nobody writes to it for long any more. */
  is_rotated: boolean;
}

/** Enough for years of daily files; more are told as trouble by the reader. */
export const files_max = 16_384;

const rotated_suffix = /^[._-](?:\d[\w.:+-]*?|old|bak|prev)$/;
export const compressed_name = /\.(gz|zst|xz|bz2|lz4|lzma|lzo|7z|zip|Z)$/;
/** Written beside a log by what rotates or edits it, for a moment. */
const passing = /(?:\.(?:tmp|part|swp)|~)$/;

/** Whether `name` is what rotation makes of a file that `matcher` names. */
function isRotatedName(name: string, pattern: string, matcher: RegExp): boolean {
  if (passing.test(name)) return false;
  const bare = name.replace(compressed_name, '');
  if (bare !== name && matcher.test(bare)) return true;
  for (let at = bare.search(/[._-](?:\d|old|bak|prev)/); at !== -1 && at < bare.length; at++) {
    if (!rotated_suffix.test(bare.slice(at))) continue;
    if (matcher.test(bare.slice(0, at))) return true;
  }
  const extension = extname(pattern);
  if (extension === '' || hasMagic(extension) || !bare.endsWith(extension)) return false;
  const stem = bare.slice(0, -extension.length);
  const dated = /^(.*?)[._-]\d[\d._:T-]*$/s.exec(stem);
  return dated !== null && matcher.test(dated[1]! + extension);
}

/**
 * The files of all patterns, oldest first.
 * @throws the file system's error where a folder may not be read.
 */
export function findLineFiles(patterns: readonly string[]): LineFile[] {
  const found = new Map<string, LineFile>();
  for (const pattern of patterns) {
    const files: LineFile[] = isInContainer(pattern) ? findContained(pattern) : findOnHost(pattern);
    markSuccessors(files, hasMagic(basename(pattern)));
    for (const file of files) if (!found.has(file.path)) found.set(file.path, file);
  }
  return [...found.values()].sort((a, b) => a.mtime_ms - b.mtime_ms || compareNames(a.path, b.path));
}

function findOnHost(pattern: string): LineFile[] {
  const files: LineFile[] = [];
  const name_pattern = basename(pattern);
  const matcher = segmentMatcher(name_pattern);
  for (const folder of expandFolders(dirname(pattern).split('/'))) {
    for (const entry of listFolder(folder)) {
      if (entry.isDirectory() || isHidden(entry.name, name_pattern)) continue;
      const is_named = matcher.test(entry.name);
      if (!is_named && !isRotatedName(entry.name, name_pattern, matcher)) continue;
      const file = statFile(join(folder, entry.name), !is_named);
      if (file !== undefined) files.push(file);
    }
  }
  return files;
}

/** How many predecessors by number and by day are looked for. */
const numbered_max = 9;
const days_max = 31;

/** What rotation usually makes of a name, today and on the days before. */
function usualPredecessors(name: string, now_ms: number): string[] {
  const days = Array.from({ length: days_max }, (_, day) =>
    new Date(now_ms - day * 86_400_000).toISOString().slice(0, 10),
  );
  const bare = [
    ...Array.from({ length: numbered_max + 1 }, (_, number) => `${name}.${number}`),
    `${name}.old`,
    ...days.flatMap((day) => [`${name}.${day}`, `${name}-${day.replaceAll('-', '')}`]),
  ];
  return bare.flatMap((one) => [one, `${one}.gz`, `${one}.zst`]);
}

/** @throws the file system's error where a folder may not be read. */
function findContained(pattern: string): LineFile[] {
  const files: LineFile[] = [];
  const name_pattern = basename(pattern);
  let trouble = '';
  scanPattern(pattern, {
    beside: hasMagic(name_pattern)
      ? []
      : usualPredecessors(Buffer.from(name_pattern).toString('latin1'), Date.now()),
    trouble: (message) => {
      trouble = message;
    },
    visit: (path, name, folder_fd) => {
      const found = lookAt(folder_fd, name, path);
      if (found === undefined) return true;
      const compression = compressionOf(name);
      const is_beside = !hasMagic(name_pattern) && Buffer.from(name, 'latin1').toString() !== name_pattern;
      files.push({
        ...{ path, shown: Buffer.from(path, 'latin1').toString('utf8') },
        pattern: is_beside ? join(dirname(pattern), name) : pattern,
        ...{ dev: Number(found.dev), ino: Number(found.ino), size: Number(found.size) },
        ...{ mtime_ms: Number(found.mtime_ns / 1_000_000n), compression },
        is_rotated: is_beside || compression !== 'none',
      });
      return files.length < looked_at_max;
    },
  });
  if (trouble !== '') throw new Error(trouble);
  return files;
}

/** What now has the file's name; undefined where nothing has. */
export const inodeAt = ({ path, pattern }: LineFile): number | undefined =>
  statSync(pattern === undefined ? path : Buffer.from(path, 'latin1'), { throwIfNoEntry: false })?.ino;

/** Undefined where something else is there now. @throws the file system's error. */
export function openLineFile({ path, pattern, ino }: LineFile): number | undefined {
  if (pattern === undefined) return openRegularSync(path);
  const opened = openFound(pattern, path);
  if (opened === undefined || Number(opened.file.ino) === ino) return opened?.fd;
  closeSync(opened.fd);
  return undefined;
}

/** The same as a handle. */
export async function openLineHandle(file: LineFile): Promise<FileHandle | undefined> {
  if (file.pattern === undefined) return openRegular(file.path);
  const fd = openLineFile(file);
  if (fd === undefined) return undefined;
  try {
    // The very file that is open, by no name that could be swapped.
    const own = `/proc/self/fd/${fd}`;
    return await open(own, constants.O_RDONLY | constants.O_NOATIME).catch(() => open(own, 'r'));
  } finally {
    closeSync(fd);
  }
}

const readable_endings: Record<string, LineFile['compression']> = { gz: 'gzip', zst: 'zstd' };

function compressionOf(name: string): LineFile['compression'] {
  const ending = compressed_name.exec(name)?.[1];
  return ending === undefined ? 'none' : (readable_endings[ending] ?? 'unread');
}

function statFile(path: string, is_rotated: boolean): LineFile | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile()) return undefined;
  const compression = compressionOf(path);
  return {
    path,
    shown: path,
    dev: stat.dev,
    ino: stat.ino,
    size: stat.size,
    mtime_ms: Math.floor(stat.mtimeMs),
    compression,
    is_rotated: is_rotated || compression !== 'none',
  };
}

/** Where the name has a date or number in it, every file of a folder but the newest has a successor. */
function markSuccessors(files: LineFile[], is_pattern: boolean): void {
  if (!is_pattern) return;
  const newest = new Map<string, LineFile>();
  for (const file of files) {
    const folder = dirname(file.path);
    const best = newest.get(folder);
    if (best === undefined || file.mtime_ms > best.mtime_ms) newest.set(folder, file);
  }
  for (const file of files) if (newest.get(dirname(file.path)) !== file) file.is_rotated = true;
}

/** `.10` is older than `.2`, and a higher number older than a lower one. */
const compareNames = (a: string, b: string): number => b.localeCompare(a, 'en', { numeric: true });
