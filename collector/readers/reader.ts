/** What all readers share: where they put records, and what they tell of themselves. */
import type { Gap, Run } from '@apiary/model/batch.ts';
import type { Checkpoint } from '../spool/segment.ts';

/** The sensor's chain in the spool, as readers see it. */
export interface Sink {
  /** The readers' state that lies durable beside the records; keys are each reader's own. */
  readonly checkpoint: Checkpoint;
  /** Bytes that may be appended before the source must wait. */
  readonly room: number;
  append(run: Run, bytes: Buffer, state: Checkpoint, on_durable?: () => void): Promise<boolean>;
  appendGap(gap: Gap, state: Checkpoint, lost?: number): Promise<boolean>;
  note(state: Checkpoint): void;
  countCut(): void;
}

export interface FollowedSource {
  path: string;
  /** Read up to here, in the unit of `size`: bytes of a file, rowid of a table. */
  offset: number;
  size: number;
}

export interface ReaderStatus {
  /** What the reader looks for: paths and patterns. */
  wanted: string[];
  followed: FollowedSource[];
  /** Milliseconds since 1970 of the last change of a source; 0 where none was seen. */
  changed_ms: number;
  /** The spool share is full and the source waits. */
  is_waiting: boolean;
  /** What does not work now; '' where all does. */
  trouble: string;
  /** What is worth knowing though nothing is wrong. */
  notes?: string[];
}

export interface Reader {
  /** Reads what is there now. Resolves when nothing more is to be had, the spool is full, or it is stopped. */
  poll(): Promise<void>;
  status(): ReaderStatus;
  /** No record is appended after this resolves. */
  stop(): Promise<void>;
  readonly poll_ms: number;
}

/** A fixed number of buffers that readers take turns with: it bounds memory however many sources there are. */
export class ReadBuffers {
  readonly bytes: number;
  #free: Buffer[] = [];
  #unmade: number;
  #waiting: ((buffer: Buffer) => void)[] = [];

  constructor(bytes: number, count = 2) {
    this.bytes = bytes;
    this.#unmade = count;
  }

  async use<T>(work: (buffer: Buffer) => Promise<T>): Promise<T> {
    const buffer = await this.#take();
    try {
      return await work(buffer);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(buffer);
      else next(buffer);
    }
  }

  #take(): Promise<Buffer> {
    const free = this.#free.pop();
    if (free !== undefined) return Promise.resolve(free);
    if (this.#unmade > 0) {
      this.#unmade -= 1;
      return Promise.resolve(Buffer.allocUnsafeSlow(this.bytes));
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
