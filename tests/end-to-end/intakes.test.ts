/** What intakes received outlives the death of the collector, while the server is away. */
import assert from 'node:assert';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CowrieSource } from '../rig/cowrie-source.ts';
import { readEngine } from '../rig/engine-reader.ts';
import { freePorts } from '../rig/ports.ts';
import { openSite, settledRecords, waitFor } from '../rig/site.ts';

test('what came by syslog is there once after a kill between receipt and shipping', {
  timeout: 120_000,
}, async (t) => {
  const [udp, tcp] = (await freePorts(2)) as [number, number];
  const intakes = (['udp', 'tcp'] as const).map(
    (transport, index) =>
      `  - { kind: syslog, transport: ${transport}, strip: header, listen: "127.0.0.1:${[udp, tcp][index]}", senders: [ { from: 127.0.0.1, sensor: ssh } ] }\n`,
  );
  const site = await openSite(t, {
    sensors: (root) => [{ name: 'ssh', type: 'cowrie', paths: { json: join(root, 'none.json') } }],
    collector_settings: `intakes:\n${intakes.join('')}`,
  });
  const { root, server, collector } = site;
  const source = new CowrieSource(join(root, 'unused', 'cowrie.json'), 'net');
  const message = (number: number): string => `<134>Nov 23 05:00:01 pot cowrie: ${source.line(number)}`;
  const status = (): { waiting_records: number; read: number } | undefined => {
    try {
      return JSON.parse(readFileSync(join(root, 'collector', 'status.json'), 'utf8')).sensors[0];
    } catch {
      // Not written yet.
      return undefined;
    }
  };
  await server.kill();
  let number = 0;
  for (let round = 1; round <= 3; round += 1) {
    collector.run();
    await waitFor(site, 'the intake', async () => {
      const probe = connect(tcp, '127.0.0.1');
      const is_open = await Promise.race([
        once(probe, 'connect').then(() => true),
        once(probe, 'error').then(() => false),
      ]).catch(() => false);
      probe.destroy();
      return is_open;
    });
    const stream = connect(tcp, '127.0.0.1');
    const socket = createSocket('udp4');
    for (let index = 0; index < 100; index += 1) {
      stream.write(`${message(number)}\n`);
      socket.send(message(number + 1), udp, '127.0.0.1');
      number += 2;
      await sleep(1);
    }
    stream.end();
    socket.close();
    await waitFor(site, 'the receipt', async () => status()?.read === round * 200);
    // The spool syncs a batch after 200 ms at most.
    await sleep(600);
    await collector.kill();
  }
  assert.equal(number, 600);
  await server.restart();
  collector.run();
  await waitFor(site, 'all messages', async () => {
    const { rows, settled } = await settledRecords(site);
    return settled && rows >= number;
  });
  await sleep(1000);
  await collector.kill('SIGTERM');
  await server.stop();
  const rows = await readEngine(server.directory, (store) =>
    store.query(
      `SELECT source, count() AS records, uniqExact(session) AS different, groupUniqArray(flags) AS flags,
         groupUniqArray(toString(parse)) AS parse FROM cowrie_json GROUP BY source ORDER BY source`,
    ),
  );
  assert.deepStrictEqual(
    rows,
    ['tcp', 'udp'].map((transport) => ({
      ...{ source: `syslog/${transport}/127.0.0.1`, records: '300', different: '300' },
      ...{ flags: [4], parse: ['ok'] },
    })),
  );
});
