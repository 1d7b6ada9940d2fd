/** Turns what a binary log says into rows and statements of one database. */

import type { LoggedEvent, OutputTaker, RowKind } from './binlog-output.ts';
import { BinlogRows } from './binlog-rows.ts';
import { bytesJson, keyText, layoutOf, numberJson, TableLayout, unknownColumn } from './mysql-layout.ts';
import type { MysqlSender } from './mysql-sender.ts';
import {
  freshContext,
  type ReadStatement,
  readStatement,
  type StatementContext,
  type Value,
} from './mysql-statement.ts';
import type { Target } from './mysql-target.ts';
import type { SqlMode } from './mysql-tokens.ts';
import { modeOf, tokenize } from './mysql-tokens.ts';

export interface TakerOptions {
  sender: MysqlSender;
  database: string;
  time_zone: string;
  log: { name: string; number: number };
  record_bytes_max: number;
  /** Ends of groups in the file. */
  boundaries: ReadonlySet<number>;
  /** Ends of statements that were rolled back. */
  undone: ReadonlySet<number>;
}

/** Words that change nothing by themselves. */
const of_transactions = new Set(['begin', 'commit', 'rollback', 'savepoint', 'release', 'xa', 'start', '']);
const position_bits = 36n;

export class BinlogTaker implements OutputTaker {
  readonly #options: TakerOptions;
  readonly #rows: BinlogRows;
  readonly #context: StatementContext;
  #annotation: Buffer | undefined;
  #event: LoggedEvent | undefined;
  /** All groups up to here are taken whole; 0 before the first. */
  boundary = 0;
  /** Of other databases. */
  others = 0;

  constructor(options: TakerOptions) {
    this.#options = options;
    this.#rows = new BinlogRows(options.sender, options.database, options.record_bytes_max / 2);
    this.#context = freshContext(options.time_zone);
  }

  event(event: LoggedEvent): void {
    const before = this.#event;
    if (!/^(Table_map|Write_|Update_|Delete_)/.test(event.kind)) this.#endRows();
    if (before !== undefined) this.#settle(before);
    this.#event = event;
    this.#options.sender.where = `${this.#options.log.number}:${event.end}`;
  }

  /** Rows that were rolled back never were: what cannot be rolled back is logged as a transaction of its own. */
  row(kind: RowKind, name: string): boolean {
    if (this.#event !== undefined && this.#options.undone.has(this.#event.end)) return this.#rows.skip();
    return this.#rows.begin(kind, name);
  }

  side(is_before: boolean): void {
    this.#rows.side(is_before);
  }

  value(column: number, from: Buffer, at: number): number {
    return this.#rows.value(column, from, at);
  }

  rowsEnd(): void {
    this.#rows.end();
    this.others += this.#rows.others;
    this.#rows.others = 0;
  }

  #endRows(): void {
    const event = this.#event;
    if (event === undefined) return;
    let ordinal = 0n;
    for (const { verb, database, table, rows, images } of this.#rows.takeStatements()) {
      const told = { verb, database, table };
      this.#send(event, 'row', told, this.#annotation, rows, images, ordinal++);
    }
    if (/^(Write|Update|Delete)_/.test(event.kind)) this.#annotation = undefined;
  }

  finish(): void {
    this.#endRows();
    if (this.#event !== undefined) this.#settle(this.#event);
  }

  #settle({ end }: LoggedEvent): void {
    if (!this.#options.boundaries.has(end)) return;
    this.boundary = end;
    this.#options.sender.settle();
  }

  text(event: LoggedEvent, text: Buffer, is_cut: boolean): void {
    if (event.kind === 'Annotate_rows') this.#annotation = joinLines(text, '#Q> ');
    else if (event.kind === 'Rows_query') this.#annotation = joinLines(text, '# ');
    else if (event.kind === 'Table_map') {
      const name = /Table_map: (`.*`) mapped to/.exec(event.words)?.[1];
      if (name !== undefined)
        this.#rows.describe(Buffer.from(name, 'latin1').toString('utf8'), text.toString('utf8'));
    } else if (event.kind === 'Intvar') this.#setNumber(text.toString('latin1'));
    else if (event.kind === 'User_var') this.#setVariable(text.toString('latin1'));
    else if (event.kind.startsWith('Query')) this.#query(event, text, is_cut);
  }

  #setNumber(text: string): void {
    const context = this.#context;
    for (const [, name, value] of text.matchAll(/SET (LAST_INSERT_ID|INSERT_ID)=(\d+)/g)) {
      if (name === 'INSERT_ID') context.insert_id = BigInt(value!);
      else context.last_insert_id = BigInt(value!);
    }
  }

