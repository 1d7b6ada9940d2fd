import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { connect } from 'node:tls';
import { freePorts } from '../../tests/rig/ports.ts';
import { TestAuthority } from '../testing/certificates.ts';
import { until } from '../testing/until.ts';
import { IntakeCounts } from './intake.ts';
import { StreamServer } from './stream-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'apiary-stream-'));
after(() => rmSync(folder, { recursive: true }));

it('a certificate that was renewed is shown to the next connection, and half of one keeps the last', async () => {
  const authority = new TestAuthority(join(folder, 'authority'));
  const [port] = (await freePorts(1)) as [number];
  const certificate = join(folder, 'cert.pem');
  const key = join(folder, 'key.pem');
  const first = authority.issue('first', 'first.test');
  const second = authority.issue('second', 'second.test');
  writeFileSync(certificate, first.chain);
  writeFileSync(key, first.key);
  const counts = new IntakeCounts();
  const server = new StreamServer(
    { host: '127.0.0.1', port, tls: { certificate, key } },
    counts,
    () => true,
    () => ({
      length: 0,
      writeBehind: (done) => {
        done();
        return undefined;
      },
    }),
  );
  server.start();
  const shown = async (): Promise<string | undefined> => {
    const socket = connect({
      host: '127.0.0.1',
      port,
      ca: authority.root,
      checkServerIdentity: () => undefined,
    });
    await once(socket, 'secureConnect');
    const { subjectaltname } = socket.getPeerCertificate();
    socket.destroy();
    return subjectaltname;
  };
  try {
    await until(async () => (await shown().catch(() => undefined)) !== undefined);
    assert.equal(await shown(), 'DNS:first.test');
    // The certificate is there before its key.
    writeFileSync(certificate, second.chain);
    assert.equal(await shown(), 'DNS:first.test');
    assert.match(counts.trouble, /^the new certificate cannot be used: /);
    writeFileSync(key, second.key);
    assert.equal(await shown(), 'DNS:second.test');
    assert.equal(counts.trouble, '');
    rmSync(key);
    assert.equal(await shown(), 'DNS:second.test');
    assert.match(counts.trouble, /ENOENT/);
  } finally {
    await server.stop();
  }
});
