/**
 * Derives the events of one sensor type again from its records, after its SQL has changed.
 *
 * A second table of events, `event_derived`, is made beside the first while records of all types go on coming. Its
 * months are, one by one, either filled (this type's events from its records, the others' as they are) or, where
 * nothing differs, taken over as they lie on the disk. Until here only segments up to one count that were all in the
 * engine when it began. Then, between two segments, what came since is copied, and the two tables exchange their names
 * in one step. So every reader sees either all of the old events or all of the new; a death at any moment leaves one of
 * the two and a table that the next run drops.
 *
 * New segments go through the views of this version, which a start makes before anything is loaded: their events are
 * right already. Ids, `collect_ts` and segments come from the records and stay; what the analysis knows of an event
 * hangs on its id.
 */
import { OperationalError } from '@apiary/model/errors.ts';
import type { Submodule } from '@apiary/model/submodule.ts';
import { whenDeleted } from '../retention/record-tables.ts';
import type { StateDatabase } from '../state/database.ts';
import { readKeptFrom, readStep } from '../state/retention.ts';
import { readEventSelects } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { storedName } from '../store/template.ts';
import { divideMonth, type MonthSources, readMonths } from './months.ts';

export interface DeriveOptions {
  store: Store;
  state: StateDatabase;
  submodule: Submodule;
  /** Every segment up to this one is in the engine, and among them all that came before this run of the server. */
  settledSegment: () => bigint;
  /** Does work while nothing is loaded. */
  holdLoader: <T>(work: () => Promise<T>) => Promise<T>;
  /** Does work between two passes of the analysis. */
  holdAnalysis: <T>(work: () => Promise<T>) => Promise<T>;
  log: (message: string) => void;
}

export interface Derivation {
  records: number;
  /** Events of the type, by action. */
  actions: { action: string; before: number; after: number }[];
  /** Months of collection, as 202611, whose events differ. */
  months_changed: number[];
}

const derived_table = 'event_derived';
const seconds_max = 3600;
/** Two threads sort blocks of a size that keeps a fill within a gigabyte, however much memory the machine has. */
const fill_settings =
  'insert_deduplicate = 0, max_insert_threads = 2, max_threads = 2, min_insert_block_size_rows = 262144, min_insert_block_size_bytes = 268435456';

/** The table of events under way, as its parts are made. */
class Making {
  readonly #options: DeriveOptions;
  readonly #event: string;
  readonly #derived: string;
  readonly #columns: string;
  readonly #sources: MonthSources;
  /** Segments up to this one are in what is filled. */
  readonly #settled: bigint;

  constructor(options: DeriveOptions, sources: MonthSources, columns: readonly string[], settled: bigint) {
    this.#options = options;
    this.#sources = sources;
    this.#columns = columns.join(', ');
    this.#settled = settled;
    this.#event = storedName('event', options.store.rendering);
    this.#derived = storedName(derived_table, options.store.rendering);
  }

