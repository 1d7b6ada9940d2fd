/**
 * The uplink through a local stunnel4 in client mode, as the paper has it: the collector speaks plain HTTP to a Unix
 * socket or a port of loopback, stunnel speaks TLS 1.3 to the gateway with the collector's certificate, so that the
 * gateway knows who it is as it does without.
 *
 *     stunnel/stunnel.conf    written here
 *     stunnel/identity.pem    key and certificate in one file, so that one rename changes both
 *     stunnel/authority.pem   the root, and during a rollover the next one too
 *     stunnel/stunnel.pid     stunnel's own
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Identity } from './identity.ts';
import type { TunnelAddress } from './tunnel.ts';
import { writeDurably } from './write-durably.ts';

/** Writes stunnel's files; its configuration is all that it needs to start. @returns the path of the configuration */
export function writeStunnel(identity: Identity, address: TunnelAddress): string {
  const folder = join(identity.folder, 'stunnel');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { key, cert } = identity.tlsOptions();
  writeDurably(join(folder, 'authority.pem'), readFileSync(join(identity.folder, 'authority.pem'), 'utf8'));
  writeDurably(join(folder, 'identity.pem'), `${String(key).trimEnd()}\n${String(cert).trimEnd()}\n`);
  const { gateway_name } = identity.enrolment;
  const lines = [
    '; Written by apiary-collector, anew at each renewal of the certificate and when the server names other gateways.',
    'foreground = yes',
    `pid = ${join(folder, 'stunnel.pid')}`,
    'syslog = no',
    '[uplink]',
    'client = yes',
    `accept = ${address.replace(/^\[::1\]/, '::1')}`,
    ...identity.gateways.map((gateway) => `connect = ${gateway.replace(/^\[(.*)\]:/, '$1:')}`),
    // The next one where the first does not answer.
    'failover = prio',
    `cert = ${join(folder, 'identity.pem')}`,
    `CAfile = ${join(folder, 'authority.pem')}`,
    'verifyChain = yes',
    `checkHost = ${gateway_name}`,
    'sslVersionMin = TLSv1.3',
    // No name in the handshake, as without stunnel.
    'sni =',
  ];
  const path = join(folder, 'stunnel.conf');
  writeDurably(path, `${lines.join('\n')}\n`);
  return path;
}

/** After a renewal: stunnel reads its files again; connections that are open go on with the old certificate. */
export function reloadStunnel(identity: Identity, address: TunnelAddress): void {
  writeStunnel(identity, address);
  const path = join(identity.folder, 'stunnel', 'stunnel.pid');
  try {
    const pid = Number(readFileSync(path, 'utf8').trim());
    if (!Number.isSafeInteger(pid) || pid <= 1) throw new Error(`${path} holds no process number`);
    // A number that was given to another process since may not get the signal.
    if (!readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('stunnel'))
      throw new Error(`${pid} is no stunnel`);
    process.kill(pid, 'SIGHUP');
  } catch (error) {
    console.error(`stunnel was not told of the new certificate: ${(error as Error).message}. Reload it`);
  }
}
