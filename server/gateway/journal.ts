/**
 * The journal: what was acknowledged lies here, fsynced, until it is in the engine. One open segment for each
 * sensor type; batches that arrive while a write is under way share the next one (group commit).
 */
import assert from 'node:assert';
import { mkdirSync, readdirSync, statSync, unlinkSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OperationalError } from '@apiary/model/errors.ts';
import { type Entry, encodeEntry, mendSegment, segment_magic } from './segment.ts';

export interface JournalOptions {
  directory: string;
  /** A segment is sealed at this many uncompressed bytes: the engine takes it in one request … */
  segment_bytes_max?: number;
  /** … at this many records … */
  segment_records_max?: number;
  /** … or this long after its first, unless the loader is behind with this type anyway: then it grows. */
  segment_age_ms_max?: number;
  isBehind?: (type: string) => boolean;
  /** Batches are refused when the journal holds more. */
  bytes_max?: number;
}

export interface Segment {
  type: string;
  segment_id: bigint;
  path: string;
  /** Some of its records may be in the engine already, so it is made ready only when all before it are. */
  looks_up: boolean;
}

interface OpenSegment extends Segment {
  file: FileHandle;
  bytes: number;
  records: number;
  /** Of the batches' bodies, uncompressed. */
  body_bytes: number;
  timer: NodeJS.Timeout;
}

interface Pending {
  bytes: Buffer;
  records: number;
  body_bytes: number;
  looks_up: boolean;
  resolve: () => void;
  reject: (error: unknown) => void;
}

interface Lane {
  open: OpenSegment | undefined;
  pending: Pending[];
  writing: Promise<void> | undefined;
}

const suffix = '.segment';

export class Journal {
  readonly #options: Required<JournalOptions>;
  readonly #lanes = new Map<string, Lane>();
  readonly #sealed: (segment: Segment) => void;
  #last_id = 0n;
  #bytes = 0;
  /** Begun, and not retired yet. */
  readonly #unsettled = new Set<bigint>();

  /** @param sealed called with each segment that the loader may take; never twice with the same */
  constructor(options: JournalOptions, sealed: (segment: Segment) => void) {
    this.#options = {
      segment_records_max: 20_000,
      segment_age_ms_max: 200,
      segment_bytes_max: 32 * 1024 * 1024,
      isBehind: () => false,
      bytes_max: 8 * 1024 ** 3,
      ...options,
    };
    this.#sealed = sealed;
    mkdirSync(options.directory, { recursive: true, mode: 0o700 });
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The newest segment that was begun. */
  get last_id(): bigint {
    return this.#last_id;
  }