  get #of_type(): string {
    return `sensor_type = '${this.#options.submodule.name}'`;
  }

  async begin(): Promise<void> {
    await this.drop();
    await this.#options.store.command(`CREATE TABLE ${this.#derived} AS ${this.#event}`);
  }

  drop(): Promise<void> {
    // The engine's own guard against dropping large tables is for people.
    return this.#options.store.command(
      `DROP TABLE IF EXISTS ${this.#derived} SYNC SETTINGS max_table_size_to_drop = 0`,
    );
  }

  /** SELECTs that together give what the events of a month are to be. */
  #ownOf(month: number): { sql: string; table: string }[] {
    const settled = `segment_id <= ${this.#settled}`;
    const own = this.#sources.selects.map(({ table, columns, select }) => ({
      table,
      sql: `SELECT ${this.#fill(columns)} FROM (${select}) WHERE toYYYYMM(collect_ts) = ${month} AND ${settled}${this.#expired(month)}`,
    }));
    return [...own, ...this.#withoutRecord(month, settled)];
  }

  /** All columns of the event table, those that a SELECT does not give by their default. */
  #fill(columns: ReadonlySet<string>): string {
    return this.#sources.defaults
      .map(({ name, type }) =>
        columns.has(name)
          ? `CAST(${name} AS ${type}) AS ${name}_`
          : `defaultValueOfTypeName('${type.replaceAll("'", "''")}') AS ${name}_`,
      )
      .join(', ');
  }

  /** Events that expired do not come back, but for those that a pinned incident kept. */
  #expired(month: number): string {
    const cut_ms = readKeptFrom(this.#options.state).events;
    if (cut_ms === undefined) return '';
    const cut = `fromUnixTimestamp64Milli(${cut_ms}, 'UTC')`;
    const old = `collect_ts < ${cut} AND detect_ts < ${cut}`;
    return ` AND (NOT (${old}) OR event_id IN (SELECT event_id FROM ${this.#event} WHERE toYYYYMM(collect_ts) = ${month} AND ${this.#of_type} AND ${old}))`;
  }

  /** Records may expire before their events: those cannot be derived, and stay as they are. */
  #withoutRecord(month: number, settled: string): { sql: string; table: string }[] {
    const { records, readings } = readKeptFrom(this.#options.state);
    if (records === undefined && readings === undefined) return [];
    const cut = `fromUnixTimestamp64Milli(${Math.max(records ?? 0, readings ?? 0)}, 'UTC')`;
    return this.#sources.selects.map(({ table }) => ({
      table: 'event',
      sql: `SELECT ${this.#columns} FROM ${this.#event} WHERE toYYYYMM(collect_ts) = ${month} AND ${settled} AND ${this.#of_type}
        AND sensor_table = '${table}' AND collect_ts < ${cut}
        AND (sensor_id, generation, place, version) NOT IN (SELECT sensor_id, generation, place, version
          FROM ${storedName(table, this.#options.store.rendering)} WHERE toYYYYMM(collect_ts) = ${month})`,
    }));
  }

  /** Whether the events of a month differ from those that its records give now. */
  async differs(month: number): Promise<boolean> {
    const stored = await this.#digest(
      `SELECT ${this.#columns} FROM ${this.#event} WHERE toYYYYMM(collect_ts) = ${month} AND segment_id <= ${this.#settled} AND ${this.#of_type}`,
    );
    let rows = 0n;
    let sum = 0n;
    for (const { sql } of this.#ownOf(month)) {
      const part = await this.#digest(sql);
      rows += part.rows;
      sum = (sum + part.sum) & 0xffffffffffffffffn;
    }
    return rows !== stored.rows || sum !== stored.sum;
  }

  async #digest(sql: string): Promise<{ rows: bigint; sum: bigint }> {
    const [row] = await this.#options.store.query<{ rows: string; sum: string }>(
      `SELECT count() AS rows, sumWithOverflow(cityHash64(*)) AS sum FROM (${sql}) SETTINGS max_threads = 2`,
      {},
      { seconds_max },
    );
    return { rows: BigInt(row?.rows ?? 0), sum: BigInt(row?.sum ?? 0) };
  }

  /** Writes a month, in portions that the engine takes within one request. */
  async fill(month: number): Promise<void> {
    const { store } = this.#options;
    const others = {
      table: 'event',
      sql: `SELECT ${this.#columns} FROM ${this.#event} WHERE toYYYYMM(collect_ts) = ${month} AND segment_id <= ${this.#settled} AND NOT (${this.#of_type})`,
    };
    for (const { table, sql } of [...this.#ownOf(month), others])
      for (const portion of await divideMonth(store, storedName(table, store.rendering), month))
        await this.#insert(`${sql} AND ${portion}`);
  }

  #insert(sql: string): Promise<void> {
    return this.#options.store.command(
      `INSERT INTO ${this.#derived} (${this.#columns}) SETTINGS ${fill_settings} ${sql}`,
    );
  }

  /** Between two segments: takes over the rest, and puts the new table in the old one's place. */
  async exchange(filled: ReadonlySet<number>): Promise<void> {
    const { store } = this.#options;
    for (const month of filled)
      await this.#insert(
        `SELECT ${this.#columns} FROM ${this.#event} WHERE toYYYYMM(collect_ts) = ${month} AND segment_id > ${this.#settled}`,
      );
    for (const month of await readMonths(store, this.#event))
      if (!filled.has(month))
        await store.command(
          `ALTER TABLE ${this.#derived} ATTACH PARTITION ID '${month}' FROM ${this.#event}`,
        );
    const [of_others, derived] = [
      await this.#countOthers(this.#event),
      await this.#countOthers(this.#derived),
    ];
    if (of_others !== derived)
      throw new OperationalError(
        'conflict',
        `the events of other types are ${of_others} and would be ${derived}; nothing was changed`,
      );
    await store.command(`EXCHANGE TABLES ${this.#event} AND ${this.#derived}`);
  }

  async #countOthers(table: string): Promise<number> {
    const [row] = await this.#options.store.query<{ count: string }>(
      `SELECT count() AS count FROM ${table} WHERE NOT (${this.#of_type})`,
    );
    return Number(row?.count ?? 0);
  }

  async countByAction(): Promise<Map<string, number>> {
    const rows = await this.#options.store.query<{ action: string; count: string }>(
      `SELECT toString(action) AS action, count() AS count FROM ${this.#event} WHERE ${this.#of_type} GROUP BY action`,
    );
    return new Map(rows.map(({ action, count }) => [action, Number(count)]));
  }
}

