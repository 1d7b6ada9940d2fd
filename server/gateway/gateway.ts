/**
 * The gateway: HTTPS with mutual TLS 1.3 for collectors. Peers without a certificate of ours get a TLS alert,
 * or see the connection end, and nothing else; why is in the log. Who shows a revoked one is told so. The web interface never shares this port.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { batch_limits } from '@apiary/model/batch.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { type Heartbeat, type HeartbeatAnswer, paths, type RenewAnswer } from '@apiary/model/protocol.ts';
import { type Authority, collector_certificate_days, collector_renew_after_days } from '../pki/authority.ts';
import type { CertifiedCollector } from '../state/collectors.ts';
import { recordHeartbeat } from '../state/health.ts';
import { type ArtifactUploadOptions, ArtifactUploads } from './artifact-upload.ts';
import { checkHeartbeat } from './heartbeat-form.ts';
import { parse, readBody, readText, reply } from './http.ts';
import { Instances } from './instances.ts';
import { noteAlert, type Refusals } from './notes.ts';
import { no_reserve, type RateLimit, Rates } from './rate.ts';
import { type IngestContext, ingest } from './steps.ts';

export interface GatewayOptions extends IngestContext {
  authority: Authority;
  refusals: Refusals;
  rate: RateLimit;
  artifacts: ArtifactUploadOptions;
  log: (message: string) => void;
}

const day_ms = 86_400_000;
const request_bytes_max = batch_limits.body_bytes_max + batch_limits.header_bytes_max + 64 * 1024;
const message_bytes_max = 1024 * 1024;
/** Heartbeats and renewals: each is written to the state, so they are counted, not weighed. */
const messages = { bytes_per_second: 2, burst_bytes: 20 } as const;
const handshake_ms_max = 10_000;
/** A collector that sends now and then keeps its connection: a handshake costs more than many batches. */
const idle_ms_max = 90_000;
/** A whole file over a slow link; everything else is shorter. */
const artifact_ms_max = 1_200_000;
const request_ms_max = 120_000;
const connections_max = 20_000;
const in_flight_bytes_max = 256 * 1024 * 1024;

