/** The uplink through a real stunnel4: the gateway knows the collector, and a renewal loses nothing. */
import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CowrieSource } from '../rig/cowrie-source.ts';
import { readEngine } from '../rig/engine-reader.ts';
import { freePorts } from '../rig/ports.ts';
import { openSite, settledRecords, waitFor } from '../rig/site.ts';
import { needs_stunnel, startStunnel } from '../rig/stunnel.ts';

for (const kind of ['socket', 'port'] as const)
  test(`records go through stunnel4 by a ${kind}, also while the certificate is renewed`, {
    skip: needs_stunnel,
    timeout: 120_000,
  }, async (t) => {
    const [port] = (await freePorts(1)) as [number];
    let accept = `127.0.0.1:${port}`;
    const site = await openSite(t, {
      sensors: (root) => {
        if (kind === 'socket') accept = join(root, 'uplink.sock');
        return [{ name: 'ssh', type: 'cowrie', paths: { json: join(root, 'cowrie.json') } }];
      },
    });
    const { root, server, collector } = site;
    collector.configure(
      [{ name: 'ssh', type: 'cowrie', paths: { json: join(root, 'cowrie.json') } }],
      `uplink: { stunnel: ${JSON.stringify(accept)} }\n`,
    );
    await collector.finish(['stunnel']);
    const source = new CowrieSource(join(root, 'cowrie.json'), 'tls');
    source.write(100);
    collector.run();
    await sleep(2000);
    assert.strictEqual((await settledRecords(site)).rows, 0, 'nothing goes past stunnel');
    const heard = startStunnel(t, collector);
    await waitFor(site, 'the first lines', async () => (await settledRecords(site)).rows === 100);
    const identity = (): string => readFileSync(join(collector.directory, 'stunnel', 'identity.pem'), 'utf8');
    const before = identity();
    await server.order('authorityRoll', { what: 'root' });
    for (let round = 0; identity() === before && round < 400; round += 1) {
      source.write(5);
      await sleep(100);
    }
    assert.notStrictEqual(identity(), before, 'the certificate was not renewed');
    await waitFor(site, 'stunnel with the new certificate', async () =>
      /Configuration successful[\s\S]*Configuration successful/.test(heard()),
    );
    source.write(100);
    await waitFor(site, 'all lines', async () => (await settledRecords(site)).rows === source.written);
    await collector.kill('SIGTERM');
    await server.stop();
    const rows = await readEngine(server.directory, (store) =>
      store.query(
        'SELECT count() AS records, uniqExact(session) AS different, uniqExact(sensor_id) AS sensors FROM cowrie_json',
      ),
    );
    const wanted = String(source.written);
    assert.deepStrictEqual(rows, [{ records: wanted, different: wanted, sensors: '1' }]);
  });
