/** Follows one file: finds which life it holds, checks that the bytes read are still there, reads on. */

import type { FileHandle } from 'node:fs/promises';
import type { Gap, Run } from '@apiary/model/batch.ts';
import { inodeAt, type LineFile, openLineHandle } from './line-files.ts';
import { cutLine, cutLines, type LineLimits, type LinePart, lastLine } from './line-frames.ts';
import {
  generation_bytes_max,
  hashTail,
  type Life,
  type Lives,
  nameGeneration,
  storeLife,
  tail_bytes_max,
} from './line-life.ts';
import type { ReadBuffers, Sink } from './reader.ts';

export interface FollowContext {
  sink: Sink;
  buffers: ReadBuffers;
  lives: Lives;
  stream: string;
  time_zone: string | undefined;
  has_header: boolean;
  is_final: boolean;
  idle_ms: number;
  limits: LineLimits;
  isStopped(): boolean;
  gap(life: Life, from: string, to: string, reason: Gap['reason']): Promise<void>;
}

/** Whether the spool takes more of this sensor now. */
export const hasRoom = (context: FollowContext): boolean => context.sink.room >= context.buffers.bytes / 4;

export class Follower {
  file: LineFile;
  life: Life | undefined;
  changed_ms = 0;
  readonly #context: FollowContext;
  #handle: FileHandle | undefined;
  #is_unlinked = false;
  /** Size and time at which nothing was left to do. */
  #settled = '';
  /** Of a line over the limit whose end has not come: where it was looked for already. */
  #searched_to = 0;

  constructor(file: LineFile, context: FollowContext) {
    this.file = file;
    this.#context = context;
  }

  get is_open(): boolean {
    return this.#handle !== undefined;
  }