  /** ``SET @`v`:=_utf8mb4 X'7573' COLLATE `utf8mb4_general_ci`/*!*\/;`` */
  #setVariable(text: string): void {
    const tokens = tokenize(text.slice(0, text.lastIndexOf('/*!*/;'))) ?? [];
    const name = tokens.find(({ kind }) => kind === 'variable')?.text ?? '';
    const at = tokens.findIndex(({ kind, text: sign }) => kind === 'sign' && sign === '=');
    const rest = tokens.slice(at + 1);
    const literal = rest.find(({ kind }) => kind === 'string' || kind === 'number');
    const is_negative = rest[0]?.kind === 'sign' && rest[0].text === '-';
    let value: Value = { kind: 'null' };
    if (literal?.kind === 'string') value = { kind: 'bytes', text: literal.text };
    else if (literal?.kind === 'number')
      value = { kind: 'number', text: (is_negative ? '-' : '') + literal.text };
    const variables = new Map(this.#context.variables);
    variables.set(Buffer.from(name, 'latin1').toString('utf8').toLowerCase(), value);
    this.#context.variables = variables;
  }

  #query(event: LoggedEvent, text: Buffer, is_cut: boolean): void {
    const sql = this.#readPreamble(text.toString('latin1'), is_cut);
    const context = this.#context;
    const statement = readStatement(sql, context);
    // Its rows were taken when it was prepared.
    const takes_back = /^XA\s+ROLLBACK\b/i.test(sql);
    if (statement.kind !== 'other' || !of_transactions.has(statement.verb) || takes_back) {
      this.#statement(event, statement, sql, is_cut);
      context.insert_id = undefined;
      context.last_insert_id = undefined;
      context.variables = new Map();
    }
  }

  /** Takes what is set before the statement, and gives the statement. */
  #readPreamble(text: string, is_cut: boolean): string {
    const context = this.#context;
    let at = 0;
    for (;;) {
      const end = text.indexOf('\n', at);
      const line = text.slice(at, end);
      if (end === -1 || !line.endsWith('/*!*/;')) break;
      const set = line.slice(0, -'/*!*/;'.length);
      if (!/^(use |SET TIMESTAMP=|SET @@|\/\*!\\C |\/\*M?!\d+ SET |\/\*!80\d+ SET )/.test(set)) break;
      setContext(context, set, this.#options.time_zone);
      at = end + 1;
    }
    // What follows the last delimiter is the decoder's own.
    const end = text.lastIndexOf('\n/*!*/;\n');
    return is_cut || end < at ? text.slice(at) : text.slice(at, end);
  }

  #statement(event: LoggedEvent, statement: ReadStatement, sql: string, is_cut: boolean): void {
    const { sender, database } = this.#options;
    if (statement.database !== '' && statement.database.toLowerCase() !== database.toLowerCase()) {
      this.others += 1;
      return;
    }
    const target = sender.target(statement.table);
    const is_undone = this.#options.undone.has(event.end);
    if (target !== undefined && event.error === 0 && !is_cut && !is_undone) {
      if (statement.kind === 'insert' && this.#insert(target, statement.columns, statement.rows)) return;
      if (statement.kind === 'update' && this.#update(target, statement)) return;
    }
    const verb = statement.kind === 'other' ? statement.verb : statement.kind;
    const told = { verb, database: statement.database, table: statement.table };
    this.#send(event, 'statement', told, Buffer.from(sql, 'latin1'), null, [], 0n);
    this.#noteEffect(verb, statement, sql);
  }

  /** What a statement does to the keys of our tables. */
  #noteEffect(verb: string, { table }: ReadStatement, sql: string): void {
    const { sender } = this.#options;
    const target = sender.target(table);
    const start = sql.slice(0, 4096);
    if (verb === 'delete' && target !== undefined) sender.noteDelete(target);
    const empties =
      verb === 'truncate' || verb === 'rename' || (verb === 'create' && /\bOR\s+REPLACE\b/i.test(start));
    if (verb === 'drop' && /^[\s(]*DROP\s+(DATABASE|SCHEMA)\b/i.test(start)) {
      for (const one of sender.targets.values()) sender.emptied(one);
    } else if (verb === 'drop' && /\bTABLES?\b/i.test(start)) {
      for (const one of sender.targets.values()) {
        if (new RegExp(`[\\s.,\`]${one.table.table}(?![\\w$])`, 'i').test(start)) sender.emptied(one);
      }
    } else if (empties && target !== undefined) sender.emptied(target);
  }

  /** True where all rows are plain. */
  #insert(target: Target, columns: string[] | undefined, rows: Value[][]): boolean {
    const layout = layoutFor(target, columns, rows[0]?.length ?? 0);
    if (layout === undefined || layout.key === -1) return false;
    const { insert_id, auto_increment } = this.#context;
    const ordered: (Value | undefined)[][] = [];
    let given = 0;
    for (const [index, row] of rows.entries()) {
      if (row.length !== (columns?.length ?? layout.columns.length)) return false;
      const values: (Value | undefined)[] = layout.columns.map(() => undefined);
      row.forEach((value, at) => {
        values[columns === undefined ? at : layout.indexOf(columns[at]!)] = value;
      });
      if (isKey(values[layout.key], layout.columns[layout.key]!.type)) given += 1;
      else {
        if (insert_id === undefined) return false;
        values[layout.key] = { kind: 'number', text: String(insert_id + BigInt(index) * auto_increment) };
      }
      ordered.push(values);
    }
    // A key that is given moves those that the server counts behind it.
    if (given > 0 && given < rows.length) return false;
    for (const values of ordered) this.#insertRow(target, layout, values);
    return true;
  }

  #insertRow(target: Target, layout: TableLayout, values: (Value | undefined)[]): void {
    target.run.beginRow();
    for (const [column, value] of values.entries()) {
      if (value !== undefined && value.kind !== 'default')
        target.run.putJson(layout, column, valueJson(value, layout.columns[column]!.type));
    }
    this.#options.sender.endInsert(target, layout);
  }

  #update(target: Target, { changes, key, key_value }: ReadStatement & { kind: 'update' }): boolean {
    const { table } = target;
    const { changing_columns = [], columns } = table;
    if (key.toLowerCase() !== table.key.toLowerCase()) return false;
    const key_column = columns.find(({ name }) => name === table.key);
    if (key_column === undefined || key_value.kind === 'null' || key_value.kind === 'default') return false;
    const values: Record<string, string> = {};
    const key_json = valueJson(key_value, key_column.type);
    values[table.key] = key_json;
    for (const [name, value] of changes) {
      const column = columns.find((one) => one.name.toLowerCase() === name.toLowerCase());
      if (column === undefined || value.kind === 'default' || !changing_columns.includes(column.name))
        return false;
      values[column.name] = valueJson(value, column.type);
    }
    this.#options.sender.sendVersion(target, keyText(key_json)!, values);
    return true;
  }

  #send(
    event: LoggedEvent,
    form: 'row' | 'statement',
    { verb, database, table }: { verb: string; database: string; table: string },
    sql: Buffer | undefined,
    rows: number | null,
    images: readonly string[],
    ordinal: bigint,
  ): void {
    const { log, sender, record_bytes_max } = this.#options;
    const kept = sql?.subarray(0, record_bytes_max / 4);
    const members = [
      `"log":${JSON.stringify(log.name)},"position":${event.end},"time":${event.time},"thread":${event.thread}`,
      `"form":"${form}","verb":${JSON.stringify(verb)},"database":${JSON.stringify(database)},"table":${JSON.stringify(table)}`,
      `"sql":${kept === undefined ? 'null' : bytesJson(kept, 'text')},"sql_cut":${(kept?.length ?? 0) < (sql?.length ?? 0)}`,
      `"rows":${rows},"images":[${images.join(',')}],"error":${event.error}`,
    ];
    // Statements that one event made of several tables lie at the positions inside of it.
    const place = (BigInt(log.number) << position_bits) + BigInt(event.end) - ordinal;
    sender.sendStatement(place, `{${members.join(',')}}`);
  }
}

