/** Events derived again on the real engine, while records go on coming, against a ledger of what was written. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Submodule } from '@apiary/model/submodule.ts';
import { submodule as cowrie } from '@apiary/submodules/cowrie/index.ts';
import { submodule as honeyd } from '@apiary/submodules/honeyd/index.ts';
import { row_columns } from '../loader/rows.ts';
import { StateDatabase } from '../state/database.ts';
import { beginStep } from '../state/retention.ts';
import { createLookups } from '../store/lookups.ts';
import { migrate } from '../store/schema.ts';
import { Store } from '../store/store.ts';
import { type Derivation, type DeriveOptions, deriveAgain } from './derive.ts';

const log_in = (index: number, at: string): string =>
  JSON.stringify({
    eventid: 'cowrie.login.failed',
    ...{ username: 'root', password: `pw${index}`, message: 'login attempt', sensor: 'pot' },
    ...{ timestamp: at, src_ip: '203.0.113.9', session: `s${index}`, uuid: 'u' },
  });

/** What the changed SQL says instead: log-ins are probes, and what was connected is no event any more. */
const changed_select = `-- from cowrie_json
SELECT {{event_identity}}, detect_ts, detect_basis, 'probe' AS action, 'account' AS target_kind, username AS target,
  'failure' AS outcome, attacker_ip, attacker_country, attacker_asn, 'inbound' AS direction, 'honeypot' AS vantage,
  username, session
FROM {{record cowrie_json}} WHERE eventid = 'cowrie.login.failed'
`;