  /** It has a successor and is read to its end. */
  get has_ended(): boolean {
    return this.life?.is_done === true && (this.file.is_rotated || this.#is_unlinked);
  }

  get lost_its_name(): boolean {
    if (this.#handle === undefined || this.#is_unlinked || this.file.is_rotated) return false;
    return inodeAt(this.file) !== this.file.ino;
  }

  get seen(): string {
    const { dev, ino, size, mtime_ms } = this.file;
    return `${dev}:${ino}:${size}:${mtime_ms}`;
  }

  update(file: LineFile): void {
    this.file = file;
    this.#is_unlinked = false;
  }

  markUnlinked(): void {
    this.#is_unlinked = true;
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }

  /** Reads what there is. True where the file was read to its present end. */
  async follow(): Promise<boolean> {
    if (this.#handle !== undefined) {
      const { size, mtimeMs } = await this.#handle.stat();
      this.file.size = size;
      this.file.mtime_ms = Math.floor(mtimeMs);
    }
    const { file } = this;
    if (this.#settled === this.seen) return true;
    this.life ??= this.#lifeAsSeen();
    if (this.life?.is_done === true && this.life.seen === this.seen) return this.#settle();
    if (file.mtime_ms > this.changed_ms) this.changed_ms = file.mtime_ms;
    if (file.size === 0 && this.life === undefined) return true;
    this.#handle ??= await openLineHandle(file);
    if (this.#handle === undefined) return false;
    if (this.life === undefined || !(await this.#isConfirmed(this.life))) await this.#identify();
    const { life } = this;
    if (life === undefined) return true;
    life.path = file.shown;
    life.size_seen = Math.max(life.offset, file.size);
    const is_at_end = await this.#read(life);
    life.is_drained = is_at_end;
    if (is_at_end) await this.#end(life);
    return is_at_end;
  }

  #lifeAsSeen(): Life | undefined {
    const life = this.#context.lives.seenAs(this.seen);
    return life?.is_done ? life : undefined;
  }

  #settle(): true {
    this.#settled = this.seen;
    return true;
  }

  async #readAt(length: number, position: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await this.#handle!.read(buffer, filled, length - filled, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  }

  /** Whether the bytes before the life's offset are still those that were read. */
  async #isConfirmed(life: Life): Promise<boolean> {
    if (this.file.size < life.offset) return false;
    const length = Math.min(tail_bytes_max, life.offset);
    const bytes = await this.#readAt(length, life.offset - length);
    return bytes.length === length && hashTail(bytes) === life.tail;
  }

  /** Finds the life whose bytes this file holds, or begins one. */
  async #identify(): Promise<void> {
    const { lives, has_header, is_final } = this.#context;
    const before = this.life;
    this.life = undefined;
    this.#searched_to = 0;
    const head = await this.#readAt(has_header ? 2 * generation_bytes_max : generation_bytes_max, 0);
    const generation = nameGeneration(head, has_header, is_final || this.#isOver());
    if (generation === undefined) return;
    for (const life of lives.of(generation)) {
      if (life === before || !(await this.#isConfirmed(life))) continue;
      this.life = life;
      return;
    }
    for (const life of lives.of(generation)) {
      if (life !== before && (life.missing_ms === 0 || life.path !== this.file.shown)) continue;
      await this.#tellSetBack(life);
    }
    this.life = lives.begin(generation, this.file.shown);
  }

  /** The same source, but shorter or other bytes: it was set back. It is read again from its beginning. */
  async #tellSetBack(life: Life): Promise<void> {
    this.#context.lives.all.delete(life);
    if (life.size_seen > life.offset) {
      await this.#context.gap(life, String(life.offset), String(life.size_seen), 'source_shrank');
    }
    this.#context.sink.note({ [life.key]: null });
  }

  /** Nothing more will be written: it has a successor and was quiet for a while. */
  #isOver(): boolean {
    if (this.#context.is_final) return true;
    const is_left = this.file.is_rotated || this.#is_unlinked;
    return is_left && Date.now() - this.file.mtime_ms >= this.#context.idle_ms;
  }

  async #read(life: Life): Promise<boolean> {
    const context = this.#context;
    while (!context.isStopped()) {
      if (!hasRoom(context)) return false;
      const reached = await context.buffers.use((buffer) => this.#readChunk(life, buffer));
      if (reached !== 'more') return reached === 'end';
    }
    return false;
  }

  /** Reads and appends one chunk. `changed`: the file was set back since it was looked at, and is another one now. */
  async #readChunk(life: Life, buffer: Buffer): Promise<'more' | 'end' | 'changed'> {
    // The bytes before the offset come along: the tail is made of them, and they say that this is still the same file.
    const lead = Math.min(tail_bytes_max, life.offset);
    const { bytesRead } = await this.#handle!.read(buffer, 0, buffer.length, life.offset - lead);
    if (bytesRead < lead || (lead > 0 && hashTail(buffer.subarray(0, lead)) !== life.tail)) return 'changed';
    if (bytesRead === lead) return 'end';
    const chunk = buffer.subarray(lead, bytesRead);
    const parts = cutLines(chunk, life.offset, this.#context.limits);
    if (parts.length === 0 && chunk.length > this.#context.limits.line_bytes_max) {
      return this.#readLongLine(life, buffer.subarray(lead), chunk.length);
    }
    const from = life.offset;
    for (const part of parts) {
      const tail = hashTail(buffer.subarray(0, lead + part.end));
      const is_taken = await appendPart(this.#context, life, part, from + part.end, tail);
      if (!is_taken) return 'more';
    }
    // A chunk that is not full ended where the file does.
    return bytesRead < buffer.length ? 'end' : 'more';
  }

  /** A line longer than the buffer: its beginning stays there while its end is looked for. */
  async #readLongLine(life: Life, buffer: Buffer, filled: number): Promise<'more' | 'end' | 'changed'> {
    const { line_bytes_max } = this.#context.limits;
    const window = buffer.subarray(line_bytes_max);
    let at = Math.max(life.offset + filled, this.#searched_to);
    while (!this.#context.isStopped()) {
      const { bytesRead } = await this.#handle!.read(window, 0, window.length, at);
      if (bytesRead === 0) {
        this.#searched_to = at;
        return 'end';
      }
      const stop = window.subarray(0, bytesRead).indexOf(10);
      if (stop !== -1) {
        const end = at + stop + 1;
        const part = cutLine(buffer.subarray(0, line_bytes_max), life.offset, end - 1 - life.offset, 0, end);
        this.#searched_to = 0;
        // Looking for its end took a while.
        if (!(await this.#isConfirmed(life))) return 'changed';
        const tail = hashTail(await this.#readAt(tail_bytes_max, end - tail_bytes_max));
        await appendPart(this.#context, life, part, end, tail);
        return 'more';
      }
      at += bytesRead;
    }
    return 'more';
  }

  /** At the end of the file: a file that has a successor and stays quiet gives its last line and is done. */
  async #end(life: Life): Promise<void> {
    if (!this.#isOver()) return;
    const rest = this.file.size - life.offset;
    if (rest > 0) {
      const { line_bytes_max } = this.#context.limits;
      const bytes = await this.#readAt(Math.min(rest, line_bytes_max), life.offset);
      const part = lastLine(bytes, life.offset, rest, line_bytes_max);
      const length = Math.min(tail_bytes_max, this.file.size);
      const tail = hashTail(await this.#readAt(length, this.file.size - length));
      if (!(await appendPart(this.#context, life, part, this.file.size, tail))) return;
    }
    life.is_done = true;
    life.seen = this.seen;
    this.#context.sink.note(storeLife(life));
    this.#settle();
    await this.close();
  }
}

/** Appends a part and moves the life behind it; both become durable together. */
export async function appendPart(
  context: FollowContext,
  life: Life,
  part: LinePart,
  end: number,
  tail: string,
): Promise<boolean> {
  const moved: Life = { ...life, offset: end, tail, is_done: false };
  const run: Run = {
    stream: context.stream,
    source: life.path,
    generation: life.generation,
    kind: part.kind,
    first: String(life.offset),
    next: String(end),
    records: part.records,
    bytes: part.bytes.length,
  };
  if (context.time_zone !== undefined) run.time_zone = context.time_zone;
  if (!(await context.sink.append(run, part.bytes, storeLife(moved)))) return false;
  if (part.kind === 'frames' && (part.bytes.readUInt16LE(8) & 1) === 1) context.sink.countCut();
  life.offset = end;
  life.tail = tail;
  life.is_done = false;
  return true;
}