async function readSources({ store, submodule }: DeriveOptions): Promise<MonthSources> {
  const describe = (what: string): Promise<{ name: string; type: string }[]> =>
    store.query<{ name: string; type: string }>(`DESCRIBE TABLE ${what}`);
  const selects = [];
  for (const { table, select } of readEventSelects(submodule, store.rendering))
    selects.push({
      table,
      select,
      columns: new Set((await describe(`(${select})`)).map(({ name }) => name)),
    });
  return { selects, defaults: await describe(storedName('event', store.rendering)) };
}

async function countRecords(store: Store, { selects }: MonthSources): Promise<number> {
  let records = 0;
  for (const { table } of selects) {
    const [row] = await store.query<{ count: string }>(
      `SELECT count() AS count FROM ${storedName(table, store.rendering)}`,
    );
    records += Number(row?.count ?? 0);
  }
  return records;
}

/**
 * Derives again. Nothing else may take rows out meanwhile; the analysis has to go through all anew afterwards where a
 * month has changed.
 * @throws OperationalError `conflict` during a step of the retention and on a cluster; `engine_down`
 */
export async function deriveAgain(options: DeriveOptions): Promise<Derivation> {
  const { store, state, submodule, log } = options;
  if (store.rendering === 'cluster')
    throw new OperationalError('conflict', 'events are not derived again over the shards of a cluster');
  if (readStep(state) !== null)
    throw new OperationalError('conflict', 'the retention is taking rows out; ask again in a minute');
  await whenDeleted(store);
  const sources = await readSources(options);
  const columns = sources.defaults.map(({ name }) => name);
  const making = new Making(options, sources, columns, options.settledSegment());
  await making.begin();
  const before = await making.countByAction();
  const months = new Set<number>();
  for (const { table } of sources.selects)
    for (const month of await readMonths(store, storedName(table, store.rendering))) months.add(month);
  for (const month of await readMonths(store, storedName('event', store.rendering))) months.add(month);
  const filled = new Set<number>();
  for (const month of [...months].sort((a, b) => a - b)) {
    if (!(await making.differs(month))) continue;
    log(`derive ${submodule.name}: the events of ${month} differ and are written anew`);
    await making.fill(month);
    filled.add(month);
  }
  let after = before;
  if (filled.size > 0)
    after = await options.holdAnalysis(() =>
      options.holdLoader(async () => {
        await making.exchange(filled);
        return making.countByAction();
      }),
    );
  await making.drop();
  const actions = [...new Set([...before.keys(), ...after.keys()])].sort();
  return {
    records: await countRecords(store, sources),
    actions: actions.map((action) => ({
      action,
      before: before.get(action) ?? 0,
      after: after.get(action) ?? 0,
    })),
    months_changed: [...filled],
  };
}
