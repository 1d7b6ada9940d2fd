/** The segment files of one chain: appends entries, finds them by sequence number, drops whole files. */
import assert from 'node:assert/strict';
import { closeSync, fsyncSync, openSync, readdirSync, statSync, truncateSync, unlinkSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type EntryMeta, scanSegment } from './segment.ts';

interface Segment {
  path: string;
  first_seq: number;
  bytes: number;
  written_ms: number;
  /** Offset of each entry, counted from `first_seq`; -1 where it is lost. Missing until it is needed. */
  offsets: number[] | undefined;
  records: number[];
  /** Nothing more is appended, though there is room. */
  is_ended: boolean;
}

export interface Entry {
  seq: number;
  records: number;
  sealed_ms: number;
  parts: Buffer[];
}

const suffix = '.seg';

export const sizeOf = (parts: readonly Buffer[]): number => parts.reduce((sum, part) => sum + part.length, 0);

export class SegmentStore {
  readonly #folder: string;
  readonly #segment_bytes: number;
  #segments: Segment[] = [];
  #handle: FileHandle | undefined;
  #last_seq = 0;
  #oldest_sealed_ms: { seq: number; ms: number }[] = [];
  bytes = 0;

  constructor(folder: string, segment_bytes: number) {
    this.#folder = folder;
    this.#segment_bytes = segment_bytes;
  }

  get last_seq(): number {
    return this.#last_seq;
  }

  /** Sequence number of the oldest entry kept; one more than the last where none is. */
  get oldest_seq(): number {
    return this.#segments[0]?.first_seq ?? this.#last_seq + 1;
  }

  /** True where the next entry begins a new file and must carry every checkpoint. */
  get starts_segment(): boolean {
    return this.#last_is_full || this.#segments.at(-1)?.bytes === 0;
  }

