/** What the reader remembers of one table, and which of its rows are to be sent at a look. */
import type { SqliteTable } from '@apiary/model/submodule.ts';
import type { Table } from './sqlite-database.ts';
import type { FullRow } from './sqlite-inside.ts';

export type Range = [from: bigint, to: bigint];

/** Lies in the checkpoint: rowids as decimals. */
export type StoredTable = [highest: string, highest_hash: string, holes: [string, string][]];

const holes_max = 512;
const orphans_max = 1000;

export class TableMemory {
  readonly table: SqliteTable;
  highest: bigint | undefined;
  highest_hash = '';
  /** Rowids below the highest that were not there at the last look, inclusive. */
  holes: Range[] = [];
  /** Hash of each row that may still change, and of those whose parent row was missing. */
  readonly hashes = new Map<bigint, string>();
  readonly orphans = new Set<bigint>();
  /** The same, of rows that lie durable in the spool: only these may be kept on disk. */
  readonly durable_hashes = new Map<bigint, string>();
  readonly durable_orphans = new Set<bigint>();

  constructor(table: SqliteTable, stored: StoredTable | undefined) {
    this.table = table;
    if (stored === undefined) return;
    this.highest = BigInt(stored[0]);
    this.highest_hash = stored[1];
    this.holes = stored[2].map(([from, to]) => [BigInt(from), BigInt(to)]);
  }

  store(): StoredTable | null {
    if (this.highest === undefined) return null;
    const holes = this.holes.map(([from, to]): [string, string] => [String(from), String(to)]);
    return [String(this.highest), this.highest_hash, holes];
  }

  forget(): void {
    this.highest = undefined;
    this.highest_hash = '';
    this.holes = [];
    for (const kept of [this.hashes, this.orphans, this.durable_hashes, this.durable_orphans]) kept.clear();
  }

  /** Whether the table went back to an earlier state: its highest row is gone from the end, or another one. */
  async wasSetBack(rows: Table): Promise<boolean> {
    if (this.highest === undefined) return false;
    const now = await rows.highestRowid();
    if (now === undefined || now < this.highest) return true;
    if (this.table.changes_within_rows !== undefined) return false;
    for await (const { row_hash } of rows.between(this.highest, this.highest, []))
      return row_hash !== this.highest_hash;
    return false;
  }

  /** Notes a row that was appended. */
  taken(row: FullRow): void {
    if (this.table.changes_within_rows !== undefined) this.hashes.set(row.rowid, row.hash);
    if (row.parent_missing && this.orphans.size < orphans_max) this.orphans.add(row.rowid);
    else this.orphans.delete(row.rowid);
    if (this.highest !== undefined && row.rowid <= this.highest) return;
    if (this.highest !== undefined && row.rowid > this.highest + 1n) {
      this.holes.push([this.highest + 1n, row.rowid - 1n]);
      // Many holes are joined with what lies between: rows found there again are known and harmless.
      if (this.holes.length > holes_max) this.holes.splice(0, 2, [this.holes[0]![0], this.holes[1]![1]]);
    }
    this.highest = row.rowid;
    this.highest_hash = row.row_hash;
  }

  /** Notes rows that became durable. */
  settled(rows: readonly FullRow[]): void {
    for (const row of rows) {
      if (this.hashes.has(row.rowid)) this.durable_hashes.set(row.rowid, row.hash);
      if (row.parent_missing) this.durable_orphans.add(row.rowid);
      else this.durable_orphans.delete(row.rowid);
    }
  }

  /** Forgets hashes of rows that left the window. */
  trim(window_start: bigint): void {
    for (const kept of [this.hashes, this.durable_hashes]) {
      for (const rowid of kept.keys()) if (rowid < window_start) kept.delete(rowid);
    }
  }
}
