/**
 * The control server's state: one SQLite file, readable by its owner only. Every change of what people set
 * goes through `change`, which writes the change log in the same transaction.
 */
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { OperationalError } from '@apiary/model/errors.ts';

const migrations_folder = new URL('./migrations/', import.meta.url);

export type Row = Record<string, unknown>;

/** Of SQLite: READONLY, IOERR, FULL. */
const unwritable_codes = new Set([8, 10, 13]);

/** A full disk is no mistake of ours: whoever asked is told what it is. */
function guard<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    const { errcode, message } = error as Error & { errcode?: number };
    if (errcode === undefined || !unwritable_codes.has(errcode & 0xff)) throw error;
    throw new OperationalError('state_unwritable', `nothing can be written down: ${message}`, {}, error);
  }
}

export class StateDatabase {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** @param path a file, or ':memory:' for tests */
  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    if (path !== ':memory:') chmodSync(path, 0o600);
    this.#open(path);
    this.#migrate(path);
  }

  #open(path: string): void {
    try {
      this.#database.exec(
        'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000',
      );
    } catch (error) {
      throw new OperationalError(
        'data_damaged',
        `${path} cannot be opened: ${(error as Error).message}`,
        {},
        error,
      );
    }
  }

  #migrate(path: string): void {
    const { user_version } = this.#database.prepare('PRAGMA user_version').get() as { user_version: number };
    const files = readdirSync(migrations_folder)
      .filter((name) => name.endsWith('.sql'))
      .sort();
    if (user_version > files.length)
      throw new OperationalError(
        'engine_unfit',
        `${path} is of a later version of Apiary (${user_version}; this one knows ${files.length})`,
      );
    for (const [index, file] of files.entries()) {
      if (index < user_version) continue;
      this.transact(() => {
        this.#database.exec(readFileSync(new URL(file, migrations_folder), 'utf8'));
        this.#database.exec(`PRAGMA user_version = ${index + 1}`);
      });
    }
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  all<T = Row>(sql: string, ...values: SQLInputValue[]): T[] {
    return this.#prepare(sql).all(...values) as T[];
  }

  get<T = Row>(sql: string, ...values: SQLInputValue[]): T | undefined {
    return this.#prepare(sql).get(...values) as T | undefined;
  }

  /** A copy as of now, beside whatever writes. @param path of a file that is not there yet */
  copyTo(path: string): void {
    this.#database.prepare('VACUUM INTO ?').run(path);
  }

  run(sql: string, ...values: SQLInputValue[]): { changes: number; id: number } {
    const result = guard(() => this.#prepare(sql).run(...values));
    return { changes: Number(result.changes), id: Number(result.lastInsertRowid) };
  }

  /** Runs `work` in one transaction; a throw rolls it back. Nested calls join the outer one. */
  transact<T>(work: () => T): T {
    if (this.#database.isTransaction) return work();
    guard(() => this.#database.exec('BEGIN IMMEDIATE'));
    try {
      const result = work();
      guard(() => this.#database.exec('COMMIT'));
      return result;
    } catch (error) {
      // A full disk has SQLite roll back by itself.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** `transact` for what a person or program decided: logs who did what to which subject. */
  change<T>(actor: string, verb: string, subject: string, details: Row, work: () => T): T {
    return this.transact(() => {
      const result = work();
      this.run(
        'INSERT INTO change_log (at_ms, actor, verb, subject, details) VALUES (?, ?, ?, ?, ?)',
        Date.now(),
        actor,
        verb,
        subject,
        JSON.stringify(details),
      );
      return result;
    });
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }
}
