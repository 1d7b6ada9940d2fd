/**
 * The SQLite reader: looks at a database through copies, sends new rows of the declared tables in order of
 * their rowids, rows that changed, and counts rows that never came.
 */
import { createHash } from 'node:crypto';
import type { SqliteStream, SqliteTable } from '@apiary/model/submodule.ts';
import { confinement } from '../decode/confinement.ts';
import type { Checkpoint } from '../spool/segment.ts';
import { describeAbsent } from './absent.ts';
import { isInContainer } from './artifact-files.ts';
import type { Reader, ReaderStatus, Sink } from './reader.ts';
import { RowHashes } from './row-hashes.ts';
import { DatabaseCopier, type DatabaseCopy } from './sqlite-copy.ts';
import { CopiedDatabase, type Table } from './sqlite-database.ts';
import { type Finder, hashText } from './sqlite-inside.ts';
import { RowSender } from './sqlite-send.ts';
import { type StoredTable, TableMemory } from './sqlite-table.ts';

export interface SqliteReaderOptions {
  source: SqliteStream;
  path: string;
  /** For the copies; on a disk with room for the database. */
  work_folder: string;
  record_bytes_max: number;
  records_max: number;
  time_zone?: string | undefined;
  /** Shortest time between two looks. */
  interval_ms_min?: number;
}

/** Which life of the database is being read. */
interface StoredLife {
  generation: string;
  /** Hash and rowid of the lowest row of the generation table when it was last seen. */
  probe: string;
  probe_rowid: string;
  ino: number;
}

interface FoundTable {
  memory: TableMemory;
  rows: Table | undefined;
}

const life_key = 'sqlite';
/** Copying and checking may take one twentieth of the time, and the start of the child that checks a fifth. */
const rest_factor = 20;
const start_rest_factor = 5;
/** Parent and grandparent. */
const generations_max = 2;

export class SqliteReader implements Reader {
  readonly poll_ms = 200;
  readonly #sink: Sink;
  readonly #options: SqliteReaderOptions;
  readonly #copier: DatabaseCopier;
  readonly #tables: TableMemory[];
  readonly #hashes: RowHashes;
  #life: StoredLife | undefined;
  #signature = '';
  #next_look_ms = 0;
  #changed_ms = 0;
  #trouble = '';
  #is_there = false;
  #is_waiting = false;
  #is_stopped = false;
  #polling: Promise<void> | undefined;
  /** Looks in a row at which the copy was not whole. */
  #unsound = 0;
  #checking_ms = 0;
  #starting_ms = 0;

  constructor(sink: Sink, options: SqliteReaderOptions) {
    this.#sink = sink;
    this.#options = options;
    this.#copier = new DatabaseCopier(options.path, options.work_folder);
    this.#life = sink.checkpoint[life_key] as StoredLife | undefined;
    this.#tables = options.source.tables.map(
      (table) => new TableMemory(table, sink.checkpoint[tableKey(table.stream)] as StoredTable | undefined),
    );
    this.#hashes = new RowHashes(options.work_folder);
    if (this.#life !== undefined) this.#hashes.load(this.#life.generation, this.#tables);
  }

