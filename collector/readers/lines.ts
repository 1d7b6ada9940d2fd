/**
 * The line reader: follows the files that a path or pattern names through rotation, truncation, compression
 * and set-back snapshots. It frames bytes and understands none of them.
 */
import type { Gap } from '@apiary/model/batch.ts';
import { describeAbsent } from './absent.ts';
import { hasMagic } from './glob.ts';
import { readCompressed } from './line-compressed.ts';
import { files_max, findLineFiles, type LineFile } from './line-files.ts';
import { type FollowContext, Follower } from './line-follower.ts';
import { type Life, Lives, storeLife } from './line-life.ts';
import type { ReadBuffers, Reader, ReaderStatus, Sink } from './reader.ts';

export interface LineReaderOptions {
  stream: string;
  /** Absolute paths, possibly with patterns. */
  patterns: readonly string[];
  has_header: boolean;
  line_bytes_max: number;
  records_max: number;
  time_zone?: string | undefined;
  /** Nothing will be written any more (an import): last lines without newline are sent at once. */
  is_final?: boolean;
  poll_ms?: number;
  scan_ms?: number;
  /** A rotated file that was quiet for so long has ended; a file missing for so long is gone. */
  idle_ms?: number;
  /** Files that are followed at most: the newest. */
  files_max?: number;
}

const open_files_max = 64;

export class LineReader implements Reader {
  readonly poll_ms: number;
  readonly #sink: Sink;
  readonly #options: LineReaderOptions;
  readonly #scan_ms: number;
  readonly #files_max: number;
  readonly #lives: Lives;
  readonly #context: FollowContext;
  #followers = new Map<string, Follower>();
  #scanned_ms = -Infinity;
  #changed_ms = 0;
  /** Compressed in a form that is not read. */
  #unread: string[] = [];
  /** Files that are more than are followed: the oldest. */
  #beyond = 0;
  #trouble = '';
  #polling: Promise<void> | undefined;
  #is_stopped = false;

