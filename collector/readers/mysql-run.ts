/**
 * Rows on their way into a run of frames. A row is written where it will be sent from, value by value, so that a million
 * of them cost no object each.
 */
import { isUtf8 } from 'node:buffer';
import { frame_head_bytes, record_flags } from '@apiary/model/batch.ts';
import { numberJson, type TableLayout } from './mysql-layout.ts';
import { timeText } from './mysql-time.ts';

const start_bytes = 64 * 1024;
const row_start = Buffer.from('{"row":{');
/** Values of one row that are looked at. */
export const columns_max = 1024;

const short_escapes: Record<number, number> = { 8: 0x62, 9: 0x74, 10: 0x6e, 12: 0x66, 13: 0x72 };
/** Bytes that are in JSON what they are in the log. */
const plain_bytes = Uint8Array.from({ length: 256 }, (_, c) =>
  c >= 0x20 && c < 0x80 && c !== 0x22 && c !== 0x5c ? 1 : 0,
);
const hex_digits = Buffer.from('0123456789abcdef');

const hexValue = (c: number): number => {
  if (c >= 0x30 && c <= 0x39) return c - 0x30;
  if (c >= 0x61 && c <= 0x66) return c - 0x57;
  return c >= 0x41 && c <= 0x46 ? c - 0x37 : -1;
};

export class RunBuffer {
  bytes = Buffer.allocUnsafeSlow(start_bytes);
  length = 0;
  records = 0;
  first = 0n;
  next = 0n;
  /** Places of this run where they do not come in order. */
  readonly places = new Set<bigint>();
  #frame = 0;
  #is_open = false;
  /** Where the values of the row lie that is being written: start and end by column; start 0 where it has none. */
  readonly starts = new Int32Array(columns_max);
  readonly ends = new Int32Array(columns_max);
  #column = 0;

  clear(): void {
    this.length = 0;
    this.#is_open = false;
    this.#forget();
  }

