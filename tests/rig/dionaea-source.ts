/** A Dionaea that writes its database: a connection with its log-in at a time; what it wrote is remembered here. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export class DionaeaSource {
  readonly path: string;
  readonly #database: DatabaseSync;
  written = 0;

  constructor(path: string) {
    this.path = path;
    mkdirSync(dirname(path), { recursive: true });
    this.#database = new DatabaseSync(path);
    this.#database.exec(`
      CREATE TABLE connections (connection INTEGER PRIMARY KEY, connection_type TEXT, connection_transport TEXT,
        connection_protocol TEXT, connection_timestamp INTEGER, connection_root INTEGER, connection_parent INTEGER,
        local_host TEXT, local_port INTEGER, remote_host TEXT, remote_hostname TEXT, remote_port INTEGER);
      CREATE TABLE logins (login INTEGER PRIMARY KEY, connection INTEGER, login_username TEXT, login_password TEXT);
    `);
  }

  write(count: number): void {
    this.#database.exec('BEGIN');
    const connection = this.#database.prepare(
      "INSERT INTO connections VALUES (NULL, 'accept', 'tcp', 'mysqld', ?, NULL, NULL, '198.51.100.12', 3306, '203.0.113.9', '', 4000)",
    );
    const login = this.#database.prepare("INSERT INTO logins VALUES (NULL, ?, 'root', ?)");
    for (let index = 0; index < count; index += 1) {
      const { lastInsertRowid } = connection.run(Date.now() / 1000);
      login.run(lastInsertRowid, `d${this.written + index}`);
    }
    this.#database.exec('COMMIT');
    this.written += count;
  }

  close(): void {
    this.#database.close();
  }
}
