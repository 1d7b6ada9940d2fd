import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { crc32 } from 'node:zlib';
import { encodeEntry, entry_head_bytes, scanSegment } from './segment.ts';

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
  const { entries } = scanSegment(path, true);
  assert.deepEqual(
    entries.map(({ head, meta }) => [head.seq, meta?.records]),
    [
      [1, undefined],
      [2, 1],
    ],
  );
});
