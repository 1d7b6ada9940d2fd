import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { crc32 } from 'node:zlib';
import { encodeEntry, entry_head_bytes, entryBytes, readEntry, scanSegment } from './segment.ts';

it('a segment whose checksum is right and whose meta is no JSON is told as damaged', (test) => {
  const folder = mkdtempSync(join(tmpdir(), 'apiary-segment-'));
  test.after(() => rmSync(folder, { recursive: true }));
  const counts = { read: 1, cut: 0, lost: 0 };
  const meta = { hash: '', records: 1, sealed_ms: 1, held: [], counts, checkpoint: {} };
  const [first, second] = [1, 2].map((seq) => Buffer.concat(encodeEntry(seq, meta, Buffer.from('batch'))));
  first![entry_head_bytes] = 0x5b;
  const meta_bytes = first!.readUInt32LE(4);
  first!.writeUInt32LE(crc32(first!.subarray(entry_head_bytes, entry_head_bytes + meta_bytes)), 20);
  first!.writeUInt32LE(crc32(first!.subarray(0, 28)), 28);
  const path = join(folder, '000000000001.seg');
  writeFileSync(path, Buffer.concat([first!, second!]));
  const { entries } = scanSegment(path, 1, true);
  assert.deepEqual(
    entries.map(({ head, meta }) => [head.seq, meta?.records]),
    [
      [1, undefined],
      [2, 1],
    ],
  );
});

const meta = {
  ...{ hash: '', records: 1, sealed_ms: 1, held: [], checkpoint: {} },
  counts: { read: 1, cut: 0, lost: 0 },
};

function writeEntries(test: TestContext, seqs: number[], between = Buffer.alloc(0)): string {
  const folder = mkdtempSync(join(tmpdir(), 'apiary-segment-'));
  test.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, '000000000005.seg');
  const parts = seqs.map((seq) =>
    Buffer.concat([...encodeEntry(seq, meta, Buffer.from(`batch ${seq}`)), between]),
  );
  writeFileSync(path, Buffer.concat(parts));
  return path;
}

const numbers = (path: string): number[] => scanSegment(path, 5, true).entries.map(({ head }) => head.seq);

it('an entry that stands behind the end again is none of the chain, and is cut off', (test) => {
  const path = writeEntries(test, [5, 6, 7, 5, 6]);
  assert.deepEqual(numbers(path), [5, 6, 7]);
  const { entries, end } = scanSegment(path, 5, true);
  assert.equal(end, entries[2]!.offset + entryBytes(entries[2]!.head));
});

it('a number is passed over only where bytes of it are', (test) => {
  assert.deepEqual(numbers(writeEntries(test, [5, 7])), [5]);
  assert.deepEqual(numbers(writeEntries(test, [5, 7], Buffer.alloc(entry_head_bytes))), [5, 7]);
  assert.deepEqual(numbers(writeEntries(test, [2 ** 50])), []);
});

it('a place that holds another entry gives no batch', (test) => {
  const path = writeEntries(test, [5]);
  assert.equal(readEntry(path, 0, 5).batch?.toString(), 'batch 5');
  assert.equal(readEntry(path, 0, 6).batch, undefined);
});
