/**
 * The reader of files that hold records one after another in a form of their own (captures, XML, paragraphs). It follows
 * files that grow; what begins and ends a record is the framer's to say. A file is known by its first record, so renaming
 * it sends nothing twice; another one in its place is another life.
 */
import { createHash } from 'node:crypto';
import { closeSync, read } from 'node:fs';
import { promisify } from 'node:util';
import { encodeFrame, type Run, record_flags } from '@apiary/model/batch.ts';
import type { FramedStream } from '@apiary/model/submodule.ts';
import type { Asked } from '../decode/child.ts';
import { confinement } from '../decode/confinement.ts';
import { describeAbsent } from './absent.ts';
import { isInContainer, files_max as looked_at_max } from './artifact-files.ts';
import { CaptureFramer } from './capture.ts';
import { ChildFramer, openCaptureChild } from './capture-child.ts';
import type { FrameQuestion } from './capture-inside.ts';
import { type FramedLife, FramedLives } from './framed-lives.ts';
import { findLineFiles, type LineFile, openLineFile } from './line-files.ts';
import { ParagraphFramer } from './paragraphs.ts';
import { type FollowedSource, ReadBuffers, type Reader, type ReaderStatus, type Sink } from './reader.ts';
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

/** One that works elsewhere, and may fail there. */
export interface SlowFramer {
  readonly state: unknown;
  frame(bytes: Buffer, base: number): Promise<FramedPart>;
}

export interface FramedReaderOptions {
  source: FramedStream;
  patterns: readonly string[];
  record_bytes_max: number;
  time_zone?: string | undefined;
  look_ms?: number;
  /** How long a life must be without a file before it counts as gone. */
  idle_ms?: number;
}

interface Followed {
  file: LineFile;
  framer: Framer | SlowFramer;
  offset: number;
  /** What stood right before the offset, where it was read: when it is not there any more, this is another file. */
  tail: Buffer;
  /** '' until its first record was found. */
  generation: string;
  is_noted_done: boolean;
  /** All of it was read at the last look. */
  is_drained: boolean;
  trouble: string;
  /** What failed at the last look, how often in a row, and when it is tried again. */
  failure: string;
  failures: number;
  again_ms: number;
}

const tail_bytes_max = 256;
const no_tail = Buffer.alloc(0);
/** Of one file in one look: then it is the others' turn. */
const parts_max = 64;
/** The start of a child may take a fifth of the time. */
const start_rest_factor = 5;
const rest_after_failure_ms_max = 600_000;
const readAt = promisify(read);

export class FramedReader implements Reader {
  readonly poll_ms = 200;
  readonly #sink: Sink;
  readonly #buffers: ReadBuffers;
  readonly #options: FramedReaderOptions;
  readonly #followed = new Map<string, Followed>();
  readonly #lives: FramedLives;
  #next_look_ms = 0;
  #changed_ms = 0;
  #trouble = '';
  #is_waiting = false;
  #is_stopped = false;
  #polling: Promise<void> | undefined;
  /** It lives for one look. */
  #child: Asked<FrameQuestion> | undefined;
  #starting_ms = 0;

  constructor(sink: Sink, buffers: ReadBuffers, options: FramedReaderOptions) {
    this.#sink = sink;
    // Whoever waits for a child that hangs holds no buffer of other readers.
    this.#buffers = options.patterns.some(isInContainer) ? new ReadBuffers(buffers.bytes, 1) : buffers;
    this.#options = options;
    this.#lives = new FramedLives(sink, options.source.stream);
  }

