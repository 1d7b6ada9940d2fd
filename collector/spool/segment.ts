/**
 * One segment of a spool: a file of sealed batches of one sensor, in order of their sequence numbers.
 *
 *     file   := entry*                      named by the sequence number of its first entry, 12 digits, ".seg"
 *     entry  := head | meta | batch
 *     head   := "APE1" | u32le meta length | u32le batch length | u64le seq
 *               | u32le crc32(meta) | u32le crc32(batch) | u32le crc32(the 28 bytes before)
 *     meta   := EntryMeta as JSON: what the readers need to go on behind this batch
 *     batch  := the bytes of model/batch.ts as they travel
 *
 * Invariants:
 * - An entry is appended whole and fsynced before anyone hears of it; it is never changed afterwards.
 * - The checkpoint of the readers lies inside the entry that holds their records, so a crash can neither
 *   lose a record nor skip one. The first entry of a segment holds every checkpoint, later ones only those
 *   that changed: all other segments may be removed once they are acknowledged.
 * - What a crash tore is at the end of the last segment and is cut off when the spool is opened. A damaged
 *   entry elsewhere is found by its checksums, stepped over to the next valid head, and told as a gap.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { BatchHeader } from '@apiary/model/batch.ts';

export const entry_magic = Buffer.from('APE1');
export const entry_head_bytes = 32;
/** Larger announcements are damage: no batch and no checkpoint comes near them. */
const meta_bytes_max = 64 * 1024 * 1024;
const batch_bytes_max = 64 * 1024 * 1024;

/** State of the readers, by a key that each chooses; null removes the key. */
export type Checkpoint = Record<string, unknown>;

/** Counts of one sensor since its spool began. */
export interface Counts {
  read: number;
  cut: number;
  lost: number;
}

/** The range of places that an entry holds of one source: what a gap must say if the entry is lost. */
export interface HeldRange {
  stream: string;
  source: string;
  generation: string;
  first: string;
  next: string;
}

export interface EntryMeta {
  hash: string;
  records: number;
  sealed_ms: number;
  held: HeldRange[];
  counts: Counts;
  checkpoint: Checkpoint;
}

export interface EntryHead {
  seq: number;
  meta_bytes: number;
  batch_bytes: number;
  meta_crc: number;
  batch_crc: number;
}

/** Where an entry lies. `meta` is missing where its bytes are damaged. */
export interface FoundEntry {
  head: EntryHead;
  offset: number;
  meta: EntryMeta | undefined;
}

/** What a walk over a segment found; `end` is where the next entry may be appended. */
export interface SegmentScan {
  entries: FoundEntry[];
  end: number;
}

export function encodeEntry(seq: number, meta: EntryMeta, batch: Buffer): Buffer[] {
  const meta_bytes = Buffer.from(JSON.stringify(meta));
  const head = Buffer.alloc(entry_head_bytes);
  entry_magic.copy(head);
  head.writeUInt32LE(meta_bytes.length, 4);
  head.writeUInt32LE(batch.length, 8);
  head.writeBigUInt64LE(BigInt(seq), 12);
  head.writeUInt32LE(crc32(meta_bytes), 20);
  head.writeUInt32LE(crc32(batch), 24);
  head.writeUInt32LE(crc32(head.subarray(0, 28)), 28);
  return [head, meta_bytes, batch];
}

/** The head at the start of `bytes`, or undefined where there is none that its checksum confirms. */
export function decodeHead(bytes: Buffer): EntryHead | undefined {
  if (bytes.length < entry_head_bytes || !bytes.subarray(0, 4).equals(entry_magic)) return undefined;
  if (crc32(bytes.subarray(0, 28)) !== bytes.readUInt32LE(28)) return undefined;
  const head: EntryHead = {
    seq: Number(bytes.readBigUInt64LE(12)),
    meta_bytes: bytes.readUInt32LE(4),
    batch_bytes: bytes.readUInt32LE(8),
    meta_crc: bytes.readUInt32LE(20),
    batch_crc: bytes.readUInt32LE(24),
  };
  return head.meta_bytes > meta_bytes_max || head.batch_bytes > batch_bytes_max ? undefined : head;
}

export const entryBytes = (head: EntryHead): number => entry_head_bytes + head.meta_bytes + head.batch_bytes;

