/** Tells the server every ten seconds how things stand, on a connection of its own, and learns the clock's offset. */
import { type Heartbeat, type HeartbeatAnswer, heartbeat_every_ms, paths } from '@apiary/model/protocol.ts';
import { askGateway } from './ask-gateway.ts';
import { isTlsFailure, readRefusal, tellRefusal } from './exchange.ts';
import type { Identity } from './identity.ts';

export interface HeartbeatOptions {
  identity: Identity;
  /** All of the heartbeat but what belongs to the exchange itself. */
  describe(): Omit<Heartbeat, 'sent_ms' | 'offset_ms'>;
  /** Called when the server named other gateways than before. */
  gatewaysChanged(): void;
  /** Called when the server asks for a new certificate. */
  renew(): Promise<void>;
  noteTlsRefusal(message: string): void;
  every_ms?: number;
}

const timeout_ms = 10_000;

/** By then the readers have looked for their sources, and none is called missing that is there. */
const first_after_ms = 500;

export class HeartbeatLoop {
  /** Server clock minus own clock, milliseconds, from the last exchange. */
  offset_ms: number | null = null;
  answered_ms = 0;
  trouble = '';
  /** Names of the sensors that the server lets this collector write; undefined before the first answer. */
  sensors: string[] | undefined;
  readonly #options: HeartbeatOptions;
  #timer: NodeJS.Timeout | undefined;
  #is_stopped = false;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setTimeout(
      () => void this.#beat(),
      Math.min(first_after_ms, this.#options.every_ms ?? first_after_ms),
    );
  }

  async #beat(): Promise<void> {
    const began_ms = performance.now();
    try {
      await this.beatOnce();
      this.trouble = '';
    } catch (error) {
      this.trouble = (error as Error).message;
      if (isTlsFailure(error)) this.#options.noteTlsRefusal(this.trouble);
      // Refused as revoked or replaced, a person enrols the host anew, and expects the one that runs to go on.
      if (!this.#options.identity.loadIfEnrolledAnew()) await this.#renewIfRunOut();
    }
    if (this.#is_stopped) return;
    const every_ms = this.#options.every_ms ?? heartbeat_every_ms;
    // After a failure soon again, so that a sensor does not look dead for long once the link is back.
    const wait_ms = this.trouble === '' ? every_ms - (performance.now() - began_ms) : every_ms / 4;
    this.#timer = setTimeout(() => void this.#beat(), Math.max(100, wait_ms));
  }

  /** With a certificate that has run out nothing is answered any more: only a renewal can help. */
  async #renewIfRunOut(): Promise<void> {
    if (this.#options.identity.certificate_ends_ms > Date.now()) return;
    try {
      await this.#options.renew();
    } catch (error) {
      this.trouble = `the certificate has run out; ${(error as Error).message}`;
    }
  }

  async beatOnce(): Promise<void> {
    const { identity } = this.#options;
    const sent_ms = Date.now();
    const beat: Heartbeat = { ...this.#options.describe(), sent_ms, offset_ms: this.offset_ms };
    const answer = await askGateway(identity, {
      ...{ agent: identity.heartbeat_agent, path: paths.heartbeat, timeout_ms },
      body: Buffer.from(JSON.stringify(beat)),
    });
    const got_ms = Date.now();
    if (answer.status < 200 || answer.status >= 300) {
      throw new Error(tellRefusal(readRefusal(answer)));
    }
    const { received_ms, answered_ms, sensors, renew, gateways } = answer.value as HeartbeatAnswer;
    this.offset_ms = Math.round((received_ms - sent_ms + (answered_ms - got_ms)) / 2);
    this.answered_ms = got_ms;
    this.sensors = sensors;
    if (identity.keepGateways(gateways)) this.#options.gatewaysChanged();
    if (renew) await this.#options.renew();
  }

  stop(): void {
    this.#is_stopped = true;
    clearTimeout(this.#timer);
  }
}