  poll(): Promise<void> {
    this.#polling ??= this.#pollNow().finally(() => {
      this.#polling = undefined;
    });
    return this.#polling;
  }

  async #pollNow(): Promise<void> {
    const began_ms = performance.now();
    if (began_ms < this.#next_look_ms || this.#is_stopped) return;
    if (this.#life !== undefined) this.#hashes.save(this.#life.generation, this.#tables);
    try {
      await this.#look();
    } catch (error) {
      this.#trouble = `${this.#options.path}: ${(error as Error).message}`;
    }
    // What counts is copying and checking: pauses between attempts cost nothing, and new rows must be read anyway.
    const spent_ms = this.#copier.copying_ms + this.#checking_ms;
    const rest_ms = spent_ms * rest_factor + this.#starting_ms * start_rest_factor;
    this.#copier.copying_ms = 0;
    this.#checking_ms = 0;
    this.#starting_ms = 0;
    this.#next_look_ms = performance.now() + Math.max(this.#options.interval_ms_min ?? 1000, rest_ms);
  }

  async #look(): Promise<void> {
    const signature = this.#copier.sign();
    this.#is_there = signature !== undefined;
    this.#trouble = '';
    if (signature === undefined) {
      this.#trouble = describeAbsent([this.#options.path]);
      return;
    }
    if (signature === this.#signature) return;
    const copy = await this.#copier.copy();
    const opened = copy === undefined ? undefined : await CopiedDatabase.open(copy.path, copy.is_hostile);
    const database = opened?.database;
    this.#checking_ms = opened?.checking_ms ?? 0;
    this.#starting_ms = opened?.starting_ms ?? 0;
    try {
      if (copy === undefined || database === undefined) {
        this.#unsound += 1;
        if (this.#unsound >= 5) {
          this.#trouble = `${this.#options.path}: no whole copy in ${this.#unsound} looks: it is written all the time, or damaged`;
        }
        return;
      }
      this.#unsound = 0;
      this.#changed_ms = copy.changed_ms;
      if (await this.#read(database, copy)) this.#signature = copy.signature;
    } finally {
      await database?.close();
      this.#copier.remove();
    }
  }

  /** True where everything was read. */
  async #read(database: CopiedDatabase, copy: DatabaseCopy): Promise<boolean> {
    const found: FoundTable[] = [];
    for (const memory of this.#tables)
      found.push({ memory, rows: await database.find(memory.table.table, memory.table.parent?.column) });
    if (!(await this.#nameLife(database, copy, found))) return true;
    for (const { memory, rows } of found) {
      if (rows === undefined) continue;
      if (await memory.wasSetBack(rows)) memory.forget();
      const sender = new RowSender({
        sink: this.#sink,
        memory,
        rows,
        finders: await this.#findersOf(database, memory.table),
        source: `${this.#options.path}#${memory.table.table}`,
        generation: this.#life!.generation,
        time_zone: this.#options.time_zone,
        record_bytes_max: this.#options.record_bytes_max,
        records_max: this.#options.records_max,
        state: () => this.#state(memory),
        on_durable: (sent) => {
          memory.settled(sent);
          this.#hashes.is_dirty = true;
        },
        isStopped: () => this.#is_stopped,
      });
      this.#is_waiting = !(await sender.sendAll());
      if (this.#is_waiting) return false;
    }
    return true;
  }

  /** Finders of the parent row and of its parent row, as far as the submodule declares them. */
  async #findersOf(database: CopiedDatabase, table: SqliteTable): Promise<Finder[]> {
    const finders: Finder[] = [];
    let { parent } = table;
    while (parent !== undefined && finders.length < generations_max) {
      const { table: name, key } = parent;
      const grandparent = this.#options.source.tables.find((one) => one.table === name)?.parent;
      const rows = await database.find(name, grandparent?.column);
      finders.push(rows?.finder(key) ?? { table: null, key });
      parent = grandparent;
    }
    return finders;
  }

  #state(memory: TableMemory): Checkpoint {
    return { [life_key]: { ...this.#life }, [tableKey(memory.table.stream)]: memory.store() };
  }

  /** Decides which life this is. False where the generation table is empty and nothing can be named yet. */
  async #nameLife(
    database: CopiedDatabase,
    copy: DatabaseCopy,
    found: readonly FoundTable[],
  ): Promise<boolean> {
    let rows: Table | undefined;
    for (const name of [this.#options.source.generation_table].flat()) rows ??= await database.find(name);
    const lowest = await rows?.lowest();
    const life = this.#life;
    if (rows === undefined || lowest === undefined) return life !== undefined && life.ino === copy.ino;
    const probe = { probe: hashText(lowest.json), probe_rowid: lowest.rowid, ino: copy.ino };
    if (life !== undefined && (life.probe === probe.probe || (await this.#goesOn(life, probe, rows)))) {
      this.#life = { ...life, ...probe };
      return true;
    }
    const schema = found.map(({ rows: table }) => table?.sql ?? '').join('\n');
    const generation = createHash('sha256').update(schema).update(lowest.json).digest('hex').slice(0, 16);
    if (life !== undefined) for (const { memory } of found) memory.forget();
    this.#life = { generation, ...probe };
    return true;
  }

  /** The same file, whose lowest row was changed or deleted, and whose row numbers go on. */
  async #goesOn(life: StoredLife, probe: Omit<StoredLife, 'generation'>, rows: Table): Promise<boolean> {
    if (life.ino !== probe.ino || BigInt(probe.probe_rowid) < BigInt(life.probe_rowid)) return false;
    const memory = this.#tables.find((one) => one.table.table === rows.name);
    const highest = await rows.highestRowid();
    return memory?.highest === undefined || (highest !== undefined && highest >= memory.highest);
  }

  /** Everything that it held at the last look was taken. */
  get is_read(): boolean {
    return this.#signature !== '';
  }

  status(): ReaderStatus {
    return {
      wanted: [this.#options.path],
      followed: this.#is_there ? [{ path: this.#options.path, offset: 0, size: 0 }] : [],
      changed_ms: this.#changed_ms,
      is_waiting: this.#is_waiting,
      trouble: this.#trouble,
      notes: isInContainer(this.#options.path) ? [confinement().weakness].filter((note) => note !== '') : [],
    };
  }

  async stop(): Promise<void> {
    this.#is_stopped = true;
    await this.#polling;
    if (this.#life !== undefined) this.#hashes.save(this.#life.generation, this.#tables);
  }
}

const tableKey = (stream: string): string => `sqlite/${stream}`;
