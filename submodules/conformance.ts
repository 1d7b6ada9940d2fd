/** What every submodule must hold, on the real engine, whatever its sensor writes. */
import assert from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { actions, event_columns } from '@apiary/model/event.ts';
import type { ReportText } from '@apiary/model/report.ts';
import { type Submodule, streamNames } from '@apiary/model/submodule.ts';
import { mutateRecords } from './mutation.ts';
import { readRecordedSessions, readRecordings, readReports } from './report.ts';
import { type Expected, type ExpectedEvent, readSamples, type SampleRecord } from './sample.ts';

/** A record as the loader hands it to the landing table. */
export interface LandedRecord extends SampleRecord {
  sensor_id: number;
  generation: bigint;
  collect_ts: string;
  segment_id: bigint;
}

/** What the suite needs of an engine that holds the tables and views of one submodule and no rows. */
export interface ConformanceEngine {
  /** Rows with 64-bit integers as strings. */
  query<T = Record<string, unknown>>(sql: string, params?: Record<string, unknown>): Promise<T[]>;
  command(sql: string): Promise<void>;
  /**
   * Rows of a local report as the server asks it for a user who is confined to all sensors of the report, under a filter on
   * all that records know of the attacker, which lets everything through.
   */
  queryNarrowed(report: ReportText, sensors: readonly number[], sees_secrets: boolean): Promise<unknown[]>;
  /** One block into the landing table; the same token again inserts nothing. */
  insertRecords(records: readonly LandedRecord[], token: string): Promise<void>;
  /** The SELECTs of events.sql, rendered, each with its record table. */
  eventSelects(): { table: string; select: string }[];
  close(): Promise<void>;
}

export type ConformanceRendering = 'single' | 'local_shards';
export type OpenEngine = (
  submodule: Submodule,
  rendering: ConformanceRendering,
) => Promise<ConformanceEngine>;

const mutations = 600;
const collect_ts = '2026-11-24 00:00:00.000000';
const period = { from: '1970-01-01 00:00:00', to: '2100-01-01 00:00:00' };
/** Identity is checked by itself; countries depend on the day's tables. */
const not_compared = new Set([
  ...event_columns.filter(({ identity }) => identity).map(({ name }) => name),
  'attacker_country',
  'attacker_asn',
]);

const landRecords = (records: readonly SampleRecord[], sensor_id: number): LandedRecord[] =>
  records.map((record) => ({ ...record, sensor_id, generation: 1n, collect_ts, segment_id: 1n }));

const read = (submodule: Submodule, file: string): string =>
  readFileSync(new URL(file, submodule.folder), 'utf8');

/** Record tables that the migrations make. */
export function recordTables(submodule: Submodule): string[] {
  return readdirSync(new URL('migrations/', submodule.folder))
    .sort()
    .flatMap((file) => [
      ...read(submodule, `migrations/${file}`).matchAll(/CREATE TABLE \{\{table (\w+)\}\}/g),
    ])
    .map((match) => match[1] as string);
}

/** Actions that events.sql can give: the words of the taxonomy in each expression that ends in `AS action`. */
function possibleActions(submodule: Submodule): Set<string> {
  const found = new Set<string>();
  for (const part of read(submodule, 'events.sql').split(/^-- from /m)) {
    const end = part.search(/ AS action\b/);
    const expression = part.slice(part.lastIndexOf('attacker_asn', end), end);
    for (const [, word] of expression.matchAll(/'(\w+)'/g)) {
      if ((actions as readonly string[]).includes(word as string)) found.add(word as string);
    }
  }
  return found;
}

const isEmpty = (value: unknown): boolean =>
  value === '' || value === 0 || value === '::' || JSON.stringify(value) === '{}';

/** What a report that sums up finds where there is nothing. */
const isNothing = (value: unknown): boolean =>
  isEmpty(value) || value === null || value === '0' || String(value).startsWith('1970-01-01');

/** An event without its identity and without columns that say nothing, as samples list it. */
export function plainEvent(row: Record<string, unknown>): ExpectedEvent {
  const { sensor_table, place, version } = row as { sensor_table: string; place: string; version: number };
  const rest = Object.entries(row).filter(([name, value]) => !not_compared.has(name) && !isEmpty(value));
  return { sensor_table, place: Number(place), ...(version > 0 && { version }), ...Object.fromEntries(rest) };
}

