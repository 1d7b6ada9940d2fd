/**
 * All rows of a database at once, as records: with the encoding of the collector's reader, and with the parents
 * that the submodule declares.
 */
import { DatabaseSync } from 'node:sqlite';
import { TableRows } from '@apiary/collector/readers/sqlite-rows.ts';
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

function readTable(database: DatabaseSync, table: SqliteTable, source: SqliteStream): SampleRecord[] {
  const { stream, parent } = table;
  const rows = TableRows.find(database, table.table, parent?.column);
  if (rows === undefined) return [];
  const above = source.tables.find((other) => other.table === parent?.table)?.parent;
  const findParent = parent && TableRows.find(database, parent.table)?.finder(parent.key);
  const findGrandparent = above && TableRows.find(database, above.table)?.finder(above.key);
  const records: SampleRecord[] = [];
  for (const { rowid, json, link } of rows.between(0n, rows.highestRowid() ?? 0n)) {
    const parent_json = link === null ? undefined : findParent?.(link);
    const members = [`"row":${json}`];
    if (parent) members.push(`"parent":${parent_json ?? 'null'}`);
    if (above && parent_json !== undefined) {
      const value = JSON.parse(parent_json)[above.column];
      members.push(`"grandparent":${(value === null ? undefined : findGrandparent?.(value)) ?? 'null'}`);
    }
    const is_orphan = parent !== undefined && link !== null && parent_json === undefined;
    const flags = is_orphan ? record_flags.parent_missing : 0;
    records.push({ stream, place: rowid, version: 0, flags, raw: Buffer.from(`{${members.join(',')}}`) });
  }
  return records;
}
