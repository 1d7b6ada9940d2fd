/** Renews the certificate over a newly made key, before it ends, or after at the enrolment port. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { OperationalError } from '@apiary/model/errors.ts';
import { paths, type RenewAnswer } from '@apiary/model/protocol.ts';
import { askGateway } from './ask-gateway.ts';
import { writeRequest } from './der.ts';
import { exchange, readRefusal } from './exchange.ts';
import { type Identity, parseHostPort } from './identity.ts';
import { writeAndSync, writeDurably } from './write-durably.ts';

/** The subject of a request; the server ignores it, and it says nothing of what this is. */
export const neutral_subject = 'client';
const timeout_ms = 20_000;

export interface NewKey {
  /** PEM, PKCS #8 */
  key: string;
  csr: string;
}

export function makeKey(): NewKey {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    csr: writeRequest(neutral_subject, pair.privateKey, pair.publicKey),
  };
}

/** @throws OperationalError `certificate_invalid` where the certificate is not for the key. */
export function checkCertificate(certificate: string, key: string): void {
  const parsed = new X509Certificate(certificate);
  const mine = createPublicKey(createPrivateKey(key)).export({ type: 'spki', format: 'der' });
  if (!parsed.publicKey.export({ type: 'spki', format: 'der' }).equals(mine)) {
    throw new OperationalError('certificate_invalid', 'the server sent a certificate for another key');
  }
}

/**
 * Asks for a new certificate and puts it in place: at the gateway, or where it has run out at the
 * enrolment port.
 * @throws OperationalError as the server refuses, or `unreachable`.
 */
export async function renewCertificate(identity: Identity): Promise<void> {
  const has_run_out = identity.certificate_ends_ms <= Date.now();
  const { key, csr } = makeKey();
  // stunnel leads to the gateway only.
  const agent = has_run_out
    ? identity.makeTlsAgent({ keepAlive: false })
    : identity.makeAgent({ keepAlive: false });
  const body = Buffer.from(JSON.stringify({ csr }));
  const asked = { agent, path: paths.renew, body, timeout_ms };
  const answer = has_run_out
    ? await exchange({ ...asked, ...parseHostPort(identity.enrolment.enrolment) })
    : await askGateway(identity, asked);
  if (answer.status < 200 || answer.status >= 300) {
    const { code, message } = readRefusal(answer);
    throw new OperationalError(code, `no new certificate: ${message}`);
  }
  const { certificate, authority, gateway_name } = answer.value as RenewAnswer;
  checkCertificate(certificate, key);
  // The new key lies beside the old one until the certificate is in place: see Identity on a crash between.
  writeAndSync(`${identity.key_path}.new`, key);
  writeDurably(join(identity.folder, 'authority.pem'), authority);
  writeDurably(
    join(identity.folder, 'enrolment.json'),
    JSON.stringify({ ...identity.enrolment, gateway_name }),
  );
  writeDurably(join(identity.folder, 'cert.pem'), certificate);
  renameSync(`${identity.key_path}.new`, identity.key_path);
  identity.load();
}
