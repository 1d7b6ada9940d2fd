/** A UDP socket for an intake: opened again where its address is taken, with what the kernel dropped for want of room. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import type { IntakeCounts } from './intake.ts';

const receive_buffer_bytes = 4 * 1024 * 1024;
const retry_ms = 5000;

/**
 * Datagrams that the kernel dropped for the socket bound to a port, as /proc/net/udp or udp6 say it. Where several
 * sockets have the port, their sum.
 */
export function readDrops(table: string, port: number): number {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  let drops = 0;
  for (const line of table.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    if (fields[1]?.endsWith(`:${wanted}`) !== true) continue;
    const count = Number(fields.at(-1));
    if (Number.isSafeInteger(count)) drops += count;
  }
  return drops;
}

export class UdpListener {
  readonly #host: string;
  readonly #port: number;
  readonly #counts: IntakeCounts;
  readonly #take: (message: Buffer, sender: RemoteInfo) => void;
  #socket: Socket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #is_stopped = false;

  constructor(
    host: string,
    port: number,
    counts: IntakeCounts,
    take: (message: Buffer, sender: RemoteInfo) => void,
  ) {
    this.#host = host;
    this.#port = port;
    this.#counts = counts;
    this.#take = take;
  }

  start(): void {
    const type = isIPv6(this.#host) ? 'udp6' : 'udp4';
    const socket = createSocket({ type, recvBufferSize: receive_buffer_bytes });
    this.#socket = socket;
    socket.on('message', this.#take);
    socket.on('error', (error) => {
      this.#counts.trouble = error.message;
      socket.removeAllListeners();
      // Where it never was bound, closing it fails; there is nothing to close then.
      socket.on('error', () => undefined);
      socket.close();
      this.#socket = undefined;
      if (!this.#is_stopped) this.#timer = setTimeout(() => this.start(), retry_ms);
    });
    socket.bind(this.#port, this.#host, () => {
      this.#counts.trouble = '';
    });
  }

  /** Brings the count of kernel drops up to date. */
  countDrops(): void {
    const file = isIPv6(this.#host) ? '/proc/net/udp6' : '/proc/net/udp';
    try {
      this.#counts.set('kernel_dropped', readDrops(readFileSync(file, 'latin1'), this.#port));
    } catch (error) {
      this.#counts.trouble = `what the kernel drops cannot be read: ${(error as Error).message}`;
    }
  }

  async stop(): Promise<void> {
    this.#is_stopped = true;
    clearTimeout(this.#timer);
    const socket = this.#socket;
    if (socket !== undefined) await new Promise<void>((resolve) => socket.close(() => resolve()));
  }
}
