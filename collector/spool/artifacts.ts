/**
 * Whole files on their way: their bytes wait here until the server has them.
 *
 *     artifacts/waiting/SENSOR/<sha256>   mode 0600, written elsewhere, fsynced and renamed
 *     artifacts/incoming/<random>         what is being copied; emptied at each start
 *     artifacts/sent                      hashes that were acknowledged, one a line; a torn last line is ignored
 *
 * A hash is sent once. Losing `sent` costs only bytes that are sent twice.
 */
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';

export interface WaitingArtifact {
  sensor: string;
  sha256: string;
  size: number;
  path: string;
}

/** Hashes remembered as sent: a file that comes again after so many others is sent again. */
const sent_max = 200_000;
/** A file that is being copied into the spool. */
export class IncomingArtifact {
  readonly path: string;
  size = 0;
  readonly #handle: FileHandle;

  constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  async write(bytes: Buffer): Promise<void> {
    let at = 0;
    while (at < bytes.length) at += (await this.#handle.write(bytes, at)).bytesWritten;
    this.size += bytes.length;
  }

  sync(): Promise<void> {
    return this.#handle.sync();
  }

  /** Closes it, and removes it unless it was kept. */
  async discard(): Promise<void> {
    await this.#handle.close();
    rmSync(this.path, { force: true });
  }
}

const sha256_line = /^[0-9a-f]{64}$/;

export class ArtifactSpool {
  readonly folder: string;
  readonly #bytes_max: number;
  /** Oldest first. */
  readonly #waiting = new Map<string, WaitingArtifact>();
  #sent: Set<string>;
  #bytes = 0;
  readonly #bytes_of = new Map<string, number>();
  readonly #share_bytes: number;
  sent = 0;
  /** Why the spool cannot be written; '' where it can. */
  trouble = '';
  /** Called when something new waits. */
  on_waiting: () => void = () => {};

  /** @param sharing how many of the sensors have files: none may take the room of the others */
  constructor(folder: string, bytes_max: number, sensors: readonly string[], sharing = sensors.length) {
    this.folder = folder;
    this.#bytes_max = bytes_max;
    this.#share_bytes = Math.floor(bytes_max / Math.max(1, sharing));
    const incoming = join(folder, 'incoming');
    mkdirSync(incoming, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(incoming)) rmSync(join(incoming, name));
    this.#sent = readSent(join(folder, 'sent'));
    this.#compact();
    for (const sensor of sensors) mkdirSync(this.#folderOf(sensor), { recursive: true, mode: 0o700 });
    this.#findWaiting(sensors);
  }

  #folderOf(sensor: string): string {
    return join(this.folder, 'waiting', sensor);
  }

  #findWaiting(sensors: readonly string[]): void {
    const found = sensors.flatMap((sensor) =>
      readdirSync(this.#folderOf(sensor))
        .filter((name) => sha256_line.test(name))
        .map((sha256) => {
          const path = join(this.#folderOf(sensor), sha256);
          const { size, mtimeMs } = statSync(path);
          return { sensor, sha256, size, path, mtimeMs };
        }),
    );
    for (const { mtimeMs: _, ...one } of found.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
      // Acknowledged, and the process ended before it was removed.
      if (this.#sent.has(one.sha256) || this.#waiting.has(one.sha256)) unlinkSync(one.path);
      else this.#add(one);
    }
  }

  #add(one: WaitingArtifact): void {
    this.#waiting.set(one.sha256, one);
    this.#count(one.sensor, one.size);
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get waiting_bytes(): number {
    return this.#bytes;
  }

  #count(sensor: string, bytes: number): void {
    this.#bytes += bytes;
    this.#bytes_of.set(sensor, (this.#bytes_of.get(sensor) ?? 0) + bytes);
  }

  /** Within the whole, and within the sensor's share; of a sensor that has nothing here, one file may be larger. */
  hasRoom(sensor: string, bytes: number): boolean {
    const own = this.#bytes_of.get(sensor) ?? 0;
    return this.#bytes + bytes <= this.#bytes_max && (own === 0 || own + bytes <= this.#share_bytes);
  }

  /** Whether the bytes wait here already, or the server has them from this collector. */
  has(sha256: string): boolean {
    return this.#sent.has(sha256) || this.#waiting.has(sha256);
  }

  /** Begins a file whose hash is known when all of it was written. */
  async begin(): Promise<IncomingArtifact> {
    const path = join(this.folder, 'incoming', randomBytes(12).toString('hex'));
    try {
      return new IncomingArtifact(path, await open(path, 'wx', 0o600));
    } catch (error) {
      this.trouble = `files cannot be kept: ${(error as Error).message}`;
      throw error;
    }
  }

  /** Keeps a file until it is acknowledged; durable when this resolves. One that is known is let go. */
  async keep(sensor: string, sha256: string, incoming: IncomingArtifact): Promise<void> {
    const path = join(this.#folderOf(sensor), sha256);
    try {
      if (this.has(sha256)) return;
      await incoming.sync();
      // Another sensor's reader may have brought the same meanwhile.
      if (this.has(sha256)) return;
      renameSync(incoming.path, path);
      syncFolder(this.#folderOf(sensor));
      this.#add({ sensor, sha256, size: incoming.size, path });
      this.trouble = '';
    } catch (error) {
      this.trouble = `files cannot be kept: ${(error as Error).message}`;
      throw error;
    } finally {
      await incoming.discard();
    }
    this.on_waiting();
  }

  /** The oldest that waits and is not held back. */
  next(isHeld: (one: WaitingArtifact) => boolean): WaitingArtifact | undefined {
    for (const one of this.#waiting.values()) if (!isHeld(one)) return one;
    return undefined;
  }

  /** The server has it. */
  settle(one: WaitingArtifact): void {
    appendFileSync(join(this.folder, 'sent'), `${one.sha256}\n`, { mode: 0o600, flush: true });
    this.#sent.add(one.sha256);
    this.sent += 1;
    this.drop(one);
  }

  /** Its bytes are not what they were: the disk damaged them. */
  drop(one: WaitingArtifact): void {
    rmSync(one.path, { force: true });
    if (this.#waiting.delete(one.sha256)) this.#count(one.sensor, -one.size);
  }

  #compact(): void {
    if (this.#sent.size <= sent_max) return;
    this.#sent = new Set([...this.#sent].slice(-sent_max / 2));
    const path = join(this.folder, 'sent');
    writeFileSync(`${path}.new`, [...this.#sent].map((sha256) => `${sha256}\n`).join(''), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }
}

function readSent(path: string): Set<string> {
  if (!existsSync(path)) return new Set();
  const text = readFileSync(path, 'latin1');
  // A torn line would run into the next one that is appended.
  if (text !== '' && !text.endsWith('\n')) appendFileSync(path, '\n');
  return new Set(text.split('\n').filter((line) => sha256_line.test(line)));
}

function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
