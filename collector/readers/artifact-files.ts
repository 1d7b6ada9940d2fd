/**
 * Finds and opens whole files in folders that an attacker may own. Names are bytes: they are kept as text of one
 * character a byte (latin1), so that those that are no UTF-8 are found and opened like any other.
 *
 * From the first pattern on, and below the root file system of a container, each folder is opened by its name in the
 * folder before, which is held open, and never through a symbolic link: a folder that is swapped for a link between
 * look and open leads nowhere. A folder is listed only for a pattern, because listing leaves an access time.
 */
import {
  type BigIntStats,
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
} from 'node:fs';
import { hasMagic, isHidden, segmentMatcher } from './glob.ts';

export interface FoundFile {
  /** One character a byte. */
  path: string;
  dev: bigint;
  ino: bigint;
  size: bigint;
  mtime_ns: bigint;
  ctime_ns: bigint;
  links: bigint;
}

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_DIRECTORY, O_NOATIME } = constants;
const depth_max = 8;
/** Files looked at in one scan; what is beyond is told. */
export const files_max = 100_000;

const toBytes = (path: string): Buffer => Buffer.from(path, 'latin1');
export const binaryPattern = (pattern: string): string => Buffer.from(pattern, 'utf8').toString('latin1');

/** Opens without leaving an access time where that is allowed: only the owner and root may ask for it. */
export function openQuietly(path: string, flags: number): number {
  try {
    return openSync(toBytes(path), flags | O_NOATIME);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    return openSync(toBytes(path), flags);
  }
}

/** A link, something that is not there (any more) or is no folder: nothing to find, and no failure. */
export const isAbsence = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO'].includes((error as NodeJS.ErrnoException).code ?? '');

export interface Scan {
  /** Names that are looked for beside one that is written in full. */
  beside?: readonly string[];
  /** @returns false to end the scan */
  visit(path: string, name: string, folder_fd: number): boolean;
  trouble(message: string): void;
}

/** Root file systems of containers as they are seen on the host: LXC's, an overlay's, and by /proc. */
const container_root = /\/rootfs\/|\/merged\/|^\/proc\/\d+\/root\//;

/** Whether a path lies in a container's root file system, where an attacker may have written. */
export const isInContainer = (path: string): boolean => container_root.test(path);

/** How many folders lead to a container's root, its own included; undefined for a path that is in none. */
function rootDepth(pattern: string): number | undefined {
  const found = container_root.exec(pattern);
  if (found === null) return undefined;
  const above = pattern.slice(0, found.index + found[0].length);
  return above.split('/').filter((part) => part !== '').length;
}

/** Walks the folders that a pattern names, and tells of each file in them whose name fits. */
export function scanPattern(pattern: string, scan: Scan): void {
  const parts = binaryPattern(pattern)
    .split('/')
    .filter((part) => part !== '');
  const first = parts.slice(0, -1).findIndex(hasMagic);
  const fixed = Math.min(first === -1 ? parts.length - 1 : first, rootDepth(pattern) ?? parts.length - 1);
  const root = `/${parts.slice(0, fixed).join('/')}`;
  try {
    // What the operator wrote in full may be a link of his own.
    const fd = openQuietly(root, O_RDONLY | O_DIRECTORY | O_NONBLOCK);
    walk(fd, root === '/' ? '' : root, parts.slice(fixed), depth_max, scan);
  } catch (error) {
    if (!isAbsence(error)) scan.trouble((error as Error).message);
  }
}

