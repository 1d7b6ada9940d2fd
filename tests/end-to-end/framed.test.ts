/** Files of records in a form of their own, from the disk to events, through deaths of the collector. */
import assert from 'node:assert';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readEngine } from '../rig/engine-reader.ts';
import { openSite, settledRecords, waitFor } from '../rig/site.ts';

const alert = (number: number): string =>
  `<idmef:IDMEF-Message version="1.0"><idmef:Alert messageid="m${number}"><idmef:Analyzer analyzerid="e2e"/><idmef:CreateTime>${new Date().toISOString()}</idmef:CreateTime><idmef:Classification text="test ${number}"/></idmef:Alert></idmef:IDMEF-Message>\n`;

/** A key that a shell reads, as Sebek 3 sends it, in UDP, IPv4 and Ethernet, behind the head of a packet. */
function keyPacket(counter: number, key: string): Buffer {
  const sebek = Buffer.alloc(57);
  sebek.writeUInt32BE(0xd0d0d0d0, 0);
  sebek.writeUInt16BE(3, 4);
  sebek.writeUInt32BE(counter, 8);
  sebek.writeUInt32BE(Math.floor(Date.now() / 1000), 12);
  sebek.writeUInt32BE(2214, 24);
  sebek.write('bash', 40, 'latin1');
  sebek.writeUInt32BE(1, 52);
  sebek.write(key, 56, 'latin1');
  const around = Buffer.alloc(14 + 20 + 8);
  around.writeUInt16BE(0x0800, 12);
  around[14] = 0x45;
  around[23] = 17;
  around.set([198, 51, 100, 20], 26);
  around.set([198, 51, 100, 1], 30);
  around.writeUInt16BE(1101, 34);
  around.writeUInt16BE(1101, 36);
  around.writeUInt16BE(8 + sebek.length, 38);
  const head = Buffer.alloc(16);
  head.writeUInt32LE(Math.floor(Date.now() / 1000), 0);
  head.writeUInt32LE(around.length + sebek.length, 8);
  head.writeUInt32LE(around.length + sebek.length, 12);
  return Buffer.concat([head, around, sebek]);
}

test('alerts of a growing XML file and packets of a growing capture are there once', {
  timeout: 120_000,
}, async (t) => {
  const site = await openSite(t, {
    sensors: (root) => [
      { name: 'ids', type: 'idmef', paths: { messages: join(root, 'pot', 'alerts.xml') } },
      { name: 'kernel', type: 'sebek', paths: { packets: join(root, 'pot', '*.pcap') } },
    ],
  });
  const { root, server, collector } = site;
  mkdirSync(join(root, 'pot'));
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt32LE(65_535, 16);
  head.writeUInt32LE(1, 20);
  writeFileSync(join(root, 'pot', 'keys.pcap'), head);
  writeFileSync(join(root, 'pot', 'alerts.xml'), '<?xml version="1.0"?><IDMEF-Messages>\n');
  let written = 0;
  for (let round = 0; round < 4; round += 1) {
    collector.run();
    for (let index = 0; index < 25; index += 1, written += 1) {
      const text = alert(written);
      // In two pieces, so that the reader meets messages and packets that are not whole yet.
      const packet = keyPacket(written, String.fromCharCode(97 + (written % 26)));
      appendFileSync(join(root, 'pot', 'alerts.xml'), text.slice(0, 100));
      appendFileSync(join(root, 'pot', 'keys.pcap'), packet.subarray(0, 40));
      if (index % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 700));
      appendFileSync(join(root, 'pot', 'alerts.xml'), text.slice(100));
      appendFileSync(join(root, 'pot', 'keys.pcap'), packet.subarray(40));
    }
    await collector.kill();
  }
  collector.run();
  await waitFor(site, 'all records', async () => {
    const { rows, settled } = await settledRecords(site);
    return settled && rows >= written * 2;
  });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await collector.kill('SIGTERM');
  await server.stop();
  const rows = await readEngine(server.directory, (store) =>
    store.query(
      `SELECT sensor_type, toString(action) AS action, count() AS events, uniqExact(signature, extra, command, place) AS different
       FROM event GROUP BY ALL ORDER BY sensor_type`,
    ),
  );
  assert.deepStrictEqual(rows, [
    { sensor_type: 'idmef', action: 'probe', events: String(written), different: String(written) },
    { sensor_type: 'sebek', action: 'input', events: String(written), different: String(written) },
  ]);
});
