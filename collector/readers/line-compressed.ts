/** Reads a compressed predecessor of a line source as a stream; places count decompressed bytes. */
import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { type LineFile, openLineFile } from './line-files.ts';
import { appendPart, type FollowContext, type Follower, hasRoom } from './line-follower.ts';
import { cutLine, cutLines, lastLine } from './line-frames.ts';
import {
  generation_bytes_max,
  hashTail,
  type Life,
  nameGeneration,
  storeLife,
  tail_bytes_max,
} from './line-life.ts';

/** The compressing program may still be writing: a file must have been quiet for so long. */
const quiet_ms = 2000;
/** A file that does not decompress after this long will never. */
const broken_after_ms = 60_000;
const room_wait_ms = 200;

/** One compressed file at a time in the whole program: each costs a decoder and a buffer. */
let turn: Promise<unknown> = Promise.resolve();

/** True where the file was read to its end, or need not be. */
export async function readCompressed(follower: Follower, context: FollowContext): Promise<boolean> {
  const { seen, file } = follower;
  if (follower.life?.is_done && follower.life.seen === seen) return true;
  const known = context.lives.seenAs(seen);
  if (known?.is_done) {
    follower.life = known;
    return true;
  }
  if (!context.is_final && Date.now() - file.mtime_ms < quiet_ms) return false;
  const work = turn.then(() => readInTurn(follower, context));
  turn = work.catch(() => undefined);
  return work;
}

async function readInTurn(follower: Follower, context: FollowContext): Promise<boolean> {
  const { file } = follower;
  let life: Life | undefined;
  try {
    const head = await readHead(file, context.has_header);
    const generation = nameGeneration(head, context.has_header, true);
    if (generation === undefined) return true;
    const found = await findLife(file, context.lives.of(generation), context);
    if (context.isStopped()) return false;
    life = found ?? context.lives.begin(generation, file.shown);
    follower.life = life;
    life.path = file.shown;
    if (!(await sendRest(file, life, context))) return false;
  } catch (error) {
    if (!isBroken(error) || Date.now() - file.mtime_ms < broken_after_ms) throw error;
    life ??= context.lives.begin('0000000000000000', file.shown);
    follower.life = life;
    await context.gap(life, String(life.offset), '', 'unreadable');
  }
  life.is_done = true;
  life.seen = follower.seen;
  context.sink.note(storeLife(life));
  return true;
}

const isBroken = (error: unknown): boolean => /^(Z_|ZSTD_)/.test((error as NodeJS.ErrnoException).code ?? '');

function openDecompressed(file: LineFile): Readable {
  const fd = openLineFile(file);
  if (fd === undefined) throw new Error('something else is there now');
  const decoder = file.compression === 'gzip' ? createGunzip() : createZstdDecompress();
  return pipeline(createReadStream('', { fd }), decoder, () => undefined);
}

async function readHead(file: LineFile, has_header: boolean): Promise<Buffer> {
  const wanted = has_header ? 2 * generation_bytes_max : generation_bytes_max;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of openDecompressed(file)) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes >= wanted) break;
  }
  return Buffer.concat(chunks).subarray(0, wanted);
}

/** The life read furthest whose last bytes lie in this file at its offset. */
async function findLife(file: LineFile, lives: Life[], context: FollowContext): Promise<Life | undefined> {
  if (lives.length === 0) return undefined;
  const waiting = [...lives].sort((a, b) => a.offset - b.offset);
  let best: Life | undefined;
  let held: Buffer = Buffer.alloc(0);
  let start = 0;
  for await (const chunk of openDecompressed(file)) {
    held = Buffer.concat([held.subarray(-tail_bytes_max), chunk as Buffer]);
    const end = start + (chunk as Buffer).length;
    while (waiting.length > 0 && waiting[0]!.offset <= end) {
      const life = waiting.shift()!;
      if (hashTail(held.subarray(0, held.length - (end - life.offset))) === life.tail) best = life;
    }
    start = end;
    if (waiting.length === 0 || context.isStopped()) break;
  }
  return best;
}

