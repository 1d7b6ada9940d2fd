/**
 * Whole files from the honeypot's folder to the server's store, while collector and server are killed. What was
 * written is known here; what arrived is read from the store's own files, the state and the engine's tables.
 */
import assert from 'node:assert';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Artifact } from '@apiary/model/api/artifacts.ts';
import { readEngine } from '../rig/engine-reader.ts';
import { LightClient } from '../rig/light-client.ts';
import { seededRandom } from '../rig/random.ts';
import { openSite, waitFor } from '../rig/site.ts';

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

function storedFiles(server_directory: string): string[] {
  const folder = join(server_directory, 'artifacts');
  return readdirSync(folder)
    .filter((name) => name !== 'incoming')
    .flatMap((name) => readdirSync(join(folder, name)));
}

test('every file is there once, with its record, after collector and server were killed', {
  timeout: 240_000,
}, async (t) => {
  const random = seededRandom(20261123);
  const site = await openSite(t, {
    sensors: (root) => [
      {
        ...{ name: 'ssh', type: 'cowrie' },
        paths: { ttylogs: join(root, 'pot', 'tty', '*'), downloads: join(root, 'pot', 'downloads', '*') },
      },
    ],
    collector_settings: 'artifacts: { bytes_max: 256KiB, spool_bytes_max: 4MiB, quiet_seconds: 1 }\n',
  });
  const { root, server, collector } = site;
  const written = new Map<string, { path: string; size: number }[]>();
  for (const folder of ['tty', 'downloads']) mkdirSync(join(root, 'pot', folder), { recursive: true });
  const write = (folder: string, name: string, bytes: Buffer): void => {
    const path = join(root, 'pot', folder, name);
    writeFileSync(path, bytes);
    const whole = hashOf(bytes);
    written.set(whole, [...(written.get(whole) ?? []), { path, size: bytes.length }]);
  };
  collector.run();
  for (let round = 0; round < 10; round += 1) {
    for (let index = 0; index < 10; index += 1) {
      const size = Math.floor(random() * 60_000);
      write(index % 2 === 0 ? 'tty' : 'downloads', `f${round}-${index}`, Buffer.alloc(size, `${random()}`));
    }
    // The same contents in another place: a record of its own, the bytes once.
    write('downloads', `again-${round}`, Buffer.from('the same each time'));
    await sleep(300 + Math.floor(random() * 500));
    if (round % 2 === 0) {
      await collector.kill();
      collector.run();
    } else {
      await server.kill();
      await server.restart();
    }
  }
  const wanted = [...written.values()].flat().length;
  await waitFor(
    site,
    'all files and their records',
    async () => {
      const { sensors, collectors } = await server.get<{
        sensors: { acknowledged: number; waiting_records: number }[];
        collectors: { artifacts: { waiting: number } | null }[];
      }>('/sensors');
      const [sensor] = sensors;
      if (sensor === undefined || sensor.waiting_records > 0 || sensor.acknowledged < wanted) return false;
      if (collectors[0]?.artifacts?.waiting !== 0) return false;
      const { waiting } = await server.order<{ waiting: number }>('loaded', {});
      return waiting === 0 && storedFiles(server.directory).length === written.size;
    },
    150_000,
  );
  const [[sha256, [first]]] = [...written].slice(-1) as [[string, { path: string; size: number }[]]];
  const facts = await server.get<Artifact>(`/artifacts/${sha256}`);
  assert.equal(facts.stored?.size, first!.size);
  assert.deepEqual(
    facts.stored?.receipts.map(({ collector: name, sensor }) => [name, sensor]),
    [['site', 'ssh']],
  );
  assert.deepEqual(
    facts.records.map(({ path }) => path),
    [first!.path],
  );
  assert.match(collector.output, /following 1 sensor;/);
  await collector.kill('SIGTERM');
  await server.stop();

  for (const name of storedFiles(server.directory)) {
    const bytes = readFileSync(join(server.directory, 'artifacts', name.slice(0, 2), name));
    assert.equal(hashOf(bytes), name);
    assert.ok(written.has(name));
  }
  assert.deepEqual(readdirSync(join(root, 'collector', 'artifacts', 'waiting', 'ssh')), []);
  const rows = await readEngine(server.directory, (store) =>
    store.query<{ path: string; sha256: string; versions: string; parse: string }>(
      `SELECT path, sha256, toString(parse) AS parse, count() AS versions FROM
         (SELECT path, sha256, parse FROM cowrie_ttylogs UNION ALL SELECT path, sha256, parse FROM cowrie_downloads)
       GROUP BY ALL`,
    ),
  );
  assert.equal(rows.length, wanted);
  for (const { path, sha256: found, versions, parse } of rows) {
    assert.equal(versions, '1', `${path} is there once`);
    assert.equal(parse, 'ok');
    assert.ok(written.get(found)?.some((file) => file.path === path));
  }
});

