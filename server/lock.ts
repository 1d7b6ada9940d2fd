/** One server for a data directory: SQLite's exclusive lock on a small file, which ends with the process. */
import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { OperationalError } from '@apiary/model/errors.ts';

/** A file that lies in a directory while a backup is put back into it. */
export const restore_mark = 'restore-unfinished';

export class DirectoryLock {
  readonly #database: DatabaseSync;

  /** @throws EROFS, EACCES; OperationalError `conflict` where another process has it, or a backup was put back into it in part */
  constructor(directory: string) {
    if (existsSync(join(directory, restore_mark)))
      throw new OperationalError(
        'conflict',
        `a backup is being put back into ${directory}, or that was interrupted: then empty it, and restore again`,
      );
    // A lock that is there already needs no writing.
    accessSync(directory, constants.W_OK | constants.X_OK);
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
