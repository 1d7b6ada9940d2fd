/**
 * Copies an SQLite database that another program is writing, without ever opening it: no lock of SQLite is
 * taken, nothing of the honeypot's is touched.
 *
 * The write-ahead log or rollback journal is copied first and the main file after it (file format:
 * sqlite.org/fileformat2.html, walformat.html). That order is what makes the pair whole: frames that are in
 * the copied log may be in the main file too, which changes nothing, and a transaction that had begun to
 * overwrite the main file is rolled back on the copy by the copied journal. If the main file changed while
 * it was copied, the copy is thrown away and made again.
 */
import { closeSync, copyFileSync, mkdirSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { constants, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

export interface DatabaseCopy {
  path: string;
  /** What the files looked like; equal means that nothing changed since. */
  signature: string;
  /** Inode of the live database. */
  ino: number;
  changed_ms: number;
}

const attempts_max = 25;
const attempt_pause_ms_max = 40;
/** Up to this size files are copied in one go: the shorter it takes, the less can change meanwhile. */
const copy_at_once_bytes_max = 16 * 1024 * 1024;
const side_files = ['-wal', '-journal'] as const;

interface FileMark {
  ino: number;
  size: number;
  mtime_ms: number;
  mark: string;
}

function markFile(path: string): FileMark | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  const { ino, size, mtimeNs, mtimeMs } = stat;
  return {
    ino: Number(ino),
    size: Number(size),
    mtime_ms: Number(mtimeMs),
    mark: `${ino}:${size}:${mtimeNs}`,
  };
}

/** Bytes that change with every commit that reaches the file: the change counter, or the salts of the log. */
function readCounter(path: string, position: number, length: number): string {
  const fd = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(length);
    return buffer.toString('hex', 0, readSync(fd, buffer, 0, length, position));
  } finally {
    closeSync(fd);
  }
}

interface Look {
  main: FileMark;
  wal: FileMark | undefined;
  journal: FileMark | undefined;
  counter: string;
  salts: string;
}

function look(path: string): Look | undefined {
  try {
    const main = markFile(path);
    if (main === undefined) return undefined;
    const wal = markFile(`${path}-wal`);
    const journal = markFile(`${path}-journal`);
    const salts = wal === undefined || wal.size === 0 ? '' : readCounter(`${path}-wal`, 16, 8);
    return { main, wal, journal, counter: readCounter(path, 24, 4), salts };
  } catch (error) {
    // It was there a moment ago: it is being replaced.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const signatureOf = (seen: Look): string =>
  [seen.main.mark, seen.wal?.mark ?? '', seen.journal?.mark ?? ''].join(' ');

/** The main file and the journal are as they were; the log may have grown, which only a later read shows. */
function isUnchanged(before: Look, after: Look): boolean {
  return (
    before.main.mark === after.main.mark &&
    before.counter === after.counter &&
    before.journal?.mark === after.journal?.mark &&
    before.salts === after.salts &&
    before.wal?.ino === after.wal?.ino &&
    (after.wal?.size ?? 0) >= (before.wal?.size ?? 0)
  );
}

export class DatabaseCopier {
  readonly #path: string;
  readonly #folder: string;
  /** Time spent on copying so far, pauses between attempts left out. */
  copying_ms = 0;

  constructor(path: string, folder: string) {
    this.#path = path;
    this.#folder = folder;
  }

  get #copy_path(): string {
    return join(this.#folder, 'copy.sqlite');
  }

  /** The signature of the live files, or undefined where the database is not there. */
  sign(): string | undefined {
    const seen = look(this.#path);
    return seen === undefined ? undefined : signatureOf(seen);
  }

  /**
   * A copy that no writer disturbed, or undefined where the writer never paused for long enough.
   * @throws the file system's error.
   */
  async copy(): Promise<DatabaseCopy | undefined> {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    for (let attempt = 0; attempt < attempts_max; attempt++) {
      // Pauses of no fixed length, so as not to fall into step with a writer that has a rhythm.
      if (attempt > 0) {
        const pause_ms = Math.random() * attempt_pause_ms_max;
        await new Promise((resolve) => setTimeout(resolve, pause_ms));
      }
      const began_ms = performance.now();
      const copied = await this.#copyOnce();
      this.copying_ms += performance.now() - began_ms;
      if (copied !== undefined) return copied;
    }
    return undefined;
  }

  async #copyOnce(): Promise<DatabaseCopy | undefined> {
    this.remove();
    const before = look(this.#path);
    if (before === undefined || before.main.size === 0) return undefined;
    try {
      const is_small = before.main.size + (before.wal?.size ?? 0) <= copy_at_once_bytes_max;
      if (before.wal !== undefined) await this.#copyFile('-wal', is_small);
      if (before.journal !== undefined) await this.#copyFile('-journal', is_small);
      await this.#copyFile('', is_small);
    } catch (error) {
      // A journal is deleted at the end of each transaction: the next attempt sees the state behind it.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    const after = look(this.#path);
    if (after === undefined || !isUnchanged(before, after)) return undefined;
    const changed_ms = Math.max(before.main.mtime_ms, before.wal?.mtime_ms ?? 0);
    return { path: this.#copy_path, signature: signatureOf(before), ino: before.main.ino, changed_ms };
  }

  async #copyFile(suffix: string, at_once: boolean): Promise<void> {
    const [from, to] = [this.#path + suffix, this.#copy_path + suffix];
    if (at_once) copyFileSync(from, to, constants.COPYFILE_FICLONE);
    else await copyFile(from, to, constants.COPYFILE_FICLONE);
  }

  remove(): void {
    for (const suffix of ['', ...side_files, '-shm']) rmSync(this.#copy_path + suffix, { force: true });
  }
}

/**
 * Opens a copy, lets SQLite recover it, and checks that it is whole. Undefined where it is not.
 * The schema was written by a program that an attacker may hold: nothing in it is trusted to run.
 */
export function openCopy(path: string): DatabaseSync | undefined {
  // Loaded on first use: most collectors follow no database and are smaller without.
  const sqlite = process.getBuiltinModule('node:sqlite');
  let database: DatabaseSync | undefined;
  try {
    database = new sqlite.DatabaseSync(path, { allowExtension: false, enableForeignKeyConstraints: false });
    database.exec(
      'PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA cache_size = -2048',
    );
    const [check] = database.prepare('PRAGMA quick_check(1)').all();
    if (check?.quick_check === 'ok') {
      database.exec('PRAGMA query_only = ON');
      return database;
    }
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_SQLITE_ERROR') throw error;
  }
  database?.close();
  return undefined;
}
