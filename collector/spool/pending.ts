/**
 * Records that wait to be sealed: runs side by side in one buffer. The large buffers are shared by all
 * sensors, so that a hundred quiet sensors do not each hold one.
 */
import { batch_limits, type Gap, type Run } from '@apiary/model/batch.ts';
import type { Checkpoint } from './segment.ts';

const small_bytes = 64 * 1024;
const kept_free_max = 2;
/** Left of the header for all but runs and gaps. */
const bare_header_bytes = 4096;
/** A run's numbers may grow while others are joined to it. */
const growth_bytes = 64;

const bytesInHeader = (part: Run | Gap): number => Buffer.byteLength(JSON.stringify(part)) + growth_bytes;

/** Lends buffers of one size and keeps a few for the next who asks: fresh ones would wait for the collection of garbage. */
export class BufferPool {
  readonly size: number;
  #free: Buffer[] = [];

  constructor(size: number) {
    this.size = size;
  }

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.size);
  }

  give(buffer: Buffer): void {
    if (this.#free.length < kept_free_max) this.#free.push(buffer);
  }
}

export class Pending {
  runs: Run[] = [];
  gaps: Gap[] = [];
  records = 0;
  bytes = 0;
  checkpoint: Checkpoint = {};
  on_durable: (() => void)[] = [];
  readonly #records_max: number;
  readonly #pool: BufferPool;
  #buffer: Buffer = Buffer.alloc(0);
  /** What the runs and gaps take of the header: names of sources may be long. */
  #header_bytes = 0;

  constructor(records_max: number, pool: BufferPool) {
    this.#records_max = records_max;
    this.#pool = pool;
  }

  get is_empty(): boolean {
    return this.runs.length === 0 && this.gaps.length === 0;
  }

  get body(): Buffer {
    return this.#buffer.subarray(0, this.bytes);
  }

  fits(run: Run): boolean {
    return (
      this.bytes + run.bytes <= this.#pool.size &&
      this.records + run.records <= this.#records_max &&
      this.runs.length < batch_limits.runs_max / 2 &&
      this.#fitsHeader(run)
    );
  }

  fitsGap(gap: Gap): boolean {
    return this.gaps.length < batch_limits.gaps_max / 2 && this.#fitsHeader(gap);
  }

  addGap(gap: Gap): void {
    this.gaps.push(gap);
    this.#header_bytes += bytesInHeader(gap);
  }

  #fitsHeader(part: Run | Gap): boolean {
    return this.#header_bytes + bytesInHeader(part) <= batch_limits.header_bytes_max - bare_header_bytes;
  }

  /** Copies the run's bytes; a run that goes on where the last one ended becomes one with it. */
  add(run: Run, bytes: Buffer): void {
    this.#grow(this.bytes + bytes.length);
    bytes.copy(this.#buffer, this.bytes);
    this.bytes += bytes.length;
    this.records += run.records;
    const last = this.runs.at(-1);
    if (last !== undefined && continues(last, run)) {
      last.records += run.records;
      last.bytes += run.bytes;
      last.next = run.next;
    } else {
      this.runs.push({ ...run });
      this.#header_bytes += bytesInHeader(run);
    }
  }

  clear(): void {
    this.runs = [];
    this.gaps = [];
    this.records = 0;
    this.bytes = 0;
    this.#header_bytes = 0;
    this.checkpoint = {};
    this.on_durable = [];
    if (this.#buffer.length === this.#pool.size) {
      this.#pool.give(this.#buffer);
      this.#buffer = Buffer.alloc(0);
    }
  }

  #grow(needed: number): void {
    if (needed <= this.#buffer.length) return;
    const grown =
      needed <= small_bytes && small_bytes < this.#pool.size
        ? Buffer.allocUnsafeSlow(small_bytes)
        : this.#pool.take();
    this.#buffer.copy(grown, 0, 0, this.bytes);
    this.#buffer = grown;
  }
}

/** Frames may leave places out between two runs; lines must follow each other byte for byte. */
function continues(last: Run, run: Run): boolean {
  return (
    last.stream === run.stream &&
    last.generation === run.generation &&
    last.source === run.source &&
    last.kind === run.kind &&
    last.kind === 'lines' &&
    last.time_zone === run.time_zone &&
    last.next === run.first
  );
}
