/**
 * Finds the binary logs of a server by patterns or by its index file, and opens them. The container may own them: they
 * are opened by name in folders that are held open, never through a symbolic link below the operator's own pattern.
 */
import { closeSync, readSync } from 'node:fs';
import { openFile, openFound, scanPattern } from './artifact-files.ts';

export interface LogFile {
  path: string;
  name: string;
  /** Behind the last dot; the server counts them up. */
  number: number;
}

export interface FoundLogs {
  /** In the order in which they were written. */
  logs: LogFile[];
  trouble: string;
}

const index_bytes_max = 1024 * 1024;
const logs_max = 10_000;

/** Opens what the pattern names and `isWanted` accepts, one after another. The callback's descriptor is closed behind it. */
function visit(pattern: string, use: (fd: number, path: string) => void): string {
  let trouble = '';
  scanPattern(pattern, {
    trouble: (message) => {
      trouble = message;
    },
    visit: (path, name, folder_fd) => {
      try {
        const opened = openFile(folder_fd, name, path);
        if (opened === undefined) return true;
        try {
          use(opened.fd, path);
        } finally {
          closeSync(opened.fd);
        }
      } catch (error) {
        trouble = (error as Error).message;
      }
      return true;
    },
  });
  return trouble;
}

const isIndex = (pattern: string): boolean => pattern.endsWith('.index');

/** The server's own names of logs. */
const log_name = /^[\w.-]{1,200}\.\d{1,12}$/;

/** An index names logs by the container's own paths; only their names count. */
function readIndex(pattern: string): { names: Set<string>; trouble: string } {
  const names = new Set<string>();
  const trouble = visit(pattern, (fd) => {
    const bytes = Buffer.alloc(index_bytes_max);
    const text = bytes.toString('latin1', 0, readSync(fd, bytes, 0, bytes.length, 0));
    for (const line of text.split('\n')) {
      const name = line.slice(line.lastIndexOf('/') + 1).trim();
      if (log_name.test(name) && names.size < logs_max) names.add(name);
    }
  });
  return { names, trouble };
}

/** A file beside an index. It is asked for by name: the folder is not listed, which would leave an access time. */
const besideIndex = (pattern: string, name: string): string =>
  `${pattern.slice(0, pattern.lastIndexOf('/'))}/${name}`;

export function findLogs(patterns: readonly string[]): FoundLogs {
  const logs = new Map<string, LogFile>();
  let trouble = '';
  const find = (pattern: string): void =>
    scanPattern(pattern, {
      trouble: (message) => {
        trouble ||= message;
      },
      visit: (path, name) => {
        const number = /\.(\d{1,12})$/.exec(name)?.[1];
        if (number !== undefined) logs.set(path, { path, name, number: Number(number) });
        return logs.size < logs_max;
      },
    });
  for (const pattern of patterns) {
    if (!isIndex(pattern)) {
      find(pattern);
      continue;
    }
    const index = readIndex(pattern);
    trouble ||= index.trouble;
    for (const name of index.names) find(besideIndex(pattern, name));
  }
  return { logs: [...logs.values()].sort((a, b) => a.number - b.number), trouble };
}

/** Opens a log that was found by the same patterns; undefined where it is gone or no regular file. */
export function openLog(patterns: readonly string[], path: string): number | undefined {
  for (const pattern of patterns) {
    const named = isIndex(pattern) ? besideIndex(pattern, path.slice(path.lastIndexOf('/') + 1)) : pattern;
    const opened = openFound(named, path);
    if (opened !== undefined) return opened.fd;
  }
  return undefined;
}
