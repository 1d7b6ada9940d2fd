/** Sends the rows of one table that are new, changed, late, or got their parent row. */

import { encodeFrame, type Gap, type Run, record_flags } from '@apiary/model/batch.ts';
import type { Checkpoint } from '../spool/segment.ts';
import type { Sink } from './reader.ts';
import type { Table } from './sqlite-database.ts';
import type { Finder, FullRow } from './sqlite-inside.ts';
import type { Range, TableMemory } from './sqlite-table.ts';

export interface RowSenderOptions {
  sink: Sink;
  memory: TableMemory;
  rows: Table;
  /** Of the parent row and its parent row, as far as they are declared. */
  finders: Finder[];
  source: string;
  generation: string;
  time_zone: string | undefined;
  record_bytes_max: number;
  records_max: number;
  state(): Checkpoint;
  on_durable(rows: readonly FullRow[]): void;
  isStopped(): boolean;
}

const chunk_bytes = 64 * 1024;
const chunk_records = 500;
const rowid_max = 2n ** 63n - 1n;
const place = (rowid: bigint): string => String(BigInt.asUintN(64, rowid));

export class RowSender {
  readonly #options: RowSenderOptions;
  #frames: Buffer[] = [];
  #waiting: FullRow[] = [];
  #bytes = 0;
  #window_start: bigint | undefined;

  constructor(options: RowSenderOptions) {
    this.#options = options;
  }

  /** False where the spool has no room, or the reader was stopped: the rest is for the next look. */
  async sendAll(): Promise<boolean> {
    const { memory } = this.#options;
    const known = memory.highest;
    if (known !== undefined) {
      if (!(await this.#sendChanged(known))) return false;
      if (!(await this.#sendOrphans())) return false;
      if (!(await this.#sendLate())) return false;
    }
    const from = known === undefined ? -(2n ** 63n) : known + 1n;
    if (known !== rowid_max && !(await this.#send(from, rowid_max, () => true))) return false;
    await this.#noteWindow();
    return true;
  }

  async #noteWindow(): Promise<void> {
    const { memory, rows } = this.#options;
    const count = memory.table.changes_within_rows;
    if (count === undefined || memory.highest === undefined) return;
    this.#window_start = await rows.windowStart(memory.highest, count);
    if (this.#window_start !== undefined) memory.trim(this.#window_start);
  }

  async #sendChanged(known: bigint): Promise<boolean> {
    await this.#noteWindow();
    if (this.#window_start === undefined) return true;
    const { hashes } = this.#options.memory;
    return this.#send(this.#window_start, known, (row) => hashes.get(row.rowid) !== row.hash);
  }

  async #sendOrphans(): Promise<boolean> {
    for (const rowid of this.#options.memory.orphans) {
      if (!(await this.#send(rowid, rowid, (row) => !row.parent_missing))) return false;
    }
    return true;
  }

  /** Rows that came into holes since the last look; what is still not there never came. */
  async #sendLate(): Promise<boolean> {
    const { memory, rows, sink } = this.#options;
    const holes = memory.holes;
    for (const [from, to] of holes) {
      const present: bigint[] = [];
      for await (const row of rows.between(from, to, [])) present.push(row.rowid);
      if (present.length > 0 && !(await this.#send(from, to, () => true))) return false;
      for (const [first, last] of absent(from, to, present)) {
        const lost = Number(last - first + 1n);
        memory.holes = memory.holes.filter((hole) => hole[0] !== from);
        await sink.appendGap(this.#gap(first, last), this.#options.state(), lost);
      }
      memory.holes = memory.holes.filter((hole) => hole[0] !== from);
    }
    return true;
  }

  #gap(first: bigint, last: bigint): Gap {
    const { memory, source, generation } = this.#options;
    return {
      ...{ stream: memory.table.stream, source, generation, from: place(first), to: place(last + 1n) },
      ...{ reason: 'rows_missing', noticed_ms: Date.now() },
    };
  }

  /** Sends the rows of a range that are wanted. */
  async #send(from: bigint, to: bigint, isWanted: (row: FullRow) => boolean): Promise<boolean> {
    const { rows, finders, sink, isStopped } = this.#options;
    for await (const row of rows.between(from, to, finders)) {
      if (!isWanted(row)) continue;
      this.#put(row);
      if (this.#bytes < chunk_bytes && this.#waiting.length < chunk_records) continue;
      if (!(await this.#flush())) return false;
      if (isStopped() || sink.room < chunk_bytes) return false;
    }
    return this.#flush();
  }

  #put(row: FullRow): void {
    const bytes = Buffer.from(row.json);
    const { record_bytes_max } = this.#options;
    const is_cut = bytes.length > record_bytes_max;
    const flags = (is_cut ? record_flags.cut : 0) | (row.parent_missing ? record_flags.parent_missing : 0);
    const kept = is_cut ? bytes.subarray(0, record_bytes_max) : bytes;
    const frame = encodeFrame(BigInt.asUintN(64, row.rowid), flags, bytes.length, kept);
    if (is_cut) this.#options.sink.countCut();
    this.#frames.push(frame);
    this.#waiting.push(row);
    this.#bytes += frame.length;
  }

  async #flush(): Promise<boolean> {
    const { sink, memory, source, generation, time_zone, state, on_durable } = this.#options;
    const rows = this.#waiting;
    if (rows.length === 0) return true;
    const bytes = Buffer.concat(this.#frames);
    this.#frames = [];
    this.#waiting = [];
    this.#bytes = 0;
    for (const row of rows) memory.taken(row);
    const places = rows.map((row) => BigInt.asUintN(64, row.rowid)).sort((a, b) => (a < b ? -1 : 1));
    const run: Run = {
      ...{ stream: memory.table.stream, source, generation, kind: 'frames' as const },
      first: String(places[0]),
      next: String(BigInt.asUintN(64, places.at(-1)! + 1n)),
      records: rows.length,
      bytes: bytes.length,
      ...(time_zone === undefined ? {} : { time_zone }),
    };
    return sink.append(run, bytes, state(), () => on_durable(rows));
  }
}

/** The parts of an inclusive range in which no rowid of `present` lies; `present` is ascending. */
export function absent(from: bigint, to: bigint, present: readonly bigint[]): Range[] {
  const ranges: Range[] = [];
  let next = from;
  for (const rowid of present) {
    if (rowid > next) ranges.push([next, rowid - 1n]);
    next = rowid + 1n;
  }
  if (next <= to) ranges.push([next, to]);
  return ranges;
}
