/**
 * A MySQL dump as an SQLite database of the tables that a sensor type declares. So its rows go the way of SQLite's: with
 * their parent rows, by their keys, in the same JSON. Rowids are the keys, or 63 bits of their hash where they are no
 * numbers, which is the place that the binary log reader gives them.
 */
import { isUtf8 } from 'node:buffer';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { MysqlStream, MysqlTable, SqliteStream } from '@apiary/model/submodule.ts';
import { placeOf } from '../readers/mysql-layout.ts';
import { freshContext, readStatement, type Value } from '../readers/mysql-statement.ts';
import { readCreate, readDump, readInsertStart, utf8 } from './dump-statements.ts';

export interface DumpOptions {
  dump: string;
  /** Of the database that is made. */
  path: string;
  source: MysqlStream;
  /** Of a dump of several: whose tables are taken; else the type's usual one, or the first that has such tables. */
  database?: string | undefined;
}

export interface LoadedDump {
  source: SqliteStream;
  /** What was not taken; '' where all was. */
  trouble: string;
}

interface Loading {
  table: MysqlTable;
  columns: string[];
  insert: StatementSync;
  key: number;
  rows: number;
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** @throws the file system's error */
export async function loadDump(options: DumpOptions): Promise<LoadedDump> {
  const sqlite = process.getBuiltinModule('node:sqlite');
  const database = new sqlite.DatabaseSync(options.path);
  try {
    database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN');
    const loader = new DumpLoader(database, options);
    let damage = '';
    try {
      for await (const { sql } of readDump(options.dump)) loader.take(sql);
    } catch (error) {
      if ('code' in (error as Error)) throw error;
      damage = (error as Error).message;
    }
    database.exec('COMMIT');
    return { source: loader.describe(), trouble: [damage, loader.trouble].filter(Boolean).join('; ') };
  } finally {
    database.close();
  }
}

class DumpLoader {
  readonly #database: DatabaseSync;
  readonly #options: DumpOptions;
  readonly #tables = new Map<string, Loading>();
  readonly #columns = new Map<string, string[]>();
  readonly #context = freshContext('UTC');
  readonly #renamed = new Set<string>();
  /** `database.table` of rows that belong to a database that is not taken. */
  readonly #elsewhere = new Set<string>();
  #unread = 0;
  #unnamed = 0;
  #keyless = 0;
  /** Whose rows are taken; undefined before the first. */
  #taken: string | undefined;

  constructor(database: DatabaseSync, options: DumpOptions) {
    this.#database = database;
    this.#options = options;
    this.#taken = options.database;
  }

