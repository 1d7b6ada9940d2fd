/**
 * What is done where the copy of a database is open: SQLite's own code goes through an attacker's bytes there. It runs
 * in this process, or in a child that is kept in (sqlite-database.ts). A line of JSON asks, a line answers; rowids are
 * decimals.
 *
 * Rows become JSON exactly: what JSON cannot hold is written in the forms of model/submodule.ts.
 */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { serveQuestions } from '../decode/serve.ts';

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** An SQLite value with the type under which it is stored. */
function writeValue(value: SQLOutputValue, type: string): string {
  if (value === null) return 'null';
  if (typeof value === 'bigint') {
    const is_safe = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
    return is_safe ? value.toString() : `"${value}"`;
  }
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : `"${value}"`;
  if (typeof value === 'string') return JSON.stringify(value);
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (type === 'text' && isUtf8(bytes)) return JSON.stringify(bytes.toString('utf8'));
  return `{"$hex":"${bytes.toString('hex')}"}`;
}

export interface TableRow {
  rowid: bigint;
  /** JSON object of the columns in the order of the table. */
  json: string;
  /** The value of the column that points at the parent row; null where there is none. */
  link: SQLOutputValue;
}

export type RowFinder = (value: SQLOutputValue) => TableRow | undefined;

/** Reads one real table in order of its rowids. */
export class TableRows {
  readonly name: string;
  /** The CREATE statement. */
  readonly sql: string;
  readonly #database: DatabaseSync;
  readonly columns: string[];
  readonly #select: string;
  readonly #rowid: string;
  readonly #link: number;

  private constructor(database: DatabaseSync, name: string, sql: string, link: string | undefined) {
    this.#database = database;
    this.name = name;
    this.sql = sql;
    this.columns = database
      .prepare('SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0 ORDER BY cid')
      .all(name)
      .map((row) => String(row.name));
    const lower = new Set(this.columns.map((column) => column.toLowerCase()));
    this.#rowid = ['rowid', '_rowid_', 'oid'].find((alias) => !lower.has(alias)) ?? 'rowid';
    this.#link = link === undefined ? -1 : this.columns.indexOf(link);
    const { encoding } = database.prepare('PRAGMA encoding').get() as { encoding: string };
    // Text goes through BLOB, because the driver would silently mend bytes that are no UTF-8.
    const parts = this.columns.map((column) => {
      const c = quote(column);
      const value =
        encoding === 'UTF-8' ? `CASE typeof(${c}) WHEN 'text' THEN CAST(${c} AS BLOB) ELSE ${c} END` : c;
      return `${value}, typeof(${c})`;
    });
    this.#select = `SELECT ${[this.#rowid, ...parts].join(', ')} FROM ${quote(name)}`;
  }

  /** The table, or undefined where there is no real table of that name with rowids. */
  static find(database: DatabaseSync, name: string, link?: string): TableRows | undefined {
    const listed = database
      .prepare("SELECT type, wr FROM pragma_table_list WHERE schema = 'main' AND name = ?")
      .get(name);
    const made = database
      .prepare("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?")
      .get(name);
    if (listed?.type !== 'table' || listed.wr !== 0 || typeof made?.sql !== 'string') return undefined;
    return new TableRows(database, name, made.sql, link);
  }