export class Gateway {
  readonly server: Server;
  readonly #options: GatewayOptions;
  readonly #rates: Rates;
  readonly #messages = new Rates(messages, no_reserve);
  readonly #instances = new Instances();
  readonly #uploads: ArtifactUploads;
  readonly #sockets = new Map<TLSSocket, string>();
  #in_flight_bytes = 0;
  readonly #in_flight_of = new Map<number, number>();

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#rates = new Rates(options.rate);
    this.#uploads = new ArtifactUploads(options.artifacts, options.collectors);
    this.server = createServer({
      ...options.authority.tlsMaterial(),
      minVersion: 'TLSv1.3',
      requestCert: true,
      rejectUnauthorized: true,
      // A session ticket would let a revoked certificate in again without being looked at.
      sessionTimeout: 1,
      maxHeaderSize: 8 * 1024,
      requestTimeout: artifact_ms_max,
      handshakeTimeout: handshake_ms_max,
      keepAliveTimeout: idle_ms_max,
    });
    this.server.maxConnections = connections_max;
    const serve = (request: IncomingMessage, response: ServerResponse): void => {
      this.#serve(request, response).catch((error: unknown) =>
        options.log(`a request failed: ${String(error)}`),
      );
    };
    this.server.on('request', serve);
    // Who asks first is answered first, so that a file that is refused need not be sent.
    this.server.on('checkContinue', serve);
    this.server.on('tlsClientError', (error, socket) => {
      // A certificate that is not ours, or has run out, was found so after the handshake: the reason is beside the error.
      const reason = socket.authorizationError ?? error.message;
      options.refusals.count('', '', 'tls', `${socket.remoteAddress ?? '?'}: ${reason}`);
      options.log(`a peer at ${socket.remoteAddress ?? '?'} was refused in the handshake: ${reason}`);
    });
    this.server.on('secureConnection', (socket) => {
      this.#sockets.set(socket, serialOf(socket));
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /** Uses the certificates as they now are. */
  refreshTls(): void {
    this.server.setSecureContext({ ...this.#options.authority.tlsMaterial(), minVersion: 'TLSv1.3' });
  }

  /** Ends the open connections of certificates that are revoked; who comes again is told. */
  endRevoked(): void {
    for (const [socket, serial] of this.#sockets) {
      try {
        this.#options.collectors.byCertificate(serial);
      } catch {
        // The reason stands in the change log: somebody revoked it.
        socket.destroy();
      }
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let name = '';
    const named = { sensor: '' };
    const is_file = (request.url ?? '').startsWith(`${paths.artifact}?`);
    const deadline = is_file ? undefined : setTimeout(() => request.socket.destroy(), request_ms_max);
    if (!is_file) proceed(request, response);
    try {
      const peer = this.#options.collectors.byCertificate(serialOf(request.socket as TLSSocket));
      name = peer.name;
      const answer = await this.#answer(request, response, peer, named);
      reply(response, 200, answer);
    } catch (error) {
      this.#refuse(request, response, name, named.sensor, error);
    } finally {
      clearTimeout(deadline);
    }
  }

  #refuse(
    request: IncomingMessage,
    response: ServerResponse,
    collector: string,
    sensor: string,
    error: unknown,
  ): void {
    const known = error instanceof OperationalError;
    if (!known)
      this.#options.log(`a request of ${collector} failed: ${(error as Error).stack ?? String(error)}`);
    const refusal = known
      ? error
      : new OperationalError('engine_down', 'the server failed; its log says why', { retry_after_ms: 5000 });
    this.#options.refusals.count(collector, sensor, refusal.code, refusal.message);
    const unwanted = refusal.code === 'collector_revoked' || refusal.code === 'certificate_invalid';
    // The rest of a body that is not wanted must not be taken for the next request.
    if (unwanted || !request.complete) response.setHeader('Connection', 'close');
    reply(response, refusal.status, refusal.toJSON());
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    peer: CertifiedCollector,
    named: { sensor: string },
  ): Promise<unknown> {
    const url = new URL(request.url ?? '/', 'https://gateway');
    if (request.method !== 'POST') throw new OperationalError('not_found', 'no such page');
    switch (url.pathname) {
      case paths.batch:
        return this.#takeBatch(request, peer, Number(url.searchParams.get('oldest') ?? 0), named);
      case paths.artifact:
        return this.#uploads.take(request, url.searchParams, peer, named, () => proceed(request, response));
      case paths.heartbeat:
        this.#slowDown(this.#messages, peer, '', 1);
        return this.#takeHeartbeat(checkHeartbeat(parse(await readBody(request, message_bytes_max))), peer);
      case paths.renew:
        this.#slowDown(this.#messages, peer, '', 1);
        return renewCertificate(
          this.#options,
          readText(parse(await readBody(request, message_bytes_max)), 'csr'),
          peer,
        );
      default:
        throw new OperationalError('not_found', 'no such page');
    }
  }

  #slowDown(rates: Rates, peer: CertifiedCollector, sensor: string, amount: number): void {
    const wait_ms = rates.take(peer.collector_id, sensor, amount);
    if (wait_ms > 0)
      throw new OperationalError('rate_limited', 'more than the rate of this collector', {
        retry_after_ms: wait_ms,
      });
  }

  async #takeBatch(
    request: IncomingMessage,
    peer: CertifiedCollector,
    oldest: number,
    named: { sensor: string },
  ): Promise<unknown> {
    const length = Number(request.headers['content-length'] ?? Number.NaN);
    if (!Number.isInteger(length))
      throw new OperationalError('batch_malformed', 'a batch without Content-Length');
    if (length > request_bytes_max)
      throw new OperationalError(
        'batch_too_large',
        `a batch of ${length} bytes; at most ${request_bytes_max}`,
      );
    const own = this.#in_flight_of.get(peer.collector_id) ?? 0;
    // Who announces much and sends little holds his own share only.
    if (this.#in_flight_bytes + length > in_flight_bytes_max || own + length > in_flight_bytes_max / 4) {
      throw new OperationalError('rate_limited', 'the server is busy', { retry_after_ms: 500 });
    }
    this.#in_flight_bytes += length;
    this.#in_flight_of.set(peer.collector_id, own + length);
    try {
      const bytes = await readBody(request, length);
      named.sensor = peekSensor(bytes);
      this.#slowDown(this.#rates, peer, named.sensor, length);
      return await ingest(this.#options, peer, bytes, Number.isSafeInteger(oldest) ? oldest : 0);
    } finally {
      this.#in_flight_bytes -= length;
      this.#in_flight_of.set(
        peer.collector_id,
        (this.#in_flight_of.get(peer.collector_id) ?? length) - length,
      );
    }
  }

  #takeHeartbeat(heartbeat: Heartbeat, peer: CertifiedCollector): HeartbeatAnswer {
    const received_ms = Date.now();
    const { state, collectors, authority } = this.#options;
    if (this.#instances.seeTwoAtOnce(peer.collector_id, heartbeat.instance, received_ms)) {
      noteAlert(
        state,
        'certificate_on_two_hosts',
        `collector ${peer.name}`,
        'two programs use the certificate of this collector at once: it was copied, or the host was cloned',
        received_ms,
      );
    }
    recordHeartbeat(state, peer.collector_id, heartbeat, received_ms, heartbeat.offset_ms);
    const due_ms = peer.ends_ms - (collector_certificate_days - collector_renew_after_days) * day_ms;
    return {
      received_ms,
      answered_ms: Date.now(),
      sensors: collectors.sensorsOf(peer.collector_id).map((sensor) => sensor.name),
      renew: received_ms >= due_ms || peer.issued_ms < authority.rolled_ms,
    };
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    for (const socket of this.#sockets.keys()) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

/** Tells a peer that waits for it to send its body. */
function proceed(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.expect !== undefined) response.writeContinue();
}

/** A new certificate for a collector that showed a valid one, or one that ran out not long ago. */
export async function renewCertificate(
  options: Pick<GatewayOptions, 'authority' | 'collectors'>,
  csr: string,
  peer: CertifiedCollector,
): Promise<RenewAnswer> {
  const issued = await options.authority.issue(csr, peer.collector_id);
  options.collectors.addCertificate(peer, issued.serial, issued.ends_ms, { serial: peer.serial });
  if (options.authority.rolling && options.collectors.allIssuedSince(options.authority.rolled_ms))
    await options.authority.finishRoll();
  return {
    certificate: issued.pem,
    authority: options.authority.trusted(),
    gateway_name: options.authority.gateway_name,
  };
}

/** Taking a certificate apart costs as much as the rest of a small batch, and a connection keeps the one that it began with. */
const serials = new WeakMap<TLSSocket, string>();

export function serialOf(socket: TLSSocket): string {
  let serial = serials.get(socket);
  if (serial === undefined) {
    serial = (socket.getPeerCertificate().serialNumber ?? '').toLowerCase().replace(/^0+/, '');
    serials.set(socket, serial);
  }
  return serial;
}

/** The sensor that a batch names, for the count of refusals; '' where it cannot be read. */
function peekSensor(bytes: Buffer): string {
  return /"sensor":"([^"\\]{1,128})"/.exec(bytes.toString('latin1', 0, 1024))?.[1] ?? '';
}
