/** The authority rolls over and no collector has to enrol anew. */
import assert from 'node:assert';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { CowrieSource } from '../rig/cowrie-source.ts';
import { openSite, settledRecords, waitFor } from '../rig/site.ts';

test('a new root: the collector renews by itself, the gateway follows, records go on', {
  timeout: 120_000,
}, async (t) => {
  const site = await openSite(t, {
    sensors: (root) => [{ name: 'ssh', type: 'cowrie', paths: { json: join(root, 'cowrie.json') } }],
  });
  const { root, server, collector } = site;
  const source = new CowrieSource(join(root, 'cowrie.json'), 'ssh');
  const arrived = (count: number) => async (): Promise<boolean> =>
    (await settledRecords(site)).rows === count;
  source.write(5);
  collector.run();
  await waitFor(site, 'the first lines', arrived(5));
  const before = readFileSync(join(collector.directory, 'cert.pem'), 'utf8');
  const { rolling } = await server.order<{ rolling: boolean }>('authorityRoll', { what: 'root' });
  assert.strictEqual(rolling, true);
  await waitFor(
    site,
    'the renewed certificate',
    async () => readFileSync(join(collector.directory, 'cert.pem'), 'utf8') !== before,
  );
  await waitFor(
    site,
    'the new chain at the gateway',
    async () =>
      (
        JSON.parse(readFileSync(join(server.directory, 'pki', 'authority.json'), 'utf8')) as {
          serving: number;
        }
      ).serving === 2,
  );
  const shown = await new Promise<string>((resolve, reject) => {
    const identity = {
      key: readFileSync(join(collector.directory, 'key.pem')),
      cert: readFileSync(join(collector.directory, 'cert.pem')),
    };
    const socket = connect(
      { host: '127.0.0.1', port: server.gateway_port, ...identity, rejectUnauthorized: false },
      () => {
        resolve(socket.getPeerX509Certificate()?.issuerCertificate?.issuerCertificate?.fingerprint256 ?? '');
        socket.destroy();
      },
    );
    socket.on('error', reject);
  });
  const root_2 = new X509Certificate(
    readFileSync(join(server.directory, 'pki', 'root-2', 'certificate.pem')),
  );
  assert.strictEqual(shown, root_2.fingerprint256);
  source.write(5);
  await waitFor(site, 'the lines under the new root', arrived(10));
  // Also for connections that begin now.
  await collector.kill();
  collector.run();
  source.write(5);
  await waitFor(site, 'the lines after a restart', arrived(15));
});

test('enrolment listens only while a token is open', { timeout: 60_000 }, async (t) => {
  const site = await openSite(t, { sensors: () => [] });
  const { server } = site;
  await waitFor(site, 'the end of enrolment', async () => server.output.includes('enrolment is closed'));
  await assert.rejects(
    server.order('collectorAdd', { name: 'deep', lives_in: 'honeypot', interaction: 'high' }),
    /high-interaction/,
  );
  await assert.rejects(server.order('collectorAdd', { name: 'nowhere' }), /where will it live/);
  const { command } = await server.order<{ command: string }>('collectorAdd', {
    name: 'other',
    lives_in: 'host',
  });
  assert.match(
    command,
    /^apiary-collector enrol --server 127\.0\.0\.1:\d+ --token [\w-]{32} --authority sha256:[0-9a-f]{64}$/,
  );
  await waitFor(
    site,
    'enrolment to open again',
    async () => server.output.split('enrolment is open').length === 3,
  );
});
