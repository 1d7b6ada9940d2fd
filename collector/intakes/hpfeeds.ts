/**
 * A broker of hpfeeds that only takes: existing honeypots publish to it, nobody may subscribe. An ident proves itself
 * with its secret once a connection; without TLS what follows could be changed on the way, as hpfeeds has it.
 */
import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { Socket } from 'node:net';
import { record_flags } from '@apiary/model/batch.ts';
import type { IntakeState } from '@apiary/model/protocol.ts';
import { Backlog } from './backlog.ts';
import type { HpfeedsConfig } from './config.ts';
import type { FrameWriter } from './frame-writer.ts';
import {
  decodeMessages,
  encodeError,
  encodeInfo,
  type HpfeedsMessage,
  isSigned,
  parseSecrets,
  wantedOfMessage,
} from './hpfeeds-messages.ts';
import { type Intake, IntakeCounts, showAddress } from './intake.ts';
import { type Route, Senders } from './senders.ts';
import { type Rest, StreamServer } from './stream-server.ts';

const broker_name = 'hpfeeds';
const nonce_bytes = 4;
const authenticate_ms_max = 10_000;
/** Until a file of secrets that is not there is looked for again. */
const retry_ms = 5000;
/** A client that does not read what it is told is let go. */
const unread_bytes_max = 64 * 1024;

interface Client {
  socket: Socket;
  address: string;
  nonce: Buffer;
  /** '' until it has proven itself. */
  ident: string;
  held: Buffer[];
  held_bytes: number;
  /** Bytes that are still to come of a message whose beginning was taken. */
  skip: number;
  backlog: Backlog<Publication>;
}

interface Publication {
  writer: FrameWriter;
  source: string;
  bytes: Buffer;
  flags: number;
  original_size: number;
}

/** `{"ident", "channel", "payload"}`; a payload that is no UTF-8 as `{"$hex": "…"}`. */
export function wrapPayload(ident: string, channel: string, payload: Buffer): Buffer {
  const show = (bytes: Buffer): string | { $hex: string } =>
    isUtf8(bytes) ? bytes.toString('utf8') : { $hex: bytes.toString('hex') };
  const named = (text: string): string | { $hex: string } => show(Buffer.from(text, 'latin1'));
  return Buffer.from(
    JSON.stringify({ ident: named(ident), channel: named(channel), payload: show(payload) }),
  );
}

