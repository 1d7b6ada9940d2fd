/**
 * A TCP or TLS server for an intake, with bounds on connections: in all, and of one address. A connection that is closed
 * keeps its place until what was read of it is written.
 */
import { readFileSync, statSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import {
  createServer as createTlsServer,
  type SecureContextOptions,
  type Server as TlsServer,
} from 'node:tls';
import type { Backlog } from './backlog.ts';
import type { IntakeCounts } from './intake.ts';
import { plainAddress } from './senders.ts';

/** PEM files. With `authority`, senders must show a certificate that it signed. */
export interface TlsFiles {
  certificate: string;
  key: string;
  authority?: string;
}

const connections_max = 512;
const connections_of_address_max = 64;
const handshake_ms_max = 10_000;
const retry_ms = 5000;
/** A sender that vanished without a word would keep its place for ever: after so long its host is asked whether it is there. */
const keep_alive_ms = 60_000;

/** What is left of a connection that is closed. */
export type Rest = Pick<Backlog<unknown>, 'length' | 'writeBehind'>;

interface Closed {
  address: string;
  timer: NodeJS.Timeout;
}

/** Another text where one of the files was replaced or written. */
const versionOf = ({ certificate, key, authority }: TlsFiles): string =>
  [certificate, key, ...(authority === undefined ? [] : [authority])]
    .map((path) => statSync(path, { bigint: true }))
    .map(({ ino, mtimeNs, size }) => `${ino} ${mtimeNs} ${size}`)
    .join();

const readTls = ({ certificate, key, authority }: TlsFiles): SecureContextOptions => ({
  cert: readFileSync(certificate),
  key: readFileSync(key),
  minVersion: 'TLSv1.2',
  ...(authority === undefined ? {} : { ca: readFileSync(authority) }),
});

export class StreamServer {
  readonly #host: string;
  readonly #port: number;
  readonly #tls: TlsFiles | undefined;
  readonly #counts: IntakeCounts;
  readonly #isAllowed: (address: string) => boolean;
  readonly #take: (socket: Socket, address: string) => Rest;
  readonly #sockets = new Set<Socket>();
  readonly #closed = new Map<Rest, Closed>();
  #server: Server | undefined;
  #timer: NodeJS.Timeout | undefined;
  #is_stopped = false;

  constructor(
    listen: { host: string; port: number; tls?: TlsFiles | undefined },
    counts: IntakeCounts,
    isAllowed: (address: string) => boolean,
    take: (socket: Socket, address: string) => Rest,
  ) {
    this.#host = listen.host;
    this.#port = listen.port;
    this.#tls = listen.tls;
    this.#counts = counts;
    this.#isAllowed = isAllowed;
    this.#take = take;
  }

  start(): void {
    try {
      this.#server = this.#makeServer();
    } catch (error) {
      this.#tryLater(error as Error);
      return;
    }
    this.#server.on('error', (error) => this.#tryLater(error));
    // Whoever may not send is turned away before TLS says anything.
    this.#server.on('connection', (socket: Socket) => this.#admit(socket));
    this.#server.listen(this.#port, this.#host, () => {
      this.#counts.trouble = '';
    });
  }

  #makeServer(): Server {
    if (this.#tls === undefined) return createServer({ noDelay: true }, (socket) => this.#begin(socket));
    const files = this.#tls;
    let version = versionOf(files);
    const server = createTlsServer(
      {
        ...readTls(files),
        handshakeTimeout: handshake_ms_max,
        ...(files.authority === undefined ? {} : { requestCert: true, rejectUnauthorized: true }),
      },
      (socket) => this.#begin(socket),
    );
    server.on('tlsClientError', () => this.#counts.refuse('authentication_failed'));
    // Certificates are renewed while this runs: before the listener of TLS itself sees a connection.
    server.prependListener('connection', (socket: Socket) => {
      if (!this.#isAllowed(plainAddress(socket.remoteAddress ?? ''))) return;
      version = this.#renew(server, files, version);
    });
    return server;
  }

  /** What cannot be read is told, and the certificate from before kept: its key may not have been written yet. */
  #renew(server: TlsServer, files: TlsFiles, version: string): string {
    try {
      const now = versionOf(files);
      if (now === version) return version;
      server.setSecureContext(readTls(files));
      this.#counts.trouble = '';
      return now;
    } catch (error) {
      this.#counts.trouble = `the new certificate cannot be used: ${(error as Error).message}`;
      return version;
    }
  }

  #tryLater(error: Error): void {
    this.#counts.trouble = error.message;
    if (!this.#is_stopped) this.#timer = setTimeout(() => this.start(), retry_ms);
  }

  #admit(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress ?? '');
    const taken = [
      ...[...this.#sockets].map((one) => plainAddress(one.remoteAddress ?? '')),
      ...[...this.#closed.values()].map((one) => one.address),
    ];
    const of_address = taken.filter((one) => one === address);
    if (!this.#isAllowed(address)) this.#counts.refuse('sender_unknown');
    else if (taken.length >= connections_max || of_address.length >= connections_of_address_max)
      this.#counts.refuse('too_many_connections');
    else {
      this.#sockets.add(socket);
      socket.setKeepAlive(true, keep_alive_ms);
      socket.on('close', () => this.#sockets.delete(socket));
      return;
    }
    socket.destroy();
  }

  #begin(socket: Socket): void {
    // A connection that breaks needs no answer; what came of it was taken.
    socket.on('error', () => socket.destroy());
    if (socket.destroyed) return;
    const address = plainAddress(socket.remoteAddress ?? '');
    const backlog = this.#take(socket, address);
    socket.on('close', () => {
      const timer = backlog.writeBehind(() => this.#closed.delete(backlog));
      if (timer !== undefined) this.#closed.set(backlog, { address, timer });
    });
  }

  async stop(): Promise<void> {
    this.#is_stopped = true;
    clearTimeout(this.#timer);
    for (const socket of this.#sockets) socket.destroy();
    const server = this.#server;
    if (server?.listening) await new Promise<void>((resolve) => server.close(() => resolve()));
    for (const [backlog, { timer }] of this.#closed) {
      clearInterval(timer);
      this.#counts.refuse('no_room', backlog.length);
    }
  }
}