  #forget(): void {
    this.records = 0;
    this.places.clear();
    if (this.bytes.length > 16 * start_bytes && this.length < start_bytes) {
      const smaller = Buffer.allocUnsafeSlow(start_bytes);
      this.bytes.copy(smaller, 0, 0, this.length);
      this.bytes = smaller;
    }
  }

  /** Takes the whole rows; one that was begun goes on in the emptied run. */
  drain(): Buffer {
    const end = this.#is_open ? this.#frame : this.length;
    const drained = Buffer.from(this.bytes.subarray(0, end));
    this.bytes.copyWithin(0, end, this.length);
    for (let column = 0; column < this.#column; column += 1) {
      this.starts[column]! -= end;
      this.ends[column]! -= end;
    }
    this.length -= end;
    this.#frame = 0;
    this.#forget();
    return drained;
  }

  #grow(wanted: number): void {
    const bytes = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.length + wanted));
    this.bytes.copy(bytes, 0, 0, this.length);
    this.bytes = bytes;
  }

  put(bytes: Buffer): void {
    if (this.length + bytes.length > this.bytes.length) this.#grow(bytes.length);
    const { bytes: out } = this;
    let { length } = this;
    // Faster than a call for the few bytes of a name.
    const size = bytes.length;
    if (size < 32) for (let i = 0; i < size; i += 1) out[length++] = bytes[i]!;
    else length += bytes.copy(out, length);
    this.length = length;
  }

  putText(text: string): void {
    this.put(Buffer.from(text));
  }

  beginRow(): void {
    this.#frame = this.length;
    if (this.length + frame_head_bytes > this.bytes.length) this.#grow(frame_head_bytes);
    this.length += frame_head_bytes;
    this.#column = 0;
    this.#is_open = true;
    this.put(row_start);
  }

  /** Takes back the row that was begun. */
  dropRow(): void {
    this.length = this.#frame;
    this.#is_open = false;
  }

  /** What the log leaves out has its default. */
  fillTo(layout: TableLayout, column: number): void {
    while (this.#column < column) {
      const { label, default_json } = layout.columns[this.#column]!;
      this.put(label);
      this.starts[this.#column] = this.length;
      this.putText(default_json);
      this.ends[this.#column] = this.length;
      this.#column += 1;
    }
  }

  /** Leaves columns out: the log says nothing of them. */
  skipTo(column: number): void {
    while (this.#column < column) this.starts[this.#column++] = 0;
  }

  has(column: number): boolean {
    return this.starts[column] !== 0;
  }

  /** A value as JSON. */
  putJson(layout: TableLayout, column: number, json: string): void {
    this.fillTo(layout, column);
    this.put(layout.columns[column]!.label);
    this.starts[column] = this.length;
    this.putText(json);
    this.ends[column] = this.length;
    this.#column = column + 1;
  }

  /**
   * A value as mariadb-binlog and mysqlbinlog write it behind `@N=`: `'text'` with bytes under 0x20 as `\x0a` and all
   * others as they are, `NULL`, a number (with what it would be unsigned in brackets), `b'101'`.
   * @param at where it begins in `from`; it ends at a newline
   * @returns where the newline is
   */
  putLogged(layout: TableLayout, column: number, from: Buffer, at: number): number {
    if (this.#column < column) this.fillTo(layout, column);
    const { label, type } = layout.columns[column]!;
    this.put(label);
    this.starts[column] = this.length;
    this.#column = column + 1;
    const c = from[at]!;
    let end: number;
    if (c === 0x27 && type === 'binary') end = this.#putHex(from, at + 1);
    else if (c === 0x27) end = this.#putString(from, at + 1, type === 'time');
    else end = this.#putBare(from, at, type);
    this.ends[column] = this.length;
    return end;
  }

  #putString(from: Buffer, start: number, is_time: boolean): number {
    let at = start;
    let out = this.bytes;
    let length = this.length;
    let limit = out.length - 16;
    out[length++] = 0x22;
    let is_ascii = true;
    for (;;) {
      let c = from[at]!;
      while (plain_bytes[c] === 1 && length < limit) {
        out[length++] = c;
        at += 1;
        c = from[at]!;
      }
      if (c === 10) break;
      if (length >= limit) {
        this.length = length;
        this.#grow(start_bytes);
        out = this.bytes;
        limit = out.length - 16;
      }
      if (c === 0x22) {
        out[length++] = 0x5c;
        out[length++] = c;
      } else if (c === 0x5c) {
        const high = from[at + 1] === 0x78 ? hexValue(from[at + 2]!) : -1;
        const low = high === 0 || high === 1 ? hexValue(from[at + 3]!) : -1;
        out[length++] = 0x5c;
        if (low === -1) out[length++] = 0x5c;
        else {
          length = putControl(out, length, high * 16 + low);
          at += 3;
        }
      } else if (c < 0x20) {
        // No decoder writes one as it is.
        out[length++] = 0x5c;
        length = putControl(out, length, c);
      } else {
        if (c > 0x7f) is_ascii = false;
        out[length++] = c;
      }
      at += 1;
    }
    // The quote that closes it; what a limit cut has none.
    if (at > start && from[at - 1] === 0x27) length -= 1;
    if (!is_ascii && !isUtf8(out.subarray(this.#valueStart(), length))) return this.#putHex(from, start);
    if (is_time) mendDate(out, this.#valueStart() + 1, length);
    out[length++] = 0x22;
    this.length = length;
    return at;
  }

  #valueStart(): number {
    return this.starts[this.#column - 1]!;
  }

  #putHex(from: Buffer, start: number): number {
    const end = from.indexOf(10, start);
    const raw = unescapeLogged(from, start, from[end - 1] === 0x27 ? end - 1 : end);
    this.length = this.#valueStart();
    this.putText(`{"$hex":"${raw.toString('hex')}"}`);
    return end;
  }

  #putBare(from: Buffer, at: number, type: string): number {
    let end = at;
    let is_plain = true;
    for (;;) {
      const c = from[end]!;
      if (c === 10) break;
      if ((c < 0x30 || c > 0x39) && !(c === 0x2d && end === at)) is_plain = false;
      end += 1;
    }
    if (is_plain && type !== 'time' && end - at < 16 && (from[at] !== 0x30 || end - at === 1)) {
      if (this.length + 16 > this.bytes.length) this.#grow(start_bytes);
      for (let i = at; i < end; i += 1) this.bytes[this.length++] = from[i]!;
    } else this.putText(bareJson(from.toString('latin1', at, end), type));
    return end;
  }

  /** The text of a value of the row as JSON. */
  valueJson(column: number): string {
    return this.bytes.toString('utf8', this.starts[column], this.ends[column]);
  }

  /** Whether the value is these bytes of JSON. */
  isValue(column: number, json: Buffer): boolean {
    const start = this.starts[column]!;
    if (this.ends[column]! - start !== json.length || json.length === 0) return false;
    for (let at = 0; at < json.length; at += 1) if (this.bytes[start + at] !== json[at]) return false;
    return true;
  }

  /** A key that is a whole number of at most 15 digits, at which numbers are exact; -1 for any other. */
  smallKey(column: number): number {
    const start = this.starts[column]!;
    const end = this.ends[column]!;
    if (end - start > 15) return -1;
    let key = 0;
    for (let at = start; at < end; at += 1) {
      const digit = this.bytes[at]! - 0x30;
      if (digit < 0 || digit > 9) return -1;
      key = key * 10 + digit;
    }
    return key;
  }

  /** A whole record. True where it was cut. */
  putFrame(place: bigint, record: Buffer, bytes_max: number): boolean {
    this.#frame = this.length;
    if (this.length + frame_head_bytes > this.bytes.length) this.#grow(frame_head_bytes);
    this.length += frame_head_bytes;
    return this.endRow(place, -1, record, 0, bytes_max);
  }

  /** Closes the row, puts what follows it, and the frame's head before it. True where it was cut. */
  endRow(place: bigint, place_number: number, tail: Buffer, flags: number, bytes_max: number): boolean {
    this.put(tail);
    const { bytes } = this;
    const frame = this.#frame;
    const start = frame + frame_head_bytes;
    const size = this.length - start;
    const is_cut = size > bytes_max;
    if (is_cut) this.length = start + bytes_max;
    if (place_number >= 0) {
      putUint32(bytes, place_number % 0x100000000, frame);
      putUint32(bytes, Math.floor(place_number / 0x100000000), frame + 4);
    } else bytes.writeBigUInt64LE(place, frame);
    bytes[frame + 8] = is_cut ? flags | record_flags.cut : flags;
    bytes[frame + 9] = 0;
    putUint32(bytes, size, frame + 10);
    putUint32(bytes, this.length - start, frame + 14);
    this.records += 1;
    this.#is_open = false;
    return is_cut;
  }

  get columns(): number {
    return this.#column;
  }
}

/** A control character behind its backslash, as JSON.stringify has it. @returns where it ends */
function putControl(out: Buffer, at: number, code: number): number {
  const short = short_escapes[code];
  if (short !== undefined) {
    out[at] = short;
    return at + 1;
  }
  const end = at + out.write('u00', at, 'latin1');
  out[end] = hex_digits[code >> 4]!;
  out[end + 1] = hex_digits[code & 15]!;
  return end + 2;
}

function putUint32(out: Buffer, value: number, at: number): void {
  out[at] = value;
  out[at + 1] = value >>> 8;
  out[at + 2] = value >>> 16;
  out[at + 3] = value >>> 24;
}

/** A DATE is logged as `2026:02:03`. */
function mendDate(out: Buffer, start: number, end: number): void {
  if (end - start !== 10 || out[start + 4] !== 0x3a || out[start + 7] !== 0x3a) return;
  out[start + 4] = 0x2d;
  out[start + 7] = 0x2d;
}

/** The bytes of a logged text. */
export function unescapeLogged(from: Buffer, start: number, end: number): Buffer {
  const raw = Buffer.allocUnsafe(end - start);
  let length = 0;
  for (let at = start; at < end; at += 1) {
    const c = from[at]!;
    const high = c === 0x5c && from[at + 1] === 0x78 ? hexValue(from[at + 2]!) : -1;
    const low = high === 0 || high === 1 ? hexValue(from[at + 3]!) : -1;
    raw[length++] = low === -1 ? c : high * 16 + low;
    if (low !== -1) at += 3;
  }
  return raw.subarray(0, length);
}

/** A value without quotes, as JSON. */
export function bareJson(text: string, type: string): string {
  if (text === 'NULL') return 'null';
  const signed = /^(-\d+) \((\d+)\)$/.exec(text);
  let plain = signed === null ? text.trim() : type === 'unsigned' ? signed[2]! : signed[1]!;
  const bits = /^b'([01]+)'$/.exec(plain)?.[1];
  if (bits !== undefined) plain = BigInt(`0b${bits}`).toString();
  if (type === 'time' && /^\d+(\.\d+)?$/.test(plain)) {
    const written = timeText(plain, 'UTC');
    if (written !== undefined && plain.length > 4) return JSON.stringify(written);
  }
  return numberJson(plain);
}
