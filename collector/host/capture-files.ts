/**
 * A stream of pcap in files of a size and an age, and no more of them than are allowed. Only the head of each packet is
 * looked at, to cut between two of them.
 *
 *     BEGAN.part                     is written now; BEGAN in microseconds since 1970, of its first packet
 *     BEGAN-ENDED-PACKETS-LOST.pcap  is finished
 *
 * What an earlier life left half is finished at the start, its number of packets told as 0.
 */
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, unlinkSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';

export interface CaptureLimits {
  file_bytes_max: number;
  /** The one that is written now is one of them. */
  files_max: number;
  /** From its first packet on. */
  file_seconds_max?: number;
}

export interface CapturedFile {
  path: string;
  size: number;
  began_us: bigint;
  ended_us: bigint;
  packets: number;
  /** Packets that never came from the kernel, as far as that was told before the end. */
  lost: number;
}

const head_bytes = 24;
const packet_head_bytes = 16;
/** What tcpdump keeps of a packet, with a margin for what the kernel puts before it. */
const packet_bytes_max = 512 * 1024;
const magic = 0xa1b2c3d4;
const finished_name = /^(\d{1,18})-(\d{1,18})-(\d{1,15})-(\d{1,15})\.pcap$/;
const part_name = /^(\d{1,18})\.part$/;

interface Current {
  path: string;
  handle: FileHandle;
  size: number;
  began_us: bigint;
  ended_us: bigint;
  packets: number;
  opened_ms: number;
}

export class CaptureFiles {
  readonly folder: string;
  readonly #limits: CaptureLimits;
  /** Called with each that had to go because there were too many. */
  readonly #on_dropped: (file: CapturedFile) => void;
  /** Oldest first. */
  #finished: CapturedFile[] = [];
  readonly #held = new Set<CapturedFile>();
  #current: Current | undefined;
  #head: Buffer | undefined;
  #rest = Buffer.alloc(0);
  #last_began_us = 0n;
  /** Packets that were lost and stand with no file yet. */
  lost = 0;

  constructor(folder: string, limits: CaptureLimits, on_dropped: (file: CapturedFile) => void) {
    this.folder = folder;
    this.#limits = limits;
    this.#on_dropped = on_dropped;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(folder)) this.#findLeft(name);
    this.#finished.sort((a, b) => (a.began_us < b.began_us ? -1 : 1));
    this.#dropOldest();
  }

