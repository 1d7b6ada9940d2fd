/**
 * Who this collector is and whom it trusts: the files that enrolment left in the state directory.
 *
 *     key.pem         its private key, made here, mode 0600; never leaves this host
 *     cert.pem        its certificate and the intermediate
 *     authority.pem   the root, and during a rollover the next one too
 *     enrolment.json  where the server and its gateways are, and how their certificate is named
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { Agent as PlainAgent } from 'node:http';
import { Agent, type AgentOptions } from 'node:https';
import { join } from 'node:path';
import type { PeerCertificate } from 'node:tls';
import { OperationalError } from '@apiary/model/errors.ts';
import { TunnelAgent } from './tunnel.ts';
import { writeDurably } from './write-durably.ts';

export interface Enrolment {
  collector: string;
  /** host:port, as told at enrolment; a person may have changed it since. */
  gateway: string;
  /** host:port of gateways that are tried before it, as the server told them last. */
  gateways?: string[];
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

const client_usage = '1.3.6.1.5.5.7.3.2';

/** A gateway's certificate is good for both ends of a connection; the server's own is for servers only. */
export const refuseGateway = (certificate: PeerCertificate): Error | undefined =>
  certificate.ext_key_usage?.includes(client_usage)
    ? Object.assign(new Error('the certificate is one of a gateway, not of the server'), {
        code: 'ERR_TLS_CERT_ALTNAME_INVALID',
      })
    : undefined;

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

/** @throws OperationalError `input_invalid` that names what a person, or a full disk, left there */
function readEnrolment(path: string): Enrolment {
  let read: Partial<Enrolment> | null;
  try {
    read = JSON.parse(readFileSync(path, 'utf8')) as Partial<Enrolment> | null;
  } catch (error) {
    throw new OperationalError('input_invalid', `${path}: ${(error as Error).message}`);
  }
  const { collector, gateway_name } = read ?? {};
  if (typeof collector !== 'string' || typeof gateway_name !== 'string')
    throw new OperationalError('input_invalid', `${path} does not name "collector" and "gateway_name"`);
  for (const key of ['gateway', 'enrolment'] as const)
    if (!isHostPort(read?.[key]))
      throw new OperationalError(
        'input_invalid',
        `${path}: "${key}" is ${JSON.stringify(read?.[key]) ?? 'missing'}, no HOST:PORT`,
      );
  return read as Enrolment;
}

