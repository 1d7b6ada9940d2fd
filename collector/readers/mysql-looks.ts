/**
 * Reads rows of a MySQL or MariaDB database over a connection: new ones behind the last that was seen, and of the newest
 * those that came late or changed as the submodule declares.
 *
 * Generation: the server and the database, and a new one for a table that was emptied. It is another one than that of
 * the server's binary logs, whose first log no reader of rows can name. The place is the key, as there.
 * After a start the newest rows are sent once more: what is known is dropped by its place, so no memory of what was sent
 * has to outlive a crash.
 */
import type { MysqlStream } from '@apiary/model/submodule.ts';
import { describeConnection, MysqlClient, type MysqlConnection } from './mysql-client.ts';
import { KeptRows } from './mysql-kept.ts';
import { keyText } from './mysql-layout.ts';
import { MysqlSender, nameGeneration } from './mysql-sender.ts';
import { type Cursor, type JsonRow, ServerTable } from './mysql-table.ts';
import type { StoredTarget, Target } from './mysql-target.ts';
import type { Reader, ReaderStatus, Sink } from './reader.ts';

export interface MysqlLooksOptions {
  source: MysqlStream;
  connection: MysqlConnection;
  database: string;
  work_folder: string;
  record_bytes_max: number;
  records_max: number;
  time_zone?: string | undefined;
  interval_ms_min?: number;
}

/** Lies in the checkpoint. */
interface Stored {
  generation: string;
  targets: Record<string, StoredTarget>;
  cursors: Record<string, Cursor>;
  /** Names of the first rows that the tables had, without what may change. */
  firsts: Record<string, string>;
}

const state_key = 'mysql';
/** Rows that are looked at again. */
const newest_rows = 1000;
/** Queries may take one twentieth of the time. */
const rest_factor = 20;
const retry_ms = 5000;
const room_bytes = 512 * 1024;

class Stopped extends Error {}

interface Looked {
  target: Target;
  table: ServerTable;
}

export class MysqlLooksReader implements Reader {
  readonly poll_ms = 200;
  readonly #sink: Sink;
  readonly #options: MysqlLooksOptions;
  readonly #sender: MysqlSender;
  readonly #kept: KeptRows;
  readonly #where: string;
  #stored: Stored | undefined;
  /** Keys of the newest rows of each table that were sent since the start. */
  readonly #seen = new Map<string, Set<string>>();
  #client: MysqlClient | undefined;
  #next_look_ms = 0;
  #changed_ms = 0;
  #trouble = '';
  #keyless = 0;
  #is_waiting = false;
  #is_stopped = false;
  #polling: Promise<void> | undefined;

  constructor(sink: Sink, options: MysqlLooksOptions) {
    this.#sink = sink;
    this.#options = options;
    const { source, record_bytes_max, records_max, time_zone, connection, database } = options;
    const waitForRoom = (bytes: number): Promise<void> => this.#waitForRoom(bytes);
    this.#sender = new MysqlSender({ sink, source, record_bytes_max, records_max, time_zone, waitForRoom });
    this.#where = `${describeConnection(connection)}/${database}`;
    this.#sender.source = this.#where;
    this.#kept = new KeptRows(options.work_folder);
    this.#restore();
  }

