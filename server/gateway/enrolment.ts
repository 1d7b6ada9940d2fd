/**
 * The enrolment port. It listens only while somebody could use it: while a token is open, or while a
 * collector's or gateway's certificate has run out that may still renew.
 */
import { X509Certificate } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { OperationalError } from '@apiary/model/errors.ts';
import { type EnrolAnswer, type EnrolRequest, paths, type RenewAnswer } from '@apiary/model/protocol.ts';
import { late_renewal_days } from '../pki/authority.ts';
import { readRequest } from '../pki/certificates.ts';
import { parse, readBody, readText, reply } from './http.ts';
import { serialOf } from './listener.ts';
import type { Refusals } from './notes.ts';
import { certify, type Registry, renewCertificate } from './renewal.ts';

export interface EnrolmentOptions extends Registry {
  refusals: Refusals;
  host: string;
  port: number;
  /** host:port under which collectors reach the gateway and this port. */
  gateway_address: string;
  enrolment_address: string;
  /** host:port under which gateways of their own reach the gateway. */
  control_address: string;
  /** Called after certificates were revoked. */
  revoked: () => void;
  log: (message: string) => void;
}

const body_bytes_max = 64 * 1024;
const look_every_ms = 5_000;
const handshake_ms_max = 10_000;
const connections_max = 100;
const late_ms = late_renewal_days * 86_400_000;

/** What who enrols or renews must be told. */
const told_codes = new Set(['token_invalid', 'certificate_invalid', 'input_invalid']);

/** Says nothing by which who proved nothing could tell the program: a code, whose words enrolment has on the other side. */
function refuseStranger(response: ServerResponse, { status, code }: OperationalError): void {
  if (told_codes.has(code)) reply(response, status, { error: { code } });
  else response.writeHead(status, { 'Content-Length': 0 }).end();
}

export class Enrolment {
  readonly #options: EnrolmentOptions;
  readonly #timer: NodeJS.Timeout;
  #server: Server | undefined;
  #port: number;
  #answering = 0;
  #trouble = '';
  #has_stopped = false;
  /** Opening and closing, one after the other. */
  #changing: Promise<void> = Promise.resolve();

  constructor(options: EnrolmentOptions) {
    this.#options = options;
    this.#port = options.port;
    this.#timer = setInterval(() => this.#look(), look_every_ms).unref();
  }

  get listening(): boolean {
    return this.#server !== undefined;
  }

  /** Why the port could not be opened when it was wanted last; '' where it was. */
  get trouble(): string {
    return this.#trouble;
  }

  /** Opens or closes the port, whichever is due. One that cannot be opened is tried again, and is `trouble` meanwhile. */
  refresh(now_ms = Date.now()): Promise<void> {
    const done = this.#changing.then(() => this.#change(now_ms));
    this.#changing = done.catch(() => undefined);
    return done;
  }

  async #change(now_ms: number): Promise<void> {
    if (this.#has_stopped) return;
    const { collectors, gateways } = this.#options;
    const wanted = [collectors, gateways].some(
      (known) => known.hasOpenToken(now_ms) || known.hasLateCertificate(now_ms, late_ms),
    );
    if (wanted && this.#server === undefined) await this.#open();
    if (!wanted) this.#trouble = '';
    // Whoever's token was taken waits for his certificate: the last answer closes the port.
    if (!wanted && this.#server !== undefined && this.#answering === 0) await this.#close();
  }

  #look(): void {
    this.refresh().catch((error: unknown) =>
      this.#options.log(
        `the enrolment port could not be opened or closed: ${String(error)}; it is tried again`,
      ),
    );
  }

  async #open(): Promise<void> {
    const { key, cert } = this.#options.authority.tlsMaterial();
    // Who has no certificate yet shows none; what is shown is judged by hand, because it may have run out.
    const server = createServer({
      key,
      cert,
      minVersion: 'TLSv1.3',
      requestCert: true,
      rejectUnauthorized: false,
      requestTimeout: 30_000,
      handshakeTimeout: handshake_ms_max,
    });
    server.on('request', (request, response) => {
      this.#answering += 1;
      this.#serve(request, response)
        .catch((error: unknown) => this.#options.log(`enrolment failed: ${String(error)}`))
        .finally(() => {
          this.#answering -= 1;
          // The answer is on its way first.
          setTimeout(() => this.#look(), 100).unref();
        });
    });
    server.maxConnections = connections_max;
    const { host } = this.#options;
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(this.#port, host, () => resolve());
      });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const trouble = `the enrolment port ${host}:${this.#port} cannot be listened on (${code ?? message}): nobody can enrol until it is free, or another is set in enrolment.listen; it is tried again every ${look_every_ms / 1000} seconds`;
      if (trouble !== this.#trouble) this.#options.log(trouble);
      this.#trouble = trouble;
      return;
    }
    this.#server = server;
    this.#trouble = '';
    const address = server.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
    this.#options.log(`enrolment is open on port ${this.#port}`);
  }

