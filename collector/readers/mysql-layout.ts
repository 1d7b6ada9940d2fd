/** How a table of a submodule lies in rows: its columns in the order of the log, and how a value becomes JSON. */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { MysqlColumn, MysqlTable } from '@apiary/model/submodule.ts';

export interface LaidColumn extends MysqlColumn {
  /** `,"name":`, without the comma for the first. */
  label: Buffer;
  /** JSON. */
  default_json: string;
}

export class TableLayout {
  readonly columns: readonly LaidColumn[];
  /** Index of the key, and of the column that names the parent row; -1 where there is none. */
  readonly key: number;
  readonly link: number;

  constructor(columns: readonly MysqlColumn[], table: MysqlTable | undefined) {
    this.columns = columns.map((column, index) => layOut(column, index));
    this.key = columns.findIndex(({ name }) => name === table?.key);
    this.link = columns.findIndex(({ name }) => name === table?.parent?.column);
  }

  indexOf(name: string): number {
    const lower = name.toLowerCase();
    return this.columns.findIndex((column) => column.name.toLowerCase() === lower);
  }
}

const layOut = (column: MysqlColumn, index: number): LaidColumn => ({
  ...column,
  label: Buffer.from(`${index === 0 ? '' : ','}${JSON.stringify(column.name)}:`),
  default_json: column.default === undefined ? 'null' : JSON.stringify(column.default),
});

/** A column of which nothing is known but where it stands. */
export const unknownColumn = (index: number): MysqlColumn => ({ name: `@${index + 1}`, type: 'text' });

/** The layout of a table whose rows have `count` columns: what the log does not name is called `@N`. */
export function layoutOf(table: MysqlTable | undefined, count: number): TableLayout {
  const known = [table?.columns ?? [], ...(table?.earlier_columns ?? [])];
  const best = known.find((columns) => columns.length === count) ?? known[0]!;
  const columns = Array.from({ length: count }, (_, index) => best[index] ?? unknownColumn(index));
  return new TableLayout(columns, table);
}

/** The place of a row by its key. */
export function placeOf(key: string): bigint {
  if (/^(0|[1-9]\d{0,18})$/.test(key)) return BigInt(key);
  const digest = createHash('sha256').update(key).digest();
  return digest.readBigUInt64BE(0) >> 1n;
}

/** Bytes as JSON, as SQLite's rows have them. */
export function bytesJson(bytes: Buffer, type: MysqlColumn['type']): string {
  if (type !== 'binary' && isUtf8(bytes)) return JSON.stringify(bytes.toString('utf8'));
  return `{"$hex":"${bytes.toString('hex')}"}`;
}

/** A number as it is written, as JSON; as text where JavaScript would not hold it exactly. */
export function numberJson(text: string): string {
  const is_integer = /^-?(0|[1-9]\d*)$/.test(text);
  if (is_integer) return text.length < 16 || Number.isSafeInteger(Number(text)) ? text : `"${text}"`;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) return JSON.stringify(text);
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? text : JSON.stringify(value);
}

/** The text of a JSON value as keys are compared: numbers and strings alike. */
export function keyText(json: string): string | undefined {
  if (json === 'null') return undefined;
  if (!json.startsWith('"')) return json;
  return JSON.parse(json) as string;
}