  poll(): Promise<void> {
    this.#polling ??= this.#pollNow().finally(() => {
      this.#polling = undefined;
    });
    return this.#polling;
  }

  async #pollNow(): Promise<void> {
    if (performance.now() < this.#next_look_ms) return;
    let has_more = false;
    try {
      await this.#scan();
      this.#trouble = '';
      for (const followed of this.#followed.values()) {
        if (this.#is_stopped) return;
        has_more = (await this.#follow(followed)) || has_more;
      }
      if (!has_more && !this.#is_waiting) {
        this.#noteDone();
        const all = [...this.#followed.values()];
        if (all.every(({ failure }) => failure === ''))
          await this.#lives.tellUnheld(this.#options.patterns.join(', '), this.#options.idle_ms ?? 5000);
      }
    } catch (error) {
      this.#trouble = (error as Error).message;
    } finally {
      await this.#endChild();
    }
    const rest_ms = this.#starting_ms * start_rest_factor;
    this.#starting_ms = 0;
    const look_ms = has_more ? 0 : (this.#options.look_ms ?? 1000);
    this.#next_look_ms = performance.now() + Math.max(look_ms, rest_ms);
  }

  /** Asks the child of this look, which is started at the first question. */
  #ask = async (question: FrameQuestion): ReturnType<Asked<FrameQuestion>['ask']> => {
    const began_ms = performance.now();
    const is_first = this.#child === undefined;
    this.#child ??= openCaptureChild(this.#buffers.bytes);
    const replied = await this.#child.ask(question);
    if (is_first) this.#starting_ms += performance.now() - began_ms;
    return replied;
  };

  async #endChild(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    await child?.close();
  }

  async #scan(): Promise<void> {
    const present = new Set<string>();
    for (const file of findLineFiles(this.#options.patterns).slice(-looked_at_max)) {
      const key = `${file.dev}:${file.ino}`;
      present.add(key);
      this.#changed_ms = Math.max(this.#changed_ms, file.mtime_ms);
      const known = this.#followed.get(key);
      if (known !== undefined && file.size >= known.offset) known.file = file;
      else {
        if (known !== undefined) this.#release(known);
        this.#followed.set(key, this.#fresh(file));
      }
    }
    for (const [key, followed] of this.#followed) {
      if (present.has(key)) continue;
      this.#followed.delete(key);
      const { generation } = followed;
      const is_elsewhere = [...this.#followed.values()].some((other) => other.generation === generation);
      if (generation !== '' && is_elsewhere) continue;
      // What is wrong with it was told while it was there.
      if (followed.offset < followed.file.size && followed.trouble === '')
        await this.#lives.lose(generation, followed.file.shown, followed.offset, String(followed.file.size));
      else this.#lives.forget(generation);
    }
  }

  /** Another file stands in its place; what was read to the end that it had lost nothing that is known. */
  #release(followed: Followed): void {
    const { generation, is_drained } = followed;
    if (generation === '') return;
    const life = this.#describe(followed);
    this.#lives.release(generation, is_drained ? { ...life, is_done: true } : life);
  }

  /** What was read to its end and is not the newest grows no more. */
  #noteDone(): void {
    const all = [...this.#followed.values()];
    const newest_ms = Math.max(...all.map(({ file }) => file.mtime_ms));
    for (const followed of all) {
      const { file, generation, is_noted_done, trouble, failure } = followed;
      if (generation === '' || is_noted_done || trouble !== '' || failure !== '') continue;
      if (file.mtime_ms >= newest_ms) continue;
      followed.is_noted_done = true;
      this.#lives.note(generation, { ...this.#describe(followed), is_done: true });
    }
  }

  #describe({ file, offset, framer }: Followed): FramedLife {
    return { offset, state: framer.state, path: file.shown };
  }

  #fresh(file: LineFile): Followed {
    const framer = this.#makeFramer(file, undefined);
    const untroubled = { trouble: '', failure: '', failures: 0, again_ms: 0 };
    return {
      file,
      framer,
      offset: 0,
      tail: no_tail,
      generation: '',
      is_noted_done: false,
      is_drained: false,
      ...untroubled,
    };
  }

  #makeFramer({ pattern }: LineFile, state: unknown): Framer | SlowFramer {
    const { source, record_bytes_max } = this.#options;
    const { form } = source;
    if (form.kind === 'capture' && pattern !== undefined)
      return new ChildFramer(form.udp_port, state, this.#ask);
    if (form.kind === 'capture') return new CaptureFramer(form.udp_port, state);
    if (form.kind === 'xml') return new XmlFramer(form.element, record_bytes_max, state);
    return new ParagraphFramer(record_bytes_max, state);
  }

  /** True where there is more of it to be read at once. */
  async #follow(followed: Followed): Promise<boolean> {
    const { file } = followed;
    if (file.compression !== 'none') followed.trouble = 'compressed files of this form are not read';
    if (followed.trouble !== '' || followed.offset >= file.size) return false;
    if (performance.now() < followed.again_ms) return false;
    let fd: number | undefined;
    try {
      fd = openLineFile(file);
      if (fd === undefined) return false;
      let parts = 0;
      while (parts < parts_max && (await this.#readPart(followed, fd))) parts += 1;
      const is_drained = parts < parts_max && !this.#is_waiting;
      Object.assign(followed, { failure: '', failures: 0, is_drained });
      return parts === parts_max;
    } catch (error) {
      followed.failure = (error as Error).message;
      followed.failures += 1;
      const rest_ms = (this.#options.look_ms ?? 1000) * 2 ** followed.failures;
      followed.again_ms = performance.now() + Math.min(rest_after_failure_ms_max, rest_ms);
      // What is left of a child that failed here is no other file's.
      await this.#endChild();
      return false;
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
  }

  /** False where there is no more to be had now. */
  async #readPart(followed: Followed, fd: number): Promise<boolean> {
    this.#is_waiting = this.#sink.room < this.#buffers.bytes;
    if (this.#is_waiting || this.#is_stopped) return false;
    return this.#buffers.use(async (buffer) => {
      const lead = followed.tail.length;
      const { bytesRead } = await readAt(fd, buffer, 0, buffer.length, followed.offset - lead);
      if (!buffer.subarray(0, Math.min(lead, bytesRead)).equals(followed.tail)) {
        this.#release(followed);
        Object.assign(followed, this.#fresh(followed.file));
        return true;
      }
      if (bytesRead === lead) return false;
      const bytes = buffer.subarray(lead, bytesRead);
      const { records, used, trouble } = await followed.framer.frame(bytes, followed.offset);
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
    const stored = this.#lives.hold(followed.generation);
    if (stored === undefined || stored.offset > followed.file.size) return false;
    followed.offset = stored.offset;
    followed.tail = no_tail;
    followed.framer = this.#makeFramer(followed.file, stored.state);
    followed.trouble = '';
    return true;
  }

  async #send(followed: Followed, records: FramedRecord[]): Promise<void> {
    const { file, generation } = followed;
    const state = this.#lives.store(generation, this.#describe(followed));
    followed.is_noted_done = false;
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
        ...{ stream: source.stream, source: file.shown, generation, kind: 'frames' },
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

  get #needsChild(): boolean {
    const { source, patterns } = this.#options;
    return source.form.kind === 'capture' && patterns.some(isInContainer);
  }

  status(): ReaderStatus {
    const all = [...this.#followed.values()];
    const failing = all.find(({ trouble, failure }) => trouble !== '' || failure !== '');
    const own =
      failing === undefined ? this.#trouble : `${failing.file.shown}: ${failing.trouble || failing.failure}`;
    return {
      wanted: [...this.#options.patterns],
      followed: all.map(
        ({ file, offset }): FollowedSource => ({
          path: file.shown,
          offset: Math.min(offset, file.size),
          size: file.size,
        }),
      ),
      changed_ms: this.#changed_ms,
      is_waiting: this.#is_waiting,
      trouble: all.length === 0 && own === '' ? describeAbsent(this.#options.patterns) : own,
      notes: this.#needsChild ? [confinement().weakness].filter((note) => note !== '') : [],
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
