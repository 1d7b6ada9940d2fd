/**
 * Walks a root file system that an attacker owns. Each folder is opened by its name in the one before, which is held
 * open, never through a symbolic link, and never into another file system; nothing is opened but folders.
 */
import { type BigIntStats, closeSync, constants, fstatSync, lstatSync } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { isAbsence, openQuietly } from '../readers/artifact-files.ts';

export interface ScannedEntry {
  /** From the root, one character a byte. */
  path: string;
  name: string;
  folder_fd: number;
  stat: BigIntStats;
}

export interface ScanLimits {
  entries_max: number;
  depth_max: number;
}

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;

/** What was left out of a scan, in words; '' where all was seen. */
export interface ScanEnd {
  cut: string;
  root: BigIntStats;
}

/** @throws where the root itself cannot be opened */
export async function scanRoot(
  root: string,
  limits: ScanLimits,
  visit: (entry: ScannedEntry) => Promise<void> | undefined,
): Promise<ScanEnd> {
  const fd = openQuietly(Buffer.from(root, 'utf8').toString('latin1'), O_RDONLY | O_DIRECTORY | O_NONBLOCK);
  const walk = new Walk(fstatSync(fd, { bigint: true }), limits, visit);
  await walk.enter(fd, '', 0);
  return { cut: walk.cut, root: walk.root };
}

class Walk {
  readonly root: BigIntStats;
  cut = '';
  readonly #limits: ScanLimits;
  readonly #visit: (entry: ScannedEntry) => Promise<void> | undefined;
  #entries = 0;

  constructor(
    root: BigIntStats,
    limits: ScanLimits,
    visit: (entry: ScannedEntry) => Promise<void> | undefined,
  ) {
    this.root = root;
    this.#limits = limits;
    this.#visit = visit;
  }

  /** Closes `fd`. */
  async enter(fd: number, path: string, depth: number): Promise<void> {
    try {
      // Names are bytes; Node's types know only text here.
      const options = { encoding: 'latin1', bufferSize: 512 } as const;
      for await (const { name } of await opendir(`/proc/self/fd/${fd}`, options)) {
        this.#entries += 1;
        if (this.#entries > this.#limits.entries_max) {
          this.cut = `more than ${this.#limits.entries_max} files: those beyond are not watched`;
          return;
        }
        await this.#look(fd, path, name, depth);
      }
    } catch (error) {
      if (!isAbsence(error)) this.cut = (error as Error).message;
    } finally {
      closeSync(fd);
    }
  }

  async #look(folder_fd: number, folder: string, name: string, depth: number): Promise<void> {
    const path = `${folder}/${name}`;
    const target = Buffer.from(`/proc/self/fd/${folder_fd}/${name}`, 'latin1');
    const stat = lstatSync(target, { bigint: true, throwIfNoEntry: false });
    if (stat === undefined) return;
    const waiting = this.#visit({ path, name, folder_fd, stat });
    if (waiting !== undefined) await waiting;
    if (!stat.isDirectory() || stat.dev !== this.root.dev) return;
    if (depth >= this.#limits.depth_max) {
      this.cut = `folders deeper than ${this.#limits.depth_max} are not watched`;
      return;
    }
    let inner: number;
    try {
      const flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK;
      inner = openQuietly(`/proc/self/fd/${folder_fd}/${name}`, flags);
    } catch (error) {
      if (!isAbsence(error)) this.cut = (error as Error).message;
      return;
    }
    // Swapped since the look, for a mount or another folder.
    if (fstatSync(inner, { bigint: true }).dev === this.root.dev) await this.enter(inner, path, depth + 1);
    else closeSync(inner);
  }
}