  get #last_is_full(): boolean {
    const last = this.#segments.at(-1);
    return last === undefined || last.is_ended || last.bytes >= this.#segment_bytes;
  }

  /** Bytes until the file that the next entry goes into is full. */
  get segment_left(): number {
    return this.#last_is_full ? this.#segment_bytes : this.#segment_bytes - this.#segments.at(-1)!.bytes;
  }

  /** The next entry begins a new file, however small the last one is. */
  endSegment(): void {
    const last = this.#segments.at(-1);
    if (last !== undefined && last.bytes > 0) last.is_ended = true;
  }

  /**
   * Finds what is there, cuts off what a crash tore, and calls `visit` for the metas in order, from the
   * newest segment whose first entry is whole. Gives the last entry's meta.
   */
  open(acked_seq: number, visit: (meta: EntryMeta) => void): EntryMeta | undefined {
    const names = readdirSync(this.#folder)
      .filter((name) => name.endsWith(suffix))
      .sort();
    for (const name of names) {
      const path = join(this.#folder, name);
      const { size, mtimeMs } = statSync(path);
      const first_seq = Number.parseInt(name, 10);
      this.#segments.push({
        path,
        first_seq,
        bytes: size,
        written_ms: mtimeMs,
        offsets: undefined,
        records: [],
        is_ended: false,
      });
    }
    let metas: (EntryMeta | undefined)[] = [];
    let has_start = false;
    for (let i = this.#segments.length - 1; i >= 0; i--) {
      const segment = this.#segments[i]!;
      const is_last = i === this.#segments.length - 1;
      const next_seq = this.#segments[i + 1]?.first_seq;
      if (has_start && next_seq !== undefined && next_seq <= acked_seq + 1) break;
      const found = this.#index(segment, is_last, next_seq);
      if (is_last && found.length === 0) {
        this.#remove(i);
        continue;
      }
      if (!has_start) metas = [...found, ...metas];
      has_start ||= found[0] !== undefined;
    }
    for (const meta of metas) if (meta !== undefined) visit(meta);
    this.bytes = this.#segments.reduce((sum, segment) => sum + segment.bytes, 0);
    return metas.at(-1);
  }

  /** Reads where a segment's entries lie; gives their metas, undefined for the damaged. */
  #index(segment: Segment, is_last: boolean, next_seq?: number): (EntryMeta | undefined)[] {
    const scan = scanSegment(segment.path, segment.first_seq, is_last);
    const metas: (EntryMeta | undefined)[] = [];
    segment.offsets = [];
    segment.records = [];
    const put = (seq: number, offset: number, meta: EntryMeta | undefined): void => {
      while (segment.first_seq + segment.offsets!.length < seq) {
        segment.offsets!.push(-1);
        segment.records.push(0);
        metas.push(undefined);
      }
      if (offset < 0) return;
      segment.offsets!.push(offset);
      segment.records.push(meta?.records ?? 0);
      metas.push(meta);
      if (meta !== undefined) this.#rememberAge(seq, meta.sealed_ms);
    };
    for (const { head, offset, meta } of scan.entries) put(head.seq, offset, meta);
    if (next_seq !== undefined) put(next_seq, -1, undefined);
    if (is_last) {
      if (scan.end < segment.bytes) truncateSync(segment.path, scan.end);
      segment.bytes = scan.end;
      this.#last_seq = segment.first_seq + segment.offsets.length - 1;
    }
    return metas;
  }

  /**
   * Appends entries, which follow on each other, to one file and makes them durable.
   * @throws the file system's error; the file is then as long as before, and none of them is there
   */
  async append(entries: readonly Entry[]): Promise<void> {
    const [first] = entries;
    assert.equal(first?.seq, this.#last_seq + 1);
    if (this.#last_is_full) await this.#startSegment(first.seq);
    const segment = this.#segments.at(-1)!;
    segment.offsets ??= [];
    this.#handle ??= await open(segment.path, 'r+');
    try {
      await writeAll(
        this.#handle,
        entries.flatMap(({ parts }) => parts),
        segment.bytes,
      );
      await this.#handle.datasync();
    } catch (error) {
      await this.#takeBack(segment);
      throw error;
    }
    for (const { seq, records, sealed_ms, parts } of entries) {
      const size = sizeOf(parts);
      segment.offsets.push(segment.bytes);
      segment.records.push(records);
      segment.bytes += size;
      segment.written_ms = sealed_ms;
      this.bytes += size;
      this.#last_seq = seq;
      this.#rememberAge(seq, sealed_ms);
    }
  }

  /** After a failed write: what was written of the entry is cut off, and the file is opened anew next time. */
  async #takeBack(segment: Segment): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    try {
      await handle?.truncate(segment.bytes);
    } catch {
      // The next entry is written over what is left there, and what is torn behind it is cut off at the next start.
    } finally {
      await handle?.close();
    }
  }

  async #startSegment(seq: number): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
    const path = join(this.#folder, `${String(seq).padStart(12, '0')}${suffix}`);
    this.#handle = await open(path, 'w+', 0o600);
    syncFolder(this.#folder);
    const written_ms = Date.now();
    this.#segments.push({
      ...{ path, first_seq: seq, bytes: 0, written_ms, offsets: [], records: [], is_ended: false },
    });
  }

  #segmentOf(seq: number): Segment | undefined {
    if (seq > this.#last_seq) return undefined;
    const index = this.#segments.findLastIndex((segment) => segment.first_seq <= seq);
    const segment = this.#segments[index];
    if (segment !== undefined && segment.offsets === undefined) {
      this.#index(segment, false, this.#segments[index + 1]?.first_seq);
    }
    return segment;
  }

  /** Where an entry lies; undefined where it was dropped or is damaged beyond finding. */
  find(seq: number): { path: string; offset: number; records: number } | undefined {
    const segment = this.#segmentOf(seq);
    const offset = segment?.offsets?.[seq - segment.first_seq];
    if (segment === undefined || offset === undefined || offset < 0) return undefined;
    return { path: segment.path, offset, records: segment.records[seq - segment.first_seq] ?? 0 };
  }

  /** Records in the entries behind `after` up to and with `last`. */
  recordsBetween(after: number, last: number): number {
    let sum = 0;
    for (let seq = Math.max(after + 1, this.oldest_seq); seq <= last; seq++) {
      const segment = this.#segmentOf(seq);
      sum += segment?.records[seq - segment.first_seq] ?? 0;
    }
    return sum;
  }

  /** Bytes of the entries behind `seq`. */
  bytesAfter(seq: number): number {
    let sum = 0;
    for (let i = this.#segments.length - 1; i >= 0; i--) {
      const segment = this.#segments[i]!;
      const next_seq = this.#segments[i + 1]?.first_seq ?? this.#last_seq + 1;
      if (next_seq <= seq + 1) break;
      if (segment.first_seq > seq) sum += segment.bytes;
      else {
        const offset = segment.offsets?.[seq + 1 - segment.first_seq];
        sum += offset === undefined || offset < 0 ? segment.bytes : segment.bytes - offset;
      }
    }
    return sum;
  }

  /** Only a few ages are kept: what is asked for is the oldest that waits. */
  #rememberAge(seq: number, ms: number): void {
    this.#oldest_sealed_ms.push({ seq, ms });
    if (this.#oldest_sealed_ms.length > 4096) {
      this.#oldest_sealed_ms = this.#oldest_sealed_ms.filter((_, index) => index % 2 === 0);
    }
  }

  /** Milliseconds since 1970 when the first entry behind `seq` was sealed, about; 0 where there is none. */
  sealedAfter(seq: number): number {
    if (seq >= this.#last_seq) return 0;
    this.#oldest_sealed_ms = this.#oldest_sealed_ms.filter((age) => age.seq > seq);
    return this.#oldest_sealed_ms.reduce((least, age) => Math.min(least, age.ms), Date.now());
  }

  /** The oldest segment that is acknowledged whole and may be dropped; the last one never is. */
  droppable(acked_seq: number): { bytes: number; written_ms: number } | undefined {
    const [first, second] = this.#segments;
    if (first === undefined || second === undefined || second.first_seq > acked_seq + 1) return undefined;
    return { bytes: first.bytes, written_ms: first.written_ms };
  }

  dropOldest(): void {
    assert(this.#segments.length > 1);
    this.bytes -= this.#segments[0]!.bytes;
    this.#remove(0);
  }

  #remove(index: number): void {
    unlinkSync(this.#segments[index]!.path);
    this.#segments.splice(index, 1);
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }
}

async function writeAll(handle: FileHandle, parts: Buffer[], position: number): Promise<void> {
  const size = sizeOf(parts);
  const { bytesWritten } = await handle.writev(parts, position);
  if (bytesWritten === size) return;
  const rest = Buffer.concat(parts).subarray(bytesWritten);
  const { bytesWritten: more } = await handle.write(rest, 0, rest.length, position + bytesWritten);
  if (more !== rest.length) throw new Error('no space left on the device');
}

function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
