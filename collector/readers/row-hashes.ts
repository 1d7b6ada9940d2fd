/**
 * Keeps the hashes of rows that may still change, and the rows that wait for their parent, across restarts.
 * Written only once the rows are durable in the spool: a lost or older file costs rows that are sent again,
 * never one that is not sent.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TableMemory } from './sqlite-table.ts';

interface StoredHashes {
  generation: string;
  tables: Record<string, { hashes: [string, string][]; orphans: string[] }>;
}

export class RowHashes {
  readonly #folder: string;
  readonly #path: string;
  is_dirty = false;

  constructor(folder: string) {
    this.#folder = folder;
    this.#path = join(folder, 'rows.json');
  }

  load(generation: string, tables: readonly TableMemory[]): void {
    if (!existsSync(this.#path)) return;
    let stored: StoredHashes;
    try {
      stored = JSON.parse(readFileSync(this.#path, 'utf8')) as StoredHashes;
    } catch {
      // Torn by a crash: the rows of the windows are sent once more.
      return;
    }
    if (stored.generation !== generation) return;
    for (const memory of tables) {
      const kept = stored.tables[memory.table.stream];
      for (const [rowid, hash] of kept?.hashes ?? []) {
        memory.hashes.set(BigInt(rowid), hash);
        memory.durable_hashes.set(BigInt(rowid), hash);
      }
      for (const rowid of kept?.orphans ?? []) {
        memory.orphans.add(BigInt(rowid));
        memory.durable_orphans.add(BigInt(rowid));
      }
    }
  }

  save(generation: string, tables: readonly TableMemory[]): void {
    if (!this.is_dirty) return;
    this.is_dirty = false;
    const stored: StoredHashes = { generation, tables: {} };
    for (const { table, durable_hashes: hashes, durable_orphans: orphans } of tables) {
      if (hashes.size === 0 && orphans.size === 0) continue;
      stored.tables[table.stream] = {
        hashes: [...hashes].map(([rowid, hash]): [string, string] => [String(rowid), hash]),
        orphans: [...orphans].map(String),
      };
    }
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      writeFileSync(`${this.#path}.new`, JSON.stringify(stored), { mode: 0o600 });
      renameSync(`${this.#path}.new`, this.#path);
    } catch (error) {
      // A full disk: the older file stays, and rows are sent again after a restart.
      console.error(`${this.#path}: ${(error as Error).message}`);
    }
  }
}
