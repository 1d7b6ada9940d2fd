/**
 * The binary log reader: follows the binary logs of a MySQL or MariaDB server from their files, without the server
 * knowing, and sends new rows of the declared tables, declared updates as later versions, and every other statement.
 *
 * Generation: the first log as it was first met (its server, version and start), kept in the checkpoint; a new one when
 * the server begins its logs anew (RESET MASTER) or another server's logs lie there. See mysql-sender.ts for places.
 * Going on: by log and position behind the last group that was taken whole.
 */
import { closeSync } from 'node:fs';
import { basename } from 'node:path';
import type { MysqlStream } from '@apiary/model/submodule.ts';
import { confinement, findProgram } from '../decode/confinement.ts';
import { type DecoderEnd, type DecoderLimits, decode } from '../decode/decoder.ts';
import { describeAbsent } from './absent.ts';
import { findLogs, type LogFile, openLog } from './binlog-files.ts';
import { BinlogOutput } from './binlog-output.ts';
import { type Format, feedOf, readFormat, type ScannedPart, scanGroups, sizeOf } from './binlog-scan.ts';
import { BinlogTaker } from './binlog-taker.ts';
import { KeptRows } from './mysql-kept.ts';
import { MysqlSender, nameGeneration } from './mysql-sender.ts';
import type { StoredTarget } from './mysql-target.ts';
import type { Reader, ReaderStatus, Sink } from './reader.ts';

export interface BinlogReaderOptions {
  source: MysqlStream;
  patterns: readonly string[];
  database: string;
  /** For what is remembered of rows that others belong to. */
  work_folder: string;
  record_bytes_max: number;
  records_max: number;
  time_zone?: string | undefined;
  look_ms?: number;
  /** How much of a log is scanned and decoded at once, about. */
  part_bytes?: number;
  limits?: Partial<DecoderLimits>;
  /** Full path of the decoder. */
  program?: string;
}

/** Lies in the checkpoint. */
interface Stored {
  generation: string;
  /** The log that is read, and who it is: by its description. */
  number: number;
  identity: string;
  offset: number;
  /** It said that it was over, and all of it was read. */
  is_over: boolean;
  targets: Record<string, StoredTarget>;
}

const key = 'binlog';
const part_bytes_usual = 128 * 1024 * 1024;
const limits_usual: DecoderLimits = {
  cpu_seconds: 600,
  memory_bytes: 1024 * 1024 * 1024,
  // The decoder keeps the rows of one statement until it has them all, and more than fit its memory in a file.
  file_bytes: 2 * 1024 * 1024 * 1024,
  output_bytes: 64 * 1024 * 1024 * 1024,
  silence_ms: 60_000,
  waiting_ms: 1_800_000,
};
const args = ['--base64-output=decode-rows', '-v', '--print-table-metadata', '--verify-binlog-checksum', '-'];
const room_bytes = 512 * 1024;
/** Attempts at what the decoder does not take, before it is left out. */
const attempts_max = 3;
const position_bits = 36n;

class Stopped extends Error {}

export const findDecoder = (): string | undefined =>
  findProgram('mariadb-binlog') ?? findProgram('mysqlbinlog');

export class BinlogReader implements Reader {
  readonly poll_ms = 200;
  readonly #sink: Sink;
  readonly #options: BinlogReaderOptions;
  readonly #sender: MysqlSender;
  readonly #kept: KeptRows;
  #stored: Stored | undefined;
  /** The same as it lies beside what was sent. */
  #sent: Stored | undefined;
  #logs: LogFile[] = [];
  #size = 0;
  #path = '';
  #changed_ms = 0;
  #next_look_ms = 0;
  #trouble = '';
  #is_waiting = false;
  #is_stopped = false;
  #attempts = 0;
  #part_bytes: number;
  #polling: Promise<void> | undefined;
  /** Since the start, for people. */
  #rolled_back = 0;
  #others = 0;

