/**
 * Samples of a submodule: `samples/NAME.STREAM.lines` (lines as the sensor writes them, byte for byte) or
 * `samples/NAME.rows.jsonl` (records of any stream, one JSON object a line, for rows of a database and for what a
 * line file cannot say, like flags), and beside it `samples/NAME.expected.json`, what must come of them.
 */
import assert from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import type { parse_marks } from '@apiary/model/event.ts';
import type { Submodule } from '@apiary/model/submodule.ts';

/** A record on its way into the landing table, without what the gateway adds. */
export interface SampleRecord {
  stream: string;
  place: bigint;
  version: number;
  flags: number;
  /** IANA zone that the operator named for the sensor. */
  time_zone?: string;
  /** Path of the file, where the records or events read something of it. */
  source?: string;
  raw: Buffer;
}

/** One line of a `.rows.jsonl`; `record` is the frame of a row, or text for bytes that are no JSON. */
interface RowLine {
  stream: string;
  place: number;
  version?: number;
  flags?: number;
  time_zone?: string;
  source?: string;
  record: unknown;
}

export interface ExpectedEvent {
  sensor_table: string;
  place: number;
  version?: number;
  /** All columns but the identity that are neither empty nor 0. */
  [column: string]: unknown;
}

export interface Expected {
  /** Record table → parse mark → how many. */
  records: Record<string, Partial<Record<(typeof parse_marks)[number], number>>>;
  events: ExpectedEvent[];
}

export interface Sample {
  name: string;
  records: SampleRecord[];
  expected: Expected;
}

export function readSamples(submodule: Submodule): Sample[] {
  const folder = new URL('samples/', submodule.folder);
  const files = readdirSync(folder).sort();
  return files
    .filter((file) => file.endsWith('.expected.json'))
    .map((file) => {
      const name = file.slice(0, -'.expected.json'.length);
      const expected: Expected = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
      const sources = files.filter((other) => other.startsWith(`${name}.`) && other !== file);
      assert(sources.length > 0, `${file} has no sample beside it`);
      return { name, expected, records: sources.flatMap((source) => readRecords(new URL(source, folder))) };
    });
}

function readRecords(file: URL): SampleRecord[] {
  const bytes = readFileSync(file);
  const [, stream, form] = /\.([a-z0-9_]+)\.(lines|jsonl)$/.exec(file.pathname) ?? [];
  assert(stream !== undefined, `${file.pathname} is neither NAME.STREAM.lines nor NAME.rows.jsonl`);
  if (form === 'lines') return splitLines(stream, bytes);
  return splitLines(stream, bytes).map(({ raw }) => {
    const { record, ...line }: RowLine = JSON.parse(raw.toString('utf8'));
    return {
      stream: line.stream,
      place: BigInt(line.place),
      version: line.version ?? 0,
      flags: line.flags ?? 0,
      ...(line.time_zone !== undefined && { time_zone: line.time_zone }),
      ...(line.source !== undefined && { source: line.source }),
      raw: Buffer.from(typeof record === 'string' ? record : JSON.stringify(record)),
    };
  });
}

/** Lines as records; the place is the offset in the file. */
export function splitLines(stream: string, bytes: Buffer): SampleRecord[] {
  const records: SampleRecord[] = [];
  let at = 0;
  while (at < bytes.length) {
    const found = bytes.indexOf(10, at);
    const end = found === -1 ? bytes.length : found;
    records.push({ stream, place: BigInt(at), version: 0, flags: 0, raw: bytes.subarray(at, end) });
    at = end + 1;
  }
  return records;
}