export class HpfeedsIntake implements Intake {
  readonly #config: HpfeedsConfig;
  readonly #counts = new IntakeCounts();
  readonly #allowed: Senders<true>;
  readonly #writerOf: (route: Route) => FrameWriter;
  readonly #payload_bytes_max: number;
  readonly #routes = new Map<string, { route: Route; wraps: boolean }>();
  readonly #server: StreamServer;
  #secrets = new Map<string, string>();
  #secrets_version = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(config: HpfeedsConfig, writerOf: (route: Route) => FrameWriter, payload_bytes_max: number) {
    this.#config = config;
    this.#writerOf = writerOf;
    this.#payload_bytes_max = payload_bytes_max;
    this.#allowed = new Senders(config.allow.map((network) => ({ network, value: true as const })));
    for (const { ident, channel, route, wraps } of config.channels)
      this.#routes.set(routeKey(bytesOf(ident), bytesOf(channel)), { route, wraps });
    const { host, port, tls } = config;
    this.#server = new StreamServer(
      { host, port, tls },
      this.#counts,
      (address) => this.#allowed.find(address) === true,
      (socket, address) => this.#welcome(socket, address),
    );
  }

  start(): void {
    if (this.#readSecrets()) this.#server.start();
    else this.#timer = setTimeout(() => this.start(), retry_ms);
  }

  /** False where there are none yet; a file that cannot be read any more leaves those from before. */
  #readSecrets(): boolean {
    try {
      const { ino, mtimeNs, size } = statSync(this.#config.secrets, { bigint: true });
      const version = `${ino} ${mtimeNs} ${size}`;
      if (version === this.#secrets_version) return true;
      this.#secrets = parseSecrets(readFileSync(this.#config.secrets, 'utf8'));
      this.#secrets_version = version;
      this.#counts.trouble = '';
    } catch (error) {
      this.#counts.trouble = `${this.#config.secrets}: ${(error as Error).message}`;
    }
    return this.#secrets_version !== '';
  }

  #welcome(socket: Socket, address: string): Rest {
    this.#readSecrets();
    const backlog = new Backlog<Publication>(({ writer, source, bytes, flags, original_size }) => {
      const is_taken = writer.add(source, bytes, flags, original_size);
      if (is_taken) this.#counts.accepted += 1;
      return is_taken;
    });
    const client: Client = {
      ...{ socket, address, nonce: randomBytes(nonce_bytes), ident: '' },
      ...{ held: [], held_bytes: 0, skip: 0, backlog },
    };
    const timer = setTimeout(() => {
      if (client.ident !== '') return;
      this.#counts.refuse('authentication_failed');
      socket.destroy();
    }, authenticate_ms_max);
    socket.on('close', () => clearTimeout(timer));
    socket.on('end', () => socket.end());
    socket.on('data', (chunk: Buffer) => this.#read(client, chunk));
    socket.write(encodeInfo(broker_name, client.nonce));
    return backlog;
  }

  #read(client: Client, piece: Buffer): void {
    const chunk = piece.subarray(client.skip);
    client.skip -= piece.length - chunk.length;
    if (chunk.length === 0) return;
    client.held.push(chunk);
    client.held_bytes += chunk.length;
    // Nothing is joined before a message can be whole, so that small pieces of a large one cost little.
    if (client.held_bytes < wantedBytes(client.held, this.#payload_bytes_max)) return;
    const bytes = client.held.length === 1 ? client.held[0]! : Buffer.concat(client.held);
    const { messages, used, skip, is_sound } = decodeMessages(bytes, this.#payload_bytes_max);
    client.skip = skip;
    const rest = Buffer.from(bytes.subarray(used));
    client.held = rest.length === 0 ? [] : [rest];
    client.held_bytes = rest.length;
    for (const message of messages) if (!this.#take(client, message)) return;
    if (!is_sound) {
      this.#counts.refuse('malformed');
      this.#end(client, 'protocol error');
      return;
    }
    client.backlog.writeWithin(client.socket);
    if (client.socket.writableLength > unread_bytes_max) {
      this.#counts.refuse('too_slow');
      client.socket.destroy();
    }
  }

  /** False where the connection was ended. */
  #take(client: Client, message: HpfeedsMessage): boolean {
    if (message.kind === 'auth') return this.#authenticate(client, message.ident, message.signature);
    if (client.ident === '' || message.ident !== client.ident) {
      this.#counts.refuse('authentication_failed');
      return this.#end(client, 'accessfail');
    }
    if (message.kind !== 'publish') {
      this.#counts.refuse('subscription');
      client.socket.write(encodeError('accessfail'));
      return true;
    }
    const found = this.#routes.get(routeKey(message.ident, message.channel));
    if (found === undefined) {
      this.#counts.refuse('channel_unknown');
      client.socket.write(encodeError('accessfail'));
      return true;
    }
    const { ident, channel, payload, original_size } = message;
    const bytes = found.wraps ? wrapPayload(ident, channel, payload) : payload;
    const cut = original_size - payload.length;
    const source = `hpfeeds/${printable(ident)}/${printable(channel)}@${client.address}`;
    const writer = this.#writerOf(found.route);
    const flags = cut > 0 ? record_flags.cut : 0;
    client.backlog.add([{ writer, source, bytes, flags, original_size: bytes.length + cut }]);
    return true;
  }

  #authenticate(client: Client, ident: string, signature: Buffer): boolean {
    const secret = this.#secrets.get(ident);
    if (client.ident !== '' || secret === undefined || !isSigned(signature, client.nonce, secret)) {
      this.#counts.refuse('authentication_failed');
      return this.#end(client, 'accessfail');
    }
    client.ident = ident;
    return true;
  }

  #end(client: Client, reason: string): false {
    client.socket.removeAllListeners('data');
    client.socket.resume();
    client.socket.end(encodeError(reason));
    // Who does not close is not waited for.
    setTimeout(() => client.socket.destroy(), 1000).unref();
    return false;
  }

  state(): IntakeState {
    return this.#counts.state(`hpfeeds ${showAddress(this.#config.host, this.#config.port)}`);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#server.stop();
  }
}

const bytesOf = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
const routeKey = (ident: string, channel: string): string => `${ident}\0${channel}`;
const printable = (text: string): string => text.replace(/[^\x21-\x7e]/g, '?');

/** Bytes that must be there before a message can be whole. */
function wantedBytes(held: readonly Buffer[], payload_bytes_max: number): number {
  const start = held[0]!.length >= 4 ? held[0]! : Buffer.concat(held.slice(0, 4));
  return start.length < 4 ? 5 : Math.min(start.readUInt32BE(0), wantedOfMessage(payload_bytes_max));
}
