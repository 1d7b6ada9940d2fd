/**
 * Where collectors arrive: HTTPS with mutual TLS 1.3. Peers without a certificate of ours get a TLS alert, or see the
 * connection end, and nothing else; why is in the log. What is behind it, the server itself or a gateway that forwards
 * to it, is a desk; both refuse in the same words.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { batch_limits } from '@apiary/model/batch.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { paths, type Refusal } from '@apiary/model/protocol.ts';
import type { TlsMaterial } from '../pki/authority.ts';
import { type ArtifactDesk, type ArtifactLimits, ArtifactUploads } from './artifact-upload.ts';
import { readBody, reply } from './http.ts';
import { no_reserve, type RateLimit, Rates } from './rate.ts';
import type { Answer, Sender } from './sender.ts';

/** What becomes of that which may pass. All of it may throw OperationalErrors. */
export interface Desk<Peer extends Sender> extends ArtifactDesk<Peer> {
  /** Whom a certificate speaks for in a request. @throws OperationalError for one that may not speak */
  identify(serial: string, query: URLSearchParams): Peer | Promise<Peer>;
  /** Whether connections with this certificate may stay. */
  isGood(serial: string): boolean;
  /** @param oldest the oldest sequence number that the collector still has; 0 where it did not say */
  takeBatch(bytes: Buffer, oldest: number, peer: Peer): Promise<Answer>;
  takeHeartbeat(body: Buffer, peer: Peer): Promise<Answer>;
  renew(body: Buffer, peer: Peer): Promise<Answer>;
  /** What is no request of a collector. @returns undefined for what it does not know either */
  takeOther?(request: IncomingMessage, url: URL, serial: string): Promise<Answer> | undefined;
}

export interface ListenerOptions<Peer extends Sender> {
  tls: () => TlsMaterial;
  desk: Desk<Peer>;
  artifacts: ArtifactLimits;
  rate: RateLimit;
  refusals: RefusalSink;
  log: (message: string) => void;
}

/** Where refusals are counted. */
export interface RefusalSink {
  count(collector: string, sensor: string, reason: string, message: string, by?: number): void;
}

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

/**
 * Whose connection it was, also when it is gone already, as after a certificate that is not ours. The socket below has
 * no public name in Node; without it the address would be lacking just where somebody tried to get in.
 */
function addressOf(socket: TLSSocket): string {
  const below = (socket as TLSSocket & { _parent?: Socket })._parent;
  return socket.remoteAddress ?? below?.remoteAddress ?? '?';
}

export class Listener<Peer extends Sender> {
  readonly server: Server;
  readonly rates: Rates;
  readonly uploads: ArtifactUploads<Peer>;
  readonly #options: ListenerOptions<Peer>;
  readonly #messages = new Rates(messages, no_reserve);
  readonly #sockets = new Map<TLSSocket, string>();
  #in_flight_bytes = 0;
  readonly #in_flight_of = new Map<number, number>();

  constructor(options: ListenerOptions<Peer>) {
    this.#options = options;
    this.rates = new Rates(options.rate);
    this.uploads = new ArtifactUploads(options.desk, options.artifacts);
    this.server = createServer({
      ...options.tls(),
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
      const found: unknown = socket.authorizationError;
      // Who connects and leaves was not refused: a load balancer that looks, a doctor, a scanner of ports.
      if (!found && (error as NodeJS.ErrnoException).code === 'ECONNRESET') return;
      const reason = String(found ?? error.message).trim();
      const address = addressOf(socket);
      options.refusals.count('', '', 'tls', `${address}: ${reason}`);
      options.log(`a peer at ${address} was refused in the handshake: ${reason}`);
    });
    // Node asks the system for the address at the first reading and keeps it; a socket that is gone has none to ask for.
    this.server.on('connection', (socket: Socket) => void socket.remoteAddress);
    this.server.on('secureConnection', (socket) => {
      this.#sockets.set(socket, serialOf(socket));
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  listen(host: string, port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => resolve());
    });
  }

