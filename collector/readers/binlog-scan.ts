/**
 * Walks the events of a MySQL or MariaDB binary log by their heads, without decoding them, to find which groups
 * (transactions, or statements by themselves) are whole and committed. Only those are given to the decoder, so that a
 * log that is being written, one that is cut, and what was rolled back need no care behind it.
 *
 *     log    := fe "bin" | event*
 *     event  := u32le time | u8 type | u32le server | u32le size | u32le end position | u16le flags | body | crc32?
 *
 * From MariaDB's and MySQL's documentation of the format (version 4, since MySQL 5.0).
 */
import { fstatSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';

export const head_bytes = 19;
const magic = 0x6e6962fe;
const encrypted_magic = 0x6e6962fd;
const window_bytes = 1024 * 1024;
const in_use_flag = 1;

const types = {
  query: 2,
  stop: 3,
  rotate: 4,
  append_block: 9,
  delete_file: 11,
  format: 15,
  xid: 16,
  begin_load: 17,
  execute_load: 18,
  gtid: 33,
  anonymous_gtid: 34,
  xa_prepare: 38,
  payload: 40,
  mariadb_gtid: 162,
  start_encryption: 164,
} as const;

/** Parts of a transaction, or what stands before a statement by itself. */
const in_groups = new Set<number>([
  ...[2, 5, 9, 11, 13, 14, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 29, 30, 31, 32, 38, 39, 40],
  ...[160, 165, 166, 167, 168, 169, 170, 171],
]);
/** The bytes of files that LOAD DATA loaded: the decoder would write them to disk. */
const file_parts = new Set<number>([types.append_block, types.delete_file, types.begin_load]);

export interface Format {
  /** Bytes of the event that describes the log, behind the magic number. */
  size: number;
  checksum_bytes: number;
  /** The server's time at which the log was begun, its id and version: with the name they tell logs apart. */
  begun: number;
  server_id: number;
  version: string;
  /** The whole event as it lies there. */
  bytes: Buffer;
}

/** Groups of a log that may be decoded. */
export interface ScannedPart {
  /** Stretches of the file, in order: [from, to). */
  ranges: [from: number, to: number][];
  /** Where each event in them ends, as its head says (modulo 2^32) and in the file. */
  ends: number[];
  /** Where the next part begins: behind the last whole group. */
  next: number;
  /** Where in the file a group ends: from there one may go on. */
  boundaries: Set<number>;
  rolled_back: number;
  /**
   * Where statements end that were rolled back. The server logs them only where a table of theirs cannot be rolled back
   * (MyISAM): what stayed of them the log does not say.
   */
  undone: Set<number>;
  /** LOAD DATA statements, by where their event lies. */
  loads: Set<number>;
  /** Events hold events whose positions mean nothing (MySQL's compressed transactions). */
  has_payload: boolean;
  /** `more`: the limit was reached. `end`: all of the file was seen. `closed`: the log says that it is over. */
  reached: 'more' | 'end' | 'closed';
  /** Bytes that are no event; nothing behind them can be found. */
  damage: string;
}

class Window {
  readonly #fd: number;
  #bytes = Buffer.alloc(0);
  #at = 0;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Up to `length` bytes at `position`; fewer at the end of the file. */
  read(position: number, length: number): Buffer {
    const offset = position - this.#at;
    if (offset >= 0 && offset + length <= this.#bytes.length)
      return this.#bytes.subarray(offset, offset + length);
    const fresh = Buffer.allocUnsafe(Math.max(window_bytes, length));
    const got = readSync(this.#fd, fresh, 0, fresh.length, position);
    this.#bytes = fresh.subarray(0, got);
    this.#at = position;
    return this.#bytes.subarray(0, length);
  }
}

/** The description at the start of a log; undefined where it is not whole yet. A text says why it cannot be read. */
export function readFormat(fd: number): Format | string | undefined {
  const window = new Window(fd);
  const start = window.read(0, 4 + head_bytes);
  if (start.length < 4) return undefined;
  const first = start.readUInt32LE(0);
  if (first === encrypted_magic) return 'the binary log is encrypted';
  if (first !== magic) return 'no binary log';
  if (start.length < 4 + head_bytes) return undefined;
  const size = start.readUInt32LE(4 + 9);
  if (start[4 + 4] !== types.format || size < head_bytes + 57 || size > 4096)
    return 'the binary log does not begin with its description (older than MySQL 5.0, or damaged)';
  const bytes = Buffer.from(window.read(4, size));
  if (bytes.length < size) return undefined;
  // A log that is open is marked so; its checksum, like the mark's absence, is that of a closed one.
  bytes[17] = bytes[17]! & ~in_use_flag;
  const version = bytes.toString('latin1', head_bytes + 2, head_bytes + 52).replace(/\0.*$/s, '');
  // Since MySQL 5.6.1 and MariaDB 5.3 it ends with the kind of checksum and, always, a checksum.
  const has_kind = crc32(bytes.subarray(0, size - 4)) === bytes.readUInt32LE(size - 4);
  const checksum_bytes = has_kind && bytes[size - 5] === 1 ? 4 : 0;
  const begun = bytes.readUInt32LE(head_bytes + 52);
  return {
    size,
    checksum_bytes,
    begun: begun || bytes.readUInt32LE(0),
    server_id: bytes.readUInt32LE(5),
    version,
    bytes,
  };
}

/** The text of a statement's event, as much of it as tells what it is; '' where it is no statement. */
function statementStart(body: Buffer, checksum_bytes: number, bytes_max = 16): string {
  if (body.length < 13) return '';
  const at = 13 + body.readUInt16LE(11) + body[8]! + 1;
  return body.toString('latin1', at, Math.min(body.length - checksum_bytes, at + bytes_max));
}

/** As MySQL and MariaDB write them, whatever the client wrote. */
const savepoint = /^(SAVEPOINT|ROLLBACK TO) (`(?:[^`]|``)*`)$/s;

/** What an event does to the group in which it stands. */
type Step =
  | 'goes_on'
  | 'begins'
  | 'commits'
  | 'rolls_back'
  | 'stands_alone'
  | { saves: string }
  | { undoes: string };

function stepOf(type: number, body: Buffer, checksum_bytes: number): Step {
  if (type === types.xid || type === types.payload || type === types.xa_prepare) return 'commits';
  if (type === types.mariadb_gtid) return body.length > 12 && (body[12]! & 1) === 0 ? 'begins' : 'goes_on';
  if (type === types.execute_load || type === 165) return 'stands_alone';
  if (type !== types.query) return 'goes_on';
  const text = statementStart(body, checksum_bytes);
  if (text === 'BEGIN') return 'begins';
  if (text === 'COMMIT') return 'commits';
  if (text === 'ROLLBACK') return 'rolls_back';
  const [, verb, name = ''] = savepoint.exec(statementStart(body, checksum_bytes, 512)) ?? [];
  if (verb === undefined) return 'stands_alone';
  return verb === 'SAVEPOINT' ? { saves: name } : { undoes: name };
}

/**
 * Scans from a position between groups, over about `bytes_max` bytes and always to the end of a group.
 * @param size how much of the file is looked at
 */
export function scanGroups(
  fd: number,
  format: Format,
  from: number,
  size: number,
  bytes_max: number,
): ScannedPart {
  const window = new Window(fd);
  const part: ScannedPart = {
    ...{
      ranges: [],
      ends: [],
      next: from,
      boundaries: new Set(),
      rolled_back: 0,
      undone: new Set(),
      loads: new Set(),
      has_payload: false,
    },
    ...{ reached: 'end', damage: '' },
  };
  let ends: number[] = [];
  let is_transaction = false;
  /** Names of savepoints, and how many of `ends` stood before them. */
  let saved: [name: string, ends: number][] = [];
  let at = from;
  const undo = (since: number): void => {
    for (let i = since + 1; i < ends.length; i += 2) part.undone.add(ends[i]!);
  };
  const close = (to: number): void => {
    const last = part.ranges.at(-1);
    if (ends.length > 0) {
      for (const end of ends) part.ends.push(end);
      if (last?.[1] === part.next) last[1] = to;
      else part.ranges.push([part.next, to]);
    }
    ends = [];
    saved = [];
    is_transaction = false;
    part.next = to;
    part.boundaries.add(to);
  };
  while (at + head_bytes <= size) {
    if (part.next === at && at - from >= bytes_max) {
      part.reached = 'more';
      break;
    }
    const head = window.read(at, head_bytes + 64);
    if (head.length < head_bytes) break;
    const type = head[4]!;
    const length = head.readUInt32LE(9);
    if (length < head_bytes) {
      part.damage = `no event at position ${at}`;
      break;
    }
    if (at + length > size) break;
    const is_gtid = type === types.mariadb_gtid || type === types.gtid || type === types.anonymous_gtid;
    if (type === types.start_encryption) part.damage = 'the binary log is encrypted';
    if (part.damage !== '') break;
    if (is_gtid && part.next !== at) close(at);
    if (is_gtid || in_groups.has(type)) {
      if (type === types.payload) part.has_payload = true;
      if (type === types.execute_load) part.loads.add(at);
      if (!file_parts.has(type)) ends.push(head.readUInt32LE(13), at + length);
      const needs_body = type === types.query;
      const body = (
        needs_body ? window.read(at, Math.min(length, 70_000)) : head.subarray(0, length)
      ).subarray(head_bytes);
      const step = stepOf(type, body, length <= head.length || needs_body ? format.checksum_bytes : 0);
      if (step === 'begins') is_transaction = true;
      else if (step === 'commits') close(at + length);
      else if (step === 'rolls_back') {
        part.rolled_back += 1;
        undo(0);
        close(at + length);
      } else if (typeof step === 'object') {
        if ('saves' in step) saved.push([step.saves, ends.length]);
        else undo(saved.findLast(([name]) => name === step.undoes)?.[1] ?? 0);
      } else if (step === 'stands_alone' && !is_transaction) close(at + length);
    } else if (part.next === at) part.next = at + length;
    at += length;
    if (type === types.rotate || type === types.stop) {
      if (part.next !== at) close(at);
      part.reached = 'closed';
      break;
    }
  }
  return part;
}

const piece_bytes = 1024 * 1024;

/** What the decoder is given: a log of its own, of the description and the groups of a part. */
export async function* feedOf(fd: number, format: Format, part: ScannedPart): AsyncGenerator<Buffer> {
  yield Buffer.concat([Buffer.from([0xfe, 0x62, 0x69, 0x6e]), format.bytes]);
  const loads = [...part.loads].sort((a, b) => a - b);
  for (const [from, to] of part.ranges) {
    let at = from;
    for (const load of loads.filter((one) => one >= from && one < to)) {
      yield* stretch(fd, at, load);
      const head = readBytes(fd, load, head_bytes);
      const length = head.readUInt32LE(9);
      yield asStatement(readBytes(fd, load, length), format.checksum_bytes);
      at = load + length;
    }
    yield* stretch(fd, at, to);
  }
}

function readBytes(fd: number, at: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const got = readSync(fd, bytes, filled, length - filled, at + filled);
    if (got === 0)
      throw new Error(`the binary log became shorter than ${at + length} bytes while it was read`);
    filled += got;
  }
  return bytes;
}

function* stretch(fd: number, from: number, to: number): Generator<Buffer> {
  for (let at = from; at < to; at += piece_bytes) yield readBytes(fd, at, Math.min(piece_bytes, to - at));
}

/** Where a file's parts are named in a LOAD DATA event: behind the fields that any statement has. */
const load_field_bytes = 13;

/** A LOAD DATA as a plain statement: the decoder looks for no file then, and writes none. */
function asStatement(event: Buffer, checksum_bytes: number): Buffer {
  const fixed = head_bytes + 13;
  const plain = Buffer.concat([event.subarray(0, fixed), event.subarray(fixed + load_field_bytes)]);
  plain[4] = types.query;
  plain.writeUInt32LE(plain.length, 9);
  if (checksum_bytes > 0) {
    const end = plain.length - checksum_bytes;
    plain.writeUInt32LE(crc32(plain.subarray(0, end)), end);
  }
  return plain;
}

export const sizeOf = (fd: number): number => fstatSync(fd).size;
