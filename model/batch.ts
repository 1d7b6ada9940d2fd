/**
 * A batch: what a collector seals, sends and has acknowledged. Once sealed, its bytes never change, so
 * that what is sent again is the same batch.
 *
 *     batch  := "APB1" | u32le header length | header (JSON, UTF-8) | body (one zstd frame)
 *     body   := the bytes of the runs, one after another, as the header lists them
 *     run    := records of one stream and one generation of one source, in order of their places
 *
 * A run of kind `lines` is a stretch of the source's own bytes: whole lines, each ending in "\n"; the place
 * of a line is `first` plus its offset in the stretch (before any decompression of the source counts the
 * offset in the decompressed bytes). A run of kind `frames` is a sequence of
 *
 *     frame  := u64le place | u16le flags | u32le original size | u32le size | bytes
 *
 * for everything else: rows, lines that a limit cut, a last line without newline.
 */
import { createHash } from 'node:crypto';
import { constants as zlib, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { OperationalError } from './errors.ts';

export const batch_magic = Buffer.from('APB1');
export const batch_limits = {
  header_bytes_max: 256 * 1024,
  /** Uncompressed bytes of the body. */
  body_bytes_max: 16 * 1024 * 1024,
  records_max: 65_536,
  runs_max: 512,
  gaps_max: 512,
  /** One record; readers cut longer ones and say so with `record_flags.cut`. */
  record_bytes_max: 1024 * 1024,
} as const;

/** Bits of a record's `flags`. */
export const record_flags = {
  /** The record was longer than the limit; `original size` says how long. */
  cut: 1,
  /** The source ended (was rotated, closed) without a newline after this line. */
  no_newline: 2,
  /** It came by a way that does not prove its sender. */
  unauthenticated: 4,
  /** A child row whose parent row was not there when it was read. */
  parent_missing: 8,
  /** Never on the wire: it waited raw on the server until its submodule came. */
  waited: 16,
} as const;

export interface Run {
  /** The stream of the submodule, for example `json` or `connections`. */
  stream: string;
  /** Where the record lay: a path, possibly with a table behind `#`. Descriptive, no part of identity. */
  source: string;
  /** 16 hexadecimal digits that name this life of the source: derived from its first bytes. */
  generation: string;
  kind: 'lines' | 'frames';
  /** Lowest place among its records, decimal, 0 to 2^64-1. */
  first: string;
  /** One more than the highest place among its records; of lines, where the next one begins. Decimal. */
  next: string;
  records: number;
  /** Uncompressed bytes of this run in the body. */
  bytes: number;
  /** The IANA time zone in which this source writes local time, where the operator named one. */
  time_zone?: string;
}

/** Places of a source that existed and will never come, and why. */
export interface Gap {
  stream: string;
  source: string;
  generation: string;
  /** Decimal; `to` is exclusive. '' where it cannot be known. */
  from: string;
  to: string;
  reason: 'rotated_away' | 'source_shrank' | 'spool_lost' | 'rows_missing' | 'unreadable';
  /** Milliseconds since 1970 when the collector noticed. */
  noticed_ms: number;
}

export interface BatchHeader {
  v: 1;
  /** 32 hexadecimal digits, made anew with every new spool. */
  spool_id: string;
  /** Counts up from 1 in a spool; a collector has one for each of its sensors. */
  seq: number;
  /** SHA-256 of the batch before in this spool, hexadecimal; '' for the first. */
  prev: string;
  /** The name of the one sensor whose records these are. */
  sensor: string;
  /** Milliseconds since 1970 by the collector's clock. */
  sealed_ms: number;
  records: number;
  body_bytes: number;
  runs: Run[];
  gaps: Gap[];
}

export interface SealedBatch {
  header: BatchHeader;
  /** The whole batch as it travels and lies in spool and journal. */
  bytes: Buffer;
  /** SHA-256 of `bytes`, hexadecimal: the batch's identity and the next one's `prev`. */
  hash: string;
}

/** Seals a batch. `body` is the concatenation of the runs' bytes; the header's counts must fit it. */
export function sealBatch(header: BatchHeader, body: Buffer, zstd_level = 1): SealedBatch {
  const head = Buffer.from(JSON.stringify(header));
  const packed = zstdCompressSync(body, {
    params: { [zlib.ZSTD_c_compressionLevel]: zstd_level, [zlib.ZSTD_c_checksumFlag]: 1 },
  });
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  const bytes = Buffer.concat([batch_magic, length, head, packed]);
  return { header, bytes, hash: hashBatch(bytes) };
}

export function hashBatch(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const bad = (what: string): OperationalError => new OperationalError('batch_malformed', what);

/**
 * Reads the header without touching the body.
 * @throws OperationalError `batch_malformed` with what is wrong, on which field.
 */
export function readHeader(bytes: Buffer): { header: BatchHeader; body_offset: number } {
  if (bytes.length < 8 || !bytes.subarray(0, 4).equals(batch_magic)) throw bad('does not start with APB1');
  const length = bytes.readUInt32LE(4);
  if (length > batch_limits.header_bytes_max || 8 + length > bytes.length) {
    throw bad(`header length ${length} does not fit`);
  }
  let header: unknown;
  try {
    header = JSON.parse(bytes.toString('utf8', 8, 8 + length));
  } catch {
    throw bad('header is not JSON');
  }
  checkHeader(header);
  return { header, body_offset: 8 + length };
}

/**
 * The body, decompressed. Never allocates more than the header announced.
 * @throws OperationalError `batch_malformed`
 */
export function openBody(bytes: Buffer, header: BatchHeader, body_offset: number): Buffer {
  let body: Buffer;
  try {
    body = zstdDecompressSync(bytes.subarray(body_offset), {
      maxOutputLength: Math.max(1, header.body_bytes),
    });
  } catch (error) {
    throw bad(`body does not decompress: ${(error as Error).message}`);
  }
  if (body.length !== header.body_bytes) throw bad(`body has ${body.length} bytes, not ${header.body_bytes}`);
  return body;
}

const isText = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value.length <= max;
const isCount = (value: unknown, max: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;
const place = /^(0|[1-9][0-9]{0,19})$/;
const isPlace = (value: unknown): value is string =>
  typeof value === 'string' && place.test(value) && BigInt(value) < 1n << 64n;

function checkHeader(value: unknown): asserts value is BatchHeader {
  const h = value as BatchHeader;
  if (typeof h !== 'object' || h === null || h.v !== 1) throw bad('header.v is not 1');
  if (!isText(h.spool_id, 32) || !/^[0-9a-f]{32}$/.test(h.spool_id)) throw bad('header.spool_id');
  if (!isCount(h.seq, Number.MAX_SAFE_INTEGER) || h.seq === 0) throw bad('header.seq');
  if (!isText(h.prev, 64) || !/^([0-9a-f]{64})?$/.test(h.prev)) throw bad('header.prev');
  if (!isText(h.sensor, 128) || h.sensor === '') throw bad('header.sensor');
  if (!isCount(h.sealed_ms, Number.MAX_SAFE_INTEGER)) throw bad('header.sealed_ms');
  if (!isCount(h.records, batch_limits.records_max)) throw bad('header.records');
  if (!isCount(h.body_bytes, batch_limits.body_bytes_max)) throw bad('header.body_bytes');
  if (!Array.isArray(h.runs) || h.runs.length > batch_limits.runs_max) throw bad('header.runs');
  if (!Array.isArray(h.gaps) || h.gaps.length > batch_limits.gaps_max) throw bad('header.gaps');
  let records = 0;
  let bytes = 0;
  for (const run of h.runs) {
    checkRun(run);
    records += run.records;
    bytes += run.bytes;
  }
  if (records !== h.records) throw bad(`runs hold ${records} records, the header says ${h.records}`);
  if (bytes !== h.body_bytes) throw bad(`runs hold ${bytes} bytes, the header says ${h.body_bytes}`);
  for (const gap of h.gaps) checkGap(gap);
}

const time_zone = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;

function checkRun(run: Run): void {
  if (typeof run !== 'object' || run === null) throw bad('run is no object');
  if (!isText(run.stream, 64) || !/^[a-z][a-z0-9_]*$/.test(run.stream)) throw bad('run.stream');
  if (!isText(run.source, 4096)) throw bad('run.source');
  if (!isText(run.generation, 16) || !/^[0-9a-f]{16}$/.test(run.generation)) throw bad('run.generation');
  if (run.kind !== 'lines' && run.kind !== 'frames') throw bad('run.kind');
  if (!isPlace(run.first)) throw bad('run.first');
  if (!isPlace(run.next)) throw bad('run.next');
  if (!isCount(run.records, batch_limits.records_max) || run.records === 0) throw bad('run.records');
  if (!isCount(run.bytes, batch_limits.body_bytes_max)) throw bad('run.bytes');
  if (run.time_zone !== undefined && !(isText(run.time_zone, 64) && time_zone.test(run.time_zone))) {
    throw bad('run.time_zone');
  }
}

const gap_reasons = ['rotated_away', 'source_shrank', 'spool_lost', 'rows_missing', 'unreadable'];

function checkGap(gap: Gap): void {
  if (typeof gap !== 'object' || gap === null) throw bad('gap is no object');
  if (!isText(gap.stream, 64) || !isText(gap.source, 4096)) throw bad('gap.source');
  if (!isText(gap.generation, 16)) throw bad('gap.generation');
  if (!(gap.from === '' || isPlace(gap.from)) || !(gap.to === '' || isPlace(gap.to))) throw bad('gap.from');
  if (!gap_reasons.includes(gap.reason)) throw bad('gap.reason');
  if (!isCount(gap.noticed_ms, Number.MAX_SAFE_INTEGER)) throw bad('gap.noticed_ms');
}

const newline = 10;
export const frame_head_bytes = 18;

/** One frame of a run of kind `frames`. */
export function encodeFrame(place: bigint, flags: number, original_size: number, bytes: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(frame_head_bytes + bytes.length);
  frame.writeBigUInt64LE(place, 0);
  frame.writeUInt16LE(flags, 8);
  frame.writeUInt32LE(original_size, 10);
  frame.writeUInt32LE(bytes.length, 14);
  bytes.copy(frame, frame_head_bytes);
  return frame;
}

/**
 * Called for each record of a run: its place, flags, original size, and where its bytes lie in the body.
 * Places are numbers where they are exact, which is many times faster.
 */
export type RecordVisitor = (
  place: number | bigint,
  flags: number,
  original_size: number,
  start: number,
  end: number,
) => void;

/**
 * Walks the records of a run whose bytes are `body[offset, offset + run.bytes)`. The newline of a line is
 * no part of its record.
 * @throws OperationalError `batch_malformed` when the bytes do not hold exactly what the run announces.
 */
export function visitRun(run: Run, body: Buffer, offset: number, visit: RecordVisitor): void {
  const end = offset + run.bytes;
  const count =
    run.kind === 'lines' ? visitLines(run, body, offset, end, visit) : visitFrames(body, offset, end, visit);
  if (count !== run.records) throw bad(`a run of ${run.source} holds ${count} records, not ${run.records}`);
}

function visitLines(run: Run, body: Buffer, offset: number, end: number, visit: RecordVisitor): number {
  const first = BigInt(run.first);
  const exact = first + BigInt(run.bytes) <= BigInt(Number.MAX_SAFE_INTEGER);
  const first_number = Number(first);
  let count = 0;
  let at = offset;
  while (at < end) {
    const stop = body.indexOf(newline, at);
    if (stop === -1 || stop >= end) throw bad('a run of lines does not end in a newline');
    if (stop - at > batch_limits.record_bytes_max) throw bad(`a line has ${stop - at} bytes`);
    visit(exact ? first_number + (at - offset) : first + BigInt(at - offset), 0, stop - at, at, stop);
    count += 1;
    at = stop + 1;
  }
  return count;
}

function visitFrames(body: Buffer, offset: number, end: number, visit: RecordVisitor): number {
  let count = 0;
  let at = offset;
  while (at < end) {
    if (at + frame_head_bytes > end) throw bad('a frame is cut');
    const size = body.readUInt32LE(at + 14);
    const start = at + frame_head_bytes;
    if (size > batch_limits.record_bytes_max || start + size > end)
      throw bad(`a frame announces ${size} bytes`);
    visit(
      body.readBigUInt64LE(at),
      body.readUInt16LE(at + 8),
      body.readUInt32LE(at + 10),
      start,
      start + size,
    );
    count += 1;
    at = start + size;
  }
  return count;
}
