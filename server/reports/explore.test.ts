/** Questions of Explore on the real engine, in both renderings, against counts made in JavaScript. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Filter } from '@apiary/model/api/filter.ts';
import { type ExploreQuestion, explore_columns } from '@apiary/model/explore.ts';
import { rowSearch } from '@apiary/model/report-links.ts';
import { StateDatabase } from '../state/database.ts';
import { createGeo } from '../store/geo.ts';
import { migrate } from '../store/schema.ts';
import { Store } from '../store/store.ts';
import { type Rendering, storedName } from '../store/template.ts';
import { makeExploration } from './explore.ts';
import { runReport } from './run-report.ts';
import { columns, events, first_ms, now_ms, type TestEvent, writeRow } from './testing/events.ts';
import { wholeView } from './view.ts';

const iso = (ms: number): string => new Date(ms).toISOString();
const whole: Filter = { from: iso(first_ms), to: iso(now_ms) };
const seen = events.filter(({ vantage }) => vantage === 'honeypot');
const count = (list: readonly TestEvent[], key: (event: TestEvent) => unknown): number =>
  new Set(list.map(key)).size;

for (const rendering of ['single', 'local_shards'] as const satisfies readonly Rendering[])
  describe(`explore, ${rendering}`, { timeout: 120_000 }, () => {
    const root = mkdtempSync(join(tmpdir(), 'apiary-explore-'));
    let store: Store;
    const state = new StateDatabase(':memory:');
    before(async () => {
      store = new Store({ directory: join(root, 'engine'), rendering });
      await store.whenUp();
      await createGeo(store);
      await migrate(store, []);
      await store.insertTsv(
        storedName('event', rendering),
        columns,
        Buffer.from(events.map(writeRow).join('')),
      );
    });
    after(async () => {
      state.close();
      await store.close();
      rmSync(root, { recursive: true });
    });
    const ask = (question: Partial<ExploreQuestion>, filter = whole) =>
      runReport(
        makeExploration({ measures: ['events'], by: [], over_time: false, top: 20, ...question }),
        wholeView(store, state),
        filter,
        now_ms,
      );

    test('counts all that the filter finds', async () => {
      const answer = await ask({ measures: ['events', 'sources', 'sensors', 'distinct:username'] });
      assert.deepEqual(answer.rows, [
        [
          seen.length,
          count(seen, ({ attacker_ip }) => attacker_ip),
          count(seen, ({ sensor_id }) => sensor_id),
          count(seen, ({ username }) => username),
        ],
      ]);
      assert.deepEqual(rowSearch(answer, answer.rows[0]!), {}, 'its numbers lead to all of them');
      const grouped = await ask({ by: ['service'] });
      assert.deepEqual(rowSearch(grouped, grouped.rows[0]!), { service: String(grouped.rows[0]![0]) });
    });

    test('counts by columns, the largest first', async () => {
      const answer = await ask({ by: ['service', 'sensor'], top: 3 });
      const groups = [...Map.groupBy(seen, ({ service, sensor_id }) => `${service} ${sensor_id}`).values()]
        .map((list) => [list[0]!.service, list[0]!.sensor_id, list.length] as const)
        .sort((a, b) => b[2] - a[2] || (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1]));
      assert.deepEqual(
        answer.rows,
        groups.slice(0, 3).map((row) => [...row]),
      );
      assert.deepEqual(answer.kinds, ['text', 'sensor', 'count']);
      assert.equal(answer.report.chart.kind, 'heat');
    });

    test('over time the intervals add up, and only the largest groups are told', async () => {
      const answer = await ask({ by: ['service'], over_time: true, top: 2 });
      const services = [...Map.groupBy(seen, ({ service }) => service)]
        .map(([service, list]) => [service, list.length] as const)
        .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
        .slice(0, 2);
      for (const [service, total] of services)
        assert.equal(
          answer.rows.filter((row) => row[1] === service).reduce((sum, row) => sum + Number(row[2]), 0),
          total,
        );
      assert.deepEqual(
        new Set(answer.rows.map((row) => row[1])),
        new Set(services.map(([service]) => service)),
      );
      const times = answer.rows.map(([time]) => Date.parse(String(time)));
      assert.ok(times.every((time) => time % (answer.bucket_seconds * 1000) === 0));
      assert.equal(answer.report.chart.kind, 'series');
    });

    test('takes every column, alone and over time', async () => {
      for (const column of explore_columns) {
        const one = await ask({ by: [column], measures: ['events', 'sessions', 'networks'] });
        assert.ok(one.rows.length > 0, column);
        await ask({ by: [column], over_time: true, top: 5 });
      }
      const narrow = await ask({ by: ['action'] }, { ...whole, service: ['nothing like it'] });
      assert.deepEqual(narrow.rows, []);
    });
  });
