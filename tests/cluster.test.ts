/** The loader before two shards: two engines, each a process with tables of its own. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type BatchHeader, type SealedBatch, sealBatch } from '@apiary/model/batch.ts';
import { examineCluster } from '@apiary/server/doctor-cluster.ts';
import { Backlog } from '@apiary/server/gateway/backlog.ts';
import { Journal } from '@apiary/server/gateway/journal.ts';
import { Ledger } from '@apiary/server/gateway/ledger.ts';
import { Loader } from '@apiary/server/loader/loader.ts';
import { prepareSchema } from '@apiary/server/store/prepare-schema.ts';
import { findMisplaced, findNodeMistakes, hashSensor, shardOf } from '@apiary/server/store/shards.ts';
import type { Store } from '@apiary/server/store/store.ts';
import { submodules } from '@apiary/submodules/index.ts';
import { openNodes } from './rig/cluster-nodes.ts';

const cowrie = submodules.filter(({ name }) => name === 'cowrie');
const directory = mkdtempSync(join(tmpdir(), 'apiary-cluster-'));
const sensors = [1, 2, 3, 4, 5, 6, 7, 8];
const lines_each = 50;
let home: Store;
let close: () => Promise<void>;

before(async () => {
  ({ home, close } = await openNodes({ shards: 2 }));
  await prepareSchema(home, cowrie);
});
after(async () => {
  await close();
  rmSync(directory, { recursive: true, force: true });
});

/** Log-ins of each sensor, and a line that is none: a record without an event. */
function sealFor(sensor_id: number, round: number): SealedBatch {
  const lines = Array.from({ length: lines_each }, (_, index) =>
    JSON.stringify({
      ...{ eventid: 'cowrie.login.failed', username: 'root', password: `pw-${sensor_id}-${round}-${index}` },
      ...{ src_ip: '198.51.100.7', session: `s${index}`, timestamp: '2026-01-02T03:04:05.000000Z' },
    }),
  );
  const body = Buffer.from(`${[...lines, 'no JSON'].join('\n')}\n`);
  const run = {
    ...{ stream: 'json', source: '/log', generation: `00000000000000${round}a`, kind: 'lines' as const },
    ...{ first: '0', next: String(body.length), records: lines_each + 1, bytes: body.length },
  };
  const header: BatchHeader = {
    ...{
      v: 1,
      spool_id: String(sensor_id).repeat(32),
      seq: round,
      prev: '',
      sensor: `s${sensor_id}`,
      sealed_ms: 1,
    },
    ...{ records: lines_each + 1, body_bytes: body.length, runs: [run], gaps: [] },
  };
  return sealBatch(header, body);
}

/** One segment with all sensors' batches, through the loader. @returns what it wrote into its log */
async function load(
  round: number,
  persisted: (attempt: number) => void = () => undefined,
): Promise<string[]> {
  const folder = join(directory, String(round));
  const ledger = new Ledger(join(directory, `ledger-${round}.sqlite`));
  const persist = ledger.persist.bind(ledger);
  let attempts = 0;
  ledger.persist = (...values) => {
    attempts += 1;
    persisted(attempts);
    persist(...values);
  };
  const log: string[] = [];
  const journal: Journal = new Journal({ directory: folder }, (segment) => loader.submit(segment));
  journal.startAfter(BigInt(round * 100));
  const loader = new Loader({
    ...{ store: home, journal, ledger, backlog: new Backlog(), types: new Set(['cowrie']) },
    ...{ setAside: () => assert.fail('a record was set aside'), log: (message: string) => log.push(message) },
  });
  loader.start();
  for (const sensor_id of sensors) {
    const { header, hash, bytes } = sealFor(sensor_id, round);
    const meta = { sensor_id, collect_us: '1767323045000001', hash, check: [] };
    await journal.append('cowrie', { meta, batch: bytes }, header.records, header.body_bytes);
    ledger.accept(sensor_id, header, hash);
  }
  await journal.close();
  await loader.drained();
  assert.equal(journal.bytes, 0, 'the segment left the journal');
  ledger.close();
  return log;
}

/** For each shard its sensors, each with how many rows of the table it has there, and how many of them differ. */
const countEach = (table: string, key: string): Promise<object[][]> =>
  Promise.all(
    home.shards.map((shard) =>
      shard.query(
        `SELECT sensor_id, toUInt32(count()) AS rows, toUInt32(uniqExact(${key})) AS single FROM ${table} GROUP BY sensor_id ORDER BY sensor_id`,
      ),
    ),
  );

const expectEach = (rows: number): object[][] =>
  [0, 1].map((shard) =>
    sensors
      .filter((sensor_id) => shardOf(sensor_id, 2) === shard)
      .map((sensor_id) => ({ sensor_id, rows, single: rows })),
  );

async function requireAll(rounds: number): Promise<void> {
  assert.deepEqual(
    await countEach('cowrie_json_local', '(generation, place)'),
    expectEach(rounds * (lines_each + 1)),
  );
  assert.deepEqual(await countEach('event_local', 'event_id'), expectEach(rounds * lines_each));
}