describe('derive', () => {
  let directory: string;
  let store: Store;
  let state: StateDatabase;
  let changed: Submodule;
  let segment = 0n;
  /** Ledger: records written, by type. */
  const written = { cowrie: 0, honeyd: 0 };
  /** Held by whoever loads or derives. */
  let turn: Promise<unknown> = Promise.resolve();
  const hold = <T>(work: () => Promise<T>): Promise<T> => {
    const run = turn.then(work);
    turn = run.catch(() => undefined);
    return run;
  };

  /** One segment, as the loader brings it. */
  const load = (type: 'cowrie' | 'honeyd', collected: string, count = 3): Promise<void> =>
    hold(async () => {
      const rows: string[] = [];
      for (let index = 0; index < count; index += 1) {
        const place = written[type] + index;
        const raw =
          type === 'cowrie'
            ? log_in(place, `${collected.replace(' ', 'T')}Z`)
            : `${collected.replace(' ', '-')}.0000 tcp(6) - 203.0.113.7 ${place + 1} 192.0.2.1 22: 60 S`;
        rows.push(
          `${type === 'cowrie' ? 1 : 2}\t${type === 'cowrie' ? 'json' : 'packet'}\tf\t\t1\t${collected}\t${segment + 1n}\t${place}\t0\t0\t${raw.length}\t${raw.replaceAll('\\', '\\\\').replaceAll('\t', '\\t')}\n`,
        );
      }
      const landing = type === 'cowrie' ? 'landing_cowrie_json' : 'landing_honeyd_packet';
      await store.insertTsv(landing, row_columns, Buffer.from(rows.join('')), String(segment + 1n));
      segment += 1n;
      written[type] += count;
    });

  const derive = (submodule: Submodule, using: Partial<DeriveOptions> = {}): Promise<Derivation> =>
    deriveAgain({
      ...{ store, state, submodule, settledSegment: () => segment, holdLoader: hold },
      holdAnalysis: (work) => work(),
      log: () => undefined,
      ...using,
    });

  const count = async (where: string): Promise<number> => {
    const [row] = await store.query<{ count: string }>(`SELECT count() AS count FROM event WHERE ${where}`);
    return Number(row!.count);
  };
  const identities = (where: string): Promise<unknown[]> =>
    store.query(
      `SELECT event_id, place, version, segment_id, collect_ts, detect_ts FROM event WHERE ${where} ORDER BY event_id`,
    );

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'apiary-derive-'));
    cpSync(cowrie.folder, join(directory, 'cowrie'), { recursive: true });
    changed = { ...cowrie, folder: pathToFileURL(join(directory, 'cowrie/')) };
    writeFileSync(join(directory, 'cowrie/events.sql'), changed_select);
    store = new Store({ directory: join(directory, 'engine') });
    state = new StateDatabase(':memory:');
    await store.whenUp();
    await createLookups(store);
    await migrate(store, [cowrie, honeyd]);
    for (const month of ['2026-08-31 23:59:59', '2026-09-01 00:00:00', '2026-10-05 10:00:00'])
      for (const type of ['cowrie', 'honeyd'] as const) await load(type, month);
    await load('honeyd', '2026-07-01 00:00:00');
  });
  after(async () => {
    await store.close();
    state.close();
    rmSync(directory, { recursive: true });
  });

  test('with unchanged SQL nothing is written', async () => {
    const before_it = await identities('1');
    assert.equal(before_it.length, written.cowrie + written.honeyd);
    const derivation = await derive(cowrie);
    assert.deepEqual(derivation, {
      records: written.cowrie,
      actions: [{ action: 'authenticate', before: written.cowrie, after: written.cowrie }],
      months_changed: [],
    });
    assert.deepEqual(await identities('1'), before_it);
  });

  test('changed SQL: killed before each kind of statement in turn, then whole; records come all the while', async () => {
    const before_it = await identities("sensor_type = 'cowrie'");
    await store.insertRows('attack_event', [
      {
        event_id: (before_it[0] as { event_id: string }).event_id,
        sensor_id: 1,
        assignment: [1, 7],
        analysis_ts: '2026-09-01 00:00:00',
      },
    ]);
    const first = written.cowrie;
    // What a start with the new version does: its views are there before anything is loaded.
    await migrate(store, [changed, honeyd]);
    let is_feeding = true;
    const feeding = (async () => {
      while (is_feeding) {
        await load('cowrie', '2026-10-06 10:00:00', 2);
        await load('honeyd', '2026-11-01 00:00:00', 2);
        await sleep(500);
      }
    })();
    for (const statement of [/^CREATE/, /^INSERT/, /segment_id > /, /ATTACH/, /^EXCHANGE/, /^DROP/]) {
      // The table is dropped before and after: what counts is the death after the exchange.
      const times = statement.source === '^DROP' ? 2 : 1;
      await assert.rejects(
        derive(changed, { store: dyingStore(store, statement, times) }),
        /^Error: killed$/,
      );
      // All of the old events or all of the new, never some of both.
      assert.equal(
        await count("action = 'authenticate' AND sensor_type = 'cowrie'"),
        times === 2 ? 0 : first,
      );
    }
    const derivation = await derive(changed);
    is_feeding = false;
    await feeding;
    assert.equal(await count("sensor_type = 'cowrie' AND action = 'probe'"), written.cowrie);
    assert.equal(await count("sensor_type = 'cowrie'"), written.cowrie);
    assert.equal(await count("sensor_type = 'honeyd'"), written.honeyd);
    assert(written.cowrie > first && written.honeyd > first, 'records came meanwhile');
    assert.equal(
      Number((await store.query<{ ids: string }>('SELECT uniqExact(event_id) AS ids FROM event'))[0]!.ids),
      written.cowrie + written.honeyd,
    );
    // The same ids, times and places as before.
    const known = new Map(
      (await identities("sensor_type = 'cowrie'")).map((row) => [
        (row as { event_id: string }).event_id,
        row,
      ]),
    );
    for (const row of before_it) assert.deepEqual(known.get((row as { event_id: string }).event_id), row);
    const [assigned] = await store.query<{ analysis_ts: string }>(
      "SELECT toString(min(analysis_ts)) AS analysis_ts FROM attack_event JOIN event USING event_id WHERE action = 'probe'",
    );
    assert.equal(assigned!.analysis_ts, '2026-09-01 00:00:00.000000');
    // The projections count what the rows do.
    for (const use of [0, 1])
      assert.deepEqual(
        await store.query(
          `SELECT toDate(detect_ts) AS day, count() AS count FROM event WHERE sensor_id = 1 AND action = 'probe' GROUP BY day ORDER BY day SETTINGS optimize_use_projections = ${use}`,
        ),
        [
          { day: '2026-08-31', count: '3' },
          { day: '2026-09-01', count: '3' },
          { day: '2026-10-05', count: '3' },
          { day: '2026-10-06', count: String(written.cowrie - 9) },
        ],
      );
    assert.deepEqual(
      await store.query("SELECT name FROM system.tables WHERE name LIKE 'event_derived%'"),
      [],
    );
    // The last death came after the exchange: nothing was left to do but to drop the old table.
    assert.deepEqual(derivation.months_changed, []);
    // New records go into the new table.
    await load('cowrie', '2026-10-07 10:00:00');
    assert.equal(await count("sensor_type = 'cowrie'"), written.cowrie);
  });

  test('what expired stays away, and events whose records expired stay', async () => {
    await migrate(store, [cowrie, honeyd]);
    const cut_ms = Date.parse('2026-09-15T00:00:00Z');
    await store.command(
      "ALTER TABLE event DELETE WHERE sensor_type = 'cowrie' AND collect_ts < '2026-09-01' SETTINGS mutations_sync = 1",
    );
    await store.command(
      "ALTER TABLE cowrie_json DELETE WHERE collect_ts >= '2026-09-01' AND collect_ts < '2026-09-15' SETTINGS mutations_sync = 1",
    );
    for (const kind of ['records', 'events'] as const) beginStep(state, { kind, cut_ms, is_counted: true });
    await assert.rejects(derive(cowrie), /the retention is taking rows out/);
    state.run("DELETE FROM setting WHERE name = 'retention_step'");
    const derivation = await derive(cowrie);
    assert.deepEqual(derivation.months_changed, [202610]);
    assert.deepEqual(derivation.actions, [
      { action: 'authenticate', before: 0, after: written.cowrie - 6 },
      { action: 'probe', before: written.cowrie - 3, after: 3 },
    ]);
    assert.equal(
      await count("action = 'probe' AND sensor_type = 'cowrie' AND toYYYYMM(collect_ts) = 202609"),
      3,
    );
  });
});

/** The store, until it gets such a statement for the n-th time: then as if the server were killed. */
function dyingStore(store: Store, statement: RegExp, times: number): Store {
  let left = times;
  return new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name, target) as unknown;
      if (typeof value !== 'function') return value;
      if (name !== 'command') return value.bind(target);
      return (sql: string) => {
        if (statement.test(sql)) left -= 1;
        return left <= 0 ? Promise.reject(new Error('killed')) : target.command(sql);
      };
    },
  });
}