  #prepare(rest: string): StatementSync {
    const statement = this.#database.prepare(`${this.#select} ${rest}`);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    return statement;
  }

  #write(values: SQLOutputValue[]): TableRow {
    const members = this.columns.map((column, index) => {
      const at = 1 + index * 2;
      const type = values[at + 1];
      const name = typeof type === 'string' ? type : '';
      return `${JSON.stringify(column)}:${writeValue(values[at]!, name)}`;
    });
    const link = this.#link === -1 ? null : (values[1 + this.#link * 2] ?? null);
    const is_text = this.#link !== -1 && values[2 + this.#link * 2] === 'text' && link instanceof Uint8Array;
    return {
      rowid: values[0] as bigint,
      json: `{${members.join(',')}}`,
      link: is_text ? Buffer.from(link).toString('utf8') : link,
    };
  }

  /** Rows with `from <= rowid <= to`, lowest first. */
  *between(from: bigint, to: bigint): Generator<TableRow> {
    const statement = this.#prepare(
      `WHERE ${this.#rowid} >= ? AND ${this.#rowid} <= ? ORDER BY ${this.#rowid}`,
    );
    for (const values of statement.iterate(from, to))
      yield this.#write(values as unknown as SQLOutputValue[]);
  }

  lowest(): TableRow | undefined {
    const values = this.#prepare(`ORDER BY ${this.#rowid} LIMIT 1`).get();
    return values === undefined ? undefined : this.#write(values as unknown as SQLOutputValue[]);
  }

  highestRowid(): bigint | undefined {
    const statement = this.#database.prepare(`SELECT max(${this.#rowid}) FROM ${quote(this.name)}`);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    const [highest] = statement.get() as unknown as (bigint | null)[];
    return highest ?? undefined;
  }

  /** The lowest rowid among the `count` newest rows up to `to`. */
  windowStart(to: bigint, count: number): bigint | undefined {
    const statement = this.#database.prepare(
      `SELECT min(r) FROM (SELECT ${this.#rowid} AS r FROM ${quote(this.name)} WHERE ${this.#rowid} <= ? ORDER BY ${this.#rowid} DESC LIMIT ?)`,
    );
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    const [lowest] = statement.get(to, count) as unknown as (bigint | null)[];
    return lowest ?? undefined;
  }

  /** Finds a row by the value of a column; for parents. */
  finder(column: string): RowFinder {
    const statement = this.#prepare(`WHERE ${quote(column)} = ? LIMIT 1`);
    let last: SQLOutputValue | undefined;
    let last_row: TableRow | undefined;
    return (value) => {
      // Children of one parent mostly stand together.
      if (last !== undefined && last === value) return last_row;
      const values = statement.get(value);
      last = value;
      last_row = values === undefined ? undefined : this.#write(values as unknown as SQLOutputValue[]);
      return last_row;
    };
  }
}

export const hashText = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 16);

/** A row as it travels. */
export interface FullRow {
  rowid: bigint;
  json: string;
  row_hash: string;
  hash: string;
  parent_missing: boolean;
}

/**
 * Puts a row together with its parent row, and with the parent's own parent where the submodule declares
 * one: `{"row":…,"parent":…,"grandparent":…}`, null for those that are not there.
 * @param finders of the parent and the grandparent, as far as they are declared.
 */
export function joinParents(row: TableRow, finders: readonly RowFinder[]): FullRow {
  const row_hash = hashText(row.json);
  let json = `{"row":${row.json}`;
  let parent_missing = false;
  let below: TableRow | undefined = row;
  for (const [level, find] of finders.entries()) {
    const link: SQLOutputValue = below?.link ?? null;
    below = link === null ? undefined : find(link);
    parent_missing ||= link !== null && below === undefined;
    json += `,"${level === 0 ? 'parent' : 'grandparent'}":${below?.json ?? 'null'}`;
  }
  json += '}';
  const hash = finders.length === 0 ? row_hash : hashText(json);
  return { rowid: row.rowid, json, row_hash, hash, parent_missing };
}

/** What would compute something while the copy is checked or read, for as long and as large as its maker likes. */
const hasOwnCode = (database: DatabaseSync): boolean =>
  database
    .prepare(
      `SELECT 1 FROM pragma_table_list l WHERE l.schema = 'main' AND (l.type = 'virtual' OR l.type = 'table'
        AND EXISTS (SELECT 1 FROM pragma_table_xinfo(l.name) WHERE hidden > 1)) LIMIT 1`,
    )
    .get() !== undefined;

/**
 * Opens a copy, lets SQLite recover it, and checks that it is whole. Undefined where it is not.
 * The schema was written by a program that an attacker may hold: nothing in it is trusted to run.
 */
export function openCopy(path: string): DatabaseSync | undefined {
  // Loaded on first use: most collectors follow no database and are smaller without.
  const sqlite = process.getBuiltinModule('node:sqlite');
  let database: DatabaseSync | undefined;
  try {
    database = new sqlite.DatabaseSync(path, { allowExtension: false, enableForeignKeyConstraints: false });
    database.exec(
      'PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA ignore_check_constraints = ON; PRAGMA mmap_size = 0; PRAGMA cache_size = -2048',
    );
    if (hasOwnCode(database)) throw new Error('has virtual tables or generated columns, which are not read');
    const [check] = database.prepare('PRAGMA quick_check(1)').all();
    if (check?.quick_check === 'ok') {
      database.exec('PRAGMA query_only = ON');
      return database;
    }
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_SQLITE_ERROR') {
      database?.close();
      throw error;
    }
  }
  database?.close();
  return undefined;
}