  /** What a failure left half done is read again. */
  #restore(): void {
    this.#sender.discard();
    this.#seen.clear();
    const sent = this.#sink.checkpoint[state_key] as Stored | undefined;
    this.#stored = sent === undefined ? undefined : structuredClone(sent);
    this.#sender.beginGeneration(sent?.generation ?? '');
    if (sent === undefined) return;
    this.#sender.loadTargets(sent.targets);
    this.#kept.load(sent.generation, this.#sender.targets.values());
  }

  poll(): Promise<void> {
    this.#polling ??= this.#pollNow().finally(() => {
      this.#polling = undefined;
    });
    return this.#polling;
  }

  async #pollNow(): Promise<void> {
    let began_ms = performance.now();
    if (began_ms < this.#next_look_ms || this.#is_stopped) return;
    let rest_ms = this.#options.interval_ms_min ?? 1000;
    try {
      this.#client ??= await MysqlClient.connect(this.#options.connection);
      // Loading the client and connecting are no queries.
      began_ms = performance.now();
      this.#trouble = await this.#look(this.#client);
      if (this.#stored !== undefined) this.#kept.save(this.#stored.generation, this.#sender);
    } catch (error) {
      if (!(error instanceof Stopped)) this.#trouble = `${this.#where}: ${(error as Error).message}`;
      this.#client?.close();
      this.#client = undefined;
      this.#restore();
      rest_ms = Math.max(rest_ms, Math.min(retry_ms, rest_ms * 5));
    }
    const now = performance.now();
    this.#next_look_ms = now + Math.max(rest_ms, (now - began_ms) * rest_factor);
  }

  /** @returns what keeps tables from being read */
  async #look(client: MysqlClient): Promise<string> {
    await this.#nameServer(client);
    const { database, record_bytes_max } = this.#options;
    const troubles: string[] = [];
    const tables = new Map<string, Looked>();
    for (const target of this.#sender.targets.values()) {
      const table = await ServerTable.find(client, database, target.table, record_bytes_max);
      if (typeof table === 'string') troubles.push(table);
      else tables.set(target.table.table, { target, table });
    }
    for (const looked of tables.values()) {
      await this.#noteEmptied(looked);
      await this.#sendNew(looked, tables);
      await this.#lookAgain(looked, tables);
    }
    return troubles.length === 0 ? '' : `${this.#where}: ${troubles.join('; ')}`;
  }

  async #nameServer(client: MysqlClient): Promise<void> {
    const { rows } = await client.query(
      "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('server_uuid', 'server_uid')",
    );
    const named = rows.map((row) => row.map(({ bytes }) => bytes?.toString('latin1')).join('=')).sort();
    // An older MariaDB has no name of its own: then where it was reached names it.
    const server = named.length > 0 ? named.join() : describeConnection(this.#options.connection);
    const generation = nameGeneration(server, this.#options.database);
    if (this.#stored?.generation === generation) return;
    this.#stored = { generation, targets: {}, cursors: {}, firsts: {} };
    this.#seen.clear();
    this.#sender.beginGeneration(generation);
  }

  /**
   * A table that ends before what was read of it is read again. Where it begins with another row it was emptied: keys
   * that come now are other rows.
   */
  async #noteEmptied({ target, table }: Looked): Promise<void> {
    const { stream } = target.table;
    const cursor = this.#stored!.cursors[stream];
    if (cursor === undefined || (await table.reaches(cursor))) return;
    const first = await table.first();
    // It has nothing by which its new life could be named.
    if (first === undefined) return;
    const name = nameFirst(target, table, first);
    if (name !== this.#stored!.firsts[stream]) {
      this.#sender.where = name;
      this.#sender.emptied(target);
    }
    delete this.#stored!.cursors[stream];
    this.#seen.delete(stream);
  }

  async #sendNew(looked: Looked, tables: Map<string, Looked>): Promise<void> {
    const { target, table } = looked;
    const { cursors, firsts } = this.#stored!;
    for (;;) {
      const rows = await table.after(cursors[target.table.stream]);
      if (rows.length > 0) {
        if (cursors[target.table.stream] === undefined)
          firsts[target.table.stream] = nameFirst(target, table, rows[0]!);
        await this.#put(looked, rows, tables);
        cursors[target.table.stream] = table.cursorOf(rows.at(-1)!);
        await this.#flush();
      }
      if (rows.length < table.page) return;
    }
  }

  /** Of the newest rows, those that were never seen, and those whose changing columns have other values. */
  async #lookAgain(looked: Looked, tables: Map<string, Looked>): Promise<void> {
    const { target, table } = looked;
    const seen = this.#seenOf(target);
    const names = (target.table.changing_columns ?? []).filter((name) => table.layout.indexOf(name) !== -1);
    const newest = await table.newest(
      newest_rows,
      names.map((name) => table.layout.indexOf(name)),
    );
    const unseen: string[] = [];
    for (const [key = 'null', ...values] of newest) {
      if (!seen.has(key)) unseen.push(key);
      else this.#sendChanged(target, key, names, values);
    }
    for (let at = 0; at < unseen.length; at += table.page)
      await this.#put(looked, await table.byKeys(unseen.slice(at, at + table.page)), tables);
    await this.#flush();
    // What left the newest is not looked at again.
    this.#seen.set(target.table.stream, new Set(newest.map(([key]) => key!)));
  }

  #sendChanged(target: Target, key: string, names: readonly string[], values: readonly string[]): void {
    const text = keyText(key);
    const known = text === undefined ? undefined : target.kept.get(text)?.values;
    if (text === undefined || known === undefined) return;
    if (names.every((name, index) => known[name] === values[index])) return;
    this.#changed_ms = Date.now();
    const changes = Object.fromEntries(names.map((name, index) => [name, values[index]!]));
    this.#sender.sendVersion(target, text, changes);
  }

  #seenOf({ table: { stream } }: Target): Set<string> {
    const seen = this.#seen.get(stream) ?? new Set<string>();
    this.#seen.set(stream, seen);
    return seen;
  }

  async #put(
    { target, table }: Looked,
    rows: readonly JsonRow[],
    tables: Map<string, Looked>,
  ): Promise<void> {
    const { layout } = table;
    await this.#putParents(target, layout.link === -1 ? [] : rows.map((row) => row[layout.link]!), tables);
    const seen = this.#seenOf(target);
    for (const row of rows) {
      target.run.beginRow();
      for (const [column, json] of row.entries()) target.run.putJson(layout, column, json);
      seen.add(row[layout.key]!);
      if (this.#sender.endInsert(target, layout)) continue;
      target.run.dropRow();
      this.#keyless += 1;
    }
    this.#sender.settle();
    if (rows.length > 0) this.#changed_ms = Date.now();
  }

  /** Parent rows that came since their table was read, or that were forgotten, go before the rows that belong to them. */
  async #putParents(target: Target, links: readonly string[], tables: Map<string, Looked>): Promise<void> {
    const parents = tables.get(target.table.parent?.table ?? '');
    if (parents === undefined) return;
    const missing = [...new Set(links)].filter((link) => {
      const key = keyText(link);
      return key !== undefined && !parents.target.kept.has(key);
    });
    const { page } = parents.table;
    for (let at = 0; at < missing.length; at += page)
      await this.#put(parents, await parents.table.byKeys(missing.slice(at, at + page)), tables);
  }

  /** Sends what is ready together with where reading goes on. */
  async #flush(): Promise<void> {
    if (this.#is_stopped) throw new Stopped();
    this.#sender.closeAll();
    this.#sender.settle();
    this.#stored!.targets = this.#sender.storeTargets();
    await this.#sender.flush({ [state_key]: structuredClone(this.#stored) });
  }

  async #waitForRoom(bytes: number): Promise<void> {
    while (this.#sink.room < bytes + room_bytes) {
      this.#is_waiting = true;
      if (this.#is_stopped) throw new Stopped();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    this.#is_waiting = false;
  }

  status(): ReaderStatus {
    return {
      wanted: [this.#where],
      followed: this.#client === undefined ? [] : [{ path: this.#where, offset: 0, size: 0 }],
      changed_ms: this.#changed_ms,
      is_waiting: this.#is_waiting,
      trouble: this.#trouble,
      notes: this.#keyless === 0 ? [] : [`${this.#keyless} rows without a key were left out`],
    };
  }

  async stop(): Promise<void> {
    this.#is_stopped = true;
    await this.#polling;
    this.#client?.close();
    this.#client = undefined;
    if (this.#stored !== undefined) this.#kept.save(this.#stored.generation, this.#sender, true);
  }
}

function nameFirst({ table: { changing_columns } }: Target, { layout }: ServerTable, row: JsonRow): string {
  const fixed = row.filter((_, column) => !changing_columns?.includes(layout.columns[column]!.name));
  return nameGeneration(...fixed);
}
