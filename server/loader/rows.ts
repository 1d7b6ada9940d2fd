/** Records as TabSeparated rows of a landing table. */
import type { Run } from '@apiary/model/batch.ts';

/** Columns in the order in which rows are written: what a run has in common comes first. */
export const row_columns = [
  'sensor_id',
  'stream',
  'source',
  'time_zone',
  'generation',
  'collect_ts',
  'segment_id',
  'place',
  'version',
  'flags',
  'original_size',
  'raw',
] as const;

const tab = 9;
const newline = 10;
const carriage_return = 13;
const backslash = 92;
const escaped_letters = new Map([
  [tab, 't'.charCodeAt(0)],
  [newline, 'n'.charCodeAt(0)],
  [carriage_return, 'r'.charCodeAt(0)],
  [backslash, backslash],
]);

/** Escapes text for TabSeparated. */
export function escapeText(text: string): string {
  return text.replace(
    /[\t\n\r\\]/g,
    (character) => ({ '\t': '\\t', '\n': '\\n', '\r': '\\r' })[character] ?? '\\\\',
  );
}

/** `seconds.micros` of microseconds since 1970. */
export function formatMicroseconds(microseconds: string): string {
  const padded = microseconds.padStart(7, '0');
  return `${padded.slice(0, -6)}.${padded.slice(-6)}`;
}

export function runPrefix(sensor_id: number, run: Run, collect_us: string, segment_id: bigint): Buffer {
  const generation = BigInt(`0x${run.generation}`);
  const zone = escapeText(run.time_zone ?? '');
  return Buffer.from(
    `${sensor_id}\t${run.stream}\t${escapeText(run.source)}\t${zone}\t${generation}\t${formatMicroseconds(collect_us)}\t${segment_id}\t`,
  );
}

/** Where the next byte that needs an escape lies; asked for rising places, it looks at each byte once. */
class EscapeFinder {
  readonly #body: Buffer;
  readonly #next = new Map<number, number>();

  constructor(body: Buffer) {
    this.#body = body;
  }

  /** The first place in [start, end) of a byte that needs an escape; `end` where there is none. */
  find(start: number, end: number): number {
    let first = end;
    for (const byte of escaped_letters.keys()) {
      let place = this.#next.get(byte) ?? -1;
      if (place < start) {
        place = this.#body.indexOf(byte, start);
        if (place === -1) place = Number.MAX_SAFE_INTEGER;
        this.#next.set(byte, place);
      }
      if (place < first) first = place;
    }
    return first;
  }
}

const row_overhead_bytes = 64;

/** A buffer that grows, into which rows are written. */
export class RowWriter {
  #buffer: Buffer;
  #length = 0;
  #finder: EscapeFinder | undefined;
  #body: Buffer | undefined;
  rows = 0;

  constructor(bytes_expected: number) {
    this.#buffer = Buffer.allocUnsafe(Math.max(4096, bytes_expected));
  }

  /** One row: the record is `body[start, end)`. */
  add(
    prefix: Buffer,
    place: number | bigint,
    version: number,
    flags: number,
    original_size: number,
    body: Buffer,
    start: number,
    end: number,
  ): void {
    this.#reserve(prefix.length + row_overhead_bytes + 2 * (end - start));
    prefix.copy(this.#buffer, this.#length);
    this.#length += prefix.length;
    this.#length += this.#buffer.write(
      `${place}\t${version}\t${flags}\t${original_size}\t`,
      this.#length,
      'latin1',
    );
    if (this.#body !== body) {
      this.#body = body;
      this.#finder = new EscapeFinder(body);
    }
    const special = (this.#finder as EscapeFinder).find(start, end);
    this.#length += body.copy(this.#buffer, this.#length, start, special);
    if (special < end) this.#addEscaped(body, special, end);
    this.#buffer[this.#length++] = newline;
    this.rows += 1;
  }

  #addEscaped(body: Buffer, start: number, end: number): void {
    for (let at = start; at < end; at += 1) {
      const byte = body[at] as number;
      const letter = escaped_letters.get(byte);
      if (letter !== undefined) this.#buffer[this.#length++] = backslash;
      this.#buffer[this.#length++] = letter ?? byte;
    }
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + bytes));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }

  /** The rows written so far, without copying. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }
}

/** TabSeparated rows, each with its newline. */
export function splitRows(rows: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let at = 0;
  while (at < rows.length) {
    const end = rows.indexOf(newline, at) + 1;
    parts.push(rows.subarray(at, end));
    at = end;
  }
  return parts;
}