  constructor(sink: Sink, options: BinlogReaderOptions) {
    this.#sink = sink;
    this.#options = options;
    const { source, record_bytes_max, records_max, time_zone } = options;
    const waitForRoom = (bytes: number): Promise<void> => this.#waitForRoom(bytes);
    this.#sender = new MysqlSender({ sink, source, record_bytes_max, records_max, time_zone, waitForRoom });
    this.#kept = new KeptRows(options.work_folder);
    this.#part_bytes = options.part_bytes ?? part_bytes_usual;
    this.#sent = sink.checkpoint[key] as Stored | undefined;
    this.#restore();
    if (this.#stored === undefined) return;
    this.#sender.generation = this.#stored.generation;
    this.#kept.load(this.#stored.generation, this.#sender.targets.values());
  }

  poll(): Promise<void> {
    this.#polling ??= this.#pollNow().finally(() => {
      this.#polling = undefined;
    });
    return this.#polling;
  }

  async #pollNow(): Promise<void> {
    if (performance.now() < this.#next_look_ms || this.#is_stopped) return;
    try {
      this.#trouble = '';
      while (!this.#is_stopped && (await this.#readPart()));
    } catch (error) {
      if (!(error instanceof Stopped)) this.#trouble = (error as Error).message;
      this.#sender.discard();
      this.#restore();
    }
    this.#next_look_ms = performance.now() + (this.#options.look_ms ?? 1000);
    if (this.#stored !== undefined) this.#kept.save(this.#stored.generation, this.#sender);
  }

  /** What a failure left half done is read again. */
  #restore(): void {
    const sent = this.#sent;
    this.#stored = sent === undefined ? undefined : { ...sent };
    if (sent !== undefined) this.#sender.loadTargets(sent.targets);
  }

  /** Sends what is ready together with where reading goes on. */
  async #flush(): Promise<void> {
    const state: Stored = { ...this.#stored!, targets: this.#sender.storeTargets() };
    await this.#sender.flush({ [key]: state });
    this.#sent = state;
  }

  /** True where there may be more to be had at once. */
  async #readPart(): Promise<boolean> {
    const program = this.#options.program ?? findDecoder();
    if (program === undefined)
      throw new Error('neither mariadb-binlog nor mysqlbinlog is installed on this host');
    const { logs, trouble } = findLogs(this.#options.patterns);
    this.#logs = logs;
    this.#trouble = trouble;
    const log = await this.#choose(logs);
    if (log === undefined) return false;
    const fd = openLog(this.#options.patterns, log.path);
    if (fd === undefined) return false;
    try {
      return await this.#readLog(fd, log, program);
    } finally {
      closeSync(fd);
    }
  }

  /** The log to read now. Tells of logs that were purged before they were read. */
  async #choose(logs: readonly LogFile[]): Promise<LogFile | undefined> {
    const stored = this.#stored;
    const [lowest] = logs;
    const highest = logs.at(-1);
    if (stored === undefined || lowest === undefined || highest === undefined) return lowest;
    const current = logs.find(({ number }) => number === stored.number);
    const later = logs.find(({ number }) => number > stored.number);
    // The server counts from one again.
    if (highest.number < stored.number) return this.#beginAnew(lowest);
    if (current !== undefined && !(stored.is_over && later !== undefined)) return current;
    if (later === undefined) return undefined;
    if (!stored.is_over || later.number > stored.number + 1) {
      const from = this.#place(stored.number + (stored.is_over ? 1 : 0), stored.is_over ? 0 : stored.offset);
      await this.#lose({ from, to: this.#place(later.number, 0), reason: 'rotated_away' });
    }
    return later;
  }

  #place(number: number, offset: number): string {
    return String((BigInt(number) << position_bits) + BigInt(offset));
  }

  #lose(gap: { from: string; to: string; reason: 'rotated_away' | 'unreadable' }): Promise<void> {
    return this.#sender.sendGap(gap, {});
  }

  #beginAnew(log: LogFile): LogFile {
    this.#stored = undefined;
    return log;
  }

  async #readLog(fd: number, log: LogFile, program: string): Promise<boolean> {
    this.#size = sizeOf(fd);
    this.#path = log.path;
    const format = readFormat(fd);
    if (typeof format === 'string') throw new Error(`${log.path}: ${format}`);
    if (format === undefined) return false;
    const stored = this.#enter(log, format);
    this.#sender.source = log.path;
    const part = scanGroups(fd, format, stored.offset, this.#size, this.#part_bytes);
    if (part.next > stored.offset) this.#changed_ms = Date.now();
    if (part.ranges.length > 0) {
      const end = await this.#decodePart(fd, format, part, log, program);
      if (end.outcome !== 'done') return this.#failed(end, part, log);
    }
    this.#attempts = 0;
    this.#part_bytes = Math.min(this.#part_bytes * 2, this.#options.part_bytes ?? part_bytes_usual);
    this.#rolled_back += part.rolled_back;
    stored.offset = part.next;
    stored.is_over = part.reached === 'closed' || this.#isLeftBehind(part, log);
    await this.#flush();
    if (part.damage !== '') return this.#damaged(part, log);
    if (stored.is_over) return this.#logs.some(({ number }) => number > log.number);
    return part.reached === 'more';
  }

  /** A server that died wrote no last word: a later log says that this one is over. What is half written was never committed. */
  #isLeftBehind(part: ScannedPart, log: LogFile): boolean {
    return (
      part.reached === 'end' && part.damage === '' && this.#logs.some(({ number }) => number > log.number)
    );
  }

  #enter(log: LogFile, format: Format): Stored {
    const identity = nameGeneration(format.bytes);
    const stored = this.#stored;
    if (stored !== undefined && stored.number === log.number && stored.identity === identity) {
      if (stored.offset <= this.#size) return stored;
      // The same log, shorter: set back, or cut. What was read of it was committed.
      throw new Error(`${log.path}: it is shorter than what was read of it`);
    }
    const goes_on = stored !== undefined && log.number > stored.number;
    const generation = goes_on ? stored.generation : nameGeneration(basename(log.path), format.bytes);
    if (!goes_on) this.#sender.beginGeneration(generation);
    const offset = 4 + format.size;
    const targets = this.#sender.storeTargets();
    this.#sent = { generation, number: log.number, identity, offset, is_over: false, targets };
    this.#stored = { ...this.#sent };
    return this.#stored;
  }

  async #decodePart(
    fd: number,
    format: Format,
    part: ScannedPart,
    log: LogFile,
    program: string,
  ): Promise<DecoderEnd> {
    const { database, record_bytes_max, time_zone = 'UTC', limits } = this.#options;
    const { boundaries, undone } = part;
    const options = { sender: this.#sender, database, record_bytes_max, time_zone, boundaries, undone };
    const taker = new BinlogTaker({ ...options, log: { name: log.name, number: log.number } });
    const output = new BinlogOutput(taker, { ends: part.ends, is_loose: part.has_payload });
    // What is taken is written while the next is decoded.
    let flushing = Promise.resolve();
    let end: DecoderEnd;
    try {
      end = await decode({
        ...{ program, args, input: feedOf(fd, format, part), limits: { ...limits_usual, ...limits } },
        take: async (piece) => {
          output.push(piece);
          if (this.#sender.ready_bytes < room_bytes / 2) return;
          await flushing;
          flushing = this.#flushTaken(taker);
          // Thrown where it is awaited.
          flushing.catch(() => undefined);
        },
      });
    } finally {
      await flushing;
    }
    this.#others += taker.others;
    if (end.outcome !== 'done') return end;
    output.finish();
    taker.finish();
    this.#sender.closeAll();
    return end;
  }

  /** Sends what is ready, with the state behind the last whole group of it. */
  async #flushTaken(taker: BinlogTaker): Promise<void> {
    const stored = this.#stored!;
    if (taker.boundary > stored.offset) {
      this.#sender.closeAll();
      stored.offset = taker.boundary;
      await this.#flush();
    } else await this.#sender.flush({});
    this.#kept.save(stored.generation, this.#sender);
    if (this.#is_stopped) throw new Stopped();
  }

  /** Of what the decoder does not take the half is tried, down to one group; that is left out then, and told. */
  async #failed(end: DecoderEnd, part: ScannedPart, log: LogFile): Promise<boolean> {
    this.#sender.discard();
    this.#restore();
    const stored = this.#stored!;
    const is_one = part.boundaries.size <= 1;
    if (is_one) this.#attempts += 1;
    this.#part_bytes = Math.max(1, Math.floor((part.next - stored.offset) / 2));
    const trouble = `${log.path}: the decoder ${end.reason}`;
    this.#trouble = trouble;
    if (!is_one) return true;
    if (this.#attempts < attempts_max) throw new Error(trouble);
    const gap = { from: this.#place(log.number, stored.offset), to: this.#place(log.number, part.next) };
    await this.#lose({ ...gap, reason: 'unreadable' });
    stored.offset = part.next;
    this.#attempts = 0;
    await this.#flush();
    return true;
  }

  /** Behind bytes that are no event nothing can be found; the next log begins anew. */
  async #damaged(part: ScannedPart, log: LogFile): Promise<boolean> {
    const stored = this.#stored!;
    const is_left = this.#logs.some(({ number }) => number > log.number);
    if (!is_left) throw new Error(`${log.path}: ${part.damage}`);
    const gap = { from: this.#place(log.number, part.next), to: this.#place(log.number + 1, 0) };
    await this.#lose({ ...gap, reason: 'unreadable' });
    stored.is_over = true;
    await this.#flush();
    return true;
  }

  async #waitForRoom(bytes: number): Promise<void> {
    while (this.#sink.room < bytes + room_bytes) {
      this.#is_waiting = true;
      if (this.#is_stopped) throw new Stopped();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    this.#is_waiting = false;
  }

  status(): ReaderStatus {
    const absent = this.#logs.length === 0 ? describeAbsent(this.#options.patterns) : '';
    return {
      wanted: [...this.#options.patterns],
      followed:
        this.#path === '' ? [] : [{ path: this.#path, offset: this.#stored?.offset ?? 0, size: this.#size }],
      changed_ms: this.#changed_ms,
      is_waiting: this.#is_waiting,
      trouble: this.#trouble || absent,
      notes: this.#notes(),
    };
  }

  /** For people: what was seen and not sent, and how far decoders are kept in. */
  #notes(): string[] {
    const told = [confinement().weakness];
    if (this.#rolled_back > 0) told.push(`${this.#rolled_back} transactions were rolled back`);
    if (this.#others > 0) told.push(`${this.#others} rows and statements were about other databases`);
    return told.filter((note) => note !== '');
  }

  async stop(): Promise<void> {
    this.#is_stopped = true;
    await this.#polling;
    if (this.#stored !== undefined) this.#kept.save(this.#stored.generation, this.#sender, true);
  }
}
