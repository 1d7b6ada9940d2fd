import assert from 'node:assert';
import { describe, it } from 'node:test';
import type { FramedRecord } from './framed.ts';
import { ParagraphFramer } from './paragraphs.ts';

const text = '\n[**] one [**]\nline\n\n\n[**] two [**]\r\n\r\n[**] three [**]\nmore\n';
const paragraphs = [
  { place: 1, text: '[**] one [**]\nline' },
  { place: 22, text: '[**] two [**]\r' },
];

/** What comes of bytes that are there in parts, each part behind what was used of the one before. */
function frameInParts(bytes: Buffer, part_bytes: number, record_bytes_max: number): FramedRecord[] {
  const records: FramedRecord[] = [];
  let offset = 0;
  let state: unknown = null;
  for (let there = part_bytes; offset < bytes.length; there = Math.min(bytes.length, there + part_bytes)) {
    // A new framer each time, as after a restart.
    const framer = new ParagraphFramer(record_bytes_max, JSON.parse(JSON.stringify(state)));
    const part = framer.frame(bytes.subarray(offset, there), offset);
    records.push(...part.records.map((record) => ({ ...record, bytes: Buffer.from(record.bytes) })));
    offset += part.used;
    state = framer.state;
    if (there === bytes.length) return records;
  }
  return records;
}

describe('paragraphs', () => {
  it('end at an empty line, and the last waits for its own', () => {
    const { records, used } = new ParagraphFramer(1000).frame(Buffer.from(text), 0);
    const found = records.map(({ place, bytes }) => ({ place, text: bytes.toString() }));
    assert.deepStrictEqual(found, paragraphs);
    assert.equal(text.slice(used), '[**] three [**]\nmore\n');
  });

  for (const part_bytes of [1, 2, 3, 7, 20]) {
    it(`are the same where ${part_bytes} bytes come at a time`, () => {
      const records = frameInParts(Buffer.from(text), part_bytes, 1000);
      const found = records.map(({ place, bytes }) => ({ place, text: bytes.toString() }));
      assert.deepStrictEqual(found, paragraphs);
    });
  }

  for (const part_bytes of [3, 11, 64, 4096]) {
    it(`over the limit are cut once, ${part_bytes} bytes at a time`, () => {
      const long = `${'x'.repeat(50)}\n`.repeat(20);
      const bytes = Buffer.from(`short\n\n${long}\nbehind\n\n`);
      const records = frameInParts(bytes, part_bytes, 100);
      assert.deepStrictEqual(
        records.map(({ place, bytes: kept, original_size, is_cut }) => [
          place,
          kept.length,
          original_size,
          is_cut,
        ]),
        [
          [0, 5, 5, false],
          [7, 100, long.length - 1, true],
          [7 + long.length + 1, 6, 6, false],
        ],
      );
    });
  }
});
