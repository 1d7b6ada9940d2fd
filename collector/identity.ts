/**
 * Who this collector is and whom it trusts: the files that enrolment left in the state directory.
 *
 *     key.pem         its private key, made here, mode 0600; never leaves this host
 *     cert.pem        its certificate and the intermediate
 *     authority.pem   the root, and during a rollover the next one too
 *     enrolment.json  where the server is and how its certificate is named
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { Agent as PlainAgent } from 'node:http';
import { Agent, type AgentOptions } from 'node:https';
import { join } from 'node:path';
import type { PeerCertificate } from 'node:tls';
import { OperationalError } from '@apiary/model/errors.ts';
import { TunnelAgent } from './tunnel.ts';

export interface Enrolment {
  collector: string;
  /** host:port */
  gateway: string;
  /** host:port */
  enrolment: string;
  gateway_name: string;
}

export interface HostPort {
  host: string;
  port: number;
}

/** @throws OperationalError `input_invalid` */
export function parseHostPort(text: string): HostPort {
  const found = /^(?:\[([0-9a-fA-F:.%]+)\]|([^:/\s]+)):(\d{1,5})$/.exec(text);
  const port = Number(found?.[3]);
  if (found === null || port < 1 || port > 65535) {
    throw new OperationalError('input_invalid', `${JSON.stringify(text)} is no HOST:PORT`);
  }
  return { host: (found[1] ?? found[2])!, port };
}

/** Checks the name in the certificate that enrolment told us, whatever address the server is reached under. */
function nameChecker(
  gateway_name: string,
): (host: string, certificate: PeerCertificate) => Error | undefined {
  return (_host, certificate) => {
    const names = (certificate.subjectaltname ?? '').split(', ').map((name) => name.replace(/^DNS:/, ''));
    if (names.includes(gateway_name)) return undefined;
    const told = certificate.subjectaltname ?? 'no name';
    return Object.assign(
      new Error(`the certificate of the server is for ${told}, not for the name told at enrolment`),
      { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    );
  };
}

/** Requests under way at a renewal may take so long to end on their old connections. */
const old_connections_ms = 60_000;

export class Identity {
  readonly folder: string;
  enrolment!: Enrolment;
  /** Milliseconds since 1970. */
  certificate_ends_ms = 0;
  batch_agent: PlainAgent | undefined;
  heartbeat_agent: PlainAgent | undefined;
  artifact_agent: PlainAgent | undefined;
  readonly #connections: number;
  readonly #tunnel: string | undefined;
  readonly #proxy: string | undefined;

  /** @throws OperationalError `certificate_invalid` where this host is not enrolled. */
  constructor(folder: string, connections = 4, tunnel?: string, proxy?: string) {
    this.#proxy = proxy;
    this.#tunnel = tunnel;
    this.folder = folder;
    this.#connections = connections;
    this.load();
  }

  get key_path(): string {
    return join(this.folder, 'key.pem');
  }

  /** Reads the files again, after a renewal. Requests under way end on the old connections. */
  load(): void {
    const path = join(this.folder, 'enrolment.json');
    if (!existsSync(path)) {
      throw new OperationalError(
        'certificate_invalid',
        `this collector is not enrolled: there is no ${path}. Run the command that the server shows: apiary collector add NAME`,
      );
    }
    this.enrolment = JSON.parse(readFileSync(path, 'utf8')) as Enrolment;
    const cert = readFileSync(join(this.folder, 'cert.pem'), 'utf8');
    this.certificate_ends_ms = Date.parse(new X509Certificate(cert).validTo);
    const old = [this.batch_agent, this.heartbeat_agent, this.artifact_agent];
    setTimeout(() => {
      for (const agent of old) agent?.destroy();
    }, old_connections_ms).unref();
    this.batch_agent = this.makeAgent({ keepAlive: true, maxSockets: this.#connections });
    this.heartbeat_agent = this.makeAgent({ keepAlive: true, maxSockets: 1 });
    this.artifact_agent = this.makeAgent({ keepAlive: true, maxSockets: 1 });
  }

  /** For the gateway: through the local stunnel where there is one. */
  makeAgent(options: AgentOptions): PlainAgent {
    return this.#tunnel === undefined ? this.makeTlsAgent(options) : new TunnelAgent(this.#tunnel, options);
  }

  /** TLS of our own, through the proxy where there is one: it sees where to, and nothing of what. */
  makeTlsAgent(options: AgentOptions): Agent {
    const proxy = this.#proxy === undefined ? {} : { proxyEnv: { HTTPS_PROXY: this.#proxy } };
    return new Agent({ ...this.tlsOptions(), ...options, ...proxy });
  }

  tlsOptions(): AgentOptions {
    const cert = readFileSync(join(this.folder, 'cert.pem'), 'utf8');
    return {
      key: this.#readKey(cert),
      cert,
      ca: splitPem(readFileSync(join(this.folder, 'authority.pem'), 'utf8')),
      minVersion: 'TLSv1.3',
      // No SNI, no ALPN: the handshake shows nothing of what this is.
      servername: '',
      ALPNProtocols: [],
      maxCachedSessions: 0,
      checkServerIdentity: nameChecker(this.enrolment.gateway_name),
    };
  }

  /**
   * A renewal replaces key and certificate by two renames, the certificate first: a crash between them
   * leaves the new key beside the old.
   */
  #readKey(cert: string): string {
    const key = readFileSync(this.key_path, 'utf8');
    const certificate = new X509Certificate(cert);
    if (certificate.checkPrivateKey(createPrivateKey(key))) return key;
    const next = `${this.key_path}.new`;
    const key_next = existsSync(next) ? readFileSync(next, 'utf8') : '';
    if (key_next !== '' && certificate.checkPrivateKey(createPrivateKey(key_next))) return key_next;
    throw new OperationalError('certificate_invalid', `${this.key_path} does not belong to cert.pem`);
  }

  close(): void {
    this.batch_agent?.destroy();
    this.heartbeat_agent?.destroy();
    this.artifact_agent?.destroy();
  }
}

export function splitPem(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}