const sorted = (events: readonly ExpectedEvent[]): ExpectedEvent[] => {
  const keyOf = (event: ExpectedEvent): string =>
    `${event.sensor_table} ${String(event.place).padStart(20)} ${event.version ?? 0} ${event.action} ${JSON.stringify(Object.entries(event).sort())}`;
  return events.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
};

/** What came of the records of one sensor. */
export async function readOutcome(
  engine: ConformanceEngine,
  tables: readonly string[],
  sensor_id: number,
): Promise<Expected> {
  const counts = await engine.query<{ name: string; parse: string; rows: string }>(
    tables
      .map(
        (name) =>
          `SELECT '${name}' AS name, toString(parse) AS parse, count() AS rows FROM ${name} WHERE sensor_id = ${sensor_id} GROUP BY parse`,
      )
      .join(' UNION ALL '),
  );
  const records: Record<string, Record<string, number>> = {};
  for (const { name, parse, rows } of counts) {
    records[name] ??= {};
    records[name][parse] = Number(rows);
  }
  const rows = await engine.query(`SELECT * FROM event WHERE sensor_id = ${sensor_id}`);
  return { records, events: sorted(rows.map(plainEvent)) };
}

const digestOf = (table: string): string =>
  `SELECT '${table}' AS name, count() AS rows, sum(cityHash64(toString(tuple(*)))) AS digest FROM ${table}`;

/**
 * The suite for one submodule. Opens an engine for each rendering and inserts every sample, as a sensor of its
 * own, and damaged copies of all of them, in one block: damage harms no neighbour.
 */
