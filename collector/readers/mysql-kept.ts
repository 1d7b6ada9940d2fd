/**
 * Keeps on disk, across restarts, the rows that others belong to or that may change. Losing it costs rows that come
 * without their parent and say so, never a row.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MysqlSender } from './mysql-sender.ts';
import type { KeptRow, Target } from './mysql-target.ts';

interface Stored {
  generation: string;
  tables: Record<string, [key: string, row: KeptRow][]>;
}

const save_every_ms = 2000;

export class KeptRows {
  readonly #folder: string;
  readonly #path: string;
  #next_save_ms = 0;

  constructor(folder: string) {
    this.#folder = folder;
    this.#path = join(folder, 'mysql-rows.json');
  }

  load(generation: string, targets: Iterable<Target>): void {
    if (!existsSync(this.#path)) return;
    let stored: Stored;
    try {
      stored = JSON.parse(readFileSync(this.#path, 'utf8')) as Stored;
    } catch {
      // Torn by a crash.
      return;
    }
    if (stored.generation !== generation) return;
    for (const target of targets) {
      for (const [key, row] of stored.tables[target.table.stream] ?? []) target.keep(key, row);
    }
  }

  save(generation: string, sender: MysqlSender, now = false): void {
    if (!sender.is_dirty || (!now && performance.now() < this.#next_save_ms)) return;
    sender.is_dirty = false;
    this.#next_save_ms = performance.now() + save_every_ms;
    const kept = [...sender.targets.values()].filter(({ is_kept }) => is_kept);
    const tables = Object.fromEntries(kept.map((target) => [target.table.stream, [...target.kept]]));
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      writeFileSync(`${this.#path}.new`, JSON.stringify({ generation, tables } satisfies Stored), {
        mode: 0o600,
      });
      renameSync(`${this.#path}.new`, this.#path);
    } catch (error) {
      sender.is_dirty = true;
      console.error(`${this.#path}: ${(error as Error).message}`);
    }
  }
}
