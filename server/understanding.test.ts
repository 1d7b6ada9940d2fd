import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { streamNames } from '@apiary/model/submodule.ts';
import { judgeUnderstanding } from '@apiary/model/understanding.ts';
import { submodule as cowrie } from '@apiary/submodules/cowrie/index.ts';
import { submodules } from '@apiary/submodules/index.ts';
import { examineLive, type LiveSubject } from './doctor-live.ts';
import { writeMetrics } from './metrics.ts';
import type { ApiaryServer } from './server.ts';
import { StateDatabase } from './state/database.ts';
import { describeHealth } from './state/health-now.ts';
import { createLookups } from './store/lookups.ts';
import { migrate } from './store/schema.ts';
import { Store } from './store/store.ts';
import { landing_columns } from './store/template.ts';
import { UnderstandingKeeper } from './understanding.ts';

const good = JSON.stringify({
  eventid: 'cowrie.session.closed',
  timestamp: '2026-01-01T00:00:00.000000Z',
  session: 'abc',
  src_ip: '203.0.113.1',
  duration: 1,
});

test('the record table of each stream has the name by which it is asked', () => {
  for (const submodule of submodules) {
    const text = readFileSync(new URL('records.sql', submodule.folder), 'utf8');
    const tables = [...text.matchAll(/^-- into (\w+)/gm)].map(([, table]) => table!);
    assert.deepEqual(
      tables.sort(),
      streamNames(submodule)
        .map((stream) => `${submodule.name}_${stream}`)
        .sort(),
      submodule.name,
    );
  }
});

test('more than a tenth is many, a tenth is not', () => {
  const judge = (count: number, records: number) =>
    judgeUnderstanding({ looked_ms: 0, records, marks: [{ mark: 'not_json', count }] });
  assert.deepEqual(judge(305, 305), {
    count: 305,
    many: true,
    told: '305 of 305 records of the last 24 h are not understood (not_json)',
    remedy: 'Is the path right, and the sensor type?',
  });
  assert.equal(judge(10, 100).many, false);
  assert.equal(judge(11, 100).many, true);
});