/** Closes `fd`. False where the scan is to end. */
function walk(fd: number, path: string, parts: readonly string[], depth: number, scan: Scan): boolean {
  try {
    const [part, ...rest] = parts as [string, ...string[]];
    if (!hasMagic(part)) {
      if (rest.length > 0) return enter(fd, path, part, rest, depth, scan);
      return [part, ...(scan.beside ?? [])].every((name) => {
        const found = lookAt(fd, name, `${path}/${name}`);
        return found === undefined || scan.visit(found.path, name, fd);
      });
    }
    const matcher = segmentMatcher(part);
    const isNamed = (name: string): boolean => !isHidden(name, part) && matcher.test(name);
    if (part === '**' && !walk(openSync(`/proc/self/fd/${fd}`, O_RDONLY), path, rest, depth, scan))
      return false;
    for (const entry of readFolder(fd)) {
      const name = entry.name.toString('latin1');
      if (part === '**') {
        if (!entry.isDirectory() || name.startsWith('.') || depth === 0) continue;
        if (!enter(fd, path, name, parts, depth - 1, scan)) return false;
      } else if (rest.length > 0) {
        if (entry.isDirectory() && isNamed(name) && !enter(fd, path, name, rest, depth, scan)) return false;
      } else if (entry.isFile() && isNamed(name) && !scan.visit(`${path}/${name}`, name, fd)) return false;
    }
    return true;
  } finally {
    closeSync(fd);
  }
}

const readFolder = (fd: number): Dirent<Buffer>[] =>
  readdirSync(`/proc/self/fd/${fd}`, { withFileTypes: true, encoding: 'buffer' });

function enter(
  fd: number,
  path: string,
  name: string,
  parts: readonly string[],
  depth: number,
  scan: Scan,
): boolean {
  let inner: number;
  try {
    inner = openQuietly(`/proc/self/fd/${fd}/${name}`, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if (!isAbsence(error)) scan.trouble((error as Error).message);
    return true;
  }
  return walk(inner, `${path}/${name}`, parts, depth, scan);
}

/**
 * Opens a file by its name in an open folder; undefined where it is gone or no regular file. Nothing blocks: a FIFO or device is
 * opened without waiting, and closed again.
 */
export function openFile(
  folder_fd: number,
  name: string,
  path: string,
): { fd: number; file: FoundFile } | undefined {
  let fd: number;
  try {
    fd = openQuietly(`/proc/self/fd/${folder_fd}/${name}`, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
  const file = statFile(fd, path);
  if (file !== undefined) return { fd, file };
  closeSync(fd);
  return undefined;
}

/** Opens what a pattern was found to name; undefined where it is gone or no regular file. */
export function openFound(pattern: string, path: string): { fd: number; file: FoundFile } | undefined {
  let opened: { fd: number; file: FoundFile } | undefined;
  scanPattern(pattern, {
    trouble: () => undefined,
    visit: (found, name, folder_fd) => {
      if (found !== path) return true;
      opened = openFile(folder_fd, name, path);
      return false;
    },
  });
  return opened;
}

/** What the descriptor says, which cannot be swapped; undefined for anything but a regular file. */
export function statFile(fd: number, path: string): FoundFile | undefined {
  return describe(fstatSync(fd, { bigint: true }), path);
}

/** A first look, without opening. */
export function lookAt(folder_fd: number, name: string, path: string): FoundFile | undefined {
  const target = toBytes(`/proc/self/fd/${folder_fd}/${name}`);
  const stat = lstatSync(target, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? undefined : describe(stat, path);
}

function describe(stat: BigIntStats, path: string): FoundFile | undefined {
  if (!stat.isFile()) return undefined;
  const { dev, ino, size, mtimeNs: mtime_ns, ctimeNs: ctime_ns, nlink: links } = stat;
  return { path, dev, ino, size, mtime_ns, ctime_ns, links };
}

/** What changes whenever the file does, whoever changes it: its owner cannot set the ctime. */
export const signFile = ({ ino, size, mtime_ns, ctime_ns }: FoundFile): string =>
  `${ino}:${size}:${mtime_ns}:${ctime_ns}`;

/** A path as it stands in records: text, or hexadecimal where its bytes are no UTF-8. */
export function showPath(path: string): string | { $hex: string } {
  const bytes = toBytes(path);
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : { $hex: bytes.toString('hex') };
}
