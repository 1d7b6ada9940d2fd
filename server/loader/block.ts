/**
 * A segment as the blocks that go into the engine: one for each stream, so that only its views
 * have work, and within it for each shard, so that a sensor's records lie together.
 */
import { createHash } from 'node:crypto';
import {
  type BatchHeader,
  openBody,
  type Run,
  readHeader,
  record_flags,
  visitRun,
} from '@apiary/model/batch.ts';
import { type Entry, readSegment } from '../gateway/segment.ts';
import { digest_hex_digits } from '../store/record-digest.ts';
import { RowWriter, runPrefix } from './rows.ts';

export interface StreamRows {
  stream: string;
  /** Index of the shard that its sensors belong to. */
  shard: number;
  /** TabSeparated, columns as `row_columns`. */
  rows: Buffer;
  row_count: number;
}

export interface Block {
  segment_id: bigint;
  streams: StreamRows[];
  row_count: number;
  batches: { sensor_id: number; header: BatchHeader; hash: string }[];
  /** Records that were there already, byte for byte. */
  known: number;
}

export interface StoredVersions {
  /** SHA-256, first 32 hexadecimal digits, of each stored version's bytes. */
  digests: Set<string>;
  next_version: number;
}

/** Finds what is stored at the places of a run, not counting rows of the given segment. */
export type VersionLookup = (query: {
  sensor_id: number;
  stream: string;
  generation: string;
  /** Decimal. */
  places: string[];
  segment_id: bigint;
}) => Promise<Map<string, StoredVersions>>;

/** What a row has beside its record's bytes, about. */
const row_overhead_bytes = 160;

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, digest_hex_digits);
}

/** True where a segment needs the engine to say what is there already, so that it must wait its turn. */
export function needsLookup(entries: Entry[]): boolean {
  return entries.some(({ meta }) => meta.check.length > 0);
}

/**
 * Reads a segment and writes its rows. The same segment always gives the same rows: what it looks up does
 * not count its own.
 */
export async function makeBlock(
  path: string,
  segment_id: bigint,
  lookUp: VersionLookup,
  shardOf: ShardOf,
): Promise<Block> {
  const { entries } = readSegment(path);
  return makeBlockOf(entries, segment_id, lookUp, shardOf);
}

/** Index of a sensor's shard. */
type ShardOf = (sensor_id: number) => number;

/** The rows of one stream for one shard. */
interface Part {
  stream: string;
  shard: number;
  bytes: number;
  writer: RowWriter | undefined;
}

export async function makeBlockOf(
  entries: Entry[],
  segment_id: bigint,
  lookUp: VersionLookup,
  shardOf: ShardOf = () => 0,
): Promise<Block> {
  const opened = entries.map(({ meta, batch }) => ({ meta, batch, ...readHeader(batch) }));
  const parts = new Map<string, Part>();
  const partOf = (sensor_id: number, stream: string): Part => {
    const shard = shardOf(sensor_id);
    const key = `${shard} ${stream}`;
    const part = parts.get(key) ?? { stream, shard, bytes: 0, writer: undefined };
    parts.set(key, part);
    return part;
  };
  for (const { meta, header } of opened)
    for (const { stream, bytes, records } of header.runs)
      partOf(meta.sensor_id, stream).bytes += bytes + records * row_overhead_bytes;
  const batches: Block['batches'] = [];
  // Versions that this very segment brought, for places that come twice in it.
  const own = new Map<string, StoredVersions>();
  const track = needsLookup(entries);
  let known = 0;
  for (const { meta, batch, header, body_offset } of opened) {
    const body = openBody(batch, header, body_offset);
    let offset = 0;
    for (const [index, run] of header.runs.entries()) {
      const part = partOf(meta.sensor_id, run.stream);
      part.writer ??= new RowWriter(part.bytes);
      const { writer } = part;
      const prefix = runPrefix(meta.sensor_id, run, meta.collect_us, segment_id);
      if (meta.check.includes(index)) {
        known += await addChecked(writer, prefix, meta.sensor_id, run, body, offset, segment_id, lookUp, own);
      } else {
        visitRun(run, body, offset, (place, flags, size, start, end) => {
          writer.add(prefix, place, 0, flags & ~record_flags.waited, size, body, start, end);
          if (track)
            own.set(placeKey(meta.sensor_id, run, place), {
              digests: new Set([digest(body.subarray(start, end))]),
              next_version: 1,
            });
        });
      }
      offset += run.bytes;
    }
    batches.push({ sensor_id: meta.sensor_id, header, hash: meta.hash });
  }
  const streams = [...parts.values()].flatMap(({ stream, shard, writer }) =>
    writer === undefined || writer.rows === 0
      ? []
      : [{ stream, shard, rows: writer.bytes(), row_count: writer.rows }],
  );
  return {
    segment_id,
    streams,
    row_count: streams.reduce((sum, { row_count }) => sum + row_count, 0),
    batches,
    known,
  };
}

function placeKey(sensor_id: number, run: Run, place: number | bigint): string {
  return `${sensor_id} ${run.stream} ${run.generation} ${place}`;
}

async function addChecked(
  writer: RowWriter,
  prefix: Buffer,
  sensor_id: number,
  run: Run,
  body: Buffer,
  offset: number,
  segment_id: bigint,
  lookUp: VersionLookup,
  own: Map<string, StoredVersions>,
): Promise<number> {
  const places: string[] = [];
  visitRun(run, body, offset, (place) => places.push(String(place)));
  const { stream, generation } = run;
  const stored = await lookUp({ sensor_id, stream, generation, places, segment_id });
  let known = 0;
  visitRun(run, body, offset, (place, flags, size, start, end) => {
    const key = placeKey(sensor_id, run, place);
    const there = own.get(key) ??
      stored.get(String(place)) ?? { digests: new Set<string>(), next_version: 0 };
    const content = digest(body.subarray(start, end));
    if (there.digests.has(content)) {
      known += 1;
      return;
    }
    writer.add(prefix, place, there.next_version, flags & ~record_flags.waited, size, body, start, end);
    own.set(key, { digests: new Set([...there.digests, content]), next_version: there.next_version + 1 });
  });
  return known;
}