function readAt(fd: number, length: number, position: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const got = readSync(fd, buffer, filled, length - filled, position + filled);
    if (got === 0) break;
    filled += got;
  }
  return buffer.subarray(0, filled);
}

/** Offset of the next valid head at or behind `from`, or -1. */
function findHead(fd: number, from: number, size: number): number {
  const window = 1024 * 1024;
  for (let at = from; at + entry_head_bytes <= size; at += window) {
    const bytes = readAt(fd, Math.min(window + entry_head_bytes, size - at), at);
    for (let i = bytes.indexOf(entry_magic); i !== -1; i = bytes.indexOf(entry_magic, i + 1)) {
      const head = decodeHead(readAt(fd, entry_head_bytes, at + i));
      if (head !== undefined && at + i + entryBytes(head) <= size) return at + i;
    }
  }
  return -1;
}

function readMeta(fd: number, head: EntryHead, offset: number): EntryMeta | undefined {
  const bytes = readAt(fd, head.meta_bytes, offset + entry_head_bytes);
  if (bytes.length < head.meta_bytes || crc32(bytes) !== head.meta_crc) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8')) as EntryMeta;
  } catch {
    // A checksum of 32 bits can be right by chance, or be made right; the entry is told as damaged.
    return undefined;
  }
}

/**
 * Walks a segment whose first entry bears the number `first_seq`. An entry whose number does not go on from the one
 * before it, as far as the damage between them allows, is none of the chain's and counts as damage: the server goes by
 * numbers. With `is_last`, the final entry's batch is checked too and, where it is torn, left out:
 * `end` then lies before it.
 */
export function scanSegment(path: string, first_seq: number, is_last: boolean): SegmentScan {
  const fd = openSync(path, 'r');
  try {
    const size = fstatSync(fd).size;
    const scan: SegmentScan = { entries: [], end: 0 };
    let at = 0;
    let next_seq = first_seq;
    while (at < size) {
      const head = decodeHead(readAt(fd, entry_head_bytes, at));
      const goesOn = ({ seq }: EntryHead): boolean =>
        seq >= next_seq && seq <= next_seq + (at - scan.end) / entry_head_bytes;
      if (head === undefined || at + entryBytes(head) > size || !goesOn(head)) {
        at = findHead(fd, at + 1, size);
        if (at === -1) break;
        continue;
      }
      scan.entries.push({ head, offset: at, meta: readMeta(fd, head, at) });
      next_seq = head.seq + 1;
      at += entryBytes(head);
      scan.end = at;
    }
    if (is_last) cutTornEnd(fd, scan);
    return scan;
  } finally {
    closeSync(fd);
  }
}

function cutTornEnd(fd: number, scan: SegmentScan): void {
  const last = scan.entries.at(-1);
  if (last === undefined) return;
  const batch = readAt(fd, last.head.batch_bytes, last.offset + entry_head_bytes + last.head.meta_bytes);
  if (last.meta !== undefined && crc32(batch) === last.head.batch_crc) return;
  scan.entries.pop();
  scan.end = last.offset;
}

/** The batch of entry `seq`, or undefined where its bytes are damaged; `meta` where that is whole. */
export function readEntry(
  path: string,
  offset: number,
  seq: number,
): { batch: Buffer | undefined; meta: EntryMeta | undefined } {
  const fd = openSync(path, 'r');
  try {
    const head = decodeHead(readAt(fd, entry_head_bytes, offset));
    if (head?.seq !== seq) return { batch: undefined, meta: undefined };
    const meta = readMeta(fd, head, offset);
    const batch = readAt(fd, head.batch_bytes, offset + entry_head_bytes + head.meta_bytes);
    const is_whole = batch.length === head.batch_bytes && crc32(batch) === head.batch_crc;
    return { batch: is_whole ? batch : undefined, meta };
  } finally {
    closeSync(fd);
  }
}

/** The ranges of a batch's runs, neighbours joined. */
export function heldRanges(header: BatchHeader): HeldRange[] {
  const held = new Map<string, HeldRange>();
  for (const { stream, source, generation, first, next } of header.runs) {
    const key = `${stream}\n${generation}\n${source}`;
    const range = held.get(key);
    if (range === undefined) held.set(key, { stream, source, generation, first, next });
    else {
      if (BigInt(first) < BigInt(range.first)) range.first = first;
      if (BigInt(next) > BigInt(range.next)) range.next = next;
    }
  }
  return [...held.values()];
}