test('a collector may send files of its own sensors, whole and honest ones', {
  timeout: 90_000,
}, async (t) => {
  const site = await openSite(t, {
    sensors: (root) => [{ name: 'ssh', type: 'cowrie', paths: { ttylogs: join(root, 'none', '*') } }],
  });
  await site.server.order('collectorAdd', {
    name: 'other',
    lives_in: 'elsewhere',
    sensors: 'foreign:cowrie',
  });
  const client = new LightClient(join(site.root, 'collector'), site.server.gateway_port);
  t.after(() => client.close());
  const bytes = Buffer.from('evidence');
  const send = async (sensor: string, sha256: string, body = bytes): Promise<[number, string]> => {
    const answer = await client.post(`/a?sensor=${sensor}&sha256=${sha256}`, body);
    return [answer.status, answer.body.error?.code ?? String(answer.body.status)];
  };
  assert.deepEqual(await send('foreign', hashOf(bytes)), [403, 'sensor_foreign']);
  assert.deepEqual(await send('nobody', hashOf(bytes)), [403, 'sensor_unknown']);
  assert.deepEqual(await send('ssh', '../../etc/passwd'), [400, 'input_invalid']);
  assert.deepEqual(await send('ssh', hashOf(bytes), Buffer.from('Evidence')), [400, 'artifact_mismatch']);
  assert.deepEqual(storedFiles(site.server.directory), []);
  // The same answer to the first time and the next.
  assert.deepEqual(await send('ssh', hashOf(bytes)), [200, 'durable']);
  assert.deepEqual(await send('ssh', hashOf(bytes)), [200, 'durable']);
  assert.deepEqual(storedFiles(site.server.directory), [hashOf(bytes)]);
  const { artifacts } = await site.server.get<{ artifacts: { sha256: string; size: number }[] }>(
    '/artifacts',
  );
  assert.deepEqual(
    artifacts.map(({ sha256, size }) => [sha256, size]),
    [[hashOf(bytes), bytes.length]],
  );
});

test('a refusal reaches the collector before it sends a large file, and the file goes when there is room', {
  timeout: 90_000,
}, async (t) => {
  const site = await openSite(t, {
    sensors: (root) => [{ name: 'ssh', type: 'cowrie', paths: { downloads: join(root, 'pot', '*') } }],
    collector_settings: 'artifacts: { quiet_seconds: 0 }\n',
  });
  const { root, server, collector } = site;
  const settings = join(server.directory, 'apiary.yaml');
  const before = readFileSync(settings, 'utf8');
  await server.stop();
  writeFileSync(settings, `${before}artifacts: { disk_bytes_max: 1000000 }\n`);
  await server.restart();
  mkdirSync(join(root, 'pot'));
  const bytes = Buffer.alloc(12_000_000, 'large');
  writeFileSync(join(root, 'pot', 'large'), bytes);
  collector.run();
  const told = async (): Promise<string> => {
    const { collectors } = await server.get<{ collectors: { artifacts: { trouble: string } | null }[] }>(
      '/sensors',
    );
    return collectors[0]?.artifacts?.trouble ?? '';
  };
  await waitFor(site, 'the refusal', async () => (await told()).includes('budget for artifacts is used up'));
  assert.deepEqual(storedFiles(server.directory), []);
  await collector.kill('SIGTERM');
  await server.stop();
  writeFileSync(settings, before);
  await server.restart();
  collector.run();
  await waitFor(site, 'the file', async () => storedFiles(server.directory).includes(hashOf(bytes)));
});
