/**
 * Finds the files of a line source: what the pattern names, and beside it what rotation made of it: `.1`,
 * `.2.gz`, `-20240131`, `.2024-01-31`, `name-20240131.json`, each possibly compressed.
 */
import { statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { expandFolders, hasMagic, isHidden, listFolder, segmentMatcher } from './glob.ts';

export interface LineFile {
  path: string;
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
export const files_max = 4096;

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
    markSuccessors(files, hasMagic(name_pattern));
    for (const file of files) if (!found.has(file.path)) found.set(file.path, file);
  }
  const sorted = [...found.values()].sort((a, b) => a.mtime_ms - b.mtime_ms || compareNames(a.path, b.path));
  return sorted.slice(-files_max);
}

function statFile(path: string, is_rotated: boolean): LineFile | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile()) return undefined;
  const ending = compressed_name.exec(path)?.[1];
  const read = { gz: 'gzip', zst: 'zstd' } as const;
  const compression = ending === undefined ? 'none' : (read[ending as keyof typeof read] ?? 'unread');
  return {
    path,
    dev: stat.dev,
    ino: stat.ino,
    size: stat.size,
    mtime_ms: stat.mtimeMs,
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
