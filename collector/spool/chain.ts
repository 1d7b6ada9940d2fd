/**
 * The spool of one sensor: a chain of batches in segments. Sequence numbers and `prev` run within the
 * chain, so that no sensor waits behind another. The sensor's folder holds `chain.json` (the chain's spool
 * id), the segments in a folder of that name, and `acked.json` (how far it is acknowledged, and
 * state that no batch carried yet; losing it costs only batches sent twice and gaps told that were none).
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type BatchHeader, type Gap, type Run, sealBatch } from '@apiary/model/batch.ts';
import { dropBytes } from '../memory.ts';
import { writeDurably } from '../write-durably.ts';
import {
  type Acked,
  applyCheckpoint,
  listFolders,
  metaOf,
  type Noted,
  newSpoolId,
  onlyChain,
  readAcked,
  readSpoolId,
  sealAgain,
  writeWhole,
} from './chain-files.ts';
import { type BufferPool, Pending } from './pending.ts';
import { type CutBatch, SealedQueue } from './sealed-queue.ts';
import { type Checkpoint, type Counts, encodeEntry, type HeldRange, readEntry } from './segment.ts';
import { type Entry, SegmentStore, sizeOf } from './segment-store.ts';

export interface ChainLimits {
  records_max: number;
  linger_ms: number;
  /** Bytes of unacknowledged entries that this sensor may have on disk. */
  share_bytes: number;
  segment_bytes: number;
}

/** What a chain asks of the whole spool. */
export interface Space {
  /** Makes room for so many more bytes by dropping acknowledged segments; false where there is none. */
  reserve(bytes: number): boolean;
  /** Called when something cannot be written (and with '' when it can again), and when a batch was sealed. */
  report(sensor: string, trouble: string): void;
  sealed(): void;
}

/** What is known of a batch whose bytes are not whole. */
interface Damaged {
  held: HeldRange[];
  records: number;
}

/** Batches waiting before new ones are cut larger: more small ones would only cost index and round trips. */
const waiting_before_lingering = 16;
const long_linger_ms = 3000;
const retry_write_ms = 1000;

export class Chain {
  readonly sensor: string;
  readonly limits: ChainLimits;
  /** The readers' state as of the last batch on the disk, and of what was noted behind it. */
  readonly checkpoint: Checkpoint = {};
  readonly counts: Counts = { read: 0, cut: 0, lost: 0 };
  spool_id: string;
  acked_seq = 0;
  acked_records = 0;
  refused = 0;
  waiting_records = 0;
  store: SegmentStore;
  readonly #folder: string;
  readonly #space: Space;
  readonly #pending: Pending;
  readonly #queue = new SealedQueue();
  #prev = '';
  #timer: NodeJS.Timeout | undefined;
  #sealing: Promise<void> | undefined;
  #stopped = false;
  #acked_written_ms = 0;
  #noted: Noted | undefined;

  constructor(
    folder: string,
    dir_id: string,
    sensor: string,
    limits: ChainLimits,
    pool: BufferPool,
    space: Space,
  ) {
    this.sensor = sensor;
    this.limits = limits;
    this.#folder = folder;
    this.#space = space;
    this.#pending = new Pending(limits.records_max, pool);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const first_id = createHash('sha256').update(dir_id).update(sensor).digest('hex').slice(0, 32);
    this.spool_id = readSpoolId(join(folder, 'chain.json')) ?? onlyChain(folder, first_id) ?? first_id;
    this.store = this.#openStore();
    this.#recover();
  }

  #openStore(): SegmentStore {
    const folder = join(this.#folder, this.spool_id);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return new SegmentStore(folder, this.limits.segment_bytes);
  }

