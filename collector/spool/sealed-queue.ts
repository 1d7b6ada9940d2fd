/** Batches that are cut and not yet on the disk, oldest first: while one is written, the next can be cut. */
import type { SealedBatch } from '@apiary/model/batch.ts';
import { sealAgain } from './chain-files.ts';
import type { Checkpoint, EntryMeta } from './segment.ts';

export interface CutBatch {
  sealed: SealedBatch;
  meta: EntryMeta;
  /** How the readers' state changed since the batch before. */
  change: Checkpoint;
  on_durable: (() => void)[];
}

/** Compressed bytes with which no further batch is cut: they are memory, and what compresses badly is as long as before. */
const bytes_max = 512 * 1024;

export class SealedQueue {
  #batches: CutBatch[] = [];

  get length(): number {
    return this.#batches.length;
  }

  get records(): number {
    return this.#batches.reduce((sum, { meta }) => sum + meta.records, 0);
  }

  get bytes(): number {
    return this.#batches.reduce((sum, { sealed }) => sum + sealed.bytes.length, 0);
  }

  get has_room(): boolean {
    return this.#batches.length === 0 || this.bytes < bytes_max;
  }

  push(batch: CutBatch): void {
    this.#batches.push(batch);
  }

  /** The oldest, as many as have so many bytes together; one at least. */
  oldest(bytes: number): CutBatch[] {
    let left = bytes;
    const beyond = this.#batches.findIndex(({ sealed }, index) => {
      left -= sealed.bytes.length;
      return index > 0 && left < 0;
    });
    return this.#batches.slice(0, beyond === -1 ? undefined : beyond);
  }

  drop(count: number): void {
    this.#batches.splice(0, count);
  }

  /** Makes them batches of another chain, behind its batch `seq`. Gives the hash of the last, or `prev` where none is. */
  sealAgain(spool_id: string, seq: number, prev: string): string {
    let last = prev;
    this.#batches = this.#batches.map((batch, index) => {
      const sealed = sealAgain(batch.sealed.bytes, { spool_id, seq: seq + 1 + index, prev: last });
      last = sealed.hash;
      return { ...batch, sealed, meta: { ...batch.meta, hash: sealed.hash } };
    });
    return last;
  }
}
