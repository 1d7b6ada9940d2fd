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
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

const mib = 1024 * 1024;
const part_of_disk = 0.05;
const kept_free_min = 16 * mib;
const kept_free_max = 1024 * mib;
const look_every_ms = 200;
const late_ms = 1000;

/** Bytes that the engine leaves free on a disk of this size. */
export const keptFree = (disk_bytes: number): number =>
  Math.round(Math.min(Math.max(disk_bytes * part_of_disk, kept_free_min), kept_free_max));

export class DiskRoom {
  /** How often it ran full since this began. */
  times_full = 0;
  /** Whether there is too little room now. */
  is_full = false;
  /** What its look or its note failed at last; '' where neither did. */
  trouble = '';
  readonly kept_free: number;
  readonly #directory: string;
  readonly #ranFull: () => void;
  readonly #timer: NodeJS.Timeout;
  #ticked_ms = performance.now();

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
      closeSync(openSync(this.#calm_path, 'w', 0o600));
    this.#timer = setInterval(() => this.#tick(), look_every_ms).unref();
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

  /** What happened while nobody could look counts as full where there is little room now. */
  #tick(): void {
    const now_ms = performance.now();
    const is_late = now_ms - this.#ticked_ms > late_ms;
    this.#ticked_ms = now_ms;
    this.look();
    if (is_late && !this.is_full && this.#readFree() < this.kept_free * 2) this.#runFull();
  }

  /** Looks now. @returns how often the disk ran full */
  look(): number {
    const free = this.#readFree();
    if (!this.is_full && free < this.kept_free / 4) {
      this.is_full = true;
      this.#runFull();
    } else if (this.is_full && free > this.kept_free) this.is_full = false;
    return this.times_full;
  }

  #runFull(): void {
    this.times_full += 1;
    this.#ranFull();
    this.#remember(this.#calm_path, this.#full_path);
  }

  /** Bytes; 0 where the file system does not answer or has no room for another file. */
  #readFree(): number {
    try {
      const { bavail, bsize, files, ffree } = statfsSync(this.#directory);
      return files > 0 && ffree === 0 ? 0 : bavail * bsize;
    } catch (error) {
      this.trouble = `the engine's disk cannot be looked at: ${(error as Error).message}`;
      return 0;
    }
  }

  #remember(from: string, to: string): void {
    try {
      if (!existsSync(from)) return;
      renameSync(from, to);
      const folder = openSync(this.#directory, 'r');
      try {
        fsyncSync(folder);
      } finally {
        closeSync(folder);
      }
      this.trouble = '';
    } catch (error) {
      this.trouble = `that the engine's disk ran full cannot be noted: ${(error as Error).message}`;
    }
  }

  /** What was inserted while it was full is in. */
  forget(): void {
    if (!this.is_full && this.ran_full_before) this.#remember(this.#full_path, this.#calm_path);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
