/** What was read of one connection and waits for room in the spool: one chunk's records at most. */
import type { Socket } from 'node:net';

const room_look_ms = 50;

export class Backlog<T> {
  readonly #write: (record: T) => boolean;
  #waiting: T[] = [];

  /** @param write False where there is no room for the record. */
  constructor(write: (record: T) => boolean) {
    this.#write = write;
  }

  get length(): number {
    return this.#waiting.length;
  }

  add(records: readonly T[]): void {
    this.#waiting.push(...records);
  }

  /** True where nothing is left. */
  write(): boolean {
    const stuck = this.#waiting.findIndex((record) => !this.#write(record));
    this.#waiting.splice(0, stuck === -1 ? this.#waiting.length : stuck);
    return stuck === -1;
  }

  /** Reads no more of the socket until all is written. */
  writeWithin(socket: Socket): void {
    if (this.write()) return;
    socket.pause();
    const timer = setInterval(() => {
      if (!socket.destroyed && !this.write()) return;
      clearInterval(timer);
      if (!socket.destroyed) socket.resume();
    }, room_look_ms);
  }

  /** Writes what is left of a connection that is closed, when there is room; then calls `done`. */
  writeBehind(done: () => void): NodeJS.Timeout | undefined {
    if (this.write()) {
      done();
      return undefined;
    }
    const timer = setInterval(() => {
      if (!this.write()) return;
      clearInterval(timer);
      done();
    }, room_look_ms);
    return timer;
  }
}
