/**
 * The ledger: which batches of which spool were accepted, and up to which place each source was. It lives in
 * memory; what a segment added is written down when the engine has the segment, just before the segment
 * goes. After a crash the ledger is what was written down plus the journal's segments.
 */
import { chmodSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { BatchHeader } from '@apiary/model/batch.ts';
import { OperationalError } from '@apiary/model/errors.ts';

/** Hashes of a spool's last batches, by which a batch that is sent again is known without opening it. */
const known_batches_max = 4096;

export interface SpoolState {
  last_seq: number;
  last_hash: string;
  /** seq → hash */
  batches: Map<number, string>;
}

const schema = `
  CREATE TABLE IF NOT EXISTS spool (spool_id TEXT PRIMARY KEY, sensor_id INTEGER NOT NULL, last_seq INTEGER NOT NULL, last_hash TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS batch (spool_id TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (spool_id, seq)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS reached (sensor_id INTEGER NOT NULL, stream TEXT NOT NULL, generation TEXT NOT NULL, place TEXT NOT NULL, PRIMARY KEY (sensor_id, stream, generation)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS segment (only INTEGER PRIMARY KEY CHECK (only = 1), last_id TEXT NOT NULL) STRICT;
`;

export class Ledger {
  readonly #database: DatabaseSync;
  readonly #spools = new Map<string, SpoolState>();
  readonly #reached = new Map<string, bigint>();
  readonly #statements: Record<
    'spool' | 'batches' | 'reached' | 'putSpool' | 'putBatch' | 'trim' | 'putReached' | 'putSegment',
    StatementSync
  >;

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    if (path !== ':memory:') chmodSync(path, 0o600);
    try {
      this.#database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; ${schema}`);
    } catch (error) {
      throw new OperationalError(
        'data_damaged',
        `${path} cannot be opened: ${(error as Error).message}`,
        {},
        error,
      );
    }
    const prepare = (sql: string): StatementSync => this.#database.prepare(sql);
    this.#statements = {
      spool: prepare('SELECT last_seq, last_hash FROM spool WHERE spool_id = ?'),
      batches: prepare('SELECT seq, hash FROM batch WHERE spool_id = ? ORDER BY seq'),
      reached: prepare('SELECT place FROM reached WHERE sensor_id = ? AND stream = ? AND generation = ?'),
      putSpool: prepare('INSERT OR REPLACE INTO spool VALUES (?, ?, ?, ?)'),
      putBatch: prepare('INSERT OR REPLACE INTO batch VALUES (?, ?, ?)'),
      trim: prepare('DELETE FROM batch WHERE spool_id = ? AND seq <= ?'),
      putReached: prepare('INSERT OR REPLACE INTO reached VALUES (?, ?, ?, ?)'),
      putSegment: prepare('INSERT OR REPLACE INTO segment VALUES (1, ?)'),
    };
  }

  /** What is known of a spool; a new one has `last_seq` 0. */
  spool(spool_id: string): SpoolState {
    let spool = this.#spools.get(spool_id);
    if (spool === undefined) {
      const row = this.#statements.spool.get(spool_id) as { last_seq: number; last_hash: string } | undefined;
      const batches = new Map<number, string>();
      for (const { seq, hash } of this.#statements.batches.all(spool_id) as { seq: number; hash: string }[])
        batches.set(seq, hash);
      spool = { last_seq: row?.last_seq ?? 0, last_hash: row?.last_hash ?? '', batches };
      this.#spools.set(spool_id, spool);
    }
    return spool;
  }

  /** The lowest place that is new in this life of the source. */
  reached(sensor_id: number, stream: string, generation: string): bigint {
    const key = `${sensor_id} ${stream} ${generation}`;
    let place = this.#reached.get(key);
    if (place === undefined) {
      const row = this.#statements.reached.get(sensor_id, stream, generation) as
        | { place: string }
        | undefined;
      place = BigInt(row?.place ?? 0);
      this.#reached.set(key, place);
    }
    return place;
  }

  /** Indexes of the runs that begin below what was reached: their records may be there already. */
  overlappingRuns(sensor_id: number, header: BatchHeader): number[] {
    const reached = new Map<string, bigint>();
    const overlapping: number[] = [];
    for (const [index, run] of header.runs.entries()) {
      const key = `${run.stream} ${run.generation}`;
      const place = reached.get(key) ?? this.reached(sensor_id, run.stream, run.generation);
      if (BigInt(run.first) < place) overlapping.push(index);
      const next = BigInt(run.next);
      reached.set(key, next > place ? next : place);
    }
    return overlapping;
  }

  /** Notes an accepted batch, in memory. */
  accept(sensor_id: number, header: BatchHeader, hash: string): void {
    const spool = this.spool(header.spool_id);
    spool.last_seq = header.seq;
    spool.last_hash = hash;
    spool.batches.set(header.seq, hash);
    for (const seq of spool.batches.keys()) {
      if (seq > header.seq - known_batches_max) break;
      spool.batches.delete(seq);
    }
    for (const run of header.runs) {
      const key = `${sensor_id} ${run.stream} ${run.generation}`;
      const next = BigInt(run.next);
      if (next > this.reached(sensor_id, run.stream, run.generation)) this.#reached.set(key, next);
    }
  }

  /** Writes down what the batches of a segment added; returns when it is durable. */
  persist(segment_id: bigint, batches: { sensor_id: number; header: BatchHeader; hash: string }[]): void {
    const { putSpool, putBatch, trim, putReached, putSegment } = this.#statements;
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      for (const { sensor_id, header, hash } of batches) {
        putSpool.run(header.spool_id, sensor_id, header.seq, hash);
        putBatch.run(header.spool_id, header.seq, hash);
        trim.run(header.spool_id, header.seq - known_batches_max);
        for (const run of header.runs) {
          putReached.run(
            sensor_id,
            run.stream,
            run.generation,
            String(this.reached(sensor_id, run.stream, run.generation)),
          );
        }
      }
      // Types are loaded side by side: the highest counts.
      if (segment_id > this.lastSegment()) putSegment.run(String(segment_id));
      this.#database.exec('COMMIT');
    } catch (error) {
      // A full disk has SQLite roll back by itself.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Highest segment that was written down; 0 at first. */
  lastSegment(): bigint {
    const row = this.#database.prepare('SELECT last_id FROM segment').get() as
      | { last_id: string }
      | undefined;
    return BigInt(row?.last_id ?? 0);
  }

  /** A copy of what is durable, as of now. @param path of a file that is not there yet */
  copyTo(path: string): void {
    this.#database.prepare('VACUUM INTO ?').run(path);
  }

  close(): void {
    this.#database.close();
  }
}
