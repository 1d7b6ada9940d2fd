/**
 * Finds paragraphs: lines that follow each other, up to an empty line. The empty lines between are passed over. The last
 * paragraph of a file waits until the empty line behind it comes, because more lines of it may.
 */
import type { FramedPart, FramedRecord, Framer } from './framed.ts';

const [line_feed, carriage_return] = [10, 13];

/** A paragraph over the limit whose end has not come yet. */
interface Long {
  place: number;
  /** Its beginning, one character a byte. */
  head: string;
  bytes: number;
}

export class ParagraphFramer implements Framer {
  readonly #record_bytes_max: number;
  #long: Long | undefined;

  constructor(record_bytes_max: number, state?: unknown) {
    this.#record_bytes_max = record_bytes_max;
    this.#long = (state as Long | null | undefined) ?? undefined;
  }

  get state(): unknown {
    return this.#long ?? null;
  }

  frame(bytes: Buffer, base: number): FramedPart {
    const records: FramedRecord[] = [];
    for (let used = 0; ; ) {
      const start = this.#long === undefined ? passEmpty(bytes, used) : used;
      const end = endOfParagraph(bytes, start);
      if (end === undefined) return { records, used: this.#keepWaiting(bytes, base, start) };
      records.push(this.#makeRecord(bytes, base, start, end));
      used = end + 1;
    }
  }

  /** Up to where the bytes are done with, while the end of a paragraph is not there. */
  #keepWaiting(bytes: Buffer, base: number, start: number): number {
    if (this.#long === undefined) {
      if (bytes.length - start <= this.#record_bytes_max + 2) return start;
      const head = bytes.toString('latin1', start, start + this.#record_bytes_max);
      this.#long = { place: base + start, head, bytes: 0 };
    }
    // What may be the first half of the empty line stays.
    const behind = Math.max(start, bytes.length - 2);
    this.#long.bytes += behind - start;
    return behind;
  }

  #makeRecord(bytes: Buffer, base: number, start: number, end: number): FramedRecord {
    if (this.#long !== undefined) {
      const { place, head, bytes: before } = this.#long;
      this.#long = undefined;
      return { place, bytes: Buffer.from(head, 'latin1'), original_size: before + end - start, is_cut: true };
    }
    const kept = bytes.subarray(start, Math.min(end, start + this.#record_bytes_max));
    return {
      place: base + start,
      bytes: kept,
      original_size: end - start,
      is_cut: kept.length < end - start,
    };
  }
}

function passEmpty(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === line_feed || bytes[at] === carriage_return) at += 1;
  return at;
}

/** The line end in front of the next empty line. */
function endOfParagraph(bytes: Buffer, from: number): number | undefined {
  for (let at = bytes.indexOf(line_feed, from); at !== -1; at = bytes.indexOf(line_feed, at + 1)) {
    const next = bytes[at + 1] === carriage_return ? at + 2 : at + 1;
    if (bytes[next] === line_feed) return at;
  }
  return undefined;
}
