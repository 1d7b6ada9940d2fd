/** A network link that can be cut: a TCP proxy on loopback between collector and gateway. */
import { connect, createServer, type Server, type Socket } from 'node:net';

export class Link {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #cut = false;
  #frozen = false;
  /** Bytes a second in each direction of each connection; undefined: as fast as they come. */
  #bytes_per_second: number | undefined;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  /** @param target port of the gateway, asked at each connection */
  static async open(target: () => number): Promise<Link> {
    const server = createServer((near) => link.#join(near, target()));
    const link = await new Promise<Link>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () =>
        resolve(new Link(server, (server.address() as { port: number }).port)),
      );
    });
    return link;
  }

  #join(near: Socket, port: number): void {
    if (this.#cut) {
      near.destroy();
      return;
    }
    const far = connect(port, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
      socket.on('data', (chunk: Buffer) => this.#carry(chunk, socket, other));
      socket.on('end', () => other.end());
    }
  }

  #carry(chunk: Buffer, from: Socket, to: Socket): void {
    const flows = to.write(chunk);
    const delay_ms =
      this.#bytes_per_second === undefined ? 0 : (1000 * chunk.length) / this.#bytes_per_second;
    if (flows && delay_ms === 0) return;
    from.pause();
    const goOn = (): void => {
      if (!this.#frozen) from.resume();
    };
    if (delay_ms > 0) setTimeout(goOn, delay_ms);
    else to.once('drain', goOn);
  }

  /** Lets little through. */
  slow(bytes_per_second: number): void {
    this.#bytes_per_second = bytes_per_second;
  }

  /** Ends all connections in the middle of whatever they carry, and lets none in. */
  cut(): void {
    this.#cut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Says nothing any more but keeps connections: what a dead router does. */
  freeze(): void {
    this.#frozen = true;
    for (const socket of this.#sockets) socket.pause();
  }

  mend(): void {
    this.#cut = false;
    this.#frozen = false;
    this.#bytes_per_second = undefined;
    for (const socket of this.#sockets) socket.resume();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