/** Whether a statement gives the row its key; else the server counts one: also where it says 0, or '0' for a number. */
function isKey(value: Value | undefined, type: string): boolean {
  if (value === undefined || value.kind === 'null' || value.kind === 'default') return false;
  return Number(value.text) !== 0 || (value.kind === 'bytes' && (type === 'text' || type === 'binary'));
}

/** The columns of a table that a statement means; undefined where they cannot be told. */
function layoutFor(target: Target, columns: string[] | undefined, count: number): TableLayout | undefined {
  const { table } = target;
  const known = [table.columns, ...(table.earlier_columns ?? [])];
  if (columns === undefined)
    return known.some((one) => one.length === count) ? target.layout(count) : undefined;
  const layouts = known.map((one) => layoutOf(table, one.length));
  const fitting = layouts.filter((layout) => columns.every((name) => layout.indexOf(name) !== -1));
  const smallest = fitting.sort((a, b) => a.columns.length - b.columns.length)[0];
  if (smallest !== undefined) return smallest;
  const added = columns.filter((name) => layouts[0]!.indexOf(name) === -1);
  return new TableLayout([...table.columns, ...added.map((name) => ({ ...unknownColumn(0), name }))], table);
}

function valueJson(value: Value, type: string): string {
  if (value.kind === 'null' || value.kind === 'default') return 'null';
  const is_text = type === 'text' || type === 'binary' || type === 'time';
  if (value.kind === 'number') return type === 'text' ? JSON.stringify(value.text) : numberJson(value.text);
  if (!is_text && /^-?\d+(\.\d+)?$/.test(value.text)) return numberJson(value.text);
  return bytesJson(Buffer.from(value.text, 'latin1'), type === 'binary' ? 'binary' : 'text');
}

