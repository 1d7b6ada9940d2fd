/** Damage to records, always the same for the same seed: what attackers and broken disks do to a line. */
import { record_flags } from '@apiary/model/batch.ts';
import type { SampleRecord } from './sample.ts';

/** A small generator of pseudo-random numbers (mulberry32), so that a failure can be repeated. */
export function seedRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const hostile = [
  '\u0000',
  '\u001b[2J',
  '\\',
  '"',
  "'",
  '{',
  '}]',
  '\\ud800',
  '\\u0000',
  '99999999999999999999999',
  '-1',
  '1e999',
  'NaN',
  'null',
  'true',
  '::ffff:300.1.1.1',
  '9999-99-99T99:99:99.999999Z',
  '{"$hex":"zz"}',
  '\u202e',
].map((text) => Buffer.from(text));

type Random = (below: number) => number;

function damage(raw: Buffer, random: Random): Buffer {
  const at = random(raw.length + 1);
  const insert = (bytes: Uint8Array): Buffer => Buffer.concat([raw.subarray(0, at), bytes, raw.subarray(at)]);
  switch (random(6)) {
    case 0:
      return raw.subarray(0, at);
    case 1:
      return raw.subarray(at);
    case 2:
      return insert(Uint8Array.of(random(256)));
    case 3:
      return insert(hostile[random(hostile.length)] as Buffer);
    case 4:
      return swapValue(raw, hostile[random(hostile.length)] as Buffer, random);
    default: {
      const flipped = Buffer.from(raw);
      if (flipped.length > 0) flipped[at % flipped.length] = random(256);
      return flipped;
    }
  }
}

/** Puts something else in the place of one JSON value, so that the whole stays JSON more often. */
function swapValue(raw: Buffer, value: Buffer, random: Random): Buffer {
  const text = raw.toString('latin1');
  const values = [...text.matchAll(/:("(?:[^"\\]|\\.)*"|-?[0-9.]+|true|false|null)/g)];
  const chosen = values[random(Math.max(1, values.length))];
  if (chosen === undefined) return raw;
  const start = chosen.index + 1;
  const end = chosen.index + chosen[0].length;
  return Buffer.concat([raw.subarray(0, start), value, raw.subarray(end)]);
}

/**
 * `count` damaged copies of the records, each at a place of its own from `first_place` on; every eighth is a
 * record that a limit cut.
 */
export function mutateRecords(
  records: readonly SampleRecord[],
  count: number,
  seed: number,
  first_place: bigint,
): SampleRecord[] {
  const random = seedRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const original = records[random(records.length)] as SampleRecord;
    const place = first_place + BigInt(index);
    if (index % 8 === 0) {
      const raw = original.raw.subarray(0, random(original.raw.length + 1));
      return { ...original, place, flags: record_flags.cut, raw };
    }
    let raw = damage(original.raw, random);
    while (random(3) === 0) raw = damage(raw, random);
    return { ...original, place, raw: Buffer.from(raw.filter((byte) => byte !== 10)) };
  });
}
