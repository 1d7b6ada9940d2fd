/**
 * Whole files that collectors sent, by their SHA-256:
 *
 *     artifacts/aa/<64 hexadecimal digits>   the bytes, mode 0600; never served as they are
 *     artifacts/incoming/<random>            what is being received; emptied at each start
 *
 * A file comes to its name only when all of it is there, has the hash of its name and is fsynced; then it is
 * noted in the state, then acknowledged. After a crash between two of these steps it is sent again, which changes
 * nothing.
 *
 * What a collector is told depends on what it sent itself, never on what others sent: everyone sends the whole
 * bytes, they are written and synced each time, and the budget is asked before they are known to be there.
 */
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationalError } from '@apiary/model/errors.ts';
import type { StateDatabase } from '../state/database.ts';

export interface ArtifactOffer {
  sha256: string;
  size: number;
  collector_id: number;
  sensor_id: number;
}

const full_retry_ms = 60_000;
const sha256_pattern = /^[0-9a-f]{64}$/;

export const isSha256 = (text: string): boolean => sha256_pattern.test(text);

export class ArtifactStore {
  readonly #folder: string;
  readonly #bytes_max: number;
  readonly #state: StateDatabase;
  #bytes: number;
  /** Bytes that are being received: promised room. */
  #incoming_bytes = 0;

  constructor(folder: string, bytes_max: number, state: StateDatabase) {
    this.#folder = folder;
    this.#bytes_max = bytes_max;
    this.#state = state;
    const incoming = join(folder, 'incoming');
    mkdirSync(incoming, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    for (const name of readdirSync(incoming)) rmSync(join(incoming, name));
    this.#bytes = state.get<{ bytes: number | null }>('SELECT sum(size) AS bytes FROM artifact')?.bytes ?? 0;
  }

  get bytes(): number {
    return this.#bytes;
  }

  #path(sha256: string): string {
    return join(this.#folder, sha256.slice(0, 2), sha256);
  }

  /**
   * Receives one file and makes it durable.
   * @throws OperationalError `artifact_mismatch` where the bytes are not what was offered, `artifacts_full`
   */
  async receive(offer: ArtifactOffer, bytes: AsyncIterable<Buffer>): Promise<void> {
    if (this.#bytes + this.#incoming_bytes + offer.size > this.#bytes_max) {
      throw new OperationalError('artifacts_full', 'the budget for artifacts is used up', {
        retry_after_ms: full_retry_ms,
      });
    }
    const path = join(this.#folder, 'incoming', randomBytes(12).toString('hex'));
    this.#incoming_bytes += offer.size;
    try {
      await writeChecked(path, offer, bytes);
      await this.#settle(path, offer.sha256);
      this.#note(offer);
    } catch (error) {
      await rm(path, { force: true });
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      throw new OperationalError('artifacts_full', 'the disk of the server is full', {
        retry_after_ms: full_retry_ms,
      });
    } finally {
      this.#incoming_bytes -= offer.size;
    }
  }

  async #settle(path: string, sha256: string): Promise<void> {
    const folder = join(this.#folder, sha256.slice(0, 2));
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    await rename(path, this.#path(sha256));
    await syncFolder(folder);
    await syncFolder(this.#folder);
  }

  #note({ sha256, size, collector_id, sensor_id }: ArtifactOffer): void {
    const now = Date.now();
    this.#state.transact(() => {
      const { changes } = this.#state.run(
        'INSERT OR IGNORE INTO artifact (sha256, size, stored_ms) VALUES (?, ?, ?)',
        sha256,
        size,
        now,
      );
      this.#bytes += changes * size;
      this.#state.run(
        `INSERT INTO artifact_receipt VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET last_ms = excluded.last_ms`,
        sha256,
        collector_id,
        sensor_id,
        now,
        now,
      );
    });
  }

  /** Takes a file out: first that it is known, then its bytes, so that nothing is known that is not there. */
  async remove(sha256: string): Promise<void> {
    const row = this.#state.get<{ size: number }>('SELECT size FROM artifact WHERE sha256 = ?', sha256);
    if (row === undefined) return;
    this.#state.transact(() => {
      this.#state.run('DELETE FROM artifact_receipt WHERE sha256 = ?', sha256);
      this.#state.run('DELETE FROM artifact WHERE sha256 = ?', sha256);
    });
    this.#bytes -= row.size;
    await rm(this.#path(sha256), { force: true });
  }

  /**
   * The bytes of a file, checked against its name.
   * @throws OperationalError `not_found`, `data_damaged`
   */
  async readArtifact(sha256: string): Promise<Buffer> {
    const known = isSha256(sha256) && this.#state.get('SELECT 1 FROM artifact WHERE sha256 = ?', sha256);
    if (!known) throw new OperationalError('not_found', `there is no artifact ${JSON.stringify(sha256)}`);
    const path = this.#path(sha256);
    const bytes = await readFile(path).catch((error: unknown) => {
      throw new OperationalError('data_damaged', `${path} cannot be read`, {}, error);
    });
    if (createHash('sha256').update(bytes).digest('hex') !== sha256)
      throw new OperationalError('data_damaged', `${path} has other bytes than its name says`);
    return bytes;
  }
}

/** Writes and syncs what comes, as long as it is what was offered. */
async function writeChecked(
  path: string,
  { sha256, size }: ArtifactOffer,
  bytes: AsyncIterable<Buffer>,
): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    let written = 0;
    for await (const chunk of bytes) {
      if (written + chunk.length > size) throw mismatch(`more than the ${size} bytes that were announced`);
      hash.update(chunk);
      await writeAll(handle, chunk);
      written += chunk.length;
    }
    if (written !== size) throw mismatch(`${written} bytes came of the ${size} that were announced`);
    if (hash.digest('hex') !== sha256) throw mismatch('the bytes do not have the SHA-256 that was announced');
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, chunk: Buffer): Promise<void> {
  let at = 0;
  while (at < chunk.length) at += (await handle.write(chunk, at)).bytesWritten;
}

const mismatch = (what: string): OperationalError => new OperationalError('artifact_mismatch', what);

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
