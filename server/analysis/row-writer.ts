/** Rows on their way into a table: so many at once that inserts are worth it, and so few that they do not fill the memory. */
import type { Store } from '../store/store.ts';

const insert_rows = 3000;

export class RowWriter {
  readonly #store: Store;
  readonly #table: string;
  #rows: object[] = [];
  /** The one insert that is on its way; what fails of it is said at the next. */
  #writing: Promise<void> = Promise.resolve();

  /** @param table as it is stored */
  constructor(store: Store, table: string) {
    this.#store = store;
    this.#table = table;
  }

  /** @returns whether it is time for `flush` */
  add(row: object): boolean {
    return this.#rows.push(row) >= insert_rows;
  }

  /** Sends what was added, once what was sent before is written: the next rows are made meanwhile. */
  async flush(): Promise<void> {
    await this.#writing;
    const rows = this.#rows;
    this.#rows = [];
    this.#writing = this.#store.insertRows(this.#table, rows);
    this.#writing.catch(() => undefined);
  }

  /** Resolves when all that was added is written. */
  async end(): Promise<void> {
    await this.flush();
    await this.#writing;
  }

  /** Nothing is on its way any more after this, whatever became of it. */
  async settle(): Promise<void> {
    await this.#writing.catch(() => undefined);
  }

  async addAll(rows: Iterable<object>): Promise<void> {
    try {
      for (const row of rows) if (this.add(row)) await this.flush();
      await this.end();
    } finally {
      await this.settle();
    }
  }
}