test('a sensor has the shard that the engine says', async () => {
  const ids = [
    0,
    1,
    2,
    255,
    65_536,
    2 ** 31,
    2 ** 32 - 1,
    ...Array.from({ length: 500 }, (_, i) => i * 8_589_933),
  ];
  const rows = await home.query<{ id: number; hash: string; of_three: number }>(
    `SELECT toUInt32(arrayJoin([${ids.join(', ')}])) AS id, cityHash64(id) AS hash, toUInt8(hash % 3) AS of_three`,
  );
  assert.equal(rows.length, ids.length);
  for (const { id, hash, of_three } of rows) {
    assert.equal(String(hashSensor(id)), hash, `sensor ${id}`);
    assert.equal(shardOf(id, 3), of_three);
  }
  for (const shard of [0, 1]) assert(sensors.some((sensor_id) => shardOf(sensor_id, 2) === shard));
});

test('each node has the schema and notes so, and a start makes nothing again', async () => {
  const history = () =>
    Promise.all(home.shards.map((shard) => shard.query('SELECT * FROM schema_history ORDER BY ALL')));
  const [first, second] = await history();
  assert(first!.length > 5);
  assert.deepEqual(first, second);
  await prepareSchema(home, cowrie);
  assert.deepEqual(await history(), [first, second]);
  await home.shards[1]!.command('DROP VIEW cowrie_json_event_view');
  await home.shards[1]!.command(
    "ALTER TABLE schema_history DELETE WHERE name = 'cowrie_json_event_view' SETTINGS mutations_sync = 1",
  );
  await prepareSchema(home, cowrie);
  assert.equal(
    (await home.shards[1]!.query("SELECT 1 FROM system.tables WHERE name = 'cowrie_json_event_view'")).length,
    1,
  );
});

test('one segment fills both shards, each sensor its own', async () => {
  assert.deepEqual(await load(1), []);
  await requireAll(1);
});

test('a segment that is loaded again is there once on both', async () => {
  const log = await load(2, (attempt) => {
    if (attempt < 3) throw new Error('database or disk is full');
  });
  assert.equal(log.length, 2);
  await requireAll(2);
});

test('while one shard is away the other keeps what it has, and nothing comes twice', async () => {
  const other = home.shards[1]!.engine!;
  process.kill(other.pid!, 'SIGKILL');
  await new Promise<void>((resolve) => other.once('state', () => resolve()));
  await load(3);
  assert.equal(other.restarts, 1);
  await requireAll(3);
});

test('nodes in another order, or too many of them, are named', async () => {
  assert.deepEqual(await findNodeMistakes(home), []);
  assert.deepEqual(await findMisplaced(home), []);
  const [first, second] = home.shards as [Store, Store];
  const turned = await findMisplaced({ shards: [second, first], rendering: 'cluster' });
  assert.equal(turned.length, 2);
  assert.match(
    turned[0]!,
    /^shard 1 has events of \d sensors that belong to other shards, the first of them \d:/,
  );
  assert.deepEqual(await findNodeMistakes({ shards: [first] }), [
    'the node of shard 1 has 2 shards in its cluster apiary, and store.shards names 1',
  ]);
  assert.deepEqual(await findNodeMistakes({ shards: [first, first] }), [
    'the node of shard 2 has the macro shard "1", as the node of shard 1 has',
  ]);
});

test('the doctor asks each shard, and says where nodes are named wrongly', async () => {
  const told = async (shards: readonly Store[]): Promise<Map<string, string>> =>
    new Map(
      (await examineCluster({ shards, rendering: 'cluster' }, Date.now())).map(
        ({ check, verdict, told: text }) => [check, verdict === 'ok' ? 'ok' : text],
      ),
    );
  const well = await told(home.shards);
  for (const check of ['shards', 'order', 'placement']) assert.equal(well.get(`cluster ${check}`), 'ok');
  assert.equal(well.get('cluster, shard 2, macros'), 'ok');
  const turned = await told([...home.shards].reverse());
  assert.equal(turned.get('cluster shards'), 'ok');
  assert.equal(
    turned.get('cluster order'),
    'the node that is named for shard 1 is one of shard 2; the node that is named for shard 2 is one of shard 1',
  );
  assert.match(turned.get('cluster placement')!, /the number of shards or their order has changed/);
  const alone = await told(home.shards.slice(0, 1));
  assert.match(alone.get('cluster shards')!, /has 2 shards .* store\.shards names 1$/);
});

test('a deletion reaches every shard', async () => {
  const { beginDelete } = await import('@apiary/server/retention/record-tables.ts');
  await beginDelete(home, 'event', `sensor_id IN (${sensors.slice(0, 4).join(', ')})`);
  const left = async (): Promise<number> => {
    const counts = await countEach('event_local', 'event_id');
    return counts.flat().length;
  };
  for (let attempt = 0; attempt < 1200 && (await left()) !== 4; attempt += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(await left(), 4);
});
