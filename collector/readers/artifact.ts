/**
 * The reader of whole files: takes each file that a pattern names once it is finished, as a record and, beside it,
 * its bytes. Which files were taken is kept in the work folder; losing that costs reading them again, and the server
 * drops what it has.
 */
import { closeSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeFrame, type Run } from '@apiary/model/batch.ts';
import type { FileStream } from '@apiary/model/submodule.ts';
import type { ArtifactSpool } from '../spool/artifacts.ts';
import { type FoundFile, files_max, lookAt, openFile, scanPattern, signFile } from './artifact-files.ts';
import { filesGeneration, type TakenFile, takeFile } from './artifact-take.ts';
import type { FollowedSource, Reader, ReaderStatus, Sink } from './reader.ts';

export interface ArtifactReaderOptions {
  source: FileStream;
  sensor: string;
  patterns: readonly string[];
  work_folder: string;
  spool: ArtifactSpool;
  bytes_max: number;
  /** Files with more than one name are taken too: only where no attacker can make one to a file of others. */
  takes_hard_links: boolean;
  time_zone?: string | undefined;
  quiet_ms?: number;
  look_ms?: number;
}

/** What is known of a file under its path. */
interface Seen {
  signature: string;
  /** When this state of it was first seen. */
  since_ms: number;
  /** When it was first seen without being taken since. */
  waiting_since_ms: number;
  is_taken: boolean;
}

interface Opened {
  fd: number;
  file: FoundFile;
}

const opened_max = 256;
const room_min = 256 * 1024;
/** A file that is never quiet is taken as it is, once in so long. */
const restless_ms = 3_600_000;
const save_every_ms = 5000;
const rest_factor = 20;

export class ArtifactReader implements Reader {
  readonly poll_ms = 200;
  readonly #sink: Sink;
  readonly #options: ArtifactReaderOptions;
  readonly #generation: string;
  readonly #path: string;
  readonly #seen = new Map<string, Seen>();
  /** Files whose records lie durable in the spool: only these may be kept on disk as taken. */
  readonly #settled = new Map<string, string>();
  readonly #troubles = new Set<string>();
  #next_look_ms = 0;
  #saved_ms = 0;
  #is_dirty = false;
  #changed_ms = 0;
  #newest: FollowedSource[] = [];
  #trouble = '';
  #is_waiting = false;
  #has_failed = false;
  #is_stopped = false;
  #polling: Promise<void> | undefined;

  constructor(sink: Sink, options: ArtifactReaderOptions) {
    this.#sink = sink;
    this.#options = options;
    const { stream } = options.source;
    this.#generation = filesGeneration(stream);
    this.#path = join(options.work_folder, `files-${stream}.json`);
    this.#load();
  }