/** Appends everything behind the life's offset. False where the reader was stopped. */
async function sendRest(file: LineFile, life: Life, context: FollowContext): Promise<boolean> {
  const rest = new Rest(life, context);
  let to_skip = life.offset;
  for await (const piece of openDecompressed(file)) {
    const skipped = Math.min((piece as Buffer).length, to_skip);
    to_skip -= skipped;
    if (context.isStopped()) return false;
    rest.skip((piece as Buffer).subarray(0, skipped));
    if (!(await rest.push((piece as Buffer).subarray(skipped)))) return false;
  }
  return rest.finish();
}

const extend = (tail: Buffer, bytes: Buffer): Buffer =>
  bytes.length >= tail_bytes_max
    ? Buffer.from(bytes.subarray(-tail_bytes_max))
    : Buffer.concat([tail, bytes]).subarray(-tail_bytes_max);

/** Collects decompressed pieces into chunks of lines. */
class Rest {
  readonly #life: Life;
  readonly #context: FollowContext;
  readonly #buffer: Buffer;
  #filled = 0;
  /** The last bytes before those in the buffer. */
  #before: Buffer = Buffer.alloc(0);
  /** Length so far of a line over the limit, whose first bytes fill the buffer; 0 where there is none. */
  #long_length = 0;

  constructor(life: Life, context: FollowContext) {
    this.#life = life;
    this.#context = context;
    this.#buffer = Buffer.allocUnsafeSlow(context.limits.line_bytes_max + 256 * 1024);
  }

  skip(bytes: Buffer): void {
    if (bytes.length > 0) this.#before = extend(this.#before, bytes);
  }

  async push(bytes: Buffer): Promise<boolean> {
    let rest = bytes;
    while (rest.length > 0) {
      if (this.#long_length > 0) {
        const stop = rest.indexOf(10);
        const taken = stop === -1 ? rest.length : stop + 1;
        this.#before = extend(this.#before, rest.subarray(0, taken));
        this.#long_length += taken;
        rest = rest.subarray(taken);
        if (stop !== -1 && !(await this.#endLongLine())) return false;
      } else {
        const taken = rest.copy(this.#buffer, this.#filled);
        this.#filled += taken;
        rest = rest.subarray(taken);
        if (this.#filled === this.#buffer.length && !(await this.#flush())) return false;
      }
    }
    return true;
  }

  async #endLongLine(): Promise<boolean> {
    const { line_bytes_max } = this.#context.limits;
    const kept = this.#buffer.subarray(0, line_bytes_max);
    const end = this.#life.offset + this.#long_length;
    const part = cutLine(kept, this.#life.offset, this.#long_length - 1, 0, end);
    this.#long_length = 0;
    this.#filled = 0;
    return appendPart(this.#context, this.#life, part, end, hashTail(this.#before));
  }

  /** Appends the whole lines in the buffer and moves what follows them to its beginning. */
  async #flush(): Promise<boolean> {
    while (!hasRoom(this.#context) && !this.#context.isStopped()) {
      await new Promise((resolve) => setTimeout(resolve, room_wait_ms));
    }
    const chunk = this.#buffer.subarray(0, this.#filled);
    const from = this.#life.offset;
    let end = 0;
    for (const part of cutLines(chunk, from, this.#context.limits)) {
      this.#before = extend(this.#before, chunk.subarray(end, part.end));
      end = part.end;
      if (!(await appendPart(this.#context, this.#life, part, from + end, hashTail(this.#before))))
        return false;
    }
    this.#buffer.copyWithin(0, end, this.#filled);
    this.#filled -= end;
    if (this.#filled > this.#context.limits.line_bytes_max) {
      this.#long_length = this.#filled;
      this.#before = extend(this.#before, this.#buffer.subarray(0, this.#filled));
    }
    return !this.#context.isStopped();
  }

  /** The end of the file: its last line may lack the newline. */
  async finish(): Promise<boolean> {
    if (this.#long_length === 0 && !(await this.#flush())) return false;
    const length = this.#long_length > 0 ? this.#long_length : this.#filled;
    if (length === 0) return true;
    if (this.#long_length === 0) this.#before = extend(this.#before, this.#buffer.subarray(0, length));
    const kept = this.#buffer.subarray(0, Math.min(length, this.#context.limits.line_bytes_max));
    const part = lastLine(kept, this.#life.offset, length, this.#context.limits.line_bytes_max);
    return appendPart(this.#context, this.#life, part, this.#life.offset + length, hashTail(this.#before));
  }
}