  #recover(): void {
    for (const name of listFolders(this.#folder)) {
      if (name !== this.spool_id) rmSync(join(this.#folder, name), { recursive: true });
    }
    const acked = readAcked(join(this.#folder, 'acked.json'), this.spool_id);
    this.acked_seq = acked.seq;
    this.acked_records = acked.records;
    this.refused = acked.refused;
    const last = this.store.open(acked.seq, (meta) => {
      applyCheckpoint(this.checkpoint, meta.checkpoint);
      Object.assign(this.counts, meta.counts);
    });
    if (last !== undefined) this.#prev = last.hash;
    // A batch that was sealed later has it in its own state.
    if (acked.noted?.after === this.store.last_seq) {
      applyCheckpoint(this.checkpoint, acked.noted.state);
      this.note(acked.noted.state);
    }
    // The last entries are gone though they were acknowledged: what is sealed now would clash with them.
    if (this.acked_seq > this.store.last_seq) this.#switchTo(newSpoolId());
    this.waiting_records = this.store.recordsBetween(this.acked_seq, this.store.last_seq);
  }

  get last_seq(): number {
    return this.store.last_seq;
  }

  get waiting_batches(): number {
    return this.store.last_seq - this.acked_seq;
  }

  get pending_records(): number {
    return this.#pending.records + this.#queue.records;
  }

  /** Bytes that are not acknowledged: on disk, and not sealed yet (at most that when sealed). */
  get waiting_bytes(): number {
    return this.store.bytesAfter(this.acked_seq) + this.#pending.bytes + this.#queue.bytes;
  }

  /** Bytes that readers may still append before they must let the source wait. */
  get room(): number {
    // A segment that is acknowledged in part cannot be dropped yet: its size is not to be had.
    return Math.max(0, this.limits.share_bytes - this.limits.segment_bytes - this.waiting_bytes);
  }

  /**
   * Takes a run and the state behind it. Resolves once it is in memory; it is durable when `on_durable`
   * is called. False where the chain was stopped and nothing was taken.
   */
  async append(run: Run, bytes: Buffer, state: Checkpoint, on_durable?: () => void): Promise<boolean> {
    assert.equal(run.bytes, bytes.length);
    while (!this.#stopped && !this.#pending.fits(run)) await this.#makeRoom(() => this.#pending.fits(run));
    if (this.#stopped) return false;
    this.#pending.add(run, bytes);
    this.counts.read += run.records;
    this.#note(state, on_durable);
    return true;
  }

  async appendGap(gap: Gap, state: Checkpoint, lost = 0): Promise<boolean> {
    while (!this.#stopped && !this.#pending.fitsGap(gap))
      await this.#makeRoom(() => this.#pending.fitsGap(gap));
    if (this.#stopped) return false;
    this.#pending.addGap(gap);
    this.counts.lost += lost;
    this.#note(state);
    return true;
  }

  /** State that goes along with the next batch; where none comes soon it is kept beside them. */
  note(state: Checkpoint): void {
    this.#note(state);
  }

  countCut(): void {
    this.counts.cut += 1;
  }

  #note(state: Checkpoint, on_durable?: () => void): void {
    Object.assign(this.#pending.checkpoint, state);
    if (on_durable !== undefined) this.#pending.on_durable.push(on_durable);
    if (this.#timer !== undefined) return;
    const linger =
      this.waiting_batches >= waiting_before_lingering
        ? Math.max(long_linger_ms, this.limits.linger_ms)
        : this.limits.linger_ms;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#sealOrWait();
    }, linger);
  }

  /** Cuts a batch. Waits for the disk only where too much of what was cut before is not written yet. */
  async #makeRoom(fits: () => boolean): Promise<void> {
    if (this.#sealing !== undefined && this.#queue.has_room) {
      this.#cut();
      return;
    }
    const sealed = this.#sealOrWait();
    if (!fits()) await sealed;
  }

  /** Seals; where the disk does not take it, says so and lets some time pass. */
  async #sealOrWait(): Promise<void> {
    try {
      await this.#sealSome();
      this.#space.report(this.sensor, '');
    } catch (error) {
      this.#space.report(this.sensor, `spool: ${(error as Error).message}`);
      await new Promise((resolve) => setTimeout(resolve, retry_write_ms));
      if (!this.#stopped && this.#timer === undefined) this.#note({});
    }
  }

  /**
   * Seals what waits and makes it durable.
   * @throws the file system's error; what was to be written stays in memory and is tried again next time.
   */
  async seal(): Promise<void> {
    do await this.#sealSome();
    while (this.#queue.length > 0);
  }

  /** As `seal`, but no more than goes into one file at once. */
  #sealSome(): Promise<void> {
    if (this.#sealing === undefined) {
      this.#sealing = this.#sealNow().finally(() => {
        this.#sealing = undefined;
      });
      this.#sealing.then(
        () => this.#goOn(),
        () => undefined,
      );
    }
    return this.#sealing;
  }

  /** What was cut, or came, while the disk was at work. */
  #goOn(): void {
    if (this.#stopped || this.#sealing !== undefined) return;
    if (this.#queue.length > 0) void this.#sealOrWait();
    else if (!this.#pending.is_empty && this.#timer === undefined) this.#note({});
  }

  async #sealNow(): Promise<void> {
    if (!this.#pending.is_empty && this.#queue.has_room) this.#cut();
    if (this.#queue.length === 0) {
      this.#keepNoted();
      return;
    }
    const written = await this.#write();
    this.#queue.drop(written.length);
    for (const { sealed, meta, change, on_durable } of written) {
      applyCheckpoint(this.checkpoint, change);
      dropBytes(3 * sealed.bytes.length);
      this.waiting_records += meta.records;
      for (const call of on_durable) call();
    }
    this.#space.sealed();
  }

  /** Nothing waits to be written: what was noted stands behind the last batch. */
  #keepNoted(): void {
    const { checkpoint: state } = this.#pending;
    if (Object.keys(state).length === 0) return;
    const noted = { after: this.store.last_seq, state: { ...state } };
    if (isDeepStrictEqual(noted, this.#noted)) return;
    this.#noted = noted;
    this.saveAcked();
  }

  /**
   * Writes the oldest of what was cut, and gives what was written.
   * @throws the file system's error, or that the spool is full of what is not acknowledged.
   */
  async #write(): Promise<CutBatch[]> {
    let batches = this.#queue.oldest(this.store.segment_left);
    let entries = this.#encode(batches);
    const isTaken = (): boolean =>
      this.#space.reserve(entries.reduce((sum, { parts }) => sum + sizeOf(parts), 0));
    if (!isTaken()) {
      batches = batches.slice(0, 1);
      entries = this.#encode(batches);
      if (!isTaken()) {
        if (this.waiting_batches > 0) throw new Error('its share of the disk is used up; the source waits');
        // All is acknowledged, in a segment that is never dropped because the last state stands in it. The entry begins
        // another one, which has the state whole, and then the old one is: for that moment the spool is over its bound.
        this.store.endSegment();
        entries = this.#encode(batches);
      }
    }
    await this.store.append(entries);
    this.#space.reserve(0);
    return batches;
  }

  /** The first of a segment has the readers' state whole. */
  #encode(batches: readonly CutBatch[]): Entry[] {
    return batches.map(({ sealed, meta, change }, index) => {
      const checkpoint = index === 0 && this.store.starts_segment ? { ...this.checkpoint } : change;
      if (checkpoint !== change) applyCheckpoint(checkpoint, change);
      const { seq } = sealed.header;
      const parts = encodeEntry(seq, { ...meta, checkpoint }, sealed.bytes);
      return { seq, records: meta.records, sealed_ms: meta.sealed_ms, parts };
    });
  }

  #cut(): void {
    const pending = this.#pending;
    const header: BatchHeader = {
      v: 1,
      spool_id: this.spool_id,
      seq: this.store.last_seq + this.#queue.length + 1,
      prev: this.#prev,
      sensor: this.sensor,
      sealed_ms: Date.now(),
      records: pending.records,
      body_bytes: pending.bytes,
      runs: pending.runs,
      gaps: pending.gaps,
    };
    const sealed = sealBatch(header, pending.body);
    const { checkpoint: change, on_durable } = pending;
    this.#queue.push({ sealed, meta: metaOf(sealed, change, this.counts), change, on_durable });
    this.#prev = sealed.hash;
    pending.clear();
  }

  /** The bytes of a batch; undefined where it is damaged, with the ranges that were in it. */
  read(seq: number): { batch: Buffer | undefined; held: HeldRange[]; records: number } {
    const place = this.store.find(seq);
    if (place === undefined) return { batch: undefined, held: [], records: 0 };
    const { batch, meta } = readEntry(place.path, place.offset, seq);
    return { batch, held: meta?.held ?? [], records: place.records };
  }

  /** All batches up to `seq` are acknowledged. */
  acknowledge(seq: number): void {
    if (seq <= this.acked_seq) return;
    const records = this.store.recordsBetween(this.acked_seq, seq);
    this.acked_records += records;
    this.waiting_records -= records;
    this.acked_seq = seq;
    if (performance.now() - this.#acked_written_ms > 500) this.saveAcked();
  }

  /** The server asks again from `seq`: it lost what it had acknowledged. Gives the first that can be sent. */
  goBack(seq: number): number {
    const first = Math.max(seq, this.store.oldest_seq);
    if (first <= this.acked_seq) {
      const records = this.store.recordsBetween(first - 1, this.acked_seq);
      this.acked_records -= records;
      this.waiting_records += records;
      this.acked_seq = first - 1;
      this.saveAcked();
    }
    return first;
  }

  /**
   * The server knows other batches under these numbers: this host was set back to an earlier state. What is
   * not acknowledged is sealed again as a new chain, which replaces the old one in one step.
   */
  async rechain(): Promise<void> {
    // What was appended meanwhile may have begun another write, and the store must not change under that.
    do await this.seal();
    while (this.#sealing !== undefined);
    const damaged: Damaged[] = [];
    this.#sealing = this.#rechainNow(damaged).finally(() => {
      this.#sealing = undefined;
      this.#goOn();
    });
    await this.#sealing;
    for (const { held, records } of damaged) {
      this.waiting_records -= records;
      await this.tellDamaged(held, records);
    }
  }

  /** A batch whose bytes are damaged is told as gaps, as far as it is known what was in it. */
  async tellDamaged(held: readonly HeldRange[], records: number): Promise<void> {
    const unknown = { stream: '', source: '', generation: '', first: '', next: '' };
    for (const { stream, source, generation, first, next } of held.length > 0 ? held : [unknown]) {
      const gap: Gap = {
        ...{ stream, source, generation, from: first, to: next },
        ...{ reason: 'spool_lost', noticed_ms: Date.now() },
      };
      await this.appendGap(gap, {});
    }
    this.counts.lost += records;
  }

  async #rechainNow(damaged: Damaged[]): Promise<void> {
    const spool_id = newSpoolId();
    const folder = join(this.#folder, spool_id);
    mkdirSync(folder, { mode: 0o700 });
    const store = new SegmentStore(folder, this.limits.segment_bytes);
    let prev = '';
    try {
      for (let seq = this.acked_seq + 1; seq <= this.store.last_seq; seq++)
        prev = await this.#copyTo(store, spool_id, seq, prev, damaged);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    } finally {
      await store.close();
    }
    await this.store.close();
    this.#switchTo(spool_id, store);
    // Batches that were cut but not written belong to the old chain: they are sealed for the new one.
    this.#prev = this.#queue.sealAgain(spool_id, this.store.last_seq, prev);
  }

  /** Not held to the spool's bound, which a full spool would keep for ever: the copies take the place of what waits. */
  async #copyTo(
    store: SegmentStore,
    spool_id: string,
    seq: number,
    prev: string,
    damaged: Damaged[],
  ): Promise<string> {
    const { batch, held, records } = this.read(seq);
    if (batch === undefined) {
      damaged.push({ held, records });
      return prev;
    }
    const sealed = sealAgain(batch, { spool_id, seq: store.last_seq + 1, prev });
    const meta = metaOf(sealed, { ...this.checkpoint }, this.counts);
    const parts = encodeEntry(sealed.header.seq, meta, sealed.bytes);
    await store.append([{ seq: sealed.header.seq, records: meta.records, sealed_ms: meta.sealed_ms, parts }]);
    return sealed.hash;
  }

  #switchTo(spool_id: string, store?: SegmentStore): void {
    const old = join(this.#folder, this.spool_id);
    this.spool_id = spool_id;
    writeDurably(join(this.#folder, 'chain.json'), JSON.stringify({ spool_id }));
    this.store = store ?? this.#openStore();
    this.#prev = '';
    this.acked_seq = 0;
    this.#noted = undefined;
    this.saveAcked();
    rmSync(old, { recursive: true, force: true });
  }

  saveAcked(): void {
    this.#acked_written_ms = performance.now();
    const { spool_id, acked_seq: seq, acked_records: records, refused } = this;
    const acked: Acked = { spool_id, seq, records, refused, noted: this.#noted };
    try {
      writeWhole(join(this.#folder, 'acked.json'), JSON.stringify(acked));
    } catch (error) {
      this.#space.report(this.sensor, `spool: ${(error as Error).message}`);
    }
  }

  /** Seals what waits and closes the files. Appends that come later are refused. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    try {
      do await this.seal();
      while (this.#queue.length > 0 || !this.#pending.is_empty);
      this.#keepNoted();
    } finally {
      this.saveAcked();
      await this.store.close();
    }
  }
}
