/**
 * Moves sealed segments into the engine: for each sensor type one after another, in the order in which they
 * were acknowledged, each as one block under one token. On a cluster that is one block for each shard, written to the
 * shard that its sensors belong to, and never through a Distributed table: a retry meets the same shard. A segment
 * leaves the journal only after the engine has it on disk and the ledger is written down.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperationalError } from '@apiary/model/errors.ts';
import type { Backlog } from '../gateway/backlog.ts';
import type { Journal, Segment } from '../gateway/journal.ts';
import type { Ledger } from '../gateway/ledger.ts';
import type { DiskRoom } from '../store/disk-room.ts';
import { digestSql } from '../store/record-digest.ts';
import { waiting_type } from '../store/schema.ts';
import { shardOf } from '../store/shards.ts';
import { isNoRoom, type Store } from '../store/store.ts';
import { storedName } from '../store/template.ts';
import { type Block, makeBlock, type StoredVersions, type StreamRows, type VersionLookup } from './block.ts';
import { mendDoubles, mendWaiting } from './mend.ts';
import { row_columns, splitRows } from './rows.ts';

export interface LoaderOptions {
  store: Store;
  journal: Journal;
  ledger: Ledger;
  backlog: Backlog;
  /** Types that have a landing table of their own; the others' records wait raw. */
  types: ReadonlySet<string>;
  /** Told of each record that no view would take. */
  setAside: (record: { type: string; sensor_id: number; reason: string }) => void;
  /** Told of each segment whose records and events are in the engine. */
  loaded?: (segment_id: bigint) => void;
  log: (message: string) => void;
}

const retry_ms = 500;
const hold_poll_ms = 20;
/** Places that one lookup names: their text must fit into the engine's longest query. */
const lookup_places = 5000;

interface Lane {
  waiting: Segment[];
  running: Promise<void> | undefined;
}

export class Loader {
  readonly #options: LoaderOptions;
  readonly #lanes = new Map<string, Lane>();
  /** Segments of which the engine may hold something already. */
  readonly #tried = new Set<Segment>();
  /** Segments that were inserted while the disk ran full: their tokens stand for rows that may not be there. */
  readonly #doubtful = new Map<Segment, string>();
  /** Segments that are being inserted, or were begun and failed. */
  readonly #under_way = new Set<Segment>();
  #started = false;
  /** Resolves when lanes may go on; undefined while they may. */
  #held: Promise<void> | undefined;
  /** Segments that are being loaded. */
  #loading = 0;
  #stopped = false;
  /** What was told of a failure last, where telling it again says nothing new. */
  #told = '';
  loaded_rows = 0;
  known_rows = 0;

  constructor(options: LoaderOptions) {
    this.#options = options;
  }

  /** Whether the engine's schema is there. */
  get is_started(): boolean {
    return this.#started;
  }

