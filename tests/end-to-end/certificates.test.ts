/** Who may write: with no certificate, a foreign, a revoked or an expired one a peer is refused and nothing is written. */
import assert from 'node:assert';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type ConnectionOptions, connect } from 'node:tls';
import { writeRequest } from '@apiary/collector/der.ts';
import { Authority } from '@apiary/server/pki/authority.ts';
import { StateDatabase } from '@apiary/server/state/database.ts';
import { CollectorProcess } from '../rig/collector-process.ts';
import { CowrieSource } from '../rig/cowrie-source.ts';
import { openSite, type Site, settledRecords, waitFor } from '../rig/site.ts';

const sensors = (root: string) => [
  { name: 'ssh', type: 'cowrie', paths: { json: join(root, 'cowrie.json') } },
];

/** What a peer sees that sends a request: the answer, or the error's code. */
function knock(port: number, options: ConnectionOptions): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(
      { host: '127.0.0.1', port, rejectUnauthorized: false, minVersion: 'TLSv1.3', ...options },
      () => {
        socket.write('POST /h HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}');
      },
    );
    let heard = '';
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString('latin1');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.on('close', () => resolve(heard === '' ? 'closed' : heard));
  });
}

const records = async (site: Site): Promise<number> => (await settledRecords(site)).rows;

