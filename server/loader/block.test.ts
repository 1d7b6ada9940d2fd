import assert from 'node:assert';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { encodeFrame, record_flags, sealBatch } from '@apiary/model/batch.ts';
import type { Entry } from '../gateway/segment.ts';
import { makeBlockOf, type StoredVersions } from './block.ts';
import { RowWriter, row_columns } from './rows.ts';

function entryOf(records: [bigint, string][], check: boolean, flags = 0): Entry {
  const body = Buffer.concat(
    records.map(([place, text]) => encodeFrame(place, flags, text.length, Buffer.from(text))),
  );
  const run = {
    stream: 'rows',
    source: '/db#t',
    generation: '00000000000000aa',
    kind: 'frames' as const,
    first: String(records[0]?.[0]),
    next: '100',
    records: records.length,
    bytes: body.length,
  };
  const batch = sealBatch(
    {
      v: 1,
      spool_id: '0'.repeat(32),
      seq: 1,
      prev: '',
      sensor: 's',
      sealed_ms: 1,
      records: records.length,
      body_bytes: body.length,
      runs: [run],
      gaps: [],
    },
    body,
  );
  return {
    meta: { sensor_id: 7, collect_us: '1700000000000001', hash: batch.hash, check: check ? [0] : [] },
    batch: batch.bytes,
  };
}

/** place, version, raw of each row. */
const shown = (rows: Buffer = Buffer.alloc(0)): string[][] =>
  rows
    .toString()
    .split('\n')
    .slice(0, -1)
    .map((row) => row.split('\t'))
    .map((columns) => [columns[7], columns[8], columns[11]] as string[]);
const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
const nothing = async (): Promise<Map<string, StoredVersions>> => new Map();

test('the same bytes at the same place are dropped, others are the next version', async () => {
  const stored = new Map([['5', { digests: new Set([digest('old')]), next_version: 1 }]]);
  const block = await makeBlockOf(
    [
      entryOf(
        [
          [5n, 'old'],
          [5n, 'new'],
          [6n, 'first'],
        ],
        true,
      ),
    ],
    9n,
    async () => stored,
  );
  assert.deepStrictEqual(shown(block.streams[0]?.rows), [
    ['5', '1', 'new'],
    ['6', '0', 'first'],
  ]);
  assert.strictEqual(block.known, 1);
});

test('versions count on within one segment, also after records that nobody had to look up', async () => {
  const block = await makeBlockOf(
    [
      entryOf([[1n, 'a']], false),
      entryOf(
        [
          [1n, 'a'],
          [1n, 'b'],
          [1n, 'a'],
        ],
        true,
      ),
    ],
    9n,
    nothing,
  );
  assert.deepStrictEqual(shown(block.streams[0]?.rows), [
    ['1', '0', 'a'],
    ['1', '1', 'b'],
  ]);
});

test('a segment gives the same block each time', async () => {
  const entries = [
    entryOf(
      [
        [1n, 'a'],
        [2n, 'b'],
      ],
      false,
    ),
    entryOf([[1n, 'c']], true),
  ];
  const [first, second] = [await makeBlockOf(entries, 9n, nothing), await makeBlockOf(entries, 9n, nothing)];
  assert.ok(first.streams[0]?.rows.equals(second.streams[0]?.rows ?? Buffer.alloc(0)));
});

test('bytes that TabSeparated would misread are escaped, the others copied', () => {
  const writer = new RowWriter(16);
  const body = Buffer.from('plain|ta\tb|line\nend|back\\slash|cr\r|\u0000\xff|last');
  let at = 0;
  for (const part of body.toString('latin1').split('|')) {
    writer.add(Buffer.from('x\t'), 1, 0, 0, part.length, body, at, at + part.length);
    at += part.length + 1;
  }
  const raws = writer
    .bytes()
    .toString('latin1')
    .split('\n')
    .slice(0, -1)
    .map((row) => row.split('\t').at(-1));
  assert.deepStrictEqual(raws, [
    'plain',
    'ta\\tb',
    'line\\nend',
    'back\\\\slash',
    'cr\\r',
    body.toString('latin1').split('|')[5],
    'last',
  ]);
});

test('a peer cannot say of a record that it waited on the server', async () => {
  const flags = record_flags.waited | record_flags.unauthenticated;
  for (const check of [true, false]) {
    const block = await makeBlockOf([entryOf([[5n, 'a']], check, flags)], 9n, nothing);
    const columns = block.streams[0]!.rows.toString().split('\t');
    assert.equal(columns[row_columns.indexOf('flags')], String(record_flags.unauthenticated));
  }
});