function setContext(context: StatementContext, set: string, system_zone: string): void {
  const database = /^use `((?:[^`]|``)*)`/.exec(set)?.[1];
  if (database !== undefined)
    context.database = Buffer.from(database.replaceAll('``', '`'), 'latin1').toString('utf8');
  context.timestamp = /^SET TIMESTAMP=([\d.]+)/.exec(set)?.[1] ?? context.timestamp;
  context.charset = /character_set_client=(\w+)/.exec(set)?.[1] ?? context.charset;
  const increment = /auto_increment_increment=(\d+)/.exec(set)?.[1];
  if (increment !== undefined) context.auto_increment = BigInt(increment);
  const mode: SqlMode | undefined = /sql_mode=(\d+)/.test(set)
    ? modeOf(Number(/sql_mode=(\d+)/.exec(set)![1]))
    : undefined;
  if (mode !== undefined) context.mode = mode;
  const zone = /@@session\.time_zone='([^']+)'/i.exec(set)?.[1];
  if (zone !== undefined) context.time_zone = zone === 'SYSTEM' ? system_zone : zone;
}

/** Each line has the mark before it. */
function joinLines(text: Buffer, mark: string): Buffer {
  const lines = text.toString('latin1').split('\n');
  const marked = lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length));
  return Buffer.from(marked.join('\n'), 'latin1');
}