test('without a certificate there is a TLS alert, with a foreign one the end of the connection, and nothing else', {
  timeout: 60_000,
}, async (t) => {
  const site = await openSite(t, { sensors });
  const { server, root } = site;
  assert.strictEqual(await knock(server.gateway_port, {}), 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED');
  const foreign = await Authority.open(join(root, 'foreign'));
  const { key, cert } = foreign.tlsMaterial();
  assert.strictEqual(await knock(server.gateway_port, { key, cert }), 'closed');
  await waitFor(site, 'the count of refused peers', async () => {
    const { refused_peers } = await server.get<{ refused_peers: { reason: string; count: number }[] }>(
      '/sensors',
    );
    return refused_peers.some(({ reason, count }) => reason === 'tls' && count >= 2);
  });
  await waitFor(
    site,
    'both reasons in the log, each with whose it was',
    async () =>
      [...server.output.matchAll(/a peer at 127\.0\.0\.1 was refused in the handshake: \S/g)].length === 2,
  );
  assert.strictEqual(await records(site), 0);
});

test('the wire names neither Apiary nor the honeypot', { timeout: 60_000 }, async (t) => {
  const site = await openSite(t, { sensors });
  const key = readFileSync(join(site.root, 'collector', 'key.pem'));
  const cert = readFileSync(join(site.root, 'collector', 'cert.pem'));
  const shown = await new Promise<X509Certificate[]>((resolve, reject) => {
    const socket = connect(
      { host: '127.0.0.1', port: site.server.gateway_port, key, cert, rejectUnauthorized: false },
      () => {
        const chain: X509Certificate[] = [];
        for (let one = socket.getPeerX509Certificate(); one !== undefined; one = one.issuerCertificate) {
          chain.push(one);
          if (one.issuerCertificate?.fingerprint256 === one.fingerprint256) break;
        }
        assert.strictEqual(socket.alpnProtocol, false);
        socket.destroy();
        resolve(chain);
      },
    );
    socket.on('error', reject);
  });
  const text = [...shown, new X509Certificate(cert)]
    .map((one) => `${one.subject} ${one.issuer} ${one.subjectAltName ?? ''}`)
    .join('\n');
  assert.ok(shown.length >= 2, text);
  assert.doesNotMatch(text, /apiary|honey|cowrie|site|ssh/i);
});

test('revoking takes effect on an open connection, is told, and nothing more is written', {
  timeout: 60_000,
}, async (t) => {
  const site = await openSite(t, { sensors });
  const { root, server, collector } = site;
  const source = new CowrieSource(join(root, 'cowrie.json'), 'ssh');
  source.write(10);
  collector.run();
  await waitFor(site, 'ten lines', async () => (await records(site)) === 10);
  await server.order('collectorRevoke', { name: 'site' });
  source.write(10);
  await waitFor(site, 'the reason in the status', async () => {
    const status = new CollectorProcess(collector.directory);
    // It ends with 1 while something is wrong.
    await status.finish(['status']).catch(() => undefined);
    return /revoked/i.test(status.output);
  });
  assert.strictEqual(await records(site), 10);

  // A new host takes the sensor over, and its key alone counts from then on.
  const { command } = await server.order<{ command: string }>('collectorReplace', { name: 'site' });
  await collector.kill();
  const replaced = new CollectorProcess(join(root, 'replaced'));
  await replaced.finish(command.split(' ').slice(1));
  replaced.configure(sensors(root));
  replaced.run();
  t.after(() => replaced.kill());
  await waitFor(site, 'the lines by the new host', async () => {
    const { rows, known } = await settledRecords(site);
    return rows === 20 && known === 10;
  });
  // Another token keeps the enrolment open.
  await server.order('collectorAdd', { name: 'other', lives_in: 'elsewhere' });
  const second = new CollectorProcess(join(root, 'second'));
  await assert.rejects(second.finish(command.split(' ').slice(1)), /token/, 'a token serves once');
});

test('a host that is enrolled anew while its collector runs goes on without a restart', {
  timeout: 150_000,
}, async (t) => {
  const site = await openSite(t, { sensors });
  const { root, server, collector } = site;
  const source = new CowrieSource(join(root, 'cowrie.json'), 'ssh');
  source.write(10);
  collector.run();
  await waitFor(site, 'ten lines', async () => (await records(site)) === 10);
  await server.order('collectorRevoke', { name: 'site' });
  source.write(10);
  const beside = new CollectorProcess(collector.directory);
  const { command } = await server.order<{ command: string }>('collectorReplace', { name: 'site' });
  await assert.rejects(beside.finish(command.split(' ').slice(1)), /Remove that file first/);
  rmSync(join(collector.directory, 'enrolment.json'));
  await beside.finish(command.split(' ').slice(1));
  // What was refused is tried again once a minute.
  await waitFor(site, 'the other ten', async () => (await records(site)) === 20, 90_000);
});

test('an expired certificate writes nothing until it has renewed, which it may', {
  timeout: 60_000,
}, async (t) => {
  const site = await openSite(t, { sensors });
  const { root, server, collector } = site;
  await server.stop();
  const authority = await Authority.open(join(server.directory, 'pki'));
  const key = createPrivateKey(readFileSync(join(collector.directory, 'key.pem')));
  const expired = await authority.issue(writeRequest('client', key, createPublicKey(key)), 1, -0.5);
  writeFileSync(join(collector.directory, 'cert.pem'), expired.pem);
  const state = new StateDatabase(join(server.directory, 'state.sqlite'));
  state.run('DELETE FROM certificate');
  state.run(
    'INSERT INTO certificate (serial, collector_id, issued_ms, ends_ms) VALUES (?, 1, ?, ?)',
    expired.serial,
    Date.now() - 90 * 86_400_000,
    expired.ends_ms,
  );
  state.close();
  await server.restart();
  const shown = { key: readFileSync(join(collector.directory, 'key.pem')), cert: expired.pem };
  assert.strictEqual(await knock(server.gateway_port, shown), 'closed');
  assert.strictEqual(await records(site), 0);
  const source = new CowrieSource(join(root, 'cowrie.json'), 'ssh');
  source.write(5);
  collector.run();
  await waitFor(site, 'the lines after the renewal', async () => (await records(site)) === 5);
  const renewed = new X509Certificate(readFileSync(join(collector.directory, 'cert.pem')));
  assert.ok(renewed.validToDate.getTime() > Date.now() + 89 * 86_400_000);
});