  /** Uses the certificates as they now are. */
  refreshTls(): void {
    this.server.setSecureContext({ ...this.#options.tls(), minVersion: 'TLSv1.3' });
  }

  /** Ends the open connections of certificates that are revoked; who comes again is told. */
  endRevoked(): void {
    for (const [socket, serial] of this.#sockets) if (!this.#options.desk.isGood(serial)) socket.destroy();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const named = { collector: '', sensor: '' };
    const is_file = (request.url ?? '').startsWith(`${paths.artifact}?`);
    const deadline = is_file ? undefined : setTimeout(() => request.socket.destroy(), request_ms_max);
    if (!is_file) proceed(request, response);
    try {
      this.#send(request, response, await this.#answer(request, response, named));
    } catch (error) {
      this.#refuse(request, response, named, error);
    } finally {
      clearTimeout(deadline);
    }
  }

  #refuse(
    request: IncomingMessage,
    response: ServerResponse,
    { collector, sensor }: { collector: string; sensor: string },
    error: unknown,
  ): void {
    const known = error instanceof OperationalError;
    if (!known)
      this.#options.log(`a request of ${collector} failed: ${(error as Error).stack ?? String(error)}`);
    const refusal = known
      ? error
      : new OperationalError('engine_down', 'the server failed; its log says why', { retry_after_ms: 5000 });
    // A revoked one is known, though it may not speak.
    const whose = refusal.code === 'collector_revoked' ? String(refusal.details.collector) : collector;
    this.#options.refusals.count(whose, sensor, refusal.code, refusal.message);
    this.#send(request, response, { status: refusal.status, value: refusal.toJSON() });
  }

  #send(request: IncomingMessage, response: ServerResponse, { status, value }: Answer): void {
    const code = (value as Partial<Refusal>).error?.code;
    const unwanted =
      code === 'collector_revoked' || code === 'certificate_invalid' || code === 'gateway_revoked';
    // The rest of a body that is not wanted must not be taken for the next request.
    if (unwanted || (code !== undefined && !request.complete)) response.setHeader('Connection', 'close');
    reply(response, status, value);
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    named: { collector: string; sensor: string },
  ): Promise<Answer> {
    const { desk } = this.#options;
    const url = new URL(request.url ?? '/', 'https://gateway');
    const serial = serialOf(request.socket as TLSSocket);
    if (request.method === 'POST') {
      const other = desk.takeOther?.(request, url, serial);
      if (other !== undefined) return other;
    }
    const peer = await desk.identify(serial, url.searchParams);
    named.collector = peer.name;
    if (request.method !== 'POST') throw new OperationalError('not_found', 'no such page');
    switch (url.pathname) {
      case paths.batch:
        return this.#takeBatch(request, peer, url.searchParams, named);
      case paths.artifact:
        return this.uploads.take(request, url.searchParams, peer, named, () => proceed(request, response));
      case paths.heartbeat:
        this.#slowDown(this.#messages, peer, '', 1);
        return desk.takeHeartbeat(await readBody(request, message_bytes_max), peer);
      case paths.renew:
        this.#slowDown(this.#messages, peer, '', 1);
        return desk.renew(await readBody(request, message_bytes_max), peer);
      default:
        throw new OperationalError('not_found', 'no such page');
    }
  }

  #slowDown(rates: Rates, peer: Peer, sensor: string, amount: number): void {
    const wait_ms = rates.take(peer.collector_id, sensor, amount);
    if (wait_ms > 0)
      throw new OperationalError('rate_limited', 'more than the rate of this collector', {
        retry_after_ms: wait_ms,
      });
  }

  async #takeBatch(
    request: IncomingMessage,
    peer: Peer,
    query: URLSearchParams,
    named: { sensor: string },
  ): Promise<Answer> {
    const { desk } = this.#options;
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
      this.#slowDown(this.rates, peer, named.sensor, length);
      const oldest = Number(query.get('oldest') ?? 0);
      return await desk.takeBatch(bytes, Number.isSafeInteger(oldest) ? oldest : 0, peer);
    } finally {
      this.#in_flight_bytes -= length;
      this.#in_flight_of.set(
        peer.collector_id,
        (this.#in_flight_of.get(peer.collector_id) ?? length) - length,
      );
    }
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
