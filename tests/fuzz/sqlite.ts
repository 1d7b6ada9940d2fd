/** Rows of a damaged SQLite database, through the copy that the reader opens. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { openCopy, TableRows } from '@apiary/collector/readers/sqlite-inside.ts';
import type { FuzzDecoder } from './decoder.ts';
import { Scratch } from './scratch.ts';

const rows_max = 1000;
const scratch = new Scratch();

/** Small pages, so that a change hits what holds something. */
function makeDatabase(): Buffer {
  const path = scratch.path('seed.sqlite');
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA page_size = 512; PRAGMA journal_mode = OFF;
    CREATE TABLE connections (connection INTEGER PRIMARY KEY, host TEXT, bytes BLOB, size REAL);
    CREATE TABLE logins (login INTEGER PRIMARY KEY, connection INTEGER, password TEXT);
    CREATE VIEW endless AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n;
    INSERT INTO connections VALUES (1, '192.0.2.1', x'00ff', 1.5), (2, '${'h'.repeat(700)}', NULL, 9e99);
    INSERT INTO logins VALUES (1, 1, '123456'), (2, 2, NULL), (3, 2, CAST(x'ff' AS TEXT))`);
  database.close();
  const bytes = readFileSync(path);
  rmSync(path);
  return bytes;
}

function readAll(database: DatabaseSync): number {
  let output = 0;
  for (const name of ['connections', 'logins', 'endless']) {
    const table = TableRows.find(database, name, 'connection');
    if (table === undefined) continue;
    const highest = table.highestRowid();
    if (highest === undefined) continue;
    table.windowStart(highest, 2);
    table.lowest();
    let rows = 0;
    for (const { json } of table.between(-(2n ** 63n), highest)) {
      JSON.parse(json);
      output += json.length;
      rows += 1;
      if (rows >= rows_max) break;
    }
  }
  return output;
}

export const sqlite_rows: FuzzDecoder = {
  name: 'sqlite_rows',
  seeds: [makeDatabase()],
  words: ['CREATE TABLE ', 'VIRTUAL ', 'logins', 'endless', 'WITHOUT ROWID', 'GENERATED ALWAYS AS (1)'],
  decode(input) {
    const path = scratch.path('copy.sqlite');
    for (const suffix of ['-wal', '-journal', '-shm']) rmSync(path + suffix, { force: true });
    writeFileSync(path, input);
    const database = openCopy(path);
    if (database === undefined) return 0;
    try {
      return readAll(database);
    } finally {
      database.close();
    }
  },
  // The reader takes SQLite's own errors for a database that cannot be read now.
  isDocumented: (error) => (error as { code?: string }).code === 'ERR_SQLITE_ERROR',
  outputMax: (input_bytes) => 1000 * input_bytes + 4096,
  close: () => scratch.remove(),
};
