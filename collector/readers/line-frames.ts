/** Cuts a chunk of a file into runs: stretches of whole lines, and frames for lines over the limit. */
import { encodeFrame, record_flags } from '@apiary/model/batch.ts';

export interface LineLimits {
  line_bytes_max: number;
  records_max: number;
}

export interface LinePart {
  kind: 'lines' | 'frames';
  /** Offset in the chunk of the first byte and behind the last one (its newline included). */
  start: number;
  end: number;
  records: number;
  /** A part of the chunk for `lines`, the encoded frame for `frames`. */
  bytes: Buffer;
}

const newline = 10;
const u32_max = 0xffff_ffff;

/** `place` is the place of the chunk's first byte, which begins a line. What follows the last newline is left. */
export function cutLines(chunk: Buffer, place: number, limits: LineLimits): LinePart[] {
  const parts: LinePart[] = [];
  let start = 0;
  let records = 0;
  const close = (end: number): void => {
    if (records > 0) parts.push({ kind: 'lines', start, end, records, bytes: chunk.subarray(start, end) });
    start = end;
    records = 0;
  };
  let at = 0;
  for (let stop = chunk.indexOf(newline); stop !== -1; stop = chunk.indexOf(newline, at)) {
    if (stop - at > limits.line_bytes_max) {
      close(at);
      parts.push(
        cutLine(chunk.subarray(at, at + limits.line_bytes_max), place + at, stop - at, at, stop + 1),
      );
      start = stop + 1;
    } else {
      records += 1;
      if (records === limits.records_max) close(stop + 1);
    }
    at = stop + 1;
  }
  close(at);
  return parts;
}

/** A line that the limit cut; `length` is its whole length without newline. */
export function cutLine(bytes: Buffer, place: number, length: number, start: number, end: number): LinePart {
  return frame(bytes, place, record_flags.cut, length, start, end);
}

/** The last line of a file that ended without newline, cut where it is over the limit. */
export function lastLine(bytes: Buffer, place: number, length: number, line_bytes_max: number): LinePart {
  const is_cut = length > line_bytes_max;
  const flags = record_flags.no_newline | (is_cut ? record_flags.cut : 0);
  return frame(bytes.subarray(0, Math.min(length, line_bytes_max)), place, flags, length, 0, length);
}

function frame(
  bytes: Buffer,
  place: number,
  flags: number,
  length: number,
  start: number,
  end: number,
): LinePart {
  const encoded = encodeFrame(BigInt(place), flags, Math.min(length, u32_max), bytes);
  return { kind: 'frames', start, end, records: 1, bytes: encoded };
}
