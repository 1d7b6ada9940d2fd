/**
 * The room on the engine's disk. This engine does not notice that a write found no room (seen with chDB 3.4: a merge under
 * a full disk ended well and left a part whose files were all empty, and inserts lost rows that it had said were in). So
 * it must not come there:
 *
 * - it keeps some room free by itself: with less it begins neither an insert nor a merge (`kept_free`);
 * - where others fill the disk faster than that, what it was writing at that moment is not to be trusted: it is ended at
 *   once, and its next start sets empty parts aside and takes those again that they were merged from, which lie there
 *   for eight minutes. Whoever inserted meanwhile is told (`times_full`), and does it again.
 *
 * A file beside the database remembers that over a restart of the server: renaming needs no room.
 */
import { existsSync, mkdirSync, renameSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const mib = 1024 * 1024;
const part_of_disk = 0.05;
const kept_free_min = 16 * mib;
const kept_free_max = 1024 * mib;
const look_every_ms = 200;

/** Bytes that the engine leaves free on a disk of this size. */
export const keptFree = (disk_bytes: number): number =>
  Math.round(Math.min(Math.max(disk_bytes * part_of_disk, kept_free_min), kept_free_max));

export class DiskRoom {
  /** How often it ran full since this began. */
  times_full = 0;
  /** Whether there is too little room now. */
  is_full = false;
  readonly kept_free: number;
  readonly #directory: string;
  readonly #ranFull: () => void;
  readonly #timer: NodeJS.Timeout;

  /**
   * @param directory of the engine
   * @param ranFull called when there is no room any more
   */
  constructor(directory: string, ranFull: () => void) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.#directory = directory;
    this.#ranFull = ranFull;
    const { blocks, bsize } = statfsSync(directory);
    this.kept_free = keptFree(blocks * bsize);
    if (!this.ran_full_before && !existsSync(this.#calm_path))
      writeFileSync(this.#calm_path, '', { mode: 0o600 });
    this.#timer = setInterval(() => this.look(), look_every_ms).unref();
  }

  get #calm_path(): string {
    return join(this.#directory, 'has-room');
  }

  get #full_path(): string {
    return join(this.#directory, 'ran-full');
  }

  /** Whether it ran full and nobody has looked yet through what was inserted meanwhile. */
  get ran_full_before(): boolean {
    return existsSync(this.#full_path);
  }

  /** Looks now. @returns how often the disk ran full */
  look(): number {
    const { bavail, bsize } = statfsSync(this.#directory);
    const free = bavail * bsize;
    if (!this.is_full && free < this.kept_free / 4) {
      this.is_full = true;
      this.times_full += 1;
      if (existsSync(this.#calm_path)) renameSync(this.#calm_path, this.#full_path);
      this.#ranFull();
    } else if (this.is_full && free > this.kept_free) this.is_full = false;
    return this.times_full;
  }

  /** What was inserted while it was full is in. */
  forget(): void {
    if (!this.is_full && this.ran_full_before) renameSync(this.#full_path, this.#calm_path);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