  take(sql: string): void {
    const use = /^USE\s+(?:`((?:[^`]|``)+)`|"([^"]+)"|([^`"\s;]+))/i.exec(sql);
    if (use !== null) this.#context.database = utf8((use[1]?.replaceAll('``', '`') ?? use[2] ?? use[3])!);
    const create = readCreate(sql);
    if (create !== undefined) this.#columns.set(this.#keyOfTable(create), create.columns);
    const insert = create === undefined ? readInsertStart(sql) : undefined;
    if (insert === undefined) return;
    this.#context.mode = { ...this.#context.mode, ansi_quotes: insert.is_ansi };
    this.#insert(insert.sql);
  }

  #keyOfTable({ database, table }: { database: string; table: string }): string {
    return `${database || this.#context.database}\n${table}`.toLowerCase();
  }

  #insert(sql: string): void {
    const read = readStatement(sql, this.#context);
    const table = this.#options.source.tables.find(
      (one) => one.table.toLowerCase() === read.table.toLowerCase(),
    );
    if (table === undefined || !this.#isTaken(read)) return;
    if (read.kind !== 'insert') {
      this.#unread += 1;
      return;
    }
    const whole = this.#columns.get(this.#keyOfTable(read));
    const given = read.columns ?? whole ?? usualColumns(table, read.rows[0]?.length ?? 0);
    if (given === undefined) {
      this.#unnamed += read.rows.length;
      return;
    }
    const key = this.#keyOf(table, whole ?? given);
    const columns = given.map((name) => (name === key ? table.key : name));
    const loading = this.#tables.get(table.table) ?? this.#begin(table, whole ?? given, key);
    for (const row of read.rows) {
      if (row.length === columns.length) this.#put(loading, columns, row);
      else this.#unnamed += 1;
    }
  }

  /** Tables of one name in two databases have the same keys: rows of the one would replace those of the other. */
  #isTaken({ database, table }: { database: string; table: string }): boolean {
    const { source } = this.#options;
    // A dump of one database mostly does not name it.
    if (database === '') return true;
    this.#taken ??= database;
    if (database.toLowerCase() === this.#taken.toLowerCase()) return true;
    const is_usual = database.toLowerCase() === source.database.toLowerCase();
    if (this.#options.database !== undefined || !is_usual) {
      if (this.#options.database === undefined) this.#elsewhere.add(`${database}.${table}`);
      return false;
    }
    for (const name of this.#tables.keys()) {
      this.#elsewhere.add(`${this.#taken}.${name}`);
      this.#database.exec(`DROP TABLE ${quote(name)}`);
    }
    this.#tables.clear();
    this.#taken = database;
    return true;
  }

  /** Other programs that share the database have renamed keys: the first column then is it, where it says so. */
  #keyOf(table: MysqlTable, columns: readonly string[]): string {
    const [first = ''] = columns;
    if (columns.includes(table.key) || !first.toLowerCase().startsWith(table.key.toLowerCase()))
      return table.key;
    this.#renamed.add(`${table.table}.${first} was taken for its ${table.key}`);
    return first;
  }

  #begin(table: MysqlTable, columns: readonly string[], renamed_key: string): Loading {
    const whole = columns.map((name) => (name === renamed_key ? table.key : name));
    const named = whole.map(quote);
    this.#database.exec(`CREATE TABLE ${quote(table.table)} (${named.join(', ')})`);
    const key = whole.indexOf(table.key);
    if (key !== -1)
      this.#database.exec(
        `CREATE INDEX ${quote(`${table.table} key`)} ON ${quote(table.table)} (${named[key]})`,
      );
    const insert = this.#database.prepare(
      `INSERT OR REPLACE INTO ${quote(table.table)} (rowid, ${named.join(', ')}) VALUES (${'?, '.repeat(whole.length)}?)`,
    );
    const loading: Loading = { table, columns: whole, insert, key, rows: 0 };
    this.#tables.set(table.table, loading);
    return loading;
  }

  #put(loading: Loading, names: readonly string[], row: readonly Value[]): void {
    const values = loading.columns.map((name) => {
      const at = names.indexOf(name);
      return toSqlite(row[at], loading.table.columns.find((one) => one.name === name)?.type);
    });
    const key = values[loading.key];
    if (key === undefined || key === null) {
      this.#keyless += 1;
      return;
    }
    const text = key instanceof Uint8Array ? Buffer.from(key).toString('latin1') : String(key);
    loading.insert.run(BigInt.asIntN(64, placeOf(text)), ...values);
    loading.rows += 1;
  }

  get trouble(): string {
    const told = [...this.#renamed];
    if (this.#elsewhere.size > 0)
      told.push(
        `rows of ${[...this.#elsewhere].join(', ')} were left out, as those of the database ${this.#taken} were read (--database names another)`,
      );
    if (this.#unnamed > 0)
      told.push(
        `${this.#unnamed} rows have not as many values as their table has columns, and were left out`,
      );
    if (this.#unread > 0) told.push(`${this.#unread} INSERT statements could not be read`);
    if (this.#keyless > 0) told.push(`${this.#keyless} rows without a key were left out`);
    if (this.#tables.size === 0) told.push('it holds no rows of the tables of this sensor type');
    return told.join('; ');
  }

  /** The life of a dump is named by its lowest row with a number for a key: one that every later dump has too. */
  describe(): SqliteStream {
    const filled = [...this.#tables.values()].filter(({ rows }) => rows > 0);
    const isNumbered = ({ table }: Loading): boolean =>
      table.columns.some(({ name, type }) => name === table.key && type === 'integer');
    const first =
      filled.find((one) => isNumbered(one) && one.table.parent !== undefined) ??
      filled.find(isNumbered) ??
      filled[0];
    return {
      kind: 'sqlite',
      usual_paths: [],
      generation_table: first?.table.table ?? '',
      tables: this.#options.source.tables.map(({ stream, table, parent }) => {
        const key = this.#options.source.tables.find((one) => one.table === parent?.table)?.key;
        return parent === undefined || key === undefined
          ? { stream, table }
          : { stream, table, parent: { ...parent, key } };
      }),
    };
  }
}

/** The columns of a table that the dump neither makes nor names, by their number. */
const usualColumns = (table: MysqlTable, count: number): string[] | undefined =>
  [table.columns, ...(table.earlier_columns ?? [])]
    .find((columns) => columns.length === count)
    ?.map(({ name }) => name);

/** A value as the reader of rows takes it: text where it is UTF-8 and declared as text, else bytes. */
function toSqlite(
  value: Value | undefined,
  type: MysqlTable['columns'][number]['type'] | undefined,
): SQLInputValue {
  if (value === undefined || value.kind === 'null' || value.kind === 'default') return null;
  if (value.kind === 'number') {
    if (/^-?(0|[1-9]\d{0,17})$/.test(value.text)) return BigInt(value.text);
    return Number.isFinite(Number(value.text)) ? Number(value.text) : value.text;
  }
  const bytes = Buffer.from(value.text, 'latin1');
  return type !== 'binary' && isUtf8(bytes) ? bytes.toString('utf8') : bytes;
}
