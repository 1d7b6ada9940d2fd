/** One server for a data directory: SQLite's exclusive lock on a small file, which ends with the process. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { OperationalError } from '@apiary/model/errors.ts';

export class DirectoryLock {
  readonly #database: DatabaseSync;

  /** @throws OperationalError `conflict` where another process has it */
  constructor(directory: string) {
    this.#database = new DatabaseSync(join(directory, 'lock.sqlite'));
    try {
      this.#database.exec(
        'PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS held (by INTEGER); COMMIT',
      );
    } catch (error) {
      this.#database.close();
      throw new OperationalError(
        'conflict',
        `another server uses ${directory}, or it cannot be written: ${(error as Error).message}`,
        {},
        error,
      );
    }
  }

  release(): void {
    this.#database.close();
  }
}
