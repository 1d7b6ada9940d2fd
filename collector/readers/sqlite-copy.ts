/**
 * Copies an SQLite database that another program is writing, without ever opening it: no lock of SQLite is
 * taken, nothing of the honeypot's is touched.
 *
 * The write-ahead log or rollback journal is copied first and the main file after it (file format:
 * sqlite.org/fileformat2.html, walformat.html). That order is what makes the pair whole: frames that are in
 * the copied log may be in the main file too, which changes nothing, and a transaction that had begun to
 * overwrite the main file is rolled back on the copy by the copied journal. If the main file changed while
 * it was copied, the copy is thrown away and made again.
 *
 * The files may be an attacker's: they are opened as those of artifact-files.ts, so that no link leads to the host's
 * own, nothing blocks, and no access time is left; and a copy has a limit.
 */
import {
  chownSync,
  closeSync,
  existsSync,
  fchownSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate as pause } from 'node:timers/promises';
import { nobody } from '../decode/confinement.ts';
import { isInContainer, openFile, scanPattern } from './artifact-files.ts';

export interface DatabaseCopy {
  /** In a folder of its own. Where it is hostile and this is root, both are nobody's: a child without rights reads it. */
  path: string;
  /** An attacker may have written it. */
  is_hostile: boolean;
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
/** Database and log together. A sparse file of any size costs its owner nothing. */
const copy_bytes_max = 4 * 1024 ** 3;
const piece_bytes = 1024 * 1024;
const place_prefix = 'copy-';
const side_files = ['-wal', '-journal'] as const;

interface FileMark {
  ino: number;
  size: number;
  mtime_ms: number;
  mark: string;
}

/** Uses an open file; undefined where it is gone, a link, or no regular file. */
function withFile<T>(path: string, use: (fd: number, mark: FileMark) => T): T | undefined {
  let result: T | undefined;
  let trouble = '';
  scanPattern(path, {
    trouble: (message) => {
      trouble = message;
    },
    visit: (found, name, folder_fd) => {
      const opened = openFile(folder_fd, name, found);
      if (opened === undefined) return false;
      const { ino, size, mtime_ns } = opened.file;
      try {
        result = use(opened.fd, {
          ino: Number(ino),
          size: Number(size),
          mtime_ms: Number(mtime_ns / 1_000_000n),
          mark: `${ino}:${size}:${mtime_ns}`,
        });
      } finally {
        closeSync(opened.fd);
      }
      return false;
    },
  });
  if (trouble !== '') throw new Error(trouble);
  return result;
}

/** Bytes that change with every commit that reaches the file: the change counter, or the salts of the log. */
function readCounter(fd: number, position: number, length: number): string {
  const buffer = Buffer.alloc(length);
  return buffer.toString('hex', 0, readSync(fd, buffer, 0, length, position));
}

interface Look {
  main: FileMark;
  wal: FileMark | undefined;
  journal: FileMark | undefined;
  counter: string;
  salts: string;
}

function look(path: string): Look | undefined {
  return withFile(path, (fd, main) => {
    const wal = withFile(`${path}-wal`, (wal_fd, mark) => ({
      mark,
      salts: mark.size === 0 ? '' : readCounter(wal_fd, 16, 8),
    }));
    const journal = withFile(`${path}-journal`, (_, mark) => mark);
    return { main, wal: wal?.mark, journal, counter: readCounter(fd, 24, 4), salts: wal?.salts ?? '' };
  });
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
  readonly #is_hostile: boolean;
  /** Where the copy lies; '' where there is none. */
  #place = '';
  /** Time spent on copying so far, pauses between attempts left out. */
  copying_ms = 0;

  constructor(path: string, folder: string) {
    this.#path = path;
    this.#folder = folder;
    this.#is_hostile = isInContainer(path);
  }

  get #copy_path(): string {
    return join(this.#place, 'copy.sqlite');
  }

  get #is_given_away(): boolean {
    return this.#is_hostile && process.getuid?.() === 0;
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
    this.remove();
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    this.#place = mkdtempSync(join(this.#folder, place_prefix));
    if (this.#is_given_away) chownSync(this.#place, nobody, nobody);
    let copied: DatabaseCopy | undefined;
    try {
      copied = await this.#copyInTime();
    } finally {
      if (copied === undefined) this.remove();
    }
    return copied;
  }

  async #copyInTime(): Promise<DatabaseCopy | undefined> {
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
    for (const suffix of ['', ...side_files]) rmSync(this.#copy_path + suffix, { force: true });
    const before = look(this.#path);
    if (before === undefined || before.main.size === 0) return undefined;
    this.#checkRoom(before);
    const is_small = before.main.size + (before.wal?.size ?? 0) <= copy_at_once_bytes_max;
    // A journal is deleted at the end of each transaction: the next attempt sees the state behind it.
    if (before.wal !== undefined && !(await this.#copyFile('-wal', before.wal, is_small))) return undefined;
    if (before.journal !== undefined && !(await this.#copyFile('-journal', before.journal, is_small)))
      return undefined;
    if (!(await this.#copyFile('', before.main, is_small))) return undefined;
    const after = look(this.#path);
    if (after === undefined || !isUnchanged(before, after)) return undefined;
    const changed_ms = Math.max(before.main.mtime_ms, before.wal?.mtime_ms ?? 0);
    const is_hostile = this.#is_hostile;
    return {
      path: this.#copy_path,
      is_hostile,
      signature: signatureOf(before),
      ino: before.main.ino,
      changed_ms,
    };
  }

  #checkRoom({ main, wal, journal }: Look): void {
    const bytes = main.size + (wal?.size ?? 0) + (journal?.size ?? 0);
    if (bytes > copy_bytes_max)
      throw new Error(`is ${bytes} bytes long with its log; databases up to ${copy_bytes_max} are read`);
    const { bavail, bsize } = statfsSync(this.#folder);
    if (bytes > (bavail * bsize) / 2)
      throw new Error(`no room for a copy of ${bytes} bytes: ${bavail * bsize} are free in ${this.#folder}`);
  }

  /** False where another file, or none, is there now. What a file grew by meanwhile is of a later commit. */
  async #copyFile(suffix: string, { ino, size }: FileMark, at_once: boolean): Promise<boolean> {
    const buffer = Buffer.allocUnsafe(Math.min(size, piece_bytes) || 1);
    const to = openSync(this.#copy_path + suffix, 'wx', 0o600);
    try {
      if (this.#is_given_away) fchownSync(to, nobody, nobody);
      for (let at = 0; at < size; ) {
        const read = withFile(this.#path + suffix, (fd, mark) => {
          if (mark.ino !== ino) return 0;
          let done = 0;
          do {
            const length = readSync(fd, buffer, 0, Math.min(buffer.length, size - at - done), at + done);
            if (length === 0) return 0;
            writeSync(to, buffer, 0, length);
            done += length;
          } while (at_once && at + done < size);
          return done;
        });
        if (read === undefined || read === 0) return false;
        at += read;
        if (!at_once) await pause();
      }
      return true;
    } finally {
      closeSync(to);
    }
  }

  /** Also what an earlier life of this process left. */
  remove(): void {
    this.#place = '';
    for (const name of existsSync(this.#folder) ? readdirSync(this.#folder) : [])
      if (name.startsWith(place_prefix)) rmSync(join(this.#folder, name), { recursive: true, force: true });
  }
}
