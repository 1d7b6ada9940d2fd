/** Rows of a table as JSON, exactly: what JSON cannot hold is written in the forms of model/submodule.ts. */
import { isUtf8 } from 'node:buffer';
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';

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
  readonly #columns: string[];
  readonly #select: string;
  readonly #rowid: string;
  readonly #link: number;

  private constructor(database: DatabaseSync, name: string, sql: string, link: string | undefined) {
    this.#database = database;
    this.name = name;
    this.sql = sql;
    this.#columns = database
      .prepare('SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0 ORDER BY cid')
      .all(name)
      .map((row) => String(row.name));
    const lower = new Set(this.#columns.map((column) => column.toLowerCase()));
    this.#rowid = ['rowid', '_rowid_', 'oid'].find((alias) => !lower.has(alias)) ?? 'rowid';
    this.#link = link === undefined ? -1 : this.#columns.indexOf(link);
    const { encoding } = database.prepare('PRAGMA encoding').get() as { encoding: string };
    // Text goes through BLOB, because the driver would silently mend bytes that are no UTF-8.
    const parts = this.#columns.map((column) => {
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

  has(column: string): boolean {
    return this.#columns.includes(column);
  }

  #prepare(rest: string): StatementSync {
    const statement = this.#database.prepare(`${this.#select} ${rest}`);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    return statement;
  }

  #write(values: SQLOutputValue[]): TableRow {
    const members = this.#columns.map((column, index) => {
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
