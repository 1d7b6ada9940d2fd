/**
 * A honeypot that writes an SQLite database as a process of its own, so that locks and half-written pages
 * are real. Arguments: path, journal mode, seconds at most. It ends sooner when there is a file of its path with `.end`
 * behind it. Prints the rows it committed as JSON at the end.
 */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

const [path, mode, seconds] = process.argv.slice(2) as [string, string, string];
const database = new DatabaseSync(path);
database.exec(`PRAGMA journal_mode = ${mode}; PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 20;
  CREATE TABLE IF NOT EXISTS connections (connection INTEGER PRIMARY KEY, remote_host TEXT, closed INTEGER);
  CREATE TABLE IF NOT EXISTS logins (login INTEGER PRIMARY KEY, connection INTEGER, password TEXT)`);
const insert = database.prepare('INSERT INTO connections (remote_host, closed) VALUES (?, 0)');
const close = database.prepare('UPDATE connections SET closed = 1 WHERE connection = ?');
const login = database.prepare('INSERT INTO logins (connection, password) VALUES (?, ?)');
const deadline = Date.now() + Number(seconds) * 1000;
let committed = 0;
while (Date.now() < deadline && !existsSync(`${path}.end`)) {
  database.exec('BEGIN');
  for (let i = 0; i < 5; i++) {
    const { lastInsertRowid } = insert.run(`192.0.2.${committed % 250}`);
    login.run(lastInsertRowid, `password ${'p'.repeat(committed % 700)} ${committed}`);
    if (Number(lastInsertRowid) > 3) close.run(Number(lastInsertRowid) - 3);
    committed += 1;
  }
  database.exec(Math.random() < 0.1 ? 'ROLLBACK' : 'COMMIT');
  // Now and then a pause, as a honeypot has; and a burst without one.
  if (Math.random() < 0.5) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.random() * 30);
}
const rows = {
  connections: database.prepare('SELECT * FROM connections ORDER BY connection').all(),
  logins: database.prepare('SELECT * FROM logins ORDER BY login').all(),
};
process.stdout.write(JSON.stringify(rows));
