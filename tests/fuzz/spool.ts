/** Segments of a collector's spool and of the gateway's journal, as a crash or a bad disk leaves them. */
import { writeFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import {
  encodeEntry as encodeSpooled,
  entry_head_bytes,
  entry_magic,
  readEntry,
  scanSegment,
} from '@apiary/collector/spool/segment.ts';
import {
  encodeEntry as encodeJournalled,
  readSegment,
  segment_magic,
} from '@apiary/server/gateway/segment.ts';
import type { FuzzDecoder } from './decoder.ts';
import { Scratch } from './scratch.ts';

const scratch = new Scratch();
function writeInput(input: Buffer): string {
  const path = scratch.path('segment');
  writeFileSync(path, input);
  return path;
}
const close = (): void => scratch.remove();

const spooled = [1, 2, 3].flatMap((seq) =>
  encodeSpooled(
    seq,
    {
      ...{ hash: 'ab'.repeat(32), records: 2, sealed_ms: 1_795_000_000_000, held: [] },
      counts: { read: 2 * seq, cut: 0, lost: 0 },
      checkpoint: { 'json/a.log': { offset: 100 * seq } },
    },
    Buffer.from(`APB1 the batch ${seq}`),
  ),
);

/** Checksums of each entry that still has a head, as far as its lengths lie inside. */
function repairSpooled(input: Buffer): void {
  for (let at = input.indexOf(entry_magic); at !== -1; at = input.indexOf(entry_magic, at + 1)) {
    if (at + entry_head_bytes > input.length) return;
    const meta_end = at + entry_head_bytes + input.readUInt32LE(at + 4);
    const batch_end = meta_end + input.readUInt32LE(at + 8);
    input.writeUInt32LE(crc32(input.subarray(at + entry_head_bytes, meta_end)), at + 20);
    input.writeUInt32LE(crc32(input.subarray(meta_end, batch_end)), at + 24);
    input.writeUInt32LE(crc32(input.subarray(at, at + 28)), at + 28);
  }
}

export const spool_segment: FuzzDecoder = {
  name: 'spool_segment',
  seeds: [Buffer.concat(spooled), Buffer.concat(spooled.slice(0, 3))],
  words: ['APE1', '{}', '"', 'null'],
  repair: repairSpooled,
  close,
  decode(input) {
    const path = writeInput(input);
    let output = 0;
    for (const is_last of [false, true]) {
      const { entries, end } = scanSegment(path, 1, is_last);
      if (end > input.length) throw new Error(`it ends at ${end} of ${input.length}`);
      output = entries.length;
      for (const { head, offset } of entries) output += readEntry(path, offset, head.seq).batch?.length ?? 0;
    }
    return output;
  },
  outputMax: (input_bytes) => input_bytes,
};

const meta = { sensor_id: 1, collect_us: '1795000000000000', hash: 'cd'.repeat(32), check: [0] };

export const journal_segment: FuzzDecoder = {
  name: 'journal_segment',
  seeds: [1, 3].map((count) =>
    Buffer.concat([
      segment_magic,
      ...Array.from({ length: count }, () => encodeJournalled({ meta, batch: Buffer.from('APB1 a batch') })),
    ]),
  ),
  words: ['APJ1', '{}'],
  close,
  decode(input) {
    const { entries, good_bytes } = readSegment(writeInput(input));
    if (good_bytes > input.length) throw new Error(`good are ${good_bytes} of ${input.length} bytes`);
    return entries.reduce((sum, { batch }) => sum + batch.length, 0);
  },
  outputMax: (input_bytes) => input_bytes,
};
