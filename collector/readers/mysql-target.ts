/** What a reader remembers of one table of a MySQL database. */
import { createHash } from 'node:crypto';
import type { MysqlStream, MysqlTable } from '@apiary/model/submodule.ts';
import { layoutOf, type TableLayout } from './mysql-layout.ts';
import { RunBuffer } from './mysql-run.ts';

/** A row of a table that others refer to, or whose rows may change. */
export interface KeptRow {
  /** As it was first seen: rows that belong to it carry this, so that reading them again gives the same bytes. */
  first: string;
  /** JSON of each column as it is now, by name. */
  values: Record<string, string>;
  /** Key of its own parent row. */
  link: string | undefined;
}

/** Lies in the checkpoint. */
export interface StoredTarget {
  /** Generation since the table was emptied; '' for the server's. */
  life: string;
  highest: number;
  had_deletes: boolean;
}

/** What stands behind a row of its parents, and the end of the record. */
export interface Tail {
  bytes: Buffer;
  flags: number;
}

export const no_parents: Tail = { bytes: Buffer.from('}}'), flags: 0 };

/** Rows of one table that are remembered; the oldest are forgotten first. */
const kept_max = 10_000;

export class Target {
  readonly table: MysqlTable;
  readonly is_kept: boolean;
  readonly run = new RunBuffer();
  readonly kept = new Map<string, KeptRow>();
  /** By the JSON of the value that names the parent. */
  readonly tails = new Map<string, Tail>();
  last_link = Buffer.alloc(0);
  last_tail = no_parents;
  readonly #layouts = new Map<number, TableLayout>();
  stored: StoredTarget = { life: '', highest: -1, had_deletes: false };
  /** The same as of the last whole group: reading goes on from there. */
  settled: StoredTarget = this.stored;
  is_touched = false;
  /** The last place of the run, where keys are numbers; rows in order need no set. */
  last = -1;

  constructor(table: MysqlTable, is_kept: boolean) {
    this.table = table;
    this.is_kept = is_kept;
  }

  layout(count: number): TableLayout {
    let layout = this.#layouts.get(count);
    if (layout === undefined) {
      layout = layoutOf(this.table, count);
      this.#layouts.set(count, layout);
    }
    return layout;
  }

  forgetTails(): void {
    this.tails.clear();
    this.last_link = Buffer.alloc(0);
  }

  keep(key: string, row: KeptRow): void {
    const known = this.kept.get(key);
    this.kept.delete(key);
    this.kept.set(key, known === undefined ? row : { ...row, first: known.first });
    if (this.kept.size <= kept_max) return;
    const [oldest] = this.kept.keys();
    this.kept.delete(oldest!);
  }

  /** The table was emptied or dropped: keys that come now are other rows. */
  beginLife(generation: string, where: string): void {
    const life = createHash('sha256').update(`${generation}\n${this.table.table}\n${where}`).digest('hex');
    this.stored = { life: life.slice(0, 16), highest: -1, had_deletes: false };
    this.kept.clear();
  }
}

export function makeTargets(source: MysqlStream): Map<string, Target> {
  const parents = new Set(source.tables.map(({ parent }) => parent?.table));
  return new Map(
    source.tables.map((table) => [
      table.table.toLowerCase(),
      new Target(table, parents.has(table.table) || (table.changing_columns ?? []).length > 0),
    ]),
  );
}