  poll(): Promise<void> {
    this.#polling ??= this.#pollNow().finally(() => {
      this.#polling = undefined;
    });
    return this.#polling;
  }

  async #pollNow(): Promise<void> {
    if (performance.now() < this.#next_look_ms) return;
    let is_complete = false;
    let spent_ms = 0;
    while (!is_complete && !this.#is_stopped) {
      const began_ms = performance.now();
      const opened = this.#scan();
      spent_ms = performance.now() - began_ms;
      is_complete = opened.length < opened_max;
      if (!(await this.#takeAll(opened))) break;
    }
    this.#save();
    const rest_ms = Math.max(this.#options.look_ms ?? 1000, spent_ms * rest_factor);
    this.#next_look_ms = performance.now() + rest_ms;
  }

  /** Opens files that are finished and were not taken, as many as may be open at once. */
  #scan(): Opened[] {
    const opened: Opened[] = [];
    const present = new Set<string>();
    this.#troubles.clear();
    let is_whole = true;
    for (const pattern of this.#options.patterns) {
      scanPattern(pattern, {
        trouble: (message) => this.#troubles.add(message),
        visit: (path, name, folder_fd) => {
          if (present.size >= files_max) {
            this.#troubles.add(`more than ${files_max} files: those beyond are not taken`);
            return false;
          }
          present.add(path);
          const one = this.#look(path, name, folder_fd);
          if (one !== undefined) opened.push(one);
          is_whole = opened.length < opened_max;
          return is_whole;
        },
      });
      if (!is_whole) break;
    }
    if (is_whole) for (const path of this.#seen.keys()) if (!present.has(path)) this.#forget(path);
    this.#trouble = [...this.#troubles].slice(0, 3).join('; ');
    return opened;
  }

  #forget(path: string): void {
    this.#seen.delete(path);
    this.#is_dirty = true;
  }

  #look(path: string, name: string, folder_fd: number): Opened | undefined {
    const file = lookAt(folder_fd, name, path);
    if (file === undefined || !this.#isDue(file, Date.now())) return undefined;
    if (file.links > 1n && !this.#options.takes_hard_links) {
      this.#troubles.add(`${path}: has more than one name (hard link) and is not taken`);
      return undefined;
    }
    try {
      const opened = openFile(folder_fd, name, path);
      if (opened === undefined) return undefined;
      // What was opened counts, whatever had the name before.
      if (signFile(opened.file) === signFile(file)) return opened;
      closeSync(opened.fd);
    } catch (error) {
      this.#troubles.add(`${path}: ${(error as Error).message}`);
    }
    return undefined;
  }

  /** Finished, and not taken as it is now. */
  #isDue(file: FoundFile, now: number): boolean {
    const signature = signFile(file);
    const quiet_ms = this.#options.quiet_ms ?? this.#options.source.quiet_seconds * 1000;
    const changed_ms = Number((file.mtime_ns > file.ctime_ns ? file.mtime_ns : file.ctime_ns) / 1_000_000n);
    let seen = this.#seen.get(file.path);
    if (seen === undefined || seen.signature !== signature) {
      const waiting_since_ms = seen === undefined || seen.is_taken ? now : seen.waiting_since_ms;
      seen = { signature, since_ms: now, waiting_since_ms, is_taken: false };
      this.#seen.set(file.path, seen);
      this.#changed_ms = Math.max(this.#changed_ms, Math.min(changed_ms, now));
    }
    if (seen.is_taken) return false;
    return (
      now - changed_ms >= quiet_ms ||
      now - seen.since_ms >= quiet_ms ||
      now - seen.waiting_since_ms >= restless_ms
    );
  }

  /** False where something has to wait. All descriptors are closed. */
  async #takeAll(opened: Opened[]): Promise<boolean> {
    const taken: { file: FoundFile; taken: TakenFile }[] = [];
    const { sensor, spool, bytes_max } = this.#options;
    this.#is_waiting = false;
    this.#has_failed = false;
    try {
      for (const { fd, file } of opened) {
        const size = file.size < BigInt(bytes_max) ? Number(file.size) : bytes_max;
        this.#is_waiting = this.#sink.room < room_min || !spool.hasRoom(sensor, size);
        if (this.#is_waiting || this.#is_stopped) break;
        const one = await this.#take(fd, file);
        if (one !== undefined) taken.push({ file, taken: one });
      }
    } finally {
      for (const { fd } of opened) closeSync(fd);
    }
    if (taken.length > 0) await this.#send(taken);
    return !this.#is_waiting && !this.#has_failed;
  }

  async #take(fd: number, file: FoundFile): Promise<TakenFile | undefined> {
    const { source, sensor, spool, bytes_max } = this.#options;
    const waiting_since_ms = this.#seen.get(file.path)?.waiting_since_ms ?? 0;
    const is_restless = Date.now() - waiting_since_ms >= restless_ms;
    try {
      return await takeFile(fd, file, { spool, sensor, kind: source.holds, bytes_max, is_restless });
    } catch (error) {
      this.#has_failed = true;
      this.#trouble = `${file.path}: ${(error as Error).message}`;
      return undefined;
    }
  }

  async #send(files: { file: FoundFile; taken: TakenFile }[]): Promise<void> {
    const { source, patterns, time_zone } = this.#options;
    const sorted = files.toSorted((a, b) => (a.taken.place < b.taken.place ? -1 : 1));
    const frames = sorted.map(({ taken: { place, record } }) => encodeFrame(place, 0, record.length, record));
    const bytes = Buffer.concat(frames);
    const run: Run = {
      ...{ stream: source.stream, source: patterns[0] ?? '', generation: this.#generation, kind: 'frames' },
      first: String(sorted[0]!.taken.place),
      next: String(sorted.at(-1)!.taken.place + 1n),
      records: sorted.length,
      bytes: bytes.length,
      ...(time_zone === undefined ? {} : { time_zone }),
    };
    const signed = files.map(({ file }) => ({ path: file.path, signature: signFile(file) }));
    const settle = (): void => {
      for (const { path, signature } of signed) this.#settled.set(path, signature);
      this.#is_dirty = true;
    };
    if (!(await this.#sink.append(run, bytes, {}, settle))) return;
    for (const { taken } of files) if (taken.is_cut) this.#sink.countCut();
    for (const { path, signature } of signed) {
      const seen = this.#seen.get(path);
      if (seen?.signature === signature) seen.is_taken = true;
    }
    this.#newest = files
      .slice(-10)
      .map(({ file }) => ({ path: file.path, offset: Number(file.size), size: Number(file.size) }));
  }

  #load(): void {
    if (!existsSync(this.#path)) return;
    try {
      const stored = JSON.parse(readFileSync(this.#path, 'utf8')) as [string, string][];
      for (const [path, signature] of stored) {
        this.#settled.set(path, signature);
        this.#seen.set(path, { signature, since_ms: 0, waiting_since_ms: 0, is_taken: true });
      }
    } catch {
      // Torn by a crash: the files are read once more.
      this.#settled.clear();
    }
  }

  #save(is_last = false): void {
    const now = Date.now();
    if (!this.#is_dirty || (!is_last && now - this.#saved_ms < save_every_ms)) return;
    this.#saved_ms = now;
    this.#is_dirty = false;
    for (const path of this.#settled.keys()) if (!this.#seen.has(path)) this.#settled.delete(path);
    try {
      mkdirSync(this.#options.work_folder, { recursive: true, mode: 0o700 });
      writeFileSync(`${this.#path}.new`, JSON.stringify([...this.#settled]), { mode: 0o600 });
      renameSync(`${this.#path}.new`, this.#path);
    } catch (error) {
      // A full disk: the older file stays, and files are read again after a restart.
      console.error(`${this.#path}: ${(error as Error).message}`);
    }
  }

  status(): ReaderStatus {
    const followed = this.#newest.length > 0 ? this.#newest : [...this.#seen.keys()].slice(-1).map(pathOnly);
    return {
      wanted: [],
      followed: followed.map((one) => ({ ...one, path: Buffer.from(one.path, 'latin1').toString('utf8') })),
      changed_ms: this.#changed_ms,
      is_waiting: this.#is_waiting,
      trouble: this.#trouble === '' ? this.#options.spool.trouble : this.#trouble,
    };
  }

  async stop(): Promise<void> {
    this.#is_stopped = true;
    await this.#polling;
    this.#save(true);
  }
}

const pathOnly = (path: string): FollowedSource => ({ path, offset: 0, size: 0 });
