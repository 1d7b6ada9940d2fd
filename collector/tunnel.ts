/** The way to a local stunnel that carries the uplink. */
import { Agent, type AgentOptions } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** Where stunnel accepts: a Unix socket's path, or HOST:PORT of loopback. */
export type TunnelAddress = string;

export class TunnelAgent extends Agent {
  readonly #address: TunnelAddress;

  constructor(address: TunnelAddress, options: AgentOptions) {
    super(options);
    this.#address = address;
  }

  override createConnection(): Duplex {
    return this.#address.startsWith('/')
      ? connect({ path: this.#address })
      : connect(
          Number(this.#address.split(':').at(-1)),
          this.#address.startsWith('[') ? '::1' : this.#address.split(':')[0],
        );
  }
}

/** Loopback only: whoever reaches the port writes as this collector. */
export const isTunnelAddress = (text: string): boolean =>
  /^\/[\x21-\x7e]{1,100}$/.test(text) || /^(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\]):\d{1,5}$/.test(text);
