/**
 * Sebek's datagrams, live. Sebek has no secret and its packets are made by the honeypot's kernel, so each is marked
 * as unproven. One datagram is one record, in the same form as those of a capture (readers/capture.ts).
 */
import type { RemoteInfo } from 'node:dgram';
import { record_flags } from '@apiary/model/batch.ts';
import type { IntakeState } from '@apiary/model/protocol.ts';
import { writeDatagram } from '../readers/datagram.ts';
import type { DatagramConfig } from './config.ts';
import type { FrameWriter } from './frame-writer.ts';
import { type Intake, IntakeCounts, showAddress } from './intake.ts';
import { plainAddress, type Route, Senders } from './senders.ts';
import { UdpListener } from './udp.ts';

export class SebekIntake implements Intake {
  readonly #config: DatagramConfig;
  readonly #counts = new IntakeCounts();
  readonly #senders: Senders<Route>;
  readonly #writerOf: (route: Route) => FrameWriter;
  readonly #udp: UdpListener;

  constructor(config: DatagramConfig, writerOf: (route: Route) => FrameWriter) {
    this.#config = config;
    this.#writerOf = writerOf;
    this.#senders = new Senders(config.senders);
    this.#udp = new UdpListener(config.host, config.port, this.#counts, (message, sender) =>
      this.#take(message, sender),
    );
  }

  start(): void {
    this.#udp.start();
  }

  #take(payload: Buffer, sender: RemoteInfo): void {
    const route = this.#senders.find(sender.address);
    const from = plainAddress(sender.address);
    if (route === undefined) this.#counts.refuse('sender_unknown');
    else if (
      this.#writerOf(route).add(
        `sebek/udp/${from}`,
        writeDatagram({ from, from_port: sender.port, payload }),
        record_flags.unauthenticated,
      )
    )
      this.#counts.accepted += 1;
    else this.#counts.refuse('no_room');
  }

  state(): IntakeState {
    this.#udp.countDrops();
    return this.#counts.state(`sebek ${showAddress(this.#config.host, this.#config.port)}`);
  }

  stop(): Promise<void> {
    return this.#udp.stop();
  }
}
