/**
 * The reader of files that hold records one after another in a form of their own (captures, XML, paragraphs). It follows
 * files that grow; what begins and ends a record is the framer's to say. A file is known by its first record, so renaming
 * it sends nothing twice; another one in its place is another life.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { encodeFrame, type Run, record_flags } from '@apiary/model/batch.ts';
import type { FramedStream } from '@apiary/model/submodule.ts';
import { CaptureFramer } from './capture.ts';
import { findLineFiles, type LineFile } from './line-files.ts';
import { ParagraphFramer } from './paragraphs.ts';
import type { FollowedSource, ReadBuffers, Reader, ReaderStatus, Sink } from './reader.ts';
import { XmlFramer } from './xml-elements.ts';

export interface FramedRecord {
  /** Offset in the file. */
  place: number;
  bytes: Buffer;
  original_size: number;
  is_cut: boolean;
}

export interface FramedPart {
  records: FramedRecord[];
  /** How much of the bytes is done with; more than there were where something is to be passed over. */
  used: number;
  /** What does not fit the form: the file is read no further. */
  trouble?: string;
}

/** Finds records in bytes that follow each other. Never throws, whatever they are. */
export interface Framer {
  /** What is needed to go on behind what was used, as JSON holds it. */
  readonly state: unknown;
  /** @param base the offset of `bytes` in the file */
  frame(bytes: Buffer, base: number): FramedPart;
}

export interface FramedReaderOptions {
  source: FramedStream;
  patterns: readonly string[];
  record_bytes_max: number;
  time_zone?: string | undefined;
  look_ms?: number;
}

/** Lies in the checkpoint, by generation. */
interface StoredLife {
  offset: number;
  state: unknown;
}

interface Followed {
  file: LineFile;
  framer: Framer;
  offset: number;
  /** What stood right before the offset, where it was read: when it is not there any more, this is another file. */
  tail: Buffer;
  /** '' until its first record was found. */
  generation: string;
  trouble: string;
}

const tail_bytes_max = 256;
const no_tail = Buffer.alloc(0);

export class FramedReader implements Reader {
  readonly poll_ms = 200;
  readonly #sink: Sink;
  readonly #buffers: ReadBuffers;
  readonly #options: FramedReaderOptions;
  readonly #followed = new Map<string, Followed>();
  #next_look_ms = 0;
  #changed_ms = 0;
  #trouble = '';
  #is_waiting = false;
  #is_stopped = false;
  #polling: Promise<void> | undefined;

  constructor(sink: Sink, buffers: ReadBuffers, options: FramedReaderOptions) {
    this.#sink = sink;
    this.#buffers = buffers;
    this.#options = options;
  }

