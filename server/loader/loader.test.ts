/** The loader against an engine that fails in every way a real one does. */
import assert from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type BatchHeader, sealBatch } from '@apiary/model/batch.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { Backlog } from '../gateway/backlog.ts';
import { Journal } from '../gateway/journal.ts';
import { Ledger } from '../gateway/ledger.ts';
import type { Store } from '../store/store.ts';
import { Loader } from './loader.ts';

/** Remembers what was inserted, once for each token; `fail` may refuse. */
class FakeStore {
  readonly rendering = 'single';
  readonly shards: readonly FakeStore[];
  readonly inserted = new Map<string, { table: string; raws: string[] }>();
  fail: (table: string, raws: string[], attempt: number) => Error | undefined = () => undefined;
  attempts = 0;

  /** @param others the nodes of further shards */
  constructor(...others: FakeStore[]) {
    this.shards = [this, ...others];
  }

  async insertTsv(table: string, _: readonly string[], rows: Buffer, token: string): Promise<void> {
    const raws = rows
      .toString()
      .split('\n')
      .slice(0, -1)
      .map((row) => row.split('\t').at(-1) as string);
    this.attempts += 1;
    const error = this.fail(table, raws, this.attempts);
    if (error !== undefined) throw error;
    this.inserted.set(`${table} ${token}`, { table, raws });
  }

  async query(): Promise<unknown[]> {
    return [];
  }

  async whenUp(): Promise<void> {}

  /** Records of a table, in the order of their insertion. */
  records(table: string): string[] {
    return [...this.inserted.values()].filter((insert) => insert.table === table).flatMap(({ raws }) => raws);
  }
}

async function load(
  t: TestContext,
  store: FakeStore,
  lines: string[],
  prepare: (parts: { ledger: Ledger }) => void = () => undefined,
  sensors: readonly number[] = [7],
): Promise<{ aside: unknown[]; journal: Journal; log: string[] }> {
  const directory = mkdtempSync(join(tmpdir(), 'apiary-loader-'));
  const ledger = new Ledger(join(directory, 'ledger.sqlite'));
  const aside: unknown[] = [];
  const log: string[] = [];
  const journal: Journal = new Journal({ directory: join(directory, 'journal') }, (segment) =>
    loader.submit(segment),
  );
  const loader = new Loader({
    store: store as unknown as Store,
    journal,
    ledger,
    backlog: new Backlog(),
    types: new Set(['cowrie']),
    setAside: (record) => aside.push(record),
    log: (message) => log.push(message),
  });
  t.after(() => {
    ledger.close();
    rmSync(directory, { recursive: true });
  });
  loader.start();
  prepare({ ledger });
  const body = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  const run = {
    stream: 'json',
    source: '/log',
    generation: '00000000000000aa',
    kind: 'lines' as const,
    first: '0',
    next: String(body.length),
    records: lines.length,
    bytes: body.length,
  };
  const header: BatchHeader = {
    v: 1,
    spool_id: 'a'.repeat(32),
    seq: 1,
    prev: '',
    sensor: 's',
    sealed_ms: 1,
    records: lines.length,
    body_bytes: body.length,
    runs: [run],
    gaps: [],
  };
  const batch = sealBatch(header, body);
  for (const sensor_id of sensors) {
    await journal.append(
      'cowrie',
      { meta: { sensor_id, collect_us: '1', hash: batch.hash, check: [] }, batch: batch.bytes },
      lines.length,
      body.length,
    );
    ledger.accept(sensor_id, header, batch.hash);
  }
  await journal.close();
  await loader.drained();
  return { aside, journal, log };
}

const lines = Array.from({ length: 100 }, (_, index) => `line-${index}`);

test('while the engine is down a segment waits, and is loaded whole when it is back', async (t) => {
  const store = new FakeStore();
  store.fail = (_, __, attempt) => (attempt <= 2 ? new OperationalError('engine_down', 'away') : undefined);
  const { journal, aside } = await load(t, store, lines);
  assert.deepStrictEqual(store.records('landing_cowrie_json'), lines);
  assert.deepStrictEqual([journal.bytes, aside], [0, []]);
});

test('a record that no view takes is found and set aside; the others are loaded', async (t) => {
  const store = new FakeStore();
  store.fail = (table, raws) =>
    table === 'landing_cowrie_json' && raws.includes('line-42') ? new Error('the view throws') : undefined;
  const { aside } = await load(t, store, lines);
  assert.deepStrictEqual(
    store.records('landing_cowrie_json').sort(),
    lines.filter((line) => line !== 'line-42').sort(),
  );
  assert.deepStrictEqual(store.records('landing_waiting'), ['line-42']);
  assert.deepStrictEqual(aside, [{ type: 'cowrie', sensor_id: 7, reason: 'Error: the view throws' }]);
});

test('when the ledger cannot be written the segment stays, and is tried again', async (t) => {
  const store = new FakeStore();
  let failures = 0;
  const { journal, log } = await load(t, store, lines, ({ ledger }) => {
    const persist = ledger.persist.bind(ledger);
    ledger.persist = (...values) => {
      failures += 1;
      if (failures === 1) throw new Error('database or disk is full');
      persist(...values);
    };
  });
  assert.strictEqual(failures, 2);
  assert.ok(log.some((line) => line.includes('disk is full')));
  assert.deepStrictEqual(store.records('landing_cowrie_json'), lines, 'under the same token');
  assert.strictEqual(journal.bytes, 0);
});

test('of two shards each gets its own sensors, and the trouble of one is not the other’s', async (t) => {
  const second = new FakeStore();
  const first = new FakeStore(second);
  // Sensor 2 belongs to the second shard and 7 to the first: cityHash64 of them is odd, and even.
  second.fail = (table, raws, attempt) => {
    if (attempt <= 2) return new OperationalError('engine_down', 'away');
    return table === 'landing_cowrie_json' && raws.includes('line-42')
      ? new Error('the view throws')
      : undefined;
  };
  let tries = 0;
  const { aside, journal } = await load(
    t,
    first,
    lines,
    ({ ledger }) => {
      const persist = ledger.persist.bind(ledger);
      ledger.persist = (...values) => {
        tries += 1;
        if (tries === 1) throw new Error('database or disk is full');
        persist(...values);
      };
    },
    [7, 2],
  );
  assert.strictEqual(tries, 2);
  assert.match([...first.inserted.keys()].join(), /^landing_cowrie_json \d+\/json\/shard-1$/);
  assert.strictEqual(first.attempts, 2, 'once for each attempt of the whole segment');
  assert.deepStrictEqual(first.records('landing_cowrie_json'), lines);
  assert.deepStrictEqual(
    second.records('landing_cowrie_json').sort(),
    lines.filter((line) => line !== 'line-42').sort(),
  );
  assert.deepStrictEqual(second.records('landing_waiting'), ['line-42']);
  assert.ok([...second.inserted.keys()].every((key) => / \d+\/json\/shard-2/.test(key)));
  assert.deepStrictEqual(
    aside,
    [1, 2].map(() => ({ type: 'cowrie', sensor_id: 2, reason: 'Error: the view throws' })),
  );
  assert.strictEqual(journal.bytes, 0);
});
