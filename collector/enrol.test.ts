import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { EnrolAnswer, EnrolRequest } from '@apiary/model/protocol.ts';
import { streams as cowrie } from '@apiary/submodules/cowrie/streams.ts';
import { streams as dionaea } from '@apiary/submodules/dionaea/streams.ts';
import { parseConfig } from './config.ts';
import { type EnrolOptions, enrol, parseFingerprint, writeExample } from './enrol.ts';
import { Identity, parseHostPort } from './identity.ts';
import { gateway_name, TestAuthority } from './testing/certificates.ts';
import { Rig, test_streams } from './testing/rig.ts';

describe('enrolment', () => {
  let rig: Rig;
  let server: Server;
  const requests: EnrolRequest[] = [];

  before(async () => {
    rig = await Rig.make();
    const { key, chain } = rig.authority.issue('enrolment', gateway_name);
    server = createServer(
      { key, cert: chain + rig.authority.root, minVersion: 'TLSv1.3' },
      (request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const asked = JSON.parse(Buffer.concat(chunks).toString()) as EnrolRequest;
          requests.push(asked);
          if (asked.token !== 'right') {
            const error = { code: 'token_invalid', message: 'no such token', remedy: '', details: {} };
            response.writeHead(401).end(JSON.stringify({ error }));
            return;
          }
          const answer: EnrolAnswer = {
            ...{
              collector: 'c1',
              certificate: rig.authority.certify(asked.csr),
              authority: rig.authority.root,
            },
            ...{ gateway: `127.0.0.1:${rig.gateway.port}`, enrolment: '127.0.0.1:1', gateway_name },
            sensors: [
              { name: 'ssh-1', type: 'cowrie' },
              { name: 'smb-1', type: 'dionaea' },
            ],
          };
          response.end(JSON.stringify(answer));
        });
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await rig.end();
  });

  const options = (dir: string, changed: Partial<EnrolOptions> = {}): EnrolOptions => ({
    server: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: 'right',
    authority: rig.authority.fingerprint,
    dir: rig.path(dir),
    config_path: `${rig.path(dir)}/collector.yaml`,
    streams: test_streams,
    ...changed,
  });

  it('makes a key that stays here, and leaves all that a start needs', async () => {
    await enrol(options('new'));
    const dir = rig.path('new');
    assert.equal(statSync(`${dir}/key.pem`).mode & 0o777, 0o600);
    const sent = requests.at(-1)!;
    assert.deepEqual(Object.keys(sent), ['token', 'csr']);
    assert.doesNotMatch(JSON.stringify(sent), /PRIVATE|apiary/i);
    const identity = new Identity(dir);
    assert.deepEqual(identity.enrolment.gateway_name, gateway_name);
    const cert = new X509Certificate(readFileSync(`${dir}/cert.pem`));
    assert.ok(cert.verify(new X509Certificate(rig.authority.intermediate).publicKey));
    const { config, mistakes } = parseConfig(readFileSync(`${dir}/collector.yaml`, 'utf8'), test_streams);
    assert.deepEqual(mistakes, []);
    assert.deepEqual(
      config.sensors.map(({ name, type, paths }) => [name, type, paths]),
      [
        ['ssh-1', 'cowrie', { json: ['/home/cowrie/var/log/cowrie.json'] }],
        ['smb-1', 'dionaea', { sqlite: ['/opt/dionaea/dionaea.sqlite'] }],
      ],
    );
    await assert.rejects(enrol(options('new')), { code: 'conflict' });
    identity.close();
    rmSync(dir, { recursive: true });
  });

  it('sends nothing to a server of another authority', async () => {
    const before = requests.length;
    const other = new TestAuthority(rig.path('other-pki'));
    await assert.rejects(enrol(options('foreign', { authority: other.fingerprint })), {
      code: 'server_unproven',
      message: /is not the one that the command names/,
    });
    assert.equal(requests.length, before);
    assert.ok(!existsSync(rig.path('foreign')));
  });

  it('is not fooled by the right root behind a chain that it did not sign', async () => {
    const before = requests.length;
    const other = new TestAuthority(rig.path('fraud-pki'));
    const { key, chain } = other.issue('fraud', gateway_name);
    const fraud = createServer({ key, cert: chain + rig.authority.root }, () => assert.fail('was asked'));
    await new Promise<void>((resolve) => fraud.listen(0, '127.0.0.1', resolve));
    const { port } = fraud.address() as AddressInfo;
    await assert.rejects(enrol(options('fraud', { server: `127.0.0.1:${port}` })), {
      code: 'server_unproven',
    });
    assert.equal(requests.length, before);
    fraud.closeAllConnections();
    fraud.close();
  });

  it('tells what the server says about the token, and leaves nothing behind', async () => {
    await assert.rejects(enrol(options('token', { token: 'used' })), {
      code: 'token_invalid',
      message: 'no such token',
    });
    assert.ok(!existsSync(`${rig.path('token')}/enrolment.json`));
  });

  it('writes an example in which one of the streams that tell the same is followed', () => {
    const streams = [cowrie, dionaea];
    const example = writeExample(
      [
        { name: 'ssh', type: 'cowrie' },
        { name: 'traps', type: 'dionaea' },
      ],
      streams,
    );
    const { config, mistakes } = parseConfig(example, streams);
    assert.deepEqual(mistakes, []);
    assert.deepEqual(
      config.sensors.map(({ paths }) => Object.keys(paths).sort()),
      [
        ['downloads', 'json', 'ttylogs'],
        ['binaries', 'bistreams', 'sqlite'],
      ],
    );
    assert.match(example, /^ +# mysql: .*# instead of json$/m);
  });

  it('reads addresses and fingerprints, and names what is wrong with others', () => {
    assert.deepEqual(parseHostPort('[::1]:8443'), { host: '::1', port: 8443 });
    assert.deepEqual(parseHostPort('a.example:1'), { host: 'a.example', port: 1 });
    for (const wrong of ['a.example', 'a:0', 'a:70000', ':1', 'http://a:1']) {
      assert.throws(() => parseHostPort(wrong), { code: 'input_invalid' }, wrong);
    }
    const hex = 'ab'.repeat(32);
    assert.equal(parseFingerprint(`sha256:${hex.toUpperCase()}`), hex);
    assert.throws(() => parseFingerprint(`sha256:${hex}00`), { code: 'input_invalid' });
    assert.throws(() => parseFingerprint(hex), { code: 'input_invalid' });
  });
});
