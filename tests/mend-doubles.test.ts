/** A segment that an engine took twice, because it died between the part and its token, is single again. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { mendDoubles } from '@apiary/server/loader/mend.ts';
import { createLookups } from '@apiary/server/store/lookups.ts';
import { migrate } from '@apiary/server/store/schema.ts';
import { Store } from '@apiary/server/store/store.ts';
import { submodule as cowrie } from '@apiary/submodules/cowrie/index.ts';
import { readSamples } from '@apiary/submodules/sample.ts';

const columns = ['sensor_id', 'stream', 'generation', 'place', 'collect_ts', 'segment_id', 'raw'];

describe('a segment that came twice', () => {
  const directory = mkdtempSync(join(tmpdir(), 'apiary-mend-'));
  let store: Store;
  before(async () => {
    store = new Store({ directory });
    await store.whenUp();
    await createLookups(store);
    await migrate(store, [cowrie]);
  });
  after(async () => {
    await store.close();
    rmSync(directory, { recursive: true });
  });

  async function insert(segment_id: number, token: string): Promise<void> {
    const [sample] = readSamples(cowrie).filter(({ name }) => name === 'lab-3-0');
    const rows = sample!.records.map(({ place, raw }) => {
      const text = raw
        .toString('latin1')
        .replace(/[\\\t\n\r]/g, (c) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' })[c]!);
      return `1\tjson\t${segment_id}\t${place}\t2026-11-24 00:00:00.000000\t${segment_id}\t${text}\n`;
    });
    await store.insertTsv('landing_cowrie_json', columns, Buffer.from(rows.join(''), 'latin1'), token);
  }
  const counts = async (): Promise<unknown[]> =>
    store.query(
      `SELECT * FROM (SELECT segment_id, count() AS rows, uniqExact(event_id) AS ids FROM event GROUP BY segment_id
       UNION ALL SELECT segment_id, count(), uniqExact(place) FROM cowrie_json GROUP BY segment_id) ORDER BY segment_id, rows`,
    );

  test('is single again, whether or not its parts were merged, and others stay', async () => {
    await insert(1, 'a');
    await insert(2, 'b');
    const single = await counts();
    await insert(2, 'b again');
    assert.notDeepEqual(await counts(), single);
    assert((await mendDoubles(store, 'cowrie_json', 2n)) > 0);
    assert.deepEqual(await counts(), single);
    assert.equal(await mendDoubles(store, 'cowrie_json', 2n), 0);

    await insert(2, 'b a third time');
    await store.command('OPTIMIZE TABLE event FINAL');
    await store.command('OPTIMIZE TABLE cowrie_json FINAL');
    assert((await mendDoubles(store, 'cowrie_json', 2n)) > 0);
    assert.deepEqual(await counts(), single);
    // The projections were made anew too.
    const [by_projection] = await store.query<{ n: string }>(
      'SELECT sum(n) AS n FROM (SELECT count() AS n FROM event GROUP BY sensor_id, toDate(detect_ts), vantage, service, action)',
    );
    const [by_rows] = await store.query<{ n: string }>(
      'SELECT count() AS n FROM event WHERE NOT ignore(target)',
    );
    assert.equal(by_projection?.n, by_rows?.n);
  });

  test('is not called single while the engine was too busy to make it so', async () => {
    await insert(3, 'c');
    const single = await counts();
    await insert(3, 'c again');
    for (const table of ['event', 'cowrie_json']) await store.command(`OPTIMIZE TABLE ${table} FINAL`);
    // An engine that is merging these parts does nothing, and says nothing.
    const busy = new Proxy(store, {
      get: (target, name) => {
        const member = Reflect.get(target, name, target) as unknown;
        if (name === 'command')
          return async (sql: string) => void (sql.startsWith('OPTIMIZE') || (await store.command(sql)));
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
    await assert.rejects(mendDoubles(busy, 'cowrie_json', 3n), /still there twice/);
    assert.notDeepEqual(await counts(), single);
    assert((await mendDoubles(store, 'cowrie_json', 3n)) > 0);
    assert.deepEqual(await counts(), single);
  });
});
