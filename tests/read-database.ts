/** All rows of a database at once, as records: with the encoding and the joins of the collector's reader. */
import { DatabaseSync } from 'node:sqlite';
import { joinParents, type RowFinder, TableRows } from '@apiary/collector/readers/sqlite-inside.ts';
import { record_flags } from '@apiary/model/batch.ts';
import type { SqliteStream, SqliteTable } from '@apiary/model/submodule.ts';
import type { SampleRecord } from '@apiary/submodules/sample.ts';

export function readDatabase(path: string, source: SqliteStream): SampleRecord[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return source.tables.flatMap((table) => readTable(database, table, source));
  } finally {
    database.close();
  }
}

/** Finders of the parent, and of its own parent where that is declared too. */
function findersOf(database: DatabaseSync, table: SqliteTable, source: SqliteStream): RowFinder[] {
  const finders: RowFinder[] = [];
  for (let parent = table.parent; parent !== undefined && finders.length < 2; ) {
    const { table: name, key } = parent;
    const above = source.tables.find((other) => other.table === name)?.parent;
    finders.push(TableRows.find(database, name, above?.column)?.finder(key) ?? (() => undefined));
    parent = above;
  }
  return finders;
}

function readTable(database: DatabaseSync, table: SqliteTable, source: SqliteStream): SampleRecord[] {
  const rows = TableRows.find(database, table.table, table.parent?.column);
  if (rows === undefined) return [];
  const finders = findersOf(database, table, source);
  return [...rows.between(0n, rows.highestRowid() ?? 0n)].map((row) => {
    const { rowid, json, parent_missing } = joinParents(row, finders);
    const flags = parent_missing ? record_flags.parent_missing : 0;
    return { stream: table.stream, place: rowid, version: 0, flags, raw: Buffer.from(json) };
  });
}