  constructor(sink: Sink, buffers: ReadBuffers, options: LineReaderOptions) {
    this.#sink = sink;
    this.#options = options;
    this.poll_ms = options.poll_ms ?? 200;
    this.#scan_ms = options.scan_ms ?? 1000;
    this.#files_max = options.files_max ?? files_max;
    this.#lives = new Lives(options.stream, sink.checkpoint);
    this.#context = {
      sink,
      buffers,
      lives: this.#lives,
      stream: options.stream,
      time_zone: options.time_zone,
      has_header: options.has_header,
      is_final: options.is_final ?? false,
      idle_ms: options.idle_ms ?? 5000,
      limits: { line_bytes_max: options.line_bytes_max, records_max: options.records_max },
      isStopped: () => this.#is_stopped,
      gap: (life, from, to, reason) => this.#tellGap(life, from, to, reason),
    };
  }

  poll(): Promise<void> {
    this.#polling ??= this.#pollNow().finally(() => {
      this.#polling = undefined;
    });
    return this.#polling;
  }

  async #pollNow(): Promise<void> {
    try {
      if (performance.now() - this.#scanned_ms >= this.#scan_ms || this.#sawChangeOfName())
        await this.#scan();
      const is_complete = await this.#followAll();
      if (is_complete) await this.#tellMissing();
    } catch (error) {
      this.#trouble = (error as Error).message;
    }
  }

  /** A file under a fixed path that is not the one we hold open means rotation: do not wait for the next scan. */
  #sawChangeOfName(): boolean {
    return [...this.#followers.values()].some((follower) => follower.lost_its_name);
  }

  async #scan(): Promise<void> {
    const found = findLineFiles(this.#options.patterns);
    this.#unread = found.filter(({ compression }) => compression === 'unread').map(({ shown }) => shown);
    const readable = found.filter(({ compression }) => compression !== 'unread');
    this.#beyond = Math.max(0, readable.length - this.#files_max);
    const files = readable.slice(this.#beyond);
    this.#scanned_ms = performance.now();
    const followers = new Map<string, Follower>();
    for (const file of files) {
      const key = `${file.dev}:${file.ino}`;
      const known = this.#followers.get(key);
      if (known === undefined) followers.set(key, new Follower(file, this.#context));
      else {
        known.update(file);
        followers.set(key, known);
      }
      this.#changed_ms = Math.max(this.#changed_ms, file.mtime_ms);
    }
    for (const [key, follower] of this.#followers) {
      if (followers.has(key)) continue;
      // Its name is gone, but while it is open what was written to it can still be read.
      if (follower.is_open && !follower.has_ended) {
        follower.markUnlinked();
        followers.set(key, follower);
      } else await follower.close();
    }
    this.#followers = followers;
  }

  /** Oldest first. False where it is not known yet which life some file holds. */
  async #followAll(): Promise<boolean> {
    let is_complete = true;
    let trouble = '';
    const followers = [...this.#followers.values()].sort((a, b) => a.file.mtime_ms - b.file.mtime_ms);
    for (const follower of followers) {
      if (this.#is_stopped) return false;
      try {
        const file = follower.file;
        const is_read =
          file.compression === 'none'
            ? await follower.follow()
            : await readCompressed(follower, this.#context);
        is_complete &&= is_read || follower.life !== undefined;
        this.#changed_ms = Math.max(this.#changed_ms, follower.changed_ms);
      } catch (error) {
        trouble = `${follower.file.shown}: ${(error as Error).message}`;
        is_complete = false;
      }
    }
    this.#trouble = trouble;
    const open = followers.filter((follower) => follower.is_open);
    for (const follower of open.slice(0, -open_files_max)) await follower.close();
    return is_complete;
  }

  /** Lives that no file holds any more: what was not read of them is a gap. */
  async #tellMissing(): Promise<void> {
    const held = new Set([...this.#followers.values()].map((follower) => follower.life));
    const now = performance.now();
    for (const life of this.#lives.all) {
      if (held.has(life)) life.missing_ms = 0;
      else if (life.missing_ms === 0) life.missing_ms = now;
      else if (now - life.missing_ms >= this.#context.idle_ms && this.#scanned_ms > life.missing_ms) {
        this.#lives.all.delete(life);
        const is_read = life.is_done || (life.is_drained && life.size_seen <= life.offset);
        if (is_read) this.#sink.note({ [life.key]: null });
        else {
          const to = life.size_seen > life.offset ? String(life.size_seen) : '';
          await this.#tellGap(life, String(life.offset), to, 'rotated_away', { [life.key]: null });
        }
      }
    }
  }

  async #tellGap(
    life: Life,
    from: string,
    to: string,
    reason: Gap['reason'],
    state: Record<string, unknown> = storeLife(life),
  ): Promise<void> {
    const gap: Gap = {
      stream: this.#options.stream,
      source: life.path,
      generation: life.generation,
      from,
      to,
      reason,
      noticed_ms: Date.now(),
    };
    await this.#sink.appendGap(gap, state, 1);
  }

  status(): ReaderStatus {
    const followers = [...this.#followers.values()];
    const fixed = this.#options.patterns.filter((pattern) => !hasMagic(pattern));
    const paths = new Set(followers.map((follower) => follower.file.shown));
    const missing = fixed.filter((path) => !paths.has(path));
    return {
      wanted: [...this.#options.patterns],
      followed: followers
        .filter((follower) => !follower.has_ended)
        .map(({ file, life }: { file: LineFile; life: Life | undefined }) => ({
          path: file.shown,
          offset: life?.offset ?? 0,
          size: file.compression === 'none' ? Math.max(file.size, life?.size_seen ?? 0) : (life?.offset ?? 0),
        })),
      changed_ms: this.#changed_ms,
      is_waiting: this.#context.sink.room < this.#context.buffers.bytes / 4,
      trouble:
        this.#trouble || this.#describeBeyond() || (followers.length > 0 ? '' : describeAbsent(missing)),
      notes: describeUnread(this.#unread),
    };
  }

  #describeBeyond(): string {
    return this.#beyond === 0
      ? ''
      : `more than ${this.#files_max} files: the ${this.#beyond} oldest are not read; apiary import takes them`;
  }

  async stop(): Promise<void> {
    this.#is_stopped = true;
    await this.#polling;
    for (const follower of this.#followers.values()) await follower.close();
  }
}

const describeUnread = ([first, ...others]: string[]): string[] =>
  first === undefined
    ? []
    : [
        `${first}${others.length > 0 ? ` and ${others.length} more` : ''}: only gzip and zstd are read; apiary import takes it`,
      ];