describe('records that are not understood', () => {
  const directory = mkdtempSync(join(tmpdir(), 'apiary-understanding-'));
  const store = new Store({ directory });
  const state = new StateDatabase(':memory:');
  let asked = 0;
  const keeper = new UnderstandingKeeper({
    store: {
      query: (...given: Parameters<Store['query']>) => {
        asked++;
        return store.query(...given);
      },
      queryBytes: store.queryBytes.bind(store),
      syntaxTree: store.syntaxTree.bind(store),
    } as Store,
    state,
    submodules: [cowrie],
  });

  before(async () => {
    await store.whenUp();
    await createLookups(store);
    await migrate(store, [cowrie]);
    state.run(
      "INSERT INTO sensor (sensor_id, name, type, created_ms) VALUES (1, 'well', 'cowrie', 0), (2, 'text', 'cowrie', 0), (3, 'mixed', 'cowrie', 0)",
    );
    let place = 0;
    const row = (sensor_id: number, age_days: number, raw: string): string => {
      const collected = new Date(Date.now() - age_days * 86_400_000)
        .toISOString()
        .slice(0, 19)
        .replace('T', ' ');
      return `${[sensor_id, 'json', 'log', '', 1, place++, 0, 0, raw.length, collected, 1, raw].join('\t')}\n`;
    };
    const rows = [
      ...Array.from({ length: 9 }, () => row(1, 0.1, good)),
      ...Array.from({ length: 5 }, () => row(2, 0.1, 'a line of cowrie.log')),
      ...Array.from({ length: 8 }, () => row(2, 3, 'a line of three days ago')),
      row(3, 0.1, good),
      row(3, 0.1, 'a torn line'),
    ];
    await store.insertTsv(
      'landing_cowrie_json',
      landing_columns.map(([name]) => name),
      Buffer.from(rows.join('')),
    );
    state.run("INSERT INTO sensor (sensor_id, name, type, created_ms) VALUES (4, 'new', 'beekeeper', 0)");
    await store.insertTsv(
      'landing_waiting',
      landing_columns.map(([name]) => name),
      Buffer.from([row(4, 0.1, 'one'), row(4, 0.1, 'two'), row(4, 3, 'old')].join('')),
    );
  });
  after(async () => {
    await store.close();
    state.close();
    rmSync(directory, { recursive: true });
  });

  test('of the last day are counted by sensor and mark, beside all, once a minute', async () => {
    const now_ms = Date.now();
    const found = await keeper.look(now_ms);
    assert.deepEqual(
      [...found!].sort(([a], [b]) => a - b),
      [
        [2, { looked_ms: now_ms, records: 5, marks: [{ mark: 'not_json', count: 5 }] }],
        [3, { looked_ms: now_ms, records: 2, marks: [{ mark: 'not_json', count: 1 }] }],
        [4, { looked_ms: now_ms, records: 2, marks: [{ mark: 'waiting', count: 2 }] }],
      ],
    );
    const before_more = asked;
    await keeper.look(now_ms + 59_000);
    assert.equal(asked, before_more);
    await keeper.look(now_ms + 60_000);
    assert(asked > before_more);
    const { sensors } = describeHealth(state, now_ms, null, found);
    assert.deepEqual(
      sensors.map(({ name, not_understood }) => [name, not_understood?.records ?? null]),
      [
        ['mixed', 2],
        ['new', 2],
        ['text', 5],
        ['well', null],
      ],
    );
  });

  test('are not known where the engine does not answer, and are asked for again', async () => {
    let fails = true;
    const lame = new UnderstandingKeeper({
      store: {
        ...{ queryBytes: store.queryBytes.bind(store), syntaxTree: store.syntaxTree.bind(store) },
        query: (...given: Parameters<Store['query']>) =>
          fails ? Promise.reject(new Error('down')) : store.query(...given),
      } as Store,
      state,
      submodules: [cowrie],
    });
    assert.equal(await lame.look(0), null);
    fails = false;
    assert.equal((await lame.look(1))?.size, 3);
  });

  test('stand in the metrics, and the doctor warns of a sensor with many', async () => {
    const understanding = await keeper.look(Date.now());
    const metrics = await writeMetrics(
      {
        ...{ state, store: { state: 'up' }, loader: { loaded_rows: 0, waiting: 0 } },
        ...{
          artifacts: { bytes: 0 },
          analysis: { trouble: '' },
          understanding: keeper,
          journal: { bytes: 0 },
        },
        config: { directory, journal: { bytes_max: 1 }, artifacts: { disk_bytes_max: 1 } },
      } as unknown as ApiaryServer,
      Date.now(),
    );
    const lines = metrics.split('\n').filter((line) => /^apiary_records_(not|last)/.test(line));
    assert.deepEqual(lines.sort(), [
      'apiary_records_last_day{sensor="mixed"} 2',
      'apiary_records_last_day{sensor="new"} 2',
      'apiary_records_last_day{sensor="text"} 5',
      'apiary_records_not_understood{sensor="mixed",mark="not_json"} 1',
      'apiary_records_not_understood{sensor="new",mark="waiting"} 2',
      'apiary_records_not_understood{sensor="text",mark="not_json"} 5',
    ]);
    const warnings = async (known: LiveSubject['understanding']) =>
      (
        await examineLive(
          { state, store: { state: 'down' }, gateways: [], understanding: known } as unknown as LiveSubject,
          Date.now(),
        )
      )
        .filter(({ check }) => check === 'records')
        .map(({ verdict, told }) => `${verdict} ${told}`);
    assert.deepEqual(await warnings(understanding), [
      'warn mixed: 1 of 2 records of the last 24 h are not understood (not_json)',
      'warn new: 2 of 2 records of the last 24 h are not understood (they wait raw for a submodule of their type)',
      'warn text: 5 of 5 records of the last 24 h are not understood (not_json)',
    ]);
    assert.deepEqual(await warnings(null), []);
  });
});
