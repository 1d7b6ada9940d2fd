/** Sending again is harmless: other batches, a reverted honeypot, after every window in which the engine remembers. */
import assert from 'node:assert';
import { appendFileSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CowrieSource } from '../rig/cowrie-source.ts';
import { readEngine } from '../rig/engine-reader.ts';
import { openSite, settledRecords, waitFor } from '../rig/site.ts';

const many = 1_000_000;

test('a million lines sent again in other batches change no count', { timeout: 400_000 }, async (t) => {
  const site = await openSite(t, {
    sensors: (root) => [{ name: 'ssh', type: 'cowrie', paths: { json: join(root, 'cowrie.json') } }],
  });
  const { root, server, collector } = site;
  const source = new CowrieSource(join(root, 'cowrie.json'), 'ssh');
  for (let part = 0; part < 10; part += 1) source.write(many / 10);
  await server.haltAnalysis();
  const arrived = async (): Promise<boolean> => {
    const { rows, known, settled } = await settledRecords(site);
    return settled && rows + known >= many;
  };
  collector.run();
  await waitFor(site, `${many} lines`, arrived, 180_000);
  await collector.kill('SIGTERM');
  await server.stop();
  const count =
    'SELECT count() AS records, uniqExact(session) AS different, max(version) AS versions FROM cowrie_json';
  const first = await readEngine(server.directory, async (store) => {
    // From here on the engine remembers no block that it has seen.
    for (const table of ['cowrie_json', 'event'])
      await store.command(`ALTER TABLE ${table} MODIFY SETTING non_replicated_deduplication_window = 0`);
    return {
      records: await store.query(count),
      events: await store.query('SELECT count() AS events FROM event'),
    };
  });
  assert.deepStrictEqual(first.records, [{ records: String(many), different: String(many), versions: 0 }]);
  assert.deepStrictEqual(first.events, [{ events: String(many) }]);

  // The collector has forgotten what it read, and cuts otherwise.
  rmSync(join(root, 'collector', 'spool'), { recursive: true });
  collector.configure(
    [{ name: 'ssh', type: 'cowrie', paths: { json: source.path } }],
    'limits: { batch_bytes_max: 1500KiB }\n',
  );
  await server.restart();
  await server.haltAnalysis();
  collector.run();
  await waitFor(
    site,
    'the second reading',
    async () => {
      const { rows, known, settled } = await settledRecords(site);
      return settled && rows + known >= many;
    },
    180_000,
  );
  const { rows, known } = await settledRecords(site);
  assert.deepStrictEqual({ rows, known }, { rows: 0, known: many });
  await collector.kill('SIGTERM');
  await server.stop();
  const second = await readEngine(server.directory, async (store) => ({
    records: await store.query(count),
    events: await store.query('SELECT count() AS events FROM event'),
  }));
  assert.deepStrictEqual(second, first);
});

test('a honeypot reverted to a snapshot in mid-stream: what came before and after is there once', {
  timeout: 120_000,
}, async (t) => {
  const site = await openSite(t, {
    sensors: (root) => [
      { name: 'ssh', type: 'cowrie', paths: { json: join(root, 'honeypot', 'cowrie.json') } },
    ],
  });
  const { root, server, collector } = site;
  const source = new CowrieSource(join(root, 'honeypot', 'cowrie.json'), 'ssh');
  const arrived = (count: number) => async (): Promise<boolean> => {
    const { rows, settled } = await settledRecords(site);
    return settled && rows >= count;
  };
  source.write(500);
  collector.run();
  await waitFor(site, 'the lines before the snapshot', arrived(500));

  // The snapshot holds the log and all that the collector in the honeypot knows.
  await collector.kill();
  const snapshot = join(root, 'snapshot');
  mkdirSync(snapshot);
  for (const part of ['honeypot', 'collector'])
    cpSync(join(root, part), join(snapshot, part), { recursive: true, preserveTimestamps: true });
  collector.run();
  source.write(300);
  await waitFor(site, 'the lines that the revert will undo', arrived(800));
  await collector.kill();

  for (const part of ['honeypot', 'collector']) {
    rmSync(join(root, part), { recursive: true });
    cpSync(join(snapshot, part), join(root, part), { recursive: true, preserveTimestamps: true });
  }
  // Another history at the same places: of other lengths, so that lines overlap.
  const other = new CowrieSource(join(root, 'elsewhere.json'), 'after');
  const lines = Array.from({ length: 400 }, (_, number) => `${other.line(number)}\n`).join('');
  appendFileSync(source.path, lines);
  collector.run();
  await waitFor(site, 'the lines after the revert', arrived(1200));
  const { alerts } = await server.get<{ alerts: { kind: string }[] }>('/sensors');
  assert.ok(
    alerts.some(({ kind }) => kind === 'spool_went_back'),
    `the revert is told: ${JSON.stringify(alerts)}`,
  );
  await collector.kill('SIGTERM');
  await server.stop();
  const rows = await readEngine(server.directory, (store) =>
    store.query(
      'SELECT sensor, count() AS records, uniqExact(session) AS different FROM cowrie_json GROUP BY sensor ORDER BY sensor',
    ),
  );
  assert.deepStrictEqual(rows, [
    { sensor: 'after', records: '400', different: '400' },
    { sensor: 'ssh', records: '800', different: '800' },
  ]);
});
