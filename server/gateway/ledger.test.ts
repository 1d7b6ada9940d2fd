import assert from 'node:assert';
import { test } from 'node:test';
import type { BatchHeader, Run } from '@apiary/model/batch.ts';
import { Ledger } from './ledger.ts';

const run = (first: number, next: number, stream = 'json', generation = '00000000000000aa'): Run => ({
  stream,
  source: '/log',
  generation,
  kind: 'lines',
  first: String(first),
  next: String(next),
  records: 1,
  bytes: 1,
});
const header = (seq: number, runs: Run[]): BatchHeader => ({
  v: 1,
  spool_id: 'f'.repeat(32),
  seq,
  prev: '',
  sensor: 'ssh',
  sealed_ms: 1,
  records: runs.length,
  body_bytes: runs.length,
  runs,
  gaps: [],
});

test('runs that begin below what was reached may hold what is there already', () => {
  const ledger = new Ledger(':memory:');
  assert.deepStrictEqual(ledger.overlappingRuns(1, header(1, [run(0, 100), run(100, 200)])), []);
  ledger.accept(1, header(1, [run(0, 100), run(100, 200)]), 'one');
  assert.deepStrictEqual(ledger.overlappingRuns(1, header(2, [run(150, 300), run(300, 400)])), [0]);
  assert.deepStrictEqual(ledger.overlappingRuns(1, header(2, [run(200, 300)])), []);
  assert.deepStrictEqual(ledger.overlappingRuns(2, header(2, [run(0, 100)])), [], 'another sensor');
  assert.deepStrictEqual(
    ledger.overlappingRuns(1, header(2, [run(0, 100, 'json', '00000000000000bb')])),
    [],
    'another life of the source',
  );
  assert.deepStrictEqual(
    ledger.overlappingRuns(1, header(2, [run(200, 300), run(250, 260)])),
    [1],
    'within one batch',
  );
  ledger.close();
});

test('what was written down is known to the next run', async () => {
  const { mkdtempSync, rmSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const directory = mkdtempSync(`${tmpdir()}/apiary-ledger-`);
  const ledger = new Ledger(`${directory}/ledger.sqlite`);
  ledger.accept(1, header(1, [run(0, 100)]), 'one');
  ledger.accept(1, header(2, [run(100, 250)]), 'two');
  ledger.persist(77n, [
    { sensor_id: 1, header: header(1, [run(0, 100)]), hash: 'one' },
    { sensor_id: 1, header: header(2, [run(100, 250)]), hash: 'two' },
  ]);
  ledger.close();
  const again = new Ledger(`${directory}/ledger.sqlite`);
  const spool = again.spool('f'.repeat(32));
  assert.deepStrictEqual(
    [spool.last_seq, spool.last_hash, [...spool.batches]],
    [
      2,
      'two',
      [
        [1, 'one'],
        [2, 'two'],
      ],
    ],
  );
  assert.strictEqual(again.reached(1, 'json', '00000000000000aa'), 250n);
  assert.strictEqual(again.lastSegment(), 77n);
  again.close();
  rmSync(directory, { recursive: true });
});

test('a file that is no ledger is refused by its name, and left as it is', async (t) => {
  const { mkdtempSync, readFileSync, rmSync, writeFileSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const directory = mkdtempSync(`${tmpdir()}/apiary-ledger-`);
  t.after(() => rmSync(directory, { recursive: true }));
  const path = `${directory}/damaged.sqlite`;
  const text = 'no database at all, as a disk leaves it';
  writeFileSync(path, text);
  assert.throws(() => new Ledger(path), {
    code: 'data_damaged',
    message: /damaged\.sqlite cannot be opened: file is not a database/,
  });
  assert.strictEqual(readFileSync(path, 'utf8'), text);
});
