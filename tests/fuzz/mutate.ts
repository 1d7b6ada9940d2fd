/** Makes a hostile input of valid ones. The same numbers make the same input. */

export const input_bytes_max = 64 * 1024;
const changes_max = 8;
const repeats_max = 4096;
const extremes = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];
const odd_bytes = [0x00, 0x0a, 0x0d, 0x20, 0x22, 0x27, 0x5c, 0x7f, 0x80, 0xc0, 0xff];

type Random = () => number;
const below = (random: Random, limit: number): number => Math.floor(random() * limit);
const choose = <T>(random: Random, list: readonly T[]): T => list[below(random, list.length)]!;

/** Offsets of a stretch, short ones more often. */
function stretch(random: Random, bytes: Buffer): [start: number, end: number] {
  const start = below(random, bytes.length + 1);
  const longest = random() < 0.7 ? 16 : bytes.length;
  return [start, Math.min(bytes.length, start + below(random, longest + 1))];
}

const replace = (bytes: Buffer, start: number, end: number, by: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, start), by, bytes.subarray(end)]);

/** A number of 1, 2, 4 or 8 bytes somewhere becomes an extreme one, of either byte order. */
function setLength(random: Random, bytes: Buffer): Buffer {
  const size = choose(random, [1, 2, 4, 8]);
  if (bytes.length < size) return bytes;
  const at = below(random, bytes.length - size + 1);
  const extreme = random() < 0.3 ? bytes.length + below(random, 9) - 4 : choose(random, extremes);
  const value = BigInt.asUintN(size * 8, random() < 0.1 ? -1n : BigInt(extreme));
  const written = Buffer.alloc(8);
  if (random() < 0.5) {
    written.writeBigUInt64LE(value);
    written.copy(bytes, at, 0, size);
  } else {
    written.writeBigUInt64BE(value);
    written.copy(bytes, at, 8 - size);
  }
  return bytes;
}

/** Digits somewhere become another number: lengths are text in some formats. */
function setDigits(random: Random, bytes: Buffer): Buffer {
  const places = [...bytes.toString('latin1').matchAll(/\d+/g)];
  if (places.length === 0) return bytes;
  const found = choose(random, places);
  const digits = choose(random, ['0', '-1', '1', '255', '65536', '4294967296', '9'.repeat(20), '1e308']);
  return replace(bytes, found.index, found.index + found[0].length, Buffer.from(digits));
}

function repeat(random: Random, bytes: Buffer): Buffer {
  const [start, end] = stretch(random, bytes);
  const times = random() < 0.9 ? 1 + below(random, 8) : below(random, repeats_max);
  const copies = Math.min(times, Math.floor(input_bytes_max / Math.max(1, end - start)));
  return replace(bytes, end, end, Buffer.concat(Array(copies).fill(bytes.subarray(start, end))));
}

type Change = (random: Random, bytes: Buffer, seeds: readonly Buffer[], words: readonly string[]) => Buffer;
const changes: readonly Change[] = [
  (random, bytes) => {
    if (bytes.length > 0) bytes[below(random, bytes.length)]! ^= 1 << below(random, 8);
    return bytes;
  },
  (random, bytes) => {
    if (bytes.length > 0) bytes[below(random, bytes.length)] = choose(random, odd_bytes);
    return bytes;
  },
  (random, bytes) => replace(bytes, ...stretch(random, bytes), Buffer.alloc(0)),
  (random, bytes) => bytes.subarray(0, below(random, bytes.length + 1)),
  (random, bytes) => {
    const at = below(random, bytes.length + 1);
    const added = Buffer.from(Array.from({ length: 1 + below(random, 16) }, () => below(random, 256)));
    return replace(bytes, at, at, added);
  },
  (random, bytes, _, words) => {
    if (words.length === 0) return bytes;
    const at = below(random, bytes.length + 1);
    return replace(bytes, at, at, Buffer.from(choose(random, words), 'latin1'));
  },
  repeat,
  setLength,
  setDigits,
  (random, bytes, seeds) => {
    const other = choose(random, seeds);
    return Buffer.concat([
      bytes.subarray(0, below(random, bytes.length + 1)),
      other.subarray(below(random, other.length + 1)),
    ]);
  },
];

export function mutate(random: Random, seeds: readonly Buffer[], words: readonly string[]): Buffer {
  let bytes = Buffer.from(choose(random, seeds));
  const count = 1 + below(random, changes_max);
  for (let index = 0; index < count; index += 1) {
    // A change may hand out a part of what another input holds: each works on bytes of its own.
    bytes = Buffer.from(choose(random, changes)(random, bytes, seeds, words).subarray(0, input_bytes_max));
  }
  return bytes;
}