/** @throws OperationalError `certificate_invalid` where the file is not there or not whole */
function readPem<T>(path: string, use: (pem: string) => T): T {
  try {
    return use(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new OperationalError('certificate_invalid', `${path}: ${(error as Error).message}`);
  }
}

export interface IdentityOptions {
  /** Connections for batches, heartbeats and whole files: 4, 1 and 1 where absent. */
  connections?: { batches: number; heartbeats: number; files: number } | undefined;
  tunnel?: string | undefined;
  proxy?: string | undefined;
  /** Speaks to the server itself and to no gateway before it. */
  server_only?: boolean;
}

const usual_connections = { batches: 4, heartbeats: 1, files: 1 } as const;
const gateways_max = 64;
const back_to_first_ms = 600_000;

function isHostPort(text: unknown): text is string {
  if (typeof text !== 'string') return false;
  try {
    parseHostPort(text);
    return true;
  } catch {
    return false;
  }
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
  readonly #options: IdentityOptions;
  #loaded_pem = '';
  /** How often the next of the gateways was taken since the first was, and when last. */
  #turns = 0;
  #turned_ms = 0;

  /** @throws OperationalError `certificate_invalid` where this host is not enrolled. */
  constructor(folder: string, options: IdentityOptions = {}) {
    this.#options = options;
    this.folder = folder;
    this.load();
  }

  /** host:port of all gateways, in the order in which they are tried. */
  get gateways(): string[] {
    const { gateway, gateways = [] } = this.enrolment;
    return [...gateways.filter((one) => one !== gateway), gateway];
  }

  /** host:port of the one that is asked now. After a while the first is tried again, so that all do not end at the last. */
  get gateway(): string {
    const { gateways } = this;
    if (this.#turns > 0 && performance.now() - this.#turned_ms > back_to_first_ms) this.#turns = 0;
    return gateways[this.#turns % gateways.length]!;
  }

  /** The next one is asked from now on, unless that was done already. @param gateway that did not answer */
  turnFrom(gateway: string): void {
    if (gateway !== this.gateway) return;
    this.#turns += 1;
    this.#turned_ms = performance.now();
  }

  /** Keeps what the server says of its gateways. @returns whether it is anything new */
  keepGateways(told: unknown): boolean {
    const gateways = Array.isArray(told) ? told.filter(isHostPort).slice(0, gateways_max) : [];
    const { gateways: before = [], ...enrolment } = this.enrolment;
    if (JSON.stringify(gateways) === JSON.stringify(before)) return false;
    this.enrolment = gateways.length === 0 ? enrolment : { ...enrolment, gateways };
    writeDurably(join(this.folder, 'enrolment.json'), JSON.stringify(this.enrolment));
    this.#turns = 0;
    return true;
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
    this.enrolment = readEnrolment(path);
    const { pem, certificate } = this.#readCertificate();
    this.#loaded_pem = pem;
    this.certificate_ends_ms = Date.parse(certificate.validTo);
    const old = [this.batch_agent, this.heartbeat_agent, this.artifact_agent];
    setTimeout(() => {
      for (const agent of old) agent?.destroy();
    }, old_connections_ms).unref();
    const { batches, heartbeats, files } = this.#options.connections ?? usual_connections;
    this.batch_agent = this.makeAgent({ keepAlive: true, maxSockets: batches });
    this.heartbeat_agent = this.makeAgent({ keepAlive: true, maxSockets: heartbeats });
    this.artifact_agent = this.makeAgent({ keepAlive: true, maxSockets: files });
  }

  /**
   * Reads the files again where another certificate lies there: this host was enrolled anew while the collector ran.
   * @returns whether it speaks as that from now on; not while the files are no whole
   */
  loadIfEnrolledAnew(): boolean {
    try {
      if (this.#readCertificate().pem === this.#loaded_pem) return false;
      this.tlsOptions();
      this.load();
      return true;
    } catch (error) {
      if (error instanceof OperationalError) return false;
      throw error;
    }
  }

  /** For the gateway: through the local stunnel where there is one. */
  makeAgent(options: AgentOptions): PlainAgent {
    const { tunnel } = this.#options;
    return tunnel === undefined ? this.makeTlsAgent(options) : new TunnelAgent(tunnel, options);
  }

  /** TLS of our own, through the proxy where there is one: it sees where to, and nothing of what. */
  makeTlsAgent(options: AgentOptions): Agent {
    const { proxy } = this.#options;
    const through = proxy === undefined ? {} : { proxyEnv: { HTTPS_PROXY: proxy } };
    return new Agent({ ...this.tlsOptions(), ...options, ...through });
  }

  #readCertificate(): { pem: string; certificate: X509Certificate } {
    return readPem(join(this.folder, 'cert.pem'), (pem) => ({ pem, certificate: new X509Certificate(pem) }));
  }

  tlsOptions(): AgentOptions {
    const { pem: cert, certificate } = this.#readCertificate();
    const checkName = nameChecker(this.enrolment.gateway_name);
    return {
      key: this.#readKey(certificate),
      cert,
      ca: splitPem(readFileSync(join(this.folder, 'authority.pem'), 'utf8')),
      minVersion: 'TLSv1.3',
      // No SNI, no ALPN: the handshake shows nothing of what this is.
      servername: '',
      ALPNProtocols: [],
      maxCachedSessions: 0,
      checkServerIdentity: (host, certificate) =>
        (this.#options.server_only === true ? refuseGateway(certificate) : undefined) ??
        checkName(host, certificate),
    };
  }

  /**
   * A renewal replaces key and certificate by two renames, the certificate first: a crash between them
   * leaves the new key beside the old.
   */
  #readKey(certificate: X509Certificate): string {
    const fits = (pem: string): string | undefined =>
      certificate.checkPrivateKey(createPrivateKey(pem)) ? pem : undefined;
    const key = readPem(this.key_path, fits);
    if (key !== undefined) return key;
    const next = `${this.key_path}.new`;
    const key_next = existsSync(next) ? readPem(next, fits) : undefined;
    if (key_next !== undefined) return key_next;
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
