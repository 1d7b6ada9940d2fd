/**
 * Files through collector, mutual TLS, gateway and engine, while all of them are killed at random moments. What
 * was written is known by the sources themselves; what arrived is counted in the engine's own tables.
 */
import assert from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Store } from '@apiary/server/store/store.ts';
import { CollectorProcess } from '../rig/collector-process.ts';
import { CowrieSource } from '../rig/cowrie-source.ts';
import { DionaeaSource } from '../rig/dionaea-source.ts';
import { Link } from '../rig/link.ts';
import { seededRandom } from '../rig/random.ts';
import { ServerProcess } from '../rig/server-process.ts';

const seed = Number(process.env.APIARY_SEED ?? 20261123);
const kills_wanted = 24;
const settle_ms_max = 120_000;

type Victim = 'collector' | 'server' | 'engine' | 'link' | 'frozen link';
const victims: readonly Victim[] = ['collector', 'server', 'engine', 'link', 'frozen link'];

test(`every record is there exactly once after ${kills_wanted} kills (seed ${seed})`, {
  timeout: 400_000,
}, async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'apiary-kills-'));
  const random = seededRandom(seed);
  let gateway_port = 0;
  const link = await Link.open(() => gateway_port);
  const server = await ServerProcess.start(join(root, 'server'), {
    gateway_address: `127.0.0.1:${link.port}`,
  });
  gateway_port = server.gateway_port;
  const ssh = new CowrieSource(join(root, 'ssh', 'cowrie.json'), 'ssh');
  const telnet = new CowrieSource(join(root, 'telnet', 'cowrie.json'), 'telnet');
  const dionaea = new DionaeaSource(join(root, 'dionaea', 'dionaea.sqlite'));
  const collector = await CollectorProcess.enrol(server, join(root, 'collector'), 'all', [
    { name: 'ssh', type: 'cowrie', paths: { json: ssh.path } },
    { name: 'telnet', type: 'cowrie', paths: { json: telnet.path } },
    { name: 'dionaea', type: 'dionaea', paths: { sqlite: dionaea.path } },
  ]);
  t.after(async () => {
    await collector.kill();
    await server.kill();
    await link.close();
    rmSync(root, { recursive: true, force: true });
  });
  collector.run();

  let writing = true;
  const write = async (): Promise<void> => {
    while (writing) {
      ssh.write(1 + Math.floor(random() * 200));
      telnet.write(1 + Math.floor(random() * 20));
      dionaea.write(1 + Math.floor(random() * 5));
      if (random() < 0.01) ssh.rotate();
      await sleep(50);
    }
  };
  const strike = async (victim: Victim): Promise<void> => {
    const down_ms = Math.floor(random() * 600);
    switch (victim) {
      case 'collector':
        await collector.kill();
        await sleep(down_ms);
        collector.run();
        return;
      case 'server':
        await server.kill();
        await sleep(down_ms);
        await server.restart();
        return;
      case 'engine':
        process.kill(await server.enginePid(), 'SIGKILL');
        return;
      case 'link':
        link.cut();
        await sleep(down_ms);
        link.mend();
        return;
      case 'frozen link':
        link.freeze();
        await sleep(down_ms);
        link.cut();
        link.mend();
        return;
    }
  };

  const struck: Record<string, number> = {};
  const writer = write();
  for (let kill = 0; kill < kills_wanted; kill += 1) {
    await sleep(200 + Math.floor(random() * 800));
    const victim = victims[kill < victims.length ? kill : Math.floor(random() * victims.length)] as Victim;
    struck[victim] = (struck[victim] ?? 0) + 1;
    await strike(victim);
  }
  writing = false;
  await writer;
  dionaea.close();
  t.diagnostic(
    `struck ${JSON.stringify(struck)}; ${ssh.rotations} rotations; wrote ${ssh.written} + ${telnet.written} lines, ${dionaea.written} connections`,
  );

  const written: Record<string, number> = {
    ssh: ssh.written,
    telnet: telnet.written,
    dionaea: dionaea.written * 2,
  };
  const deadline = Date.now() + settle_ms_max;
  for (;;) {
    const { sensors } = await server.get<{
      sensors: { name: string; acknowledged: number; waiting_records: number; condition: string }[];
    }>('/sensors');
    const { waiting } = await server.order<{ waiting: number }>('loaded', {});
    // The last kill may have been the engine's: until it is back the API says so.
    const counts = await server.get<{ events: number }>('/events/count').catch(() => ({ events: 0 }));
    if (waiting === 0 && counts.events >= ssh.written + telnet.written + dionaea.written * 2) break;
    assert.ok(
      Date.now() < deadline,
      `not all has come: wrote ${JSON.stringify(written)}, events ${counts.events}, sensors ${JSON.stringify(sensors)}\n${collector.output.slice(-3000)}\n${server.output.slice(-3000)}`,
    );
    await sleep(500);
  }
  // A moment for whatever would come twice.
  await sleep(1500);
  await collector.kill('SIGTERM');
  await server.stop();

  const store = new Store({ directory: join(root, 'server', 'engine') });
  try {
    await store.whenUp();
    const lines = await store.query<{
      sensor: string;
      records: string;
      different: string;
      numbers: string;
      highest: string;
    }>(
      `SELECT sensor, count() AS records, uniqExact(session) AS different,
         uniqExact(toUInt64OrZero(splitByChar('-', session)[2])) AS numbers, max(toUInt64OrZero(splitByChar('-', session)[2])) AS highest
       FROM cowrie_json GROUP BY sensor ORDER BY sensor`,
    );
    for (const [row, source] of [
      [lines[0], ssh],
      [lines[1], telnet],
    ] as const) {
      assert.deepStrictEqual(row, {
        sensor: source.name,
        records: String(source.written),
        different: String(source.written),
        numbers: String(source.written),
        highest: String(source.written - 1),
      });
    }
    const rows = await store.query(
      `SELECT * FROM (
         SELECT 'connections' AS stream, count() AS records, uniqExact(connection) AS different FROM dionaea_connections WHERE version = 0
         UNION ALL SELECT 'logins', count(), uniqExact(login_password) FROM dionaea_logins WHERE version = 0) ORDER BY stream`,
    );
    assert.deepStrictEqual(
      rows,
      ['connections', 'logins'].map((stream) => ({
        stream,
        records: String(dionaea.written),
        different: String(dionaea.written),
      })),
    );
    const events = await store.query<{ sensor_type: string; events: string; ids: string }>(
      'SELECT sensor_type, count() AS events, uniqExact(event_id) AS ids FROM event GROUP BY sensor_type ORDER BY sensor_type',
    );
    assert.deepStrictEqual(events, [
      {
        sensor_type: 'cowrie',
        events: String(ssh.written + telnet.written),
        ids: String(ssh.written + telnet.written),
      },
      { sensor_type: 'dionaea', events: String(dionaea.written * 2), ids: String(dionaea.written * 2) },
    ]);
  } finally {
    await store.close();
  }
});
