/** Rows of a binary log: each goes to its table's stream, or to the statement that wrote it. */

import type { RowKind } from './binlog-output.ts';
import { keyText, TableLayout, unknownColumn } from './mysql-layout.ts';
import { columns_max, RunBuffer } from './mysql-run.ts';
import type { MysqlSender } from './mysql-sender.ts';
import type { Target } from './mysql-target.ts';

/** A table as the log knows it. */
interface LoggedTable {
  database: string;
  table: string;
  is_ours: boolean;
  target: Target | undefined;
  layout: TableLayout;
}

/** What rows of one statement did to a table that is not passed on as rows. */
export interface RowStatement {
  verb: RowKind;
  database: string;
  table: string;
  rows: number;
  /** JSON of the first of them. */
  images: string[];
}

type Values = Record<string, string>;

const json = (values: Values | undefined): string =>
  values === undefined
    ? 'null'
    : `{${Object.entries(values)
        .map(([name, value]) => `${JSON.stringify(name)}:${value}`)
        .join(',')}}`;

export class BinlogRows {
  readonly #sender: MysqlSender;
  readonly #database: string;
  readonly #images_bytes_max: number;
  /** By the name as the log writes it. */
  readonly #tables = new Map<string, LoggedTable>();
  /** Columns of a table as the log describes it. */
  readonly #described = new Map<string, { count: number; names: string[] }>();
  readonly #scratch = new RunBuffer();
  #table: LoggedTable | undefined;
  #kind: RowKind = 'insert';
  #run: RunBuffer = this.#scratch;
  #is_before = false;
  #before: Values | undefined;
  #statements: RowStatement[] = [];
  #images_bytes = 0;
  others = 0;

  constructor(sender: MysqlSender, database: string, images_bytes_max: number) {
    this.#sender = sender;
    this.#database = database.toLowerCase();
    this.#images_bytes_max = images_bytes_max;
  }

  /**
   * What the decoder prints with a table's description: `# Columns(INT NOT NULL,` and a line for each further column;
   * with FULL metadata each begins with the name in backticks.
   */
  describe(name: string, text: string): void {
    const lines = text.split('\n');
    const start = lines.findIndex((line) => line.startsWith('# Columns('));
    if (start === -1) return;
    const names: string[] = [];
    let count = 0;
    for (const line of lines.slice(start)) {
      if (count > 0 && !line.startsWith('#         ')) break;
      count += 1;
      const named = /^# (?:Columns\(| {8})`((?:[^`]|``)*)` /.exec(line)?.[1];
      if (named !== undefined) names.push(named.replaceAll('``', '`'));
    }
    const known = this.#described.get(name);
    if (known?.count === count && known.names.join() === names.join()) return;
    this.#described.set(name, { count: Math.min(count, columns_max), names });
    this.#tables.delete(name);
  }

  #find(name: string): LoggedTable {
    let found = this.#tables.get(name);
    if (found === undefined) {
      found = this.#know(name);
      if (this.#tables.size > 1000) this.#tables.clear();
      this.#tables.set(name, found);
    }
    return found;
  }