/** A parent row is looked for in this table by this column; null where there is no such table. */
export interface Finder {
  table: number | null;
  key: string;
}

export type Question =
  | { ask: 'open'; path: string }
  | { ask: 'find'; name: string; link: string | null }
  | { ask: 'lowest' | 'highest'; table: number }
  | { ask: 'window'; table: number; to: string; count: number }
  | { ask: 'rows'; table: number; from: string; to: string; finders: Finder[]; bytes_max: number }
  | { ask: 'names' };

/** What each question is answered with; undefined travels as null. */
export interface Answers {
  /** Whether the copy is whole, and how long it took to check it. */
  open: { is_whole: boolean; took_ms: number };
  find: { table: number; sql: string; columns: string[] } | null;
  lowest: { rowid: string; json: string } | null;
  highest: string | null;
  window: string | null;
  /** Rows in order, until bytes_max is reached, one at least; and whether there may be more. */
  rows: { rows: TravellingRow[]; has_more: boolean };
  names: string[];
}

export type TravellingRow = Omit<FullRow, 'rowid'> & { rowid: string };

/** One copy that is open. */
export class OpenDatabase {
  #database: DatabaseSync | undefined;
  readonly #tables: TableRows[] = [];
  readonly #finders = new Map<string, RowFinder>();

  /** @throws SQLite's errors, and what a database has that is not read. */
  answer(question: Question): Answers[Question['ask']] {
    switch (question.ask) {
      case 'open': {
        const began_ms = performance.now();
        this.#database = openCopy(question.path);
        return { is_whole: this.#database !== undefined, took_ms: performance.now() - began_ms };
      }
      case 'names':
        return this.#opened
          .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
          .all()
          .map(({ name }) => String(name));
      case 'find':
        return this.#find(question.name, question.link ?? undefined);
      case 'lowest': {
        const row = this.#tables[question.table]!.lowest();
        return row === undefined ? null : { rowid: String(row.rowid), json: row.json };
      }
      case 'highest':
        return this.#tables[question.table]!.highestRowid()?.toString() ?? null;
      case 'window':
        return (
          this.#tables[question.table]!.windowStart(BigInt(question.to), question.count)?.toString() ?? null
        );
      case 'rows':
        return this.#readRows(question);
    }
  }

  get #opened(): DatabaseSync {
    if (this.#database === undefined) throw new Error('no database is open');
    return this.#database;
  }

  #find(name: string, link: string | undefined): Answers['find'] {
    const rows = TableRows.find(this.#opened, name, link);
    if (rows === undefined) return null;
    this.#tables.push(rows);
    return { table: this.#tables.length - 1, sql: rows.sql, columns: rows.columns };
  }

  #readRows({ table, from, to, finders, bytes_max }: Question & { ask: 'rows' }): Answers['rows'] {
    const found = finders.map((one) => this.#finder(one));
    const rows: TravellingRow[] = [];
    let bytes = 0;
    for (const bare of this.#tables[table]!.between(BigInt(from), BigInt(to))) {
      const { rowid, ...row } = joinParents(bare, found);
      rows.push({ rowid: String(rowid), ...row });
      bytes += row.json.length;
      if (bytes >= bytes_max) return { rows, has_more: true };
    }
    return { rows, has_more: false };
  }

  #finder({ table, key }: Finder): RowFinder {
    const rows = table === null ? undefined : this.#tables[table];
    if (rows === undefined) return () => undefined;
    const name = `${table} ${key}`;
    let finder = this.#finders.get(name);
    if (finder === undefined) {
      finder = rows.finder(key);
      this.#finders.set(name, finder);
    }
    return finder;
  }

  close(): void {
    this.#database?.close();
  }
}

/** The child. */
export function serve(): void {
  const database = new OpenDatabase();
  serveQuestions((question) => database.answer(question as Question));
}