  poll(): Promise<void> {
    this.#polling ??= this.#pollNow().finally(() => {
      this.#polling = undefined;
    });
    return this.#polling;
  }

  async #pollNow(): Promise<void> {
    if (performance.now() < this.#next_look_ms) return;
    try {
      this.#scan();
      this.#trouble = '';
      for (const followed of this.#followed.values()) {
        if (this.#is_stopped) return;
        await this.#follow(followed);
      }
    } catch (error) {
      this.#trouble = (error as Error).message;
    }
    this.#next_look_ms = performance.now() + (this.#options.look_ms ?? 1000);
  }

  #scan(): void {
    const present = new Set<string>();
    for (const file of findLineFiles(this.#options.patterns)) {
      const key = `${file.dev}:${file.ino}`;
      present.add(key);
      this.#changed_ms = Math.max(this.#changed_ms, file.mtime_ms);
      const known = this.#followed.get(key);
      if (known !== undefined && file.size >= known.offset) known.file = file;
      else this.#followed.set(key, { file, ...this.#fresh() });
    }
    for (const [key, { generation }] of this.#followed) {
      if (present.has(key)) continue;
      this.#followed.delete(key);
      const is_elsewhere = [...this.#followed.values()].some((other) => other.generation === generation);
      if (generation !== '' && !is_elsewhere) this.#sink.note({ [this.#key(generation)]: null });
    }
  }

  #fresh(): Omit<Followed, 'file'> {
    return { framer: this.#makeFramer(undefined), offset: 0, tail: no_tail, generation: '', trouble: '' };
  }

  #makeFramer(state: unknown): Framer {
    const { source, record_bytes_max } = this.#options;
    const { form } = source;
    if (form.kind === 'capture') return new CaptureFramer(form.udp_port, state);
    if (form.kind === 'xml') return new XmlFramer(form.element, record_bytes_max, state);
    return new ParagraphFramer(record_bytes_max, state);
  }

  #key(generation: string): string {
    return `framed/${this.#options.source.stream}/${generation}`;
  }

  async #follow(followed: Followed): Promise<void> {
    const { file } = followed;
    if (file.compression !== 'none') followed.trouble = 'compressed files of this form are not read';
    if (followed.trouble !== '' || followed.offset >= file.size) return;
    let handle: FileHandle | undefined;
    try {
      handle = await open(file.path, 'r');
      while (await this.#readPart(followed, handle));
    } catch (error) {
      this.#trouble = `${file.path}: ${(error as Error).message}`;
    } finally {
      await handle?.close();
    }
  }

  /** False where there is no more to be had now. */
  async #readPart(followed: Followed, handle: FileHandle): Promise<boolean> {
    this.#is_waiting = this.#sink.room < this.#buffers.bytes;
    if (this.#is_waiting || this.#is_stopped) return false;
    return this.#buffers.use(async (buffer) => {
      const lead = followed.tail.length;
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, followed.offset - lead);
      if (!buffer.subarray(0, Math.min(lead, bytesRead)).equals(followed.tail)) {
        Object.assign(followed, this.#fresh());
        return true;
      }
      if (bytesRead === lead) return false;
      const bytes = buffer.subarray(lead, bytesRead);
      const { records, used, trouble } = followed.framer.frame(bytes, followed.offset);
      if (trouble !== undefined) followed.trouble = `${trouble}, at ${followed.offset + used}`;
      const [first] = records;
      if (followed.generation === '' && first !== undefined && this.#recognise(followed, first)) return true;
      followed.offset += used;
      // A copy: the buffer is another file's next.
      const end = lead + used;
      followed.tail =
        end > bytesRead ? no_tail : Buffer.from(buffer.subarray(Math.max(0, end - tail_bytes_max), end));
      if (followed.generation !== '') await this.#send(followed, records);
      return used > 0 && followed.trouble === '';
    });
  }

  /** Names the life by its first record. True where it was read before: it goes on where that ended. */
  #recognise(followed: Followed, first: FramedRecord): boolean {
    const named = createHash('sha256').update(`${first.place}\n`).update(first.bytes);
    followed.generation = named.digest('hex').slice(0, 16);
    const stored = this.#sink.checkpoint[this.#key(followed.generation)] as StoredLife | undefined;
    if (stored === undefined || stored.offset > followed.file.size) return false;
    followed.offset = stored.offset;
    followed.tail = no_tail;
    followed.framer = this.#makeFramer(stored.state);
    followed.trouble = '';
    return true;
  }

  async #send({ file, generation, offset, framer }: Followed, records: FramedRecord[]): Promise<void> {
    const state = { [this.#key(generation)]: { offset, state: framer.state } satisfies StoredLife };
    if (records.length === 0) {
      this.#sink.note(state);
      return;
    }
    const { source, record_bytes_max, time_zone } = this.#options;
    const frames = records.map(({ place, bytes, original_size, is_cut }) => {
      const kept = bytes.subarray(0, record_bytes_max);
      const flags = is_cut || kept.length < bytes.length ? record_flags.cut : 0;
      if (flags !== 0) this.#sink.countCut();
      return encodeFrame(BigInt(place), flags, Math.min(original_size, 0xffffffff), kept);
    });
    for (const part of inRuns(records, frames)) {
      const run: Run = {
        ...{ stream: source.stream, source: file.path, generation, kind: 'frames' },
        first: String(part.first),
        next: String(part.last + 1),
        records: part.count,
        bytes: part.bytes.length,
        ...(time_zone === undefined ? {} : { time_zone }),
      };
      // The state goes with the last: after a crash in between, the first are sent again.
      if (!(await this.#sink.append(run, part.bytes, part.is_last ? state : {}))) return;
    }
  }

  status(): ReaderStatus {
    const all = [...this.#followed.values()];
    const failing = all.find(({ trouble }) => trouble !== '');
    const absent = `not there yet: ${this.#options.patterns.join(', ')}`;
    const own = failing === undefined ? this.#trouble : `${failing.file.path}: ${failing.trouble}`;
    return {
      wanted: [...this.#options.patterns],
      followed: all.map(
        ({ file, offset }): FollowedSource => ({
          path: file.path,
          offset: Math.min(offset, file.size),
          size: file.size,
        }),
      ),
      changed_ms: this.#changed_ms,
      is_waiting: this.#is_waiting,
      trouble: all.length === 0 && own === '' ? absent : own,
    };
  }

  async stop(): Promise<void> {
    this.#is_stopped = true;
    await this.#polling;
  }
}

const run_records_max = 500;
const run_bytes_max = 256 * 1024;

interface RunPart {
  first: number;
  last: number;
  count: number;
  bytes: Buffer;
  is_last: boolean;
}

/** Cuts frames into runs that fit any batch. */
function inRuns(records: readonly FramedRecord[], frames: readonly Buffer[]): RunPart[] {
  const parts: RunPart[] = [];
  let start = 0;
  let bytes = 0;
  for (let index = 0; index <= frames.length; index += 1) {
    const size = frames[index]?.length ?? 0;
    const is_full = index - start === run_records_max || bytes + size > run_bytes_max;
    if (index === frames.length || (is_full && index > start)) {
      const last = records[index - 1]!.place;
      const joined = Buffer.concat(frames.slice(start, index));
      const is_last = index === frames.length;
      parts.push({ first: records[start]!.place, last, count: index - start, bytes: joined, is_last });
      start = index;
      bytes = 0;
    }
    bytes += size;
  }
  return parts;
}
