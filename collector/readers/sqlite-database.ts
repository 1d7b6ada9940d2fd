/**
 * A copied SQLite database, asked from here. One that lay in a container is opened in a child without rights, network
 * or sight of anything but the copy; any other one in this process.
 */
import { basename, dirname, join } from 'node:path';
import { type Asked, Confined, Near } from '../decode/child.ts';
import { confinement } from '../decode/confinement.ts';
import { dropBytes } from '../memory.ts';
import { type Answers, type Finder, type FullRow, OpenDatabase, type Question } from './sqlite-inside.ts';

const page_bytes = 64 * 1024;
/** Each value of a row comes in a buffer of its own, with more around it than in it. */
const garbage_factor = 16;
const limits = {
  cpu_seconds: 600,
  // Node reserves much of what it never uses.
  memory_bytes: 4 * 1024 ** 3,
  // The log is written into the copy when it is opened.
  file_bytes: 8 * 1024 ** 3,
  output_bytes: 64 * 1024 ** 3,
  silence_ms: 300_000,
  waiting_ms: 3_600_000,
};
const work = { program: 'sqlite', does: 'reads the copy', limits, heap_mib_max: 512 } as const;
const reply_bytes_max = 256 * 1024 ** 2;

/** A real table with rowids. */
export class Table {
  readonly name: string;
  /** The CREATE statement. */
  readonly sql: string;
  readonly #columns: readonly string[];
  readonly #database: CopiedDatabase;
  readonly #table: number;

  constructor(database: CopiedDatabase, name: string, found: NonNullable<Answers['find']>) {
    this.#database = database;
    this.name = name;
    this.sql = found.sql;
    this.#columns = found.columns;
    this.#table = found.table;
  }

  async lowest(): Promise<{ rowid: string; json: string } | undefined> {
    return (await this.#database.ask({ ask: 'lowest', table: this.#table })) ?? undefined;
  }

  async highestRowid(): Promise<bigint | undefined> {
    const highest = await this.#database.ask({ ask: 'highest', table: this.#table });
    return highest === null ? undefined : BigInt(highest);
  }

  /** The lowest rowid among the `count` newest rows up to `to`. */
  async windowStart(to: bigint, count: number): Promise<bigint | undefined> {
    const start = await this.#database.ask({ ask: 'window', table: this.#table, to: String(to), count });
    return start === null ? undefined : BigInt(start);
  }

  /** Rows with `from <= rowid <= to`, lowest first, with their parents as far as there are finders. */
  async *between(from: bigint, to: bigint, finders: Finder[]): AsyncGenerator<FullRow> {
    for (let next = from; ; ) {
      const range = { from: String(next), to: String(to), finders, bytes_max: page_bytes };
      const { rows, has_more } = await this.#database.ask({ ask: 'rows', table: this.#table, ...range });
      for (const { rowid: text, ...row } of rows) {
        const rowid = BigInt(text);
        // A child that SQLite's bytes have taken over may answer anything, for ever.
        if (rowid < next || rowid > to) throw new Error(`row ${rowid} stands where none was asked for`);
        next = rowid + 1n;
        yield { rowid, ...row };
      }
      dropBytes(page_bytes * garbage_factor);
      if (!has_more || next > to) return;
      if (rows.length === 0) throw new Error('more rows are said to come, and none came');
    }
  }

  /** Finds rows of this table by a column; none where it has no such column. */
  finder(key: string): Finder {
    return { table: this.#columns.includes(key) ? this.#table : null, key };
  }
}

export interface OpenedCopy {
  database: CopiedDatabase | undefined;
  checking_ms: number;
  starting_ms: number;
}

export class CopiedDatabase {
  readonly #asked: Asked<Question>;

  private constructor(asked: Asked<Question>) {
    this.#asked = asked;
  }

  /**
   * Opens a copy, lets SQLite recover it, and checks that it is whole.
   * @param path of the copy, alone in its folder but for its log.
   * @param is_hostile Whether an attacker may have written it.
   * @returns no database where the copy is not whole; and how long it was checked, how long a child took to begin.
   * @throws what the database has that is not read, and a child that died.
   */
  static async open(path: string, is_hostile: boolean): Promise<OpenedCopy> {
    const began_ms = performance.now();
    const enclosure = is_hostile ? confinement().enclose(dirname(path), process.execPath) : undefined;
    const database = new CopiedDatabase(
      enclosure === undefined ? new Near(new OpenDatabase()) : new Confined(enclosure, work, reply_bytes_max),
    );
    let opened: Answers['open'] | undefined;
    try {
      const seen = enclosure === undefined ? path : join(enclosure.folder, basename(path));
      opened = await database.ask({ ask: 'open', path: seen });
    } finally {
      if (opened?.is_whole !== true) await database.close();
    }
    const starting_ms = performance.now() - began_ms - opened.took_ms;
    return {
      database: opened.is_whole ? database : undefined,
      checking_ms: opened.took_ms,
      starting_ms: enclosure === undefined ? 0 : starting_ms,
    };
  }

  /** @throws SQLite's error. */
  async ask<Q extends Question>(question: Q): Promise<Answers[Q['ask']]> {
    const answered = await this.#asked.ask(question);
    if ('error' in answered) throw new Error(answered.error);
    return answered.answer as Answers[Q['ask']];
  }

  /** The table, or undefined where there is no real table of that name with rowids. */
  async find(name: string, link?: string): Promise<Table | undefined> {
    const found = await this.ask({ ask: 'find', name, link: link ?? null });
    return found === null ? undefined : new Table(this, name, found);
  }

  tableNames(): Promise<string[]> {
    return this.ask({ ask: 'names' });
  }

  close(): Promise<void> {
    return this.#asked.close();
  }
}
