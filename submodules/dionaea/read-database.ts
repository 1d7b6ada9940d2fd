/**
 * Reads a Dionaea database of a recording into the records that a collector's reader would make of it, for tests
 * on whole recordings. The frame is that of SqliteTable in model/submodule.ts.
 */
import { DatabaseSync } from 'node:sqlite';
import type { SqliteStream, SqliteTable } from '@apiary/model/submodule.ts';

type Row = Record<string, unknown>;

/** One row of a table, framed: its place is the row's number. */
export interface FramedRow {
  stream: string;
  place: bigint;
  parent_missing: boolean;
  raw: Buffer;
}

function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const small = value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER);
    return small ? Number(value) : String(value);
  }
  if (value instanceof Uint8Array) return { $hex: Buffer.from(value).toString('hex') };
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

function plainRow(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plainValue(value)]));
}

/** Rows of a table by the value of a column, read once. */
function indexTable(database: DatabaseSync, table: string, key: string): Map<unknown, Row> {
  const statement = database.prepare(`SELECT * FROM "${table}"`);
  statement.setReadBigInts(true);
  return new Map(statement.all().map((row) => [(row as Row)[key], row as Row]));
}

/** All rows of all tables that the stream names and the database has. */
export function readDatabase(path: string, source: SqliteStream): FramedRow[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const present = new Set(
      database
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
        .all()
        .map(({ name }) => name),
    );
    return source.tables
      .filter(({ table }) => present.has(table))
      .flatMap((table) => readTable(database, table, source));
  } finally {
    database.close();
  }
}

function readTable(database: DatabaseSync, table: SqliteTable, source: SqliteStream): FramedRow[] {
  const parents = table.parent && indexTable(database, table.parent.table, table.parent.key);
  const above = source.tables.find((other) => other.table === table.parent?.table)?.parent;
  const grandparents = above && indexTable(database, above.table, above.key);
  const statement = database.prepare(`SELECT rowid AS "$place", * FROM "${table.table}" ORDER BY rowid`);
  statement.setReadBigInts(true);
  return statement.all().map((all) => {
    const { $place, ...row } = all as Row;
    const frame: Row = { row: plainRow(row) };
    const parent = table.parent && parents?.get(row[table.parent.column]);
    if (parent) frame.parent = plainRow(parent);
    const grandparent = parent && above && grandparents?.get(parent[above.column]);
    if (grandparent) frame.grandparent = plainRow(grandparent);
    return {
      stream: table.stream,
      place: $place as bigint,
      parent_missing: table.parent !== undefined && parent === undefined,
      raw: Buffer.from(JSON.stringify(frame)),
    };
  });
}
