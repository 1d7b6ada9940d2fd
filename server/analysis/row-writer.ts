/** Rows on their way into a table: so many at once that inserts are worth it, and so few that they do not fill the memory. */
import type { Store } from '../store/store.ts';

const insert_rows = 3000;

export class RowWriter {
  readonly #store: Store;
  readonly #table: string;
  #rows: object[] = [];

  /** @param table as it is stored */
  constructor(store: Store, table: string) {
    this.#store = store;
    this.#table = table;
  }

  /** @returns whether it is time for `flush` */
  add(row: object): boolean {
    return this.#rows.push(row) >= insert_rows;
  }

  /** Writes what was added. */
  async flush(): Promise<void> {
    const rows = this.#rows;
    this.#rows = [];
    await this.#store.insertRows(this.#table, rows);
  }

  async addAll(rows: Iterable<object>): Promise<void> {
    for (const row of rows) if (this.add(row)) await this.flush();
    await this.flush();
  }
}
