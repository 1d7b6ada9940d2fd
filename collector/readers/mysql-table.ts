/** One declared table as its server has it now, and the queries for its rows. */
import type { MysqlColumn, MysqlTable } from '@apiary/model/submodule.ts';
import type { Cell, MysqlClient } from './mysql-client.ts';
import { bytesJson, numberJson, TableLayout } from './mysql-layout.ts';

/** Where reading goes on: values of the column that orders the rows, and of the key. */
export type Cursor = readonly [order: string, key: string];

/** A row as JSON of its columns, in the order of the layout. */
export type JsonRow = readonly string[];

const numbers = new Set([
  'TINY',
  'SHORT',
  'INT24',
  'LONG',
  'LONGLONG',
  'FLOAT',
  'DOUBLE',
  'DECIMAL',
  'NEWDECIMAL',
  'YEAR',
]);
const page_rows = 500;
/** Of tables whose rows may be large. */
const large_page_rows = 16;
const large_bytes = 64 * 1024;

const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

export function cellJson({ type, bytes }: Cell, declared: MysqlColumn['type']): string {
  if (bytes === null) return 'null';
  if (type === 'BIT') return numberJson(BigInt(`0x0${bytes.toString('hex')}`).toString());
  return numbers.has(type) ? numberJson(bytes.toString('latin1')) : bytesJson(bytes, declared);
}

/** A value for a query, from its JSON. */
function parameter(json: string): string | Buffer {
  if (json.startsWith('{')) return Buffer.from((JSON.parse(json) as { $hex: string }).$hex, 'hex');
  return json.startsWith('"') ? (JSON.parse(json) as string) : json;
}

export class ServerTable {
  readonly layout: TableLayout;
  readonly order: number;
  readonly page: number;
  readonly #client: MysqlClient;
  readonly #from: string;
  readonly #select: string;

  private constructor(
    client: MysqlClient,
    database: string,
    table: MysqlTable,
    columns: readonly MysqlColumn[],
    large: ReadonlySet<string>,
    value_bytes_max: number,
  ) {
    this.#client = client;
    this.layout = new TableLayout(columns, table);
    // Keys that are texts come in no order; their rows have a time.
    const is_numbered =
      columns[this.layout.key]!.type !== 'text' && columns[this.layout.key]!.type !== 'binary';
    const time = columns.findIndex(({ type }) => type === 'time');
    this.order = is_numbered || time === -1 ? this.layout.key : time;
    this.page = large.size > 0 ? large_page_rows : page_rows;
    this.#from = ` FROM ${quote(database)}.${quote(table.table)}`;
    // One more than a record may have: so it is cut, and says so.
    const parts = columns.map(({ name }) =>
      large.has(name) ? `LEFT(${quote(name)}, ${value_bytes_max + 1})` : quote(name),
    );
    this.#select = `SELECT ${parts.join(', ')}${this.#from}`;
  }

  /** The table, or what keeps it from being read. */
  static async find(
    client: MysqlClient,
    database: string,
    table: MysqlTable,
    value_bytes_max: number,
  ): Promise<ServerTable | string> {
    const { rows } = await client.query(
      'SELECT COLUMN_NAME, CHARACTER_OCTET_LENGTH FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION',
      [database, table.table],
    );
    if (rows.length === 0) return `no table ${table.table}, or it may not be read`;
    const names = rows.map(([name]) => name!.bytes!.toString('utf8'));
    if (!names.includes(table.key)) return `${table.table} has no column ${table.key}`;
    const columns = names.map(
      (name) => table.columns.find((one) => one.name === name) ?? { name, type: 'text' as const },
    );
    const large = new Set(
      names.filter((_, index) => Number(rows[index]![1]!.bytes?.toString() ?? 0) > large_bytes),
    );
    return new ServerTable(client, database, table, columns, large, value_bytes_max);
  }

  #name(column: number): string {
    return quote(this.layout.columns[column]!.name);
  }

  async #rows(rest: string, values: readonly (string | Buffer | number)[]): Promise<JsonRow[]> {
    const { rows } = await this.#client.query(`${this.#select} ${rest}`, values);
    return rows.map((row) => row.map((cell, index) => cellJson(cell, this.layout.columns[index]!.type)));
  }

  /** The next page of rows behind the cursor. */
  after(cursor: Cursor | undefined): Promise<JsonRow[]> {
    const [order, key] = [this.#name(this.order), this.#name(this.layout.key)];
    const end = `ORDER BY ${order}, ${key} LIMIT ${this.page}`;
    if (cursor === undefined) return this.#rows(end, []);
    const [at, at_key] = [parameter(cursor[0]), parameter(cursor[1])];
    if (order === key) return this.#rows(`WHERE ${key} > ? ${end}`, [at_key]);
    return this.#rows(`WHERE ${order} > ? OR (${order} = ? AND ${key} > ?) ${end}`, [at, at, at_key]);
  }

  byKeys(keys: readonly string[]): Promise<JsonRow[]> {
    const marks = keys.map(() => '?').join(', ');
    return this.#rows(`WHERE ${this.#name(this.layout.key)} IN (${marks})`, keys.map(parameter));
  }

  /** The newest rows: their keys and the named columns, oldest first. */
  async newest(count: number, columns: readonly number[]): Promise<string[][]> {
    const wanted = [this.layout.key, ...columns];
    const order = `${this.#name(this.order)} DESC, ${this.#name(this.layout.key)} DESC`;
    const sql = `SELECT ${wanted.map((one) => this.#name(one)).join(', ')}${this.#from} ORDER BY ${order} LIMIT ${count}`;
    const { rows } = await this.#client.query(sql);
    return rows
      .map((row) => row.map((cell, index) => cellJson(cell, this.layout.columns[wanted[index]!]!.type)))
      .reverse();
  }

  /** Whether rows lie at the cursor or behind it. */
  async reaches(cursor: Cursor): Promise<boolean> {
    const order = this.#name(this.order);
    const { rows } = await this.#client.query(`SELECT 1${this.#from} WHERE ${order} >= ? LIMIT 1`, [
      parameter(cursor[0]),
    ]);
    return rows.length > 0;
  }

  async first(): Promise<JsonRow | undefined> {
    const [row] = await this.#rows(
      `ORDER BY ${this.#name(this.order)}, ${this.#name(this.layout.key)} LIMIT 1`,
      [],
    );
    return row;
  }

  cursorOf(row: JsonRow): Cursor {
    return [row[this.order]!, row[this.layout.key]!];
  }
}