export function describeConformance(submodule: Submodule, openEngine: OpenEngine): void {
  const samples = readSamples(submodule);
  const tables = recordTables(submodule);
  const sound = samples.flatMap(({ records }, index) => landRecords(records, index + 1));
  const damaged_sensor = samples.length + 1;
  const damaged = landRecords(mutateRecords(sound, mutations, 20_150_601, 1_000_000_000n), damaged_sensor);
  const sensors = Array.from({ length: damaged_sensor }, (_, index) => index + 1);
  const insertAll = async (engine: ConformanceEngine): Promise<void> => {
    await engine.insertRecords([...sound, ...damaged], 'all');
  };
  const digests = (engine: ConformanceEngine): Promise<unknown[]> =>
    engine.query(`SELECT * FROM (${[...tables, 'event'].map(digestOf).join(' UNION ALL ')}) ORDER BY name`);

  describe(`submodule ${submodule.name}`, () => {
    let engine: ConformanceEngine;
    before(async () => {
      engine = await openEngine(submodule, 'single');
      await insertAll(engine);
    });
    after(() => engine?.close());

    for (const [index, sample] of samples.entries()) {
      it(`makes of the sample ${sample.name} exactly what is expected`, async () => {
        const outcome = await readOutcome(engine, tables, index + 1);
        assert.deepStrictEqual(outcome.records, sample.expected.records);
        assert.deepStrictEqual(outcome.events, sorted(sample.expected.events));
      });
    }

    it('shows every stream, table and action in a sample', async () => {
      const filled = new Set(samples.flatMap(({ expected }) => Object.keys(expected.records)));
      assert.deepStrictEqual([...filled].sort(), tables.toSorted());
      const streams = new Set(sound.map(({ stream }) => stream));
      assert.deepStrictEqual([...streams].sort(), streamNames(submodule).sort());
      const shown = new Set(samples.flatMap(({ expected }) => expected.events.map(({ action }) => action)));
      assert.deepStrictEqual([...shown].sort(), [...possibleActions(submodule)].sort());
    });

    it('tells the recordings of a session and the sessions of a recording, where its terminals are recorded', async () => {
      const holds = submodule.sources.some(
        (one) => one.kind === 'files' && one.holds === 'terminal_recording',
      );
      const queries = [readRecordings(submodule), readRecordedSessions(submodule)];
      for (const sql of queries) {
        assert.equal(sql !== null, holds);
        if (sql !== null)
          assert.deepEqual(await engine.query(sql, { sensor: 0, session: 'x', sha256: 'x' }), []);
      }
    });

    it('keeps a record of every damaged line, and every byte of it', async () => {
      const kept = await engine.query<{ place: string; raw: string }>(
        tables
          .map((name) => `SELECT place, hex(raw) AS raw FROM ${name} WHERE sensor_id = ${damaged_sensor}`)
          .join(' UNION ALL '),
      );
      const kept_by_place = new Map(kept.map(({ place, raw }) => [BigInt(place), raw.toLowerCase()]));
      assert.equal(kept.length, damaged.length);
      for (const { place, raw } of damaged) assert.equal(kept_by_place.get(place), raw.toString('hex'));
    });

    it('gives no two events the same id, and each a known time', async () => {
      const [row] = await engine.query<{ rows: string; ids: string; late: string }>(
        `SELECT count() AS rows, uniqExact(event_id) AS ids, countIf(detect_ts < '2000-01-01' OR detect_ts > collect_ts + INTERVAL 1 DAY) AS late FROM event`,
      );
      // An observer that sees no attacks has records and no events.
      assert.equal(Number(row?.rows) > 0, engine.eventSelects().length > 0);
      assert(row !== undefined);
      assert.equal(row.ids, row.rows);
      assert.equal(Number(row.late), 0);
    });

    it('inserts nothing when the same block comes again', async () => {
      const once = await digests(engine);
      await insertAll(engine);
      assert.deepStrictEqual(await digests(engine), once);
    });

    it('derives the same events again from the record tables', async () => {
      // Other tests use this engine afterwards.
      await engine.command('DROP TABLE IF EXISTS event_again');
      await engine.command(
        'CREATE TABLE event_again ENGINE = MergeTree ORDER BY event_id AS SELECT * FROM event WHERE 0',
      );
      for (const { select } of engine.eventSelects()) {
        const columns = await engine.query<{ name: string }>(`DESCRIBE (\n${select}\n)`);
        const names = columns.map(({ name }) => name).join(', ');
        await engine.command(`INSERT INTO event_again (${names}) SELECT ${names} FROM (\n${select}\n)`);
      }
      const [first] = await engine.query<{ rows: string; digest: string }>(digestOf('event'));
      const [again] = await engine.query<{ rows: string; digest: string }>(digestOf('event_again'));
      assert.equal(again?.rows, first?.rows);
      assert.equal(again?.digest, first?.digest);
    });

    for (const report of readReports(submodule)) {
      it(`fills the report ${report.name} from the samples`, async () => {
        const rows = await engine.query(report.sql, { ...period, sensors });
        assert(rows.length > 0, 'no sample gives it a row');
        assert.deepStrictEqual(
          Object.keys(rows[0] as object),
          report.columns.map(({ name }) => name),
        );
        assert.deepStrictEqual(await engine.queryNarrowed(report, sensors, true), rows);
        // Who may not see secrets has other rows, or none where they are told apart by a secret.
        await engine.queryNarrowed(report, sensors, false);
      });
    }

    for (const report of readReports(submodule)) {
      it(`keeps the report ${report.name} to its sensors and its period`, async () => {
        const elsewhere = [
          { ...period, sensors: [damaged_sensor + 1] },
          { from: period.from, to: '1970-01-02 00:00:00', sensors },
        ];
        for (const params of elsewhere) {
          const rows = await engine.query(report.sql, params);
          const told = rows.filter((row) => !Object.values(row).every(isNothing));
          assert.deepStrictEqual(told, [], JSON.stringify(params));
        }
      });
    }

    it('gives the same on shards as on one server', async () => {
      const shards = await openEngine(submodule, 'local_shards');
      try {
        await insertAll(shards);
        assert.deepStrictEqual(await digests(shards), await digests(engine));
        for (const report of readReports(submodule)) {
          const params = { ...period, sensors };
          const expected = await engine.query(report.sql, params);
          assert.deepStrictEqual(await shards.query(report.sql, params), expected, report.name);
        }
      } finally {
        await shards.close();
      }
    });
  });
}