  #findLeft(name: string): void {
    let path = join(this.folder, name);
    const { size, mtimeMs } = statSync(path);
    const [, part] = part_name.exec(name) ?? [];
    if (part !== undefined) {
      const ended = BigInt(Math.trunc(mtimeMs)) * 1000n;
      const whole = join(this.folder, `${part}-${ended}-0-0.pcap`);
      renameSync(path, whole);
      path = whole;
    }
    const found = finished_name.exec(path.slice(this.folder.length + 1));
    if (found === null || size <= head_bytes) {
      rmSync(path, { recursive: true, force: true });
      return;
    }
    const [began_us, ended_us] = [BigInt(found[1]!), BigInt(found[2]!)];
    this.#finished.push({
      ...{ path, size, began_us, ended_us, packets: Number(found[3]), lost: Number(found[4]) },
    });
  }

  /** The oldest that is finished and not held. */
  next(): CapturedFile | undefined {
    return this.#finished.find((file) => !this.#held.has(file));
  }

  /** It is being taken: it does not go before that is done. */
  hold(file: CapturedFile): void {
    this.#held.add(file);
  }

  release(file: CapturedFile): void {
    this.#held.delete(file);
  }

  /** It is not wanted any more. */
  remove(file: CapturedFile): void {
    this.#held.delete(file);
    this.#finished = this.#finished.filter((one) => one !== file);
    rmSync(file.path, { force: true });
  }

  /** A new stream begins. */
  async begin(): Promise<void> {
    await this.finish();
    this.#head = undefined;
    this.#rest = Buffer.alloc(0);
  }

  /** How many files were finished. @throws the file system's error, and for what is no pcap. */
  async write(piece: Buffer): Promise<number> {
    let bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    if (this.#head === undefined) {
      if (bytes.length < head_bytes) {
        this.#rest = Buffer.from(bytes);
        return 0;
      }
      if (bytes.readUInt32LE(0) !== magic) throw new Error('what captures wrote no pcap');
      this.#head = Buffer.from(bytes.subarray(0, head_bytes));
      bytes = bytes.subarray(head_bytes);
    }
    let finished = 0;
    let from = 0;
    let at = 0;
    while (at + packet_head_bytes <= bytes.length) {
      const kept = bytes.readUInt32LE(at + 8);
      if (kept > packet_bytes_max) throw new Error(`what captures announced a packet of ${kept} bytes`);
      const end = at + packet_head_bytes + kept;
      if (end > bytes.length) break;
      const captured_us = BigInt(bytes.readUInt32LE(at)) * 1_000_000n + BigInt(bytes.readUInt32LE(at + 4));
      if ((this.#current?.size ?? 0) + (end - from) > this.#limits.file_bytes_max && this.#current) {
        await this.#append(bytes.subarray(from, at));
        await this.finish();
        finished += 1;
        from = at;
      }
      this.#current ??= await this.#open(captured_us);
      this.#current.packets += 1;
      if (captured_us > this.#current.ended_us) this.#current.ended_us = captured_us;
      at = end;
    }
    await this.#append(bytes.subarray(from, at));
    this.#rest = Buffer.from(bytes.subarray(at));
    return finished;
  }

  async #open(began_us: bigint): Promise<Current> {
    // One name for each, also where the clock was set back.
    this.#last_began_us = began_us > this.#last_began_us ? began_us : this.#last_began_us + 1n;
    const path = join(this.folder, `${this.#last_began_us}.part`);
    const handle = await open(path, 'wx', 0o600);
    await handle.writeFile(this.#head!);
    const times = { began_us, ended_us: began_us, opened_ms: performance.now() };
    return { path, handle, size: head_bytes, packets: 0, ...times };
  }

  async #append(bytes: Buffer): Promise<void> {
    if (this.#current === undefined || bytes.length === 0) return;
    await this.#current.handle.writeFile(bytes);
    this.#current.size += bytes.length;
  }

  get is_due(): boolean {
    const { file_seconds_max } = this.#limits;
    return (
      this.#current !== undefined &&
      file_seconds_max !== undefined &&
      performance.now() - this.#current.opened_ms >= file_seconds_max * 1000
    );
  }

  /** Ends the file that is written now. */
  async finish(): Promise<void> {
    const current = this.#current;
    if (current === undefined) {
      this.#tellLost();
      return;
    }
    this.#current = undefined;
    const { began_us, ended_us, packets, size } = current;
    await current.handle.close();
    const { lost } = this;
    this.lost = 0;
    const began = current.path.slice(this.folder.length + 1, -'.part'.length);
    const path = this.#nameOf(began, ended_us, packets, lost);
    renameSync(current.path, path);
    this.#finished.push({ path, size, began_us, ended_us, packets, lost });
    this.#dropOldest();
  }

  #nameOf(began: string, ended_us: bigint, packets: number, lost: number): string {
    return join(this.folder, `${began}-${ended_us}-${packets}-${lost}.pcap`);
  }

  /** With the file that was finished last, where none is written. */
  #tellLost(): void {
    const last = this.#finished.at(-1);
    if (this.lost === 0 || last === undefined || this.#held.has(last)) return;
    last.lost += this.lost;
    this.lost = 0;
    const [began] = last.path.slice(this.folder.length + 1).split('-') as [string];
    const path = this.#nameOf(began, last.ended_us, last.packets, last.lost);
    renameSync(last.path, path);
    last.path = path;
  }

  #dropOldest(): void {
    while (this.#finished.length >= this.#limits.files_max) {
      const oldest = this.next();
      if (oldest === undefined) return;
      this.#finished = this.#finished.filter((one) => one !== oldest);
      unlinkSync(oldest.path);
      this.#on_dropped(oldest);
    }
  }
}