  #know(name: string): LoggedTable {
    const [, database = '', table = ''] = (/^`((?:[^`]|``)*)`\.`(.*)`/.exec(name) ?? []).map((part) =>
      part.replaceAll('``', '`'),
    );
    const is_ours = database.toLowerCase() === this.#database;
    const target = is_ours ? this.#sender.target(table) : undefined;
    const described = this.#described.get(name);
    const usual = target?.table.columns.length ?? 64;
    const count = described?.count ?? usual;
    let layout =
      target?.layout(count) ??
      new TableLayout(
        Array.from({ length: count }, (_, i) => unknownColumn(i)),
        undefined,
      );
    if (described !== undefined && described.names.length === count) {
      const columns = described.names.map((column) => ({
        ...(target?.table.columns.find((one) => one.name === column) ?? { type: 'text' as const }),
        name: column,
      }));
      layout = new TableLayout(columns, target?.table);
    }
    return { database, table, is_ours, target, layout };
  }

  /** False where the row's values are not wanted. */
  begin(kind: RowKind, name: string): boolean {
    this.end();
    const table = this.#find(name);
    if (!table.is_ours) {
      this.others += 1;
      return false;
    }
    this.#table = table;
    this.#kind = kind;
    this.#before = undefined;
    this.#is_before = false;
    this.#run = kind === 'insert' && table.target !== undefined ? table.target.run : this.#scratch;
    if (this.#run === this.#scratch) this.#scratch.clear();
    this.#run.beginRow();
    return true;
  }

  /** The row that begins is not wanted. */
  skip(): false {
    this.end();
    return false;
  }

  side(is_before: boolean): void {
    if (this.#table === undefined) return;
    if (!is_before && this.#is_before) {
      this.#before = this.#values();
      this.#scratch.clear();
      this.#scratch.beginRow();
    }
    this.#is_before = is_before;
  }

  value(column: number, from: Buffer, at: number): number {
    const { layout } = this.#table!;
    if (column < 0 || column >= layout.columns.length || column < this.#run.columns)
      return from.indexOf(10, at);
    if (this.#run === this.#scratch) this.#run.skipTo(column);
    return this.#run.putLogged(layout, column, from, at);
  }

  /** The values of the row in the scratch run that the log has, as JSON. */
  #values(): Values {
    const values: Values = {};
    const { columns } = this.#table!.layout;
    for (let column = 0; column < this.#scratch.columns; column += 1) {
      if (this.#scratch.has(column)) values[columns[column]!.name] = this.#scratch.valueJson(column);
    }
    return values;
  }

  /** Completes the row that was begun. */
  end(): void {
    const table = this.#table;
    if (table === undefined) return;
    this.#table = undefined;
    const { target, layout } = table;
    if (this.#run !== this.#scratch) {
      if (!this.#sender.endInsert(target!, layout)) {
        this.#run.dropRow();
        this.#note(table, undefined, undefined);
      }
      return;
    }
    this.#table = table;
    const values = this.#values();
    this.#table = undefined;
    if (this.#kind === 'insert') this.#note(table, undefined, values);
    else if (this.#kind === 'delete') {
      const before = this.#is_before ? values : this.#before;
      if (target !== undefined) this.#deleted(target, before);
      this.#note(table, before, undefined);
    } else if (target === undefined || !this.#passUpdate(target, this.#before ?? {}, values)) {
      this.#note(table, this.#before, values);
    }
  }

  #deleted(target: Target, before: Values | undefined): void {
    const key = keyText(before?.[target.table.key] ?? 'null');
    if (key !== undefined) target.kept.delete(key);
    this.#sender.noteDelete(target);
  }

  /** True where the update changes only what may change: it goes as a later version. */
  #passUpdate(target: Target, before: Values, after: Values): boolean {
    const { key, changing_columns = [] } = target.table;
    const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
    const is_whole = after[key] !== undefined;
    const key_text = keyText(before[key] ?? 'null');
    if (key_text === undefined || (is_whole && after[key] !== before[key])) return false;
    if (!changed.every((name) => changing_columns.includes(name))) return false;
    this.#sender.sendVersion(target, key_text, { ...before, ...after });
    return true;
  }

  #note({ database, table }: LoggedTable, before: Values | undefined, after: Values | undefined): void {
    let statement = this.#statements.find((one) => one.verb === this.#kind && one.table === table);
    if (statement === undefined) {
      statement = { verb: this.#kind, database, table, rows: 0, images: [] };
      this.#statements.push(statement);
    }
    statement.rows += 1;
    if (this.#images_bytes >= this.#images_bytes_max) return;
    const image = `{"before":${json(before)},"after":${json(after)}}`;
    this.#images_bytes += image.length;
    if (this.#images_bytes < this.#images_bytes_max) statement.images.push(image);
  }

  /** What the rows of a statement did that is over. */
  takeStatements(): RowStatement[] {
    const taken = this.#statements;
    this.#statements = [];
    this.#images_bytes = 0;
    return taken;
  }
}