  /** Every segment up to this one is in the engine, and no other will ever have an id up to it. */
  get settled_id(): bigint {
    let settled = this.#last_id;
    for (const segment_id of this.#unsettled) if (segment_id <= settled) settled = segment_id - 1n;
    return settled;
  }

  /** Whether a segment up to this one is not in the engine yet. */
  isWaiting(segment_id: bigint): boolean {
    return [...this.#unsettled].some((waiting) => waiting <= segment_id);
  }

  /**
   * Segments that an earlier run left, oldest first, with their entries; torn ends are cut off. One that is damaged so
   * that no entry can be read is there without any, to be told; its file is gone but for the copy.
   */
  recover(): { segment: Segment; entries: Entry[]; damaged: number }[] {
    const { directory } = this.#options;
    const found: { segment: Segment; entries: Entry[]; damaged: number }[] = [];
    for (const type of readdirSync(directory)) {
      for (const name of readdirSync(join(directory, type)).filter((entry) => entry.endsWith(suffix))) {
        const segment_id = BigInt(name.slice(0, -suffix.length));
        const path = join(directory, type, name);
        if (segment_id > this.#last_id) this.#last_id = segment_id;
        const { entries, damaged } = mendSegment(path);
        if (entries.length === 0) {
          unlinkSync(path);
          if (damaged > 0)
            found.push({ segment: { type, segment_id, path, looks_up: false }, entries, damaged });
        } else {
          this.#bytes += statSync(path).size;
          this.#unsettled.add(segment_id);
          const looks_up = entries.some(({ meta }) => meta.check.length > 0);
          found.push({ segment: { type, segment_id, path, looks_up }, entries, damaged });
        }
      }
    }
    return found.sort((a, b) => (a.segment.segment_id < b.segment.segment_id ? -1 : 1));
  }

  /** Segment ids go up for ever, also when the clock goes back: `last` is the highest that was ever used. */
  startAfter(last: bigint): void {
    if (last > this.#last_id) this.#last_id = last;
  }

  /**
   * Resolves once the entry is durable.
   * @throws OperationalError `journal_full` when the disk or the journal's bound is
   */
  append(type: string, entry: Entry, records: number, body_bytes: number): Promise<void> {
    if (this.#bytes >= this.#options.bytes_max) {
      return Promise.reject(
        new OperationalError(
          'journal_full',
          `the journal holds ${this.#bytes} bytes that wait for the engine`,
          { retry_after_ms: 5000 },
        ),
      );
    }
    let lane = this.#lanes.get(type);
    if (lane === undefined) {
      lane = { open: undefined, pending: [], writing: undefined };
      this.#lanes.set(type, lane);
    }
    const { pending } = lane;
    const done = new Promise<void>((resolve, reject) =>
      pending.push({
        bytes: encodeEntry(entry),
        records,
        body_bytes,
        looks_up: entry.meta.check.length > 0,
        resolve,
        reject,
      }),
    );
    lane.writing ??= this.#write(type, lane);
    return done;
  }

  async #write(type: string, lane: Lane): Promise<void> {
    while (lane.pending.length > 0) {
      const group = this.#takeGroup(lane);
      try {
        const segment = lane.open ?? (await this.#openSegment(type, lane));
        await this.#writeGroup(segment, group);
        for (const { resolve } of group) resolve();
        if (this.#isFull(segment)) await this.#seal(lane);
      } catch (error) {
        const refusal = explain(error);
        for (const { reject } of group) reject(refusal);
      }
    }
    lane.writing = undefined;
  }

  /** What is written together: no more than makes one segment full. */
  #takeGroup(lane: Lane): Pending[] {
    let body_bytes = 0;
    let count = 0;
    while (count < lane.pending.length && body_bytes < this.#options.segment_bytes_max) {
      body_bytes += (lane.pending[count] as Pending).body_bytes;
      count += 1;
    }
    return lane.pending.splice(0, count);
  }

  #isFull({ records, body_bytes }: OpenSegment): boolean {
    return records >= this.#options.segment_records_max || body_bytes >= this.#options.segment_bytes_max;
  }

  async #writeGroup(segment: OpenSegment, group: Pending[]): Promise<void> {
    const size = group.reduce((sum, { bytes }) => sum + bytes.length, 0);
    try {
      const { bytesWritten } = await segment.file.writev(
        group.map(({ bytes }) => bytes),
        segment.bytes,
      );
      // A disk that fills up takes a part without an error.
      if (bytesWritten !== size)
        throw Object.assign(new Error(`${bytesWritten} of ${size} bytes were written`), { code: 'ENOSPC' });
      await segment.file.datasync();
    } catch (error) {
      // What was written of the group was not acknowledged: the next write goes over it.
      await segment.file.truncate(segment.bytes);
      throw error;
    }
    segment.bytes += size;
    this.#bytes += size;
    segment.looks_up ||= group.some(({ looks_up }) => looks_up);
    segment.body_bytes += group.reduce((sum, { body_bytes }) => sum + body_bytes, 0);
    segment.records += group.reduce((sum, { records }) => sum + records, 0);
  }

  async #openSegment(type: string, lane: Lane): Promise<OpenSegment> {
    const now = BigInt(Date.now()) * 1000n;
    this.#last_id = this.#last_id >= now ? this.#last_id + 1n : now;
    const segment_id = this.#last_id;
    // From the moment on which its id is taken: what comes later has a higher one.
    this.#unsettled.add(segment_id);
    const path = join(this.#options.directory, type, `${String(segment_id).padStart(20, '0')}${suffix}`);
    let file: FileHandle;
    try {
      file = await createSegment(path);
    } catch (error) {
      this.#unsettled.delete(segment_id);
      throw error;
    }
    this.#bytes += segment_magic.length;
    const timer = setInterval(() => {
      if (!this.#options.isBehind(type)) void this.#sealWhenWritten(lane);
    }, this.#options.segment_age_ms_max).unref();
    lane.open = {
      type,
      segment_id,
      path,
      looks_up: false,
      file,
      bytes: segment_magic.length,
      records: 0,
      body_bytes: 0,
      timer,
    };
    return lane.open;
  }

  async #sealWhenWritten(lane: Lane): Promise<void> {
    const wanted = lane.open;
    while (lane.writing !== undefined) await lane.writing;
    if (wanted !== undefined && lane.open === wanted) await this.#seal(lane);
  }

  async #seal(lane: Lane): Promise<void> {
    const segment = lane.open;
    assert(segment !== undefined, 'sealing a lane without a segment');
    lane.open = undefined;
    clearInterval(segment.timer);
    await segment.file.close();
    if (segment.records === 0) this.retire(segment);
    else {
      const { type, segment_id, path, looks_up } = segment;
      this.#sealed({ type, segment_id, path, looks_up });
    }
  }

  /** The engine holds the segment: it may go. */
  retire(segment: Segment): void {
    this.#bytes -= statSync(segment.path).size;
    unlinkSync(segment.path);
    this.#unsettled.delete(segment.segment_id);
  }

  /** Seals what is open; later appends open anew. */
  async close(): Promise<void> {
    for (const lane of this.#lanes.values()) {
      while (lane.writing !== undefined) await lane.writing;
      if (lane.open !== undefined) await this.#seal(lane);
    }
  }
}

async function createSegment(path: string): Promise<FileHandle> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'wx', 0o600);
  try {
    const { bytesWritten } = await file.write(segment_magic);
    if (bytesWritten !== segment_magic.length)
      throw Object.assign(new Error('the disk is full'), { code: 'ENOSPC' });
  } catch (error) {
    await file.close();
    unlinkSync(path);
    throw error;
  }
  await syncFolder(dirname(path));
  return file;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function explain(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG' || code === 'EROFS'
    ? new OperationalError(
        'journal_full',
        `the journal cannot be written: ${message}`,
        { retry_after_ms: 5000 },
        error,
      )
    : error;
}
