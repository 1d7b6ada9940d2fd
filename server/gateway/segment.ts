/**
 * A journal segment: what the gateway acknowledged and the loader has yet to bring into the engine.
 *
 *     segment := "APJ1" | entry*
 *     entry   := u32le length | u32le CRC-32 of the content | content
 *     content := u32le length of meta | meta (JSON) | batch (model/batch.ts)
 *
 * The file's name is `<segment id>.segment`. Entries are only ever appended, and none once the segment is
 * sealed: the loader turns a segment into one block under one token, so that trying again changes nothing.
 * A torn entry at the end was never acknowledged; it is cut off when the journal opens.
 */
import assert from 'node:assert';
import { copyFileSync, readFileSync, truncateSync } from 'node:fs';
import { crc32 } from 'node:zlib';

export const segment_magic = Buffer.from('APJ1');
const entry_head_bytes = 8;

export interface EntryMeta {
  sensor_id: number;
  /** Microseconds since 1970, decimal. */
  collect_us: string;
  /** Hash of the batch. */
  hash: string;
  /** Indexes of runs that may hold records which are there already: each is looked up. */
  check: number[];
}

export interface Entry {
  meta: EntryMeta;
  batch: Buffer;
}

export function encodeEntry({ meta, batch }: Entry): Buffer {
  const text = Buffer.from(JSON.stringify(meta));
  const entry = Buffer.allocUnsafe(entry_head_bytes + 4 + text.length + batch.length);
  entry.writeUInt32LE(4 + text.length + batch.length, 0);
  entry.writeUInt32LE(text.length, entry_head_bytes);
  text.copy(entry, entry_head_bytes + 4);
  batch.copy(entry, entry_head_bytes + 4 + text.length);
  entry.writeUInt32LE(crc32(entry.subarray(entry_head_bytes)), 4);
  return entry;
}

/** The entry at a place of a file: its content, or `null` where none is whole there; and where the next would begin. */
function readEntry(file: Buffer, at: number): { content: Buffer | null; next: number } {
  if (at + entry_head_bytes > file.length) return { content: null, next: file.length + 1 };
  const length = file.readUInt32LE(at);
  const next = at + entry_head_bytes + length;
  const content = file.subarray(at + entry_head_bytes, next);
  const whole = content.length === length && length >= 4 && crc32(content) === file.readUInt32LE(at + 4);
  return { content: whole ? content : null, next };
}

const meta_bytes_max = 1024 * 1024;

/** Whether an entry may begin there: asked before anything is summed up, because most places of a file are none. */
function looksLikeEntry(file: Buffer, at: number): boolean {
  if (at + entry_head_bytes + 6 > file.length) return false;
  const length = file.readUInt32LE(at);
  const begin = at + entry_head_bytes;
  if (length < 6 || begin + length > file.length) return false;
  const meta_length = file.readUInt32LE(begin);
  if (meta_length < 2 || meta_length > meta_bytes_max || 4 + meta_length > length) return false;
  return file[begin + 4] === 0x7b && file[begin + 5] === 0x22 && file[begin + 3 + meta_length] === 0x7d;
}

/**
 * Whether a whole entry stands anywhere behind a place: then what is there is no torn end, but damage to a length. It is
 * not taken, only told: a batch could hold what looks like an entry of another sensor.
 */
function hidesEntry(file: Buffer, from: number): boolean {
  for (let at = from; at < file.length; at += 1)
    if (looksLikeEntry(file, at) && readEntry(file, at).content !== null) return true;
  return false;
}

export interface ReadSegment {
  entries: Entry[];
  /** Places that were damaged after they had been acknowledged: whole entries stand behind them. */
  damaged: number;
  /** Where the torn end begins. */
  good_bytes: number;
  bytes: number;
}

/** Reads a segment's whole entries. */
export function readSegment(path: string): ReadSegment {
  const file = readFileSync(path);
  const entries: Entry[] = [];
  let damaged = 0;
  let at = segment_magic.length;
  if (!file.subarray(0, at).equals(segment_magic)) {
    const first = readEntry(file, at);
    if (first.content === null && readEntry(file, first.next).content === null)
      return { entries, damaged: hidesEntry(file, 0) ? 1 : 0, good_bytes: 0, bytes: file.length };
    damaged += 1;
  }
  while (at < file.length) {
    const { content, next } = readEntry(file, at);
    if (content === null) {
      damaged += readEntry(file, next).content !== null || hidesEntry(file, at + 1) ? 1 : 0;
      if (readEntry(file, next).content === null) break;
    } else {
      const meta_length = content.readUInt32LE(0);
      assert(
        4 + meta_length <= content.length,
        `a segment's entry whose checksum is right has a meta of ${meta_length} bytes`,
      );
      const meta = JSON.parse(content.toString('utf8', 4, 4 + meta_length)) as EntryMeta;
      entries.push({ meta, batch: content.subarray(4 + meta_length) });
    }
    at = next;
  }
  return { entries, damaged, good_bytes: Math.min(at, file.length), bytes: file.length };
}

/** Cuts what was never acknowledged off the end of a segment; keeps a copy of one that is damaged before its end. */
export function mendSegment(path: string): ReadSegment {
  const read = readSegment(path);
  if (read.damaged > 0) copyFileSync(path, `${path}.damaged`);
  if (read.good_bytes < read.bytes) truncateSync(path, read.good_bytes);
  return read;
}
