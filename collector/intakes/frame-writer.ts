/**
 * Writes what intakes receive for one stream of a sensor into its chain. A record's place is a counter that lies
 * durable beside the records; its generation is made anew at each start, so that a host that was set back to an
 * earlier state gives other records, not other versions of those that it sent before.
 */
import { randomBytes } from 'node:crypto';
import { encodeFrame, type Run, record_flags } from '@apiary/model/batch.ts';
import type { ReaderStatus, Sink } from '../readers/reader.ts';

export interface FrameWriterOptions {
  stream: string;
  record_bytes_max: number;
  time_zone?: string | undefined;
}

interface Waiting {
  source: string;
  flags: number;
  original_size: number;
  bytes: Buffer;
  on_durable: (() => void) | undefined;
}

const waiting_bytes_max = 4 * 1024 * 1024;
const waiting_max = 20_000;
const run_records_max = 500;
const run_bytes_max = 256 * 1024;
/** Of the sensor's share; below it UDP is dropped and TCP waits. */
const room_min = 64 * 1024;

export class FrameWriter {
  readonly #sink: Sink;
  readonly #options: FrameWriterOptions;
  readonly #generation = randomBytes(8).toString('hex');
  readonly #key: string;
  #next: bigint;
  #waiting: Waiting[] = [];
  #waiting_bytes = 0;
  #writing: Promise<void> | undefined;
  #received_ms = 0;
  #source = '';
  #is_full = false;

  constructor(sink: Sink, options: FrameWriterOptions) {
    this.#sink = sink;
    this.#options = options;
    this.#key = `intake/${options.stream}`;
    const stored = sink.checkpoint[this.#key];
    this.#next = typeof stored === 'string' && /^\d{1,18}$/.test(stored) ? BigInt(stored) : 0n;
  }

  get has_room(): boolean {
    return (
      this.#waiting_bytes < waiting_bytes_max &&
      this.#waiting.length < waiting_max &&
      this.#sink.room - this.#waiting_bytes > room_min
    );
  }

  /** False where there is no room: nothing was taken. A record over the limit is cut and says so. */
  add(
    source: string,
    bytes: Buffer,
    flags: number,
    original_size = bytes.length,
    on_durable?: () => void,
  ): boolean {
    this.#is_full = !this.has_room;
    if (this.#is_full) return false;
    const { record_bytes_max } = this.#options;
    const is_cut = bytes.length > record_bytes_max || (flags & record_flags.cut) !== 0;
    if (is_cut) this.#sink.countCut();
    // A copy, because what the network gave is part of a larger buffer.
    const kept = Buffer.from(bytes.subarray(0, record_bytes_max));
    this.#waiting.push({
      source,
      flags: is_cut ? flags | record_flags.cut : flags,
      original_size: Math.min(original_size, 0xffffffff),
      bytes: kept,
      on_durable,
    });
    this.#waiting_bytes += kept.length;
    this.#received_ms = Date.now();
    this.#source = source;
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
    return true;
  }

  async #write(): Promise<void> {
    // What comes within the same turn of the loop goes into one run.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const taken = this.#takeRun();
      const bytes = Buffer.concat(
        taken.map((one, index) =>
          encodeFrame(this.#next + BigInt(index), one.flags, one.original_size, one.bytes),
        ),
      );
      const { stream, time_zone } = this.#options;
      const next = this.#next + BigInt(taken.length);
      const run: Run = {
        ...{ stream, source: taken[0]!.source, generation: this.#generation, kind: 'frames' },
        ...{ first: String(this.#next), next: String(next), records: taken.length, bytes: bytes.length },
        ...(time_zone === undefined ? {} : { time_zone }),
      };
      this.#next = next;
      const settle = (): void => {
        for (const one of taken) one.on_durable?.();
      };
      if (!(await this.#sink.append(run, bytes, { [this.#key]: String(next) }, settle))) {
        this.#waiting = [];
        return;
      }
    }
  }

  /** The first that wait and came by the same way. */
  #takeRun(): Waiting[] {
    const { source } = this.#waiting[0]!;
    let bytes = 0;
    let count = 0;
    for (const one of this.#waiting) {
      if (one.source !== source || count === run_records_max || (count > 0 && bytes > run_bytes_max)) break;
      bytes += one.bytes.length;
      count += 1;
    }
    this.#waiting_bytes -= this.#waiting.slice(0, count).reduce((sum, one) => sum + one.bytes.length, 0);
    return this.#waiting.splice(0, count);
  }

  status(): ReaderStatus {
    return {
      wanted: [],
      followed: this.#source === '' ? [] : [{ path: this.#source, offset: 0, size: 0 }],
      changed_ms: this.#received_ms,
      is_waiting: this.#is_full && !this.has_room,
      trouble: '',
    };
  }

  /** All that was taken is in the chain after this resolves. */
  async stop(): Promise<void> {
    await this.#writing;
  }
}
