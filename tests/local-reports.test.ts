/** Local reports under a filter: the sensors of their type, the period, and the attacker's address and country. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Filter } from '@apiary/model/api/filter.ts';
import { Catalogue } from '@apiary/server/reports/catalogue.ts';
import { ignoredFilters, localScope } from '@apiary/server/reports/local-scope.ts';
import { resolveScope } from '@apiary/server/reports/scope.ts';
import type { Sight } from '@apiary/server/reports/view.ts';
import { sees_everything } from '@apiary/server/reports/visibility.ts';
import { StateDatabase } from '@apiary/server/state/database.ts';
import { describeInventory } from '@apiary/server/state/inventory-list.ts';
import type { ConformanceEngine } from '@apiary/submodules/conformance.ts';
import { submodules } from '@apiary/submodules/index.ts';
import { readReports } from '@apiary/submodules/report.ts';
import { readSamples } from '@apiary/submodules/sample.ts';
import { openEngine } from './submodule-engine.ts';

const catalogue = new Catalogue(
  submodules.map((submodule) => ({
    sensor_type: submodule.name,
    title: submodule.title,
    reports: readReports(submodule),
  })),
);
const cowrie = submodules.find(({ name }) => name === 'cowrie')!;
const whole: Filter = { from: '1970-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };

describe('local reports', () => {
  const directory = mkdtempSync(join(tmpdir(), 'apiary-local-'));
  const state = new StateDatabase(join(directory, 'state.sqlite'));
  let engine: ConformanceEngine;
  before(async () => {
    engine = await openEngine(cowrie, 'single');
    const records = readSamples(cowrie).flatMap((sample, index) =>
      sample.records.map((record) => ({
        ...record,
        sensor_id: 1,
        generation: BigInt(index + 1),
        collect_ts: '2026-11-24 00:00:00.000000',
        segment_id: 1n,
      })),
    );
    await engine.insertRecords(records, 'all');
  });
  after(async () => {
    await engine.close();
    state.close();
    rmSync(directory, { recursive: true });
  });

  /** The sensor, on the honeypot 1 until then and on the honeypot 2 since. */
  function sightOf(moved_ms: number): Sight {
    const inventory = describeInventory(state);
    const sensor = { name: 'one', type: 'cowrie', description: '', created_ms: 0, retired_ms: null };
    const on = (honeypot_id: number, valid_from_ms: number, valid_to_ms: number | null) => ({
      ...{ honeypot_id, valid_from_ms, valid_to_ms },
    });
    const honeypots = [on(1, 0, moved_ms), on(2, moved_ms, null)];
    const sensors = [{ ...sensor, sensor_id: 1, collectors: [], honeypots }];
    return { inventory: { ...inventory, sensors }, visibility: sees_everything };
  }

  const run = (id: string, filter: Filter, sight = sightOf(0)): Promise<Record<string, unknown>[]> => {
    const scope = resolveScope(filter, sight, Date.now());
    const { sql, params } = localScope(catalogue.find(id).text.sql, scope, filter, sight);
    return engine.query(sql, params);
  };

  test('of one honeypot count what the sensor saw while it was there', async () => {
    const times = await engine.query<{ ms: string }>(
      "SELECT toUnixTimestamp64Milli(detect_ts) AS ms FROM cowrie_json WHERE eventid = 'cowrie.session.connect' ORDER BY ms",
    );
    const moved_ms = Number(times[Math.floor(times.length / 2)]!.ms);
    const sight = sightOf(moved_ms);
    const count = async (filter: Filter): Promise<number> =>
      (await run('cowrie/probes-per-day', { ...whole, ...filter }, sight)).reduce(
        (sum, { connections }) => sum + Number(connections),
        0,
      );
    const [row] = await engine.query<{ before: string; after: string }>(
      `SELECT countIf(ms < ${moved_ms}) AS before, countIf(ms >= ${moved_ms}) AS after FROM (
         SELECT toUnixTimestamp64Milli(detect_ts) AS ms FROM cowrie_json WHERE eventid = 'cowrie.session.connect'
         UNION ALL SELECT min(toUnixTimestamp64Milli(detect_ts)) FROM cowrie_db_sessions WHERE id != '' GROUP BY generation, id
       )`,
    );
    assert.ok(Number(row!.before) > 0 && Number(row!.after) > 0);
    assert.equal(await count({ honeypot: [1] }), Number(row!.before));
    assert.equal(await count({ honeypot: [2] }), Number(row!.after));
    assert.equal(await count({ honeypot: [1], from: '2099-01-01T00:00:00Z' }), 0);
  });

  test('say what of a filter they do not follow', () => {
    const ignored = (filter: Filter): string[] => ignoredFilters({ ...whole, ...filter }, sightOf(1000));
    assert.deepEqual(ignored({ q: 'country:SK and not asn:5' }), []);
    assert.deepEqual(ignored({ q: 'country:SK and username:root' }), ['q']);
    assert.deepEqual(ignored({ honeypot: [1], attacker_ip: ['192.0.2.1'], sensor: [1] }), []);
    assert.deepEqual(ignored({ username: ['root'], command_contains: 'x', extra: ['a:b'] }), [
      'username',
      'command_contains',
      'extra',
    ]);
  });

  test('find only what came from the address that the filter names', async () => {
    const pick = `SELECT ip, sum(found) AS n FROM (
        SELECT toString(attacker_ip) AS ip, count() AS found FROM cowrie_json
        WHERE eventid LIKE 'cowrie.login.%' AND fingerprint = '' GROUP BY ip
        UNION ALL
        SELECT toString(attacker_ip) AS ip, uniqExact(generation, id) AS found FROM cowrie_db_auth WHERE session != '' GROUP BY ip
      ) GROUP BY ip ORDER BY n DESC, ip`;
    const [most, ...others] = await engine.query<{ ip: string; n: string }>(pick);
    assert(most !== undefined && others.length > 0);
    const rows = await run('cowrie/top-pairs', { ...whole, attacker_ip: [most.ip] });
    assert.equal(
      rows.reduce((sum, { attempts }) => sum + Number(attempts), 0),
      Number(most.n),
    );
  });

  test('count the log and the databases, also for one address', async () => {
    const [{ n: lines } = { n: '0' }] = await engine.query<{ n: string }>(
      "SELECT count() AS n FROM cowrie_json WHERE eventid = 'cowrie.session.connect'",
    );
    // By hand in samples/mysql.rows.jsonl: two sessions, of which one has a later version.
    const [{ n: rows } = { n: '0' }] = await engine.query<{ n: string }>(
      'SELECT uniqExact(generation, id) AS n FROM cowrie_db_sessions',
    );
    const days = await run('cowrie/probes-per-day', whole);
    assert.ok(Number(lines) > 0 && Number(rows) > 2);
    assert.equal(
      days.reduce((sum, { connections }) => sum + Number(connections), 0),
      Number(lines) + Number(rows),
    );
    // The table of clients has no addresses, and is not narrowed by one.
    const clients = await run('cowrie/client-versions', { ...whole, attacker_ip: ['203.0.113.9'] });
    assert.deepEqual(
      clients.map(({ version, connections }) => [version, Number(connections)]),
      [['SSH-2.0-Go', 1]],
    );
  });

  test('run with every narrowing, and find nothing on another sensor', async () => {
    for (const { report } of catalogue.list().filter((entry) => entry.report.sensor_type === 'cowrie')) {
      await run(report.id, {
        ...whole,
        attacker_country: ['SK'],
        attacker_asn: ['64496'],
        attacker_ip: ['2001:db8::/32'],
      });
      assert.deepEqual(await run(report.id, { ...whole, sensor: [2] }), [], report.id);
    }
  });
});
