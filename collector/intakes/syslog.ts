/**
 * Syslog over UDP, TCP and TLS (RFC 3164, 5424, 6587, 5425). A message is a record as it came. UDP and TCP do not
 * prove their sender, nor does TLS unless senders show certificates: such records are marked.
 *
 * Over TCP and TLS only so much is read as the spool takes; the sender waits. What UDP loses before it is received
 * cannot be known, but for what the kernel drops here.
 */
import type { RemoteInfo } from 'node:dgram';
import type { Socket } from 'node:net';
import { record_flags } from '@apiary/model/batch.ts';
import type { IntakeState } from '@apiary/model/protocol.ts';
import { Backlog } from './backlog.ts';
import type { SyslogConfig } from './config.ts';
import type { FrameWriter } from './frame-writer.ts';
import { type Intake, IntakeCounts, showAddress } from './intake.ts';
import { type Route, Senders } from './senders.ts';
import { type Rest, StreamServer } from './stream-server.ts';
import { type SyslogFrame, SyslogFramer, stripHeader } from './syslog-frames.ts';
import { UdpListener } from './udp.ts';

export class SyslogIntake implements Intake {
  readonly #config: SyslogConfig;
  readonly #counts = new IntakeCounts();
  readonly #senders: Senders<Route>;
  readonly #writerOf: (route: Route) => FrameWriter;
  readonly #message_bytes_max: number;
  readonly #udp: UdpListener | undefined;
  readonly #server: StreamServer | undefined;
  readonly #flags: number;

  constructor(config: SyslogConfig, writerOf: (route: Route) => FrameWriter, message_bytes_max: number) {
    this.#config = config;
    this.#writerOf = writerOf;
    this.#message_bytes_max = message_bytes_max;
    this.#senders = new Senders(config.senders);
    const { host, port, transport, tls } = config;
    this.#flags = tls?.authority === undefined ? record_flags.unauthenticated : 0;
    if (transport === 'udp')
      this.#udp = new UdpListener(host, port, this.#counts, (message, sender) =>
        this.#takeDatagram(message, sender),
      );
    else {
      this.#server = new StreamServer(
        { host, port, tls },
        this.#counts,
        (address) => this.#senders.find(address) !== undefined,
        (socket, address) => this.#follow(socket, address),
      );
    }
  }

  start(): void {
    this.#udp?.start();
    this.#server?.start();
  }

  #sourceOf(address: string): string {
    return `syslog/${this.#config.transport}/${address}`;
  }

  #takeDatagram(message: Buffer, sender: RemoteInfo): void {
    const route = this.#senders.find(sender.address);
    if (route === undefined) {
      this.#counts.refuse('sender_unknown');
      return;
    }
    if (message.length === 0) this.#counts.refuse('malformed');
    else if (this.#writerOf(route).add(this.#sourceOf(sender.address), this.#strip(message), this.#flags))
      this.#counts.accepted += 1;
    else this.#counts.refuse('no_room');
  }

  #strip(message: Buffer): Buffer {
    return this.#config.strips_header ? stripHeader(message) : message;
  }

  #follow(socket: Socket, address: string): Rest {
    const writer = this.#writerOf(this.#senders.find(address)!);
    const framer = new SyslogFramer(this.#message_bytes_max);
    const source = this.#sourceOf(address);
    const backlog = new Backlog<SyslogFrame>((frame) => this.#write(writer, source, frame));
    socket.on('data', (chunk: Buffer) => {
      const { frames, is_sound } = framer.push(chunk);
      backlog.add(frames);
      backlog.writeWithin(socket);
      if (is_sound) return;
      this.#counts.refuse('malformed');
      socket.destroy();
    });
    socket.on('close', () => backlog.add(framer.end()));
    socket.on('end', () => socket.end());
    return backlog;
  }

  #write(writer: FrameWriter, source: string, frame: SyslogFrame): boolean {
    const { bytes, original_size, is_cut, is_unended } = frame;
    const flags = this.#flags | (is_cut ? record_flags.cut : 0) | (is_unended ? record_flags.no_newline : 0);
    const stripped = this.#strip(bytes);
    if (!writer.add(source, stripped, flags, original_size - (bytes.length - stripped.length))) return false;
    this.#counts.accepted += 1;
    return true;
  }

  state(): IntakeState {
    this.#udp?.countDrops();
    const { host, port, transport } = this.#config;
    return this.#counts.state(`syslog ${transport} ${showAddress(host, port)}`);
  }

  async stop(): Promise<void> {
    await this.#udp?.stop();
    await this.#server?.stop();
  }
}