  /** Segments that wait for the engine. */
  get waiting(): number {
    return [...this.#lanes.values()].reduce((sum, { waiting }) => sum + waiting.length, 0);
  }

  /** Whether segments of a type wait behind the one that is being loaded. */
  isBehind(type: string): boolean {
    return (this.#lanes.get(type)?.waiting.length ?? 0) > 1;
  }

  /** @param was_tried an earlier run may have loaded it, or some of it */
  submit(segment: Segment, was_tried = false): void {
    if (was_tried) this.#tried.add(segment);
    if (was_tried && this.#room?.ran_full_before === true) this.#doubt(segment);
    let lane = this.#lanes.get(segment.type);
    if (lane === undefined) {
      lane = { waiting: [], running: undefined };
      this.#lanes.set(segment.type, lane);
    }
    lane.waiting.push(segment);
    if (this.#started) lane.running ??= this.#run(lane);
  }

  get #room(): DiskRoom | undefined {
    return this.#options.store.engine?.room;
  }

  /** It is inserted again under another token; what was in all the same is made single. */
  #doubt(segment: Segment): void {
    this.#tried.add(segment);
    this.#doubtful.set(segment, `/again-${randomBytes(6).toString('hex')}`);
  }

  /** Begins to load: the engine's schema is there. */
  start(): void {
    this.#started = true;
    for (const lane of this.#lanes.values()) lane.running ??= this.#run(lane);
  }

  /** Resolves when nothing waits. */
  async drained(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map(({ running }) => running));
  }

  /** Ends after the segments under way; what waits stays in the journal. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.drained();
  }

  /**
   * Does `work` between two segments: while it runs the engine gets nothing, and all that was loaded is noted. What
   * collectors send goes on into the journal.
   */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    while (this.#held !== undefined) await this.#held;
    let release = (): void => undefined;
    this.#held = new Promise((resolve) => {
      release = resolve;
    });
    try {
      while (this.#loading > 0) await sleep(hold_poll_ms);
      return await work();
    } finally {
      this.#held = undefined;
      release();
    }
  }

  async #run(lane: Lane): Promise<void> {
    let next: Promise<Block> | undefined;
    while (lane.waiting.length > 0 && !this.#stopped) {
      const segment = lane.waiting[0] as Segment;
      try {
        const block = await (next ?? this.#prepare(segment));
        // While the engine works on this block the next one is made, unless it must see this one stored.
        const following = lane.waiting[1];
        next = following === undefined || following.looks_up ? undefined : this.#prepare(following);
        // Its failure is met when its turn comes.
        next?.catch(() => undefined);
        await this.#whenRoom();
        while (this.#held !== undefined) await this.#held;
        this.#loading += 1;
        try {
          if (await this.#load(segment, block)) lane.waiting.shift();
        } finally {
          this.#loading -= 1;
        }
      } catch (error) {
        // A segment that was acknowledged is never given up: it is the same block under the same token next time.
        next = undefined;
        const told = isNoRoom(error) ? 'no room' : '';
        // Nothing changes until somebody makes room: once is enough.
        if (told === '' || told !== this.#told)
          this.#options.log(
            `segment ${segment.segment_id} of ${segment.type} could not be loaded: ${String(error)}`,
          );
        this.#told = told;
        await this.#pause();
      }
    }
    lane.running = undefined;
  }

  #landing(type: string, stream: string): string {
    const known = this.#options.types.has(type) ? `${type}_${stream}` : waiting_type;
    return storedName(`landing_${known}`, this.#options.store.rendering);
  }

  #shardOf(sensor_id: number): number {
    return shardOf(sensor_id, this.#options.store.shards.length);
  }

  #shard(index: number): Store {
    return this.#options.store.shards[index] as Store;
  }

  #prepare(segment: Segment): Promise<Block> {
    return makeBlock(segment.path, segment.segment_id, this.#lookUp(segment.type), (sensor_id) =>
      this.#shardOf(sensor_id),
    );
  }

  /** True once the segment is in the engine and gone from the journal; false when the loader was stopped before. */
  async #load(segment: Segment, block: Block): Promise<boolean> {
    const { journal, ledger, backlog } = this.#options;
    const began = performance.now();
    this.#under_way.add(segment);
    if (!(await this.#insertAll(segment, block))) return false;
    if (this.#tried.has(segment)) await this.#mend(segment, block);
    ledger.persist(segment.segment_id, block.batches);
    journal.retire(segment);
    this.#tried.delete(segment);
    this.#doubtful.delete(segment);
    this.#under_way.delete(segment);
    // Whoever is under way may have begun before it was full.
    if (this.#doubtful.size === 0 && this.#under_way.size === 0) this.#room?.forget();
    backlog.measure(block.row_count, (performance.now() - began) / 1000);
    for (const { sensor_id, header } of block.batches) backlog.remove(sensor_id, header.records);
    this.#told = '';
    this.loaded_rows += block.row_count;
    this.#options.loaded?.(segment.segment_id);
    this.known_rows += block.known;
    return true;
  }

  /**
   * What one shard refuses keeps the segment, not the others' rows: these know them by their token when it is tried
   * again. True once all are in; false when the loader was stopped before.
   */
  async #insertAll(segment: Segment, { streams }: Block): Promise<boolean> {
    const again = this.#doubtful.get(segment) ?? '';
    const many = this.#options.store.shards.length > 1;
    const by_shard = Map.groupBy(streams, ({ shard }) => shard);
    const ended = await Promise.allSettled(
      by_shard.values().map(async (parts) => {
        for (const part of parts) {
          const where = many ? `/shard-${part.shard + 1}` : '';
          if (!(await this.#insert(segment, part, `${segment.segment_id}/${part.stream}${where}${again}`)))
            return false;
        }
        return true;
      }),
    );
    const failed = ended.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined;
    if (failed !== undefined) throw failed.reason;
    return ended.every((one) => one.status === 'fulfilled' && one.value);
  }

  async #mend(segment: Segment, { streams }: Block): Promise<void> {
    const { types, store, log } = this.#options;
    // Rows of types without tables of their own, and those that were set aside.
    let doubled = await mendWaiting(store, segment.segment_id);
    if (types.has(segment.type))
      for (const stream of new Set(streams.map(({ stream }) => stream)))
        doubled += await mendDoubles(store, `${segment.type}_${stream}`, segment.segment_id);
    if (doubled > 0)
      log(
        `segment ${segment.segment_id} of ${segment.type}: ${doubled} rows had come twice when the engine ended; they are single again`,
      );
  }

  /** True once the engine has the rows; false when the loader was stopped before. */
  async #insert(segment: Segment, { stream, shard, rows }: StreamRows, token: string): Promise<boolean> {
    const { type } = segment;
    const node = this.#shard(shard);
    const table = this.#landing(type, stream);
    const times_full = this.#room?.look() ?? 0;
    let failures = 0;
    while (!this.#stopped) {
      try {
        await node.insertTsv(table, row_columns, rows, token);
        this.#requireRoom(segment, times_full);
        return true;
      } catch (error) {
        this.#tried.add(segment);
        this.#requireRoom(segment, times_full);
        // Others, who may be what can make room, are not held up by one that waits for it.
        if (isNoRoom(error)) throw error;
        // What is the engine's fault passes; only what a view says of the rows themselves is looked into.
        if (!(error instanceof OperationalError)) failures += 1;
        if (failures >= 2) {
          this.#options.log(`segment ${token} of ${type} fails: ${String(error)}; looking for the culprit`);
          try {
            await this.#insertHalves(node, type, table, splitRows(rows), token);
          } finally {
            this.#requireRoom(segment, times_full);
          }
          return !this.#stopped;
        }
        await this.#pause();
      }
    }
    return false;
  }

  /** Waits until there is room on the engine's disk. */
  async #whenRoom(): Promise<void> {
    const room = this.#room;
    if (room === undefined) return;
    room.look();
    while (room.is_full && !this.#stopped) await sleep(retry_ms);
  }

  /** @throws OperationalError where the disk ran full since: what the engine said of this segment does not hold */
  #requireRoom(segment: Segment, times_full: number): void {
    if ((this.#room?.look() ?? 0) === times_full) return;
    this.#doubt(segment);
    throw new OperationalError('engine_down', 'its disk ran full meanwhile; it is inserted again');
  }

  /** Halves rows until those that fail stand alone; these are kept raw, with the reason. */
  async #insertHalves(
    node: Store,
    type: string,
    table: string,
    rows: Buffer[],
    token: string,
  ): Promise<void> {
    while (!this.#stopped) {
      try {
        await node.insertTsv(table, row_columns, Buffer.concat(rows), `${token}/${rows.length}`);
        return;
      } catch (error) {
        if (isNoRoom(error)) throw error;
        if (error instanceof OperationalError) {
          await this.#pause();
          continue;
        }
        if (rows.length === 1) {
          await this.#setAside(node, type, rows[0] as Buffer, token, error);
          return;
        }
        const middle = Math.floor(rows.length / 2);
        await this.#insertHalves(node, type, table, rows.slice(0, middle), `${token}a`);
        await this.#insertHalves(node, type, table, rows.slice(middle), `${token}b`);
        return;
      }
    }
  }

  async #setAside(node: Store, type: string, row: Buffer, token: string, error: unknown): Promise<void> {
    const table = storedName(`landing_${waiting_type}`, this.#options.store.rendering);
    await node.insertTsv(table, row_columns, row, `${token}/aside`);
    const sensor_id = Number.parseInt(row.toString('latin1', 0, 12), 10);
    this.#options.setAside({ type, sensor_id, reason: String(error).slice(0, 500) });
  }

  #lookUp(type: string): VersionLookup {
    const { types, store } = this.#options;
    const erased = storedName('erased_record', store.rendering);
    return async ({ sensor_id, stream, generation, places, segment_id }) => {
      const known = types.has(type);
      const table = known ? `${type}_${stream}` : 'record_waiting';
      // The sensor's own shard has all of it, and the node that is written to is never behind.
      const node = this.#shard(this.#shardOf(sensor_id));
      const found = new Map<string, StoredVersions>();
      for (let at = 0; at < places.length; at += lookup_places) {
        const rows = await node.query<{
          place: string;
          digests: string[];
          next_version: number;
        }>(
          `SELECT place, groupUniqArray(digest) AS digests, max(version) + 1 AS next_version
           FROM (
           SELECT place, ${digestSql('raw')} AS digest, version FROM ${storedName(table, store.rendering)}
           WHERE sensor_id = {sensor_id:UInt32} AND generation = {generation:UInt64} AND place IN (${places.slice(at, at + lookup_places).join(', ')})
             AND segment_id != {segment_id:UInt64} ${known ? '' : 'AND stream = {stream:String}'}
           UNION ALL SELECT place, digest, version FROM ${erased}
           WHERE sensor_table = '${table}' AND sensor_id = {sensor_id:UInt32} AND generation = {generation:UInt64} AND place IN (${places.slice(at, at + lookup_places).join(', ')})
           )
           GROUP BY place`,
          {
            sensor_id,
            stream,
            generation: String(BigInt(`0x${generation}`)),
            segment_id: String(segment_id),
          },
          { seconds_max: 300 },
        );
        for (const { place, digests, next_version } of rows) {
          found.set(String(place), { digests: new Set(digests), next_version: Number(next_version) });
        }
      }
      return found;
    };
  }

  async #pause(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, retry_ms));
    if (!this.#stopped) await this.#options.store.whenUp();
  }
}
