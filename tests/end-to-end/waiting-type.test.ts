/**
 * A sensor of a type that nobody knows yet, through the real programs: its lines wait raw and are counted, and come in
 * when its submodule has come, whenever the server is killed meanwhile.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sensors } from '@apiary/model/api/sensors.ts';
import { StateDatabase } from '@apiary/server/state/database.ts';
import { CollectorProcess } from '../rig/collector-process.ts';
import { CowrieSource } from '../rig/cowrie-source.ts';
import { seededRandom } from '../rig/random.ts';
import { ServerProcess } from '../rig/server-process.ts';

const lines = 30_000;
const kills = 6;

test('lines of an unknown type wait, and come in once with their submodule', {
  timeout: 300_000,
}, async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'apiary-waiting-'));
  const server = await ServerProcess.start(join(root, 'server'));
  t.after(async () => {
    await server.kill();
    rmSync(root, { recursive: true });
  });
  await assert.rejects(
    server.order('collectorAdd', { name: 'typo', lives_in: 'elsewhere', sensors: 'pot:cowry' }),
    /no sensor type "cowry".*--keep-raw/s,
  );
  mkdirSync(join(root, 'pot'));
  const source = new CowrieSource(join(root, 'pot', 'hive.json'), 'hive');
  source.write(lines);
  const sensor = { name: 'hive-1', type: 'hive', keep_raw: true, paths: { json: source.path } };
  const collector = await CollectorProcess.enrol(server, join(root, 'collector'), 'hive-host', [sensor]);
  t.after(() => collector.kill());
  collector.run();
  const loaded = async (rows: number): Promise<void> => {
    while ((await server.order<{ rows: number }>('loaded', {})).rows < rows) await sleep(100);
  };
  await loaded(lines);
  await collector.kill('SIGTERM');
  const { sensors } = await server.get<Sensors>('/sensors');
  assert.deepEqual(
    sensors.map(({ name, type, not_understood }) => [name, type, not_understood?.marks]),
    [['hive-1', 'hive', [{ mark: 'waiting', count: lines }]]],
  );
  assert.equal((await server.get<{ events: number }>('/events/count')).events, 0);
  await server.stop();

  // Its submodule: what tells one type from another is the name.
  const state = new StateDatabase(join(root, 'server', 'state.sqlite'));
  state.run("UPDATE sensor SET type = 'cowrie' WHERE name = 'hive-1'");
  state.close();
  const random = seededRandom(20261127);
  for (let kill = 0; kill < kills; kill += 1) {
    server.begin();
    await sleep(500 + random() * 2500);
    await server.kill();
  }
  await server.restart();
  assert.equal((await server.get<{ events: number }>('/events/count')).events, lines);
  const query = 'SELECT count() AS events, uniqExact(password) AS passwords FROM event';
  const { rows } = await server.post<{ rows: unknown[] }>('/sql', { query });
  assert.deepEqual(rows, [[String(lines), String(lines)]]);
});
