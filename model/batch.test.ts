import assert from 'node:assert';
import { test } from 'node:test';
import { constants, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import {
  type BatchHeader,
  batch_limits,
  encodeFrame,
  openBody,
  type Run,
  readHeader,
  sealBatch,
  visitRun,
} from './batch.ts';
import { OperationalError } from './errors.ts';

const lines = Buffer.from('first line\nsecond, \xff no UTF-8\n\nlast\n', 'latin1');
const rows = Buffer.concat([
  encodeFrame(7n, 1, 5000, Buffer.from('cut')),
  encodeFrame((1n << 64n) - 1n, 0, 3, Buffer.from('a\nb')),
]);
const run_of_lines: Run = {
  stream: 'json',
  source: '/log',
  generation: '00000000000000aa',
  kind: 'lines',
  first: '100',
  next: String(100 + lines.length),
  records: 4,
  bytes: lines.length,
};
const run_of_rows: Run = {
  stream: 'rows',
  source: '/db#t',
  generation: '00000000000000bb',
  kind: 'frames',
  first: '7',
  next: '0',
  records: 2,
  bytes: rows.length,
  time_zone: 'Europe/Bratislava',
};
const header: BatchHeader = {
  v: 1,
  spool_id: '0123456789abcdef'.repeat(2),
  seq: 1,
  prev: '',
  sensor: 'ssh-1',
  sealed_ms: 1,
  records: 6,
  body_bytes: lines.length + rows.length,
  runs: [run_of_lines, run_of_rows],
  gaps: [
    {
      stream: 'json',
      source: '/log',
      generation: '00000000000000aa',
      from: '5',
      to: '',
      reason: 'rotated_away',
      noticed_ms: 1,
    },
  ],
};
const sealed = sealBatch(header, Buffer.concat([lines, rows]));

/** Opens a batch as the gateway does. @returns place, flags, original size and text of each record */
function openBatch(bytes: Buffer): unknown[] {
  const { header: found, body_offset } = readHeader(bytes);
  const body = openBody(bytes, found, body_offset);
  const records: unknown[] = [];
  let offset = 0;
  for (const run of found.runs) {
    visitRun(run, body, offset, (place, flags, size, start, end) =>
      records.push([String(place), flags, size, body.toString('latin1', start, end)]),
    );
    offset += run.bytes;
  }
  return records;
}

test('what was sealed comes out again, with its places', () => {
  assert.deepStrictEqual(readHeader(sealed.bytes).header, header);
  assert.deepStrictEqual(openBatch(sealed.bytes), [
    ['100', 0, 10, 'first line'],
    ['111', 0, 18, 'second, \xff no UTF-8'],
    ['130', 0, 0, ''],
    ['131', 0, 4, 'last'],
    ['7', 1, 5000, 'cut'],
    ['18446744073709551615', 0, 3, 'a\nb'],
  ]);
});

test('places beyond 2^53 stay exact', () => {
  const run = { ...run_of_lines, first: '9007199254740993', records: 1, bytes: 2 };
  const places: string[] = [];
  visitRun(run, Buffer.from('a\n'), 0, (place) => places.push(String(place)));
  assert.deepStrictEqual(places, ['9007199254740993']);
});

const isRefusal = (error: unknown): boolean =>
  error instanceof OperationalError && error.code === 'batch_malformed';

test('a body that is larger than announced is never decompressed whole', () => {
  const bomb = zstdCompressSync(Buffer.alloc(64 * 1024 * 1024), {
    params: { [constants.ZSTD_c_compressionLevel]: 3 },
  });
  assert.ok(bomb.length < 100_000);
  const { body_offset } = readHeader(sealed.bytes);
  assert.throws(() => openBatch(Buffer.concat([sealed.bytes.subarray(0, body_offset), bomb])), isRefusal);
});

test('counts that do not fit are refused', () => {
  const other = (change: Partial<BatchHeader>): Buffer =>
    sealBatch({ ...header, ...change }, Buffer.concat([lines, rows])).bytes;
  assert.throws(() => openBatch(other({ records: 7 })), /runs hold 6 records/);
  assert.throws(
    () =>
      openBatch(
        other({
          runs: [
            { ...run_of_lines, records: 3 },
            { ...run_of_rows, records: 3 },
          ],
        }),
      ),
    /holds 4 records, not 3/,
  );
  assert.throws(
    () => openBatch(other({ runs: [{ ...run_of_lines, stream: "x'; DROP" }, run_of_rows] })),
    /run\.stream/,
  );
  assert.throws(
    () => openBatch(other({ runs: [{ ...run_of_lines, first: '18446744073709551616' }, run_of_rows] })),
    /run\.first/,
  );
  assert.throws(() => openBatch(other({ seq: 0 })), /header\.seq/);
  assert.throws(() => openBatch(other({ spool_id: 'x' })), /header\.spool_id/);
  assert.throws(
    () => openBatch(other({ body_bytes: batch_limits.body_bytes_max + 1 })),
    /header\.body_bytes/,
  );
});

test('damaged bytes are refused or read, and nothing else', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(sealed.bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      fc.nat(sealed.bytes.length),
      (changes, end) => {
        const bytes = Buffer.from(sealed.bytes);
        for (const [at, value] of changes) bytes[at] = value;
        for (const damaged of [bytes, bytes.subarray(0, end)]) {
          try {
            openBatch(damaged);
          } catch (error) {
            assert.ok(isRefusal(error), String(error));
          }
        }
      },
    ),
    { numRuns: 3000, seed: 7 },
  );
});