  /** Shows the certificate as it now is: new commands pin its root. */
  refreshTls(): void {
    const { key, cert } = this.#options.authority.tlsMaterial();
    this.#server?.setSecureContext({ key, cert, minVersion: 'TLSv1.3' });
  }

  async #close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    this.#options.log('enrolment is closed: no token is open');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Taken now: when a body is refused half-way the request has lost its socket.
    const socket = request.socket as TLSSocket;
    const from = socket.remoteAddress ?? '?';
    try {
      const body = await readBody(request, body_bytes_max);
      if (request.method === 'POST' && request.url === paths.enrol)
        reply(
          response,
          200,
          await this.#enrol({ token: readText(parse(body), 'token'), csr: readText(parse(body), 'csr') }),
        );
      else if (request.method === 'POST' && request.url === paths.renew) {
        reply(response, 200, await this.#renewLate(readText(parse(body), 'csr'), socket));
      } else throw new OperationalError('not_found', 'no such page');
    } catch (error) {
      const refusal =
        error instanceof OperationalError
          ? error
          : new OperationalError('engine_down', 'the server failed; its log says why');
      if (!(error instanceof OperationalError))
        this.#options.log(`enrolment failed: ${(error as Error).stack ?? String(error)}`);
      this.#options.refusals.count('', '', refusal.code, `${from}: ${refusal.message}`);
      this.#options.log(`enrolment refused ${from}: ${refusal.message}`);
      if (this.#signed(socket)) reply(response, refusal.status, refusal.toJSON());
      else refuseStranger(response, refusal);
    }
  }

  /** Whether the peer showed a certificate of this authority, run out or not. */
  #signed(socket: TLSSocket): boolean {
    const raw = socket.getPeerCertificate()?.raw;
    return raw !== undefined && this.#options.authority.signed(new X509Certificate(raw));
  }

  async #enrol({ token, csr }: EnrolRequest): Promise<EnrolAnswer> {
    const { collectors, gateways, authority } = this.#options;
    // A request that cannot be read must not use up the token.
    await readRequest(csr);
    const found = collectors.findToken(token) ?? gateways.findToken(token);
    if (found === undefined)
      throw new OperationalError('token_invalid', 'the token is unknown, used or has run out');
    const { holder, replaces } = found;
    const issued = await certify(this.#options, csr, holder, 'token', () => {
      if (!replaces) return;
      if ('gateway_id' in holder) gateways.revoke('enrolment', holder, 'the host was installed anew', false);
      else collectors.revoke('enrolment', holder, 'the host was installed anew', false);
      this.#options.revoked();
    });
    const is_gateway = 'gateway_id' in holder;
    const sensors = is_gateway ? [] : collectors.sensorsOf(holder.collector_id);
    return {
      collector: holder.name,
      certificate: issued.pem,
      authority: authority.trusted(),
      gateway: is_gateway ? this.#options.control_address : this.#options.gateway_address,
      enrolment: this.#options.enrolment_address,
      gateway_name: authority.gateway_name,
      sensors: sensors.map(({ name, type }) => ({ name, type })),
    };
  }

  async #renewLate(csr: string, socket: TLSSocket): Promise<RenewAnswer> {
    const { collectors, gateways, authority } = this.#options;
    const raw = socket.getPeerCertificate().raw;
    if (raw === undefined) throw new OperationalError('certificate_invalid', 'no certificate was shown');
    const leaf = new X509Certificate(raw);
    if (!authority.signed(leaf))
      throw new OperationalError('certificate_invalid', 'the certificate was not issued here');
    const serial = serialOf(socket);
    const peer = gateways.hasCertificate(serial)
      ? gateways.byCertificate(serial)
      : collectors.byCertificate(serial);
    if (peer.ends_ms < Date.now() - late_ms) {
      throw new OperationalError(
        'certificate_invalid',
        `the certificate ran out more than ${late_renewal_days} days ago`,
      );
    }
    return renewCertificate(this.#options, csr, peer);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#has_stopped = true;
    await this.#changing;
    await this.#close();
  }
}
