/** What stands for records in a signed document: SHA-256 over the sorted hashes of each, with its place. */
import { record_flags } from '@apiary/model/batch.ts';
import type { Store } from '../store/store.ts';

/** Records whose hashes are gathered at once. */
const slice_records_max = 500_000;
const seconds_max = 600;

/** All records of one sensor in one table that the gateway received in a stretch of time. */
export interface Leaf {
  table: string;
  sensor_id: number;
  /** Microseconds since 1970, as text; `to_us` excluded. */
  from_us: string;
  to_us: string;
  records: number;
  /** Hexadecimal. */
  sha256: string;
}

/**
 * The hash of one record, as the engine computes it: over sensor, generation, place, version, time of receipt
 * (microseconds since 1970), length and text of the source, and the raw bytes, each but the last followed by `|`.
 */
export const record_digest_sql = `SHA256(concat(toString(sensor_id), '|', toString(generation), '|', toString(place), '|', toString(version), '|',
  toString(toUnixTimestamp64Micro(collect_ts)), '|', toString(length(source)), '|', source, '|', raw))`;

const digested_columns = 'sensor_id, generation, place, version, collect_ts, source, raw';
const has_waited = `bitAnd(flags, ${record_flags.waited}) != 0`;
const waiting_table = 'record_waiting';

/**
 * What a leaf of a table is over. Records that came before their submodule are signed as of `record_waiting`, and stay
 * so when they have come in: then they lie in another table, with the mark of those that waited.
 * @param released tables into which such records came
 */
const digestedRows = (table: string, released: readonly string[]): string =>
  table === waiting_table
    ? `(${[
        `SELECT ${digested_columns} FROM ${waiting_table}`,
        ...released.map((name) => `SELECT ${digested_columns} FROM ${name} WHERE ${has_waited}`),
      ].join(' UNION ALL ')})`
    : `(SELECT ${digested_columns} FROM ${table} WHERE NOT ${has_waited})`;

/** A table in which records are, with the days of the first and the last: UTC, as `2026-11-25`. */
export interface FilledTable {
  name: string;
  first_day: string;
  last_day: string;
}

/** Most types of sensors send none. @param tables of records */
export async function listFilledTables(
  store: Store,
  tables: readonly string[],
  released: readonly string[],
): Promise<FilledTable[]> {
  const filled = await Promise.all(
    tables.map((name) =>
      store.query<FilledTable>(
        // Of a table the engine knows this without reading it; which of them waited makes no difference.
        `SELECT '${name}' AS name, toString(toDate(min(collect_ts))) AS first_day, toString(toDate(max(collect_ts))) AS last_day
         FROM ${name === waiting_table ? digestedRows(name, released) : name} HAVING count() > 0`,
      ),
    ),
  );
  return filled.flat();
}

/** Records of one table by the day of their receipt. @param since_us microseconds since 1970 */
export async function countByDay(
  store: Store,
  table: string,
  since_us: string,
  released: readonly string[],
): Promise<Map<string, number>> {
  const rows = await store.query<{ day: string; records: string }>(
    `SELECT toString(toDate(collect_ts)) AS day, count() AS records FROM ${digestedRows(table, released)}
     WHERE collect_ts >= fromUnixTimestamp64Micro(${BigInt(since_us)}, 'UTC') GROUP BY day`,
    {},
    { seconds_max },
  );
  return new Map(rows.map(({ day, records }) => [day, Number(records)]));
}

const between = (from_us: string, to_us: string): string =>
  `collect_ts >= fromUnixTimestamp64Micro(${BigInt(from_us)}, 'UTC') AND collect_ts < fromUnixTimestamp64Micro(${BigInt(to_us)}, 'UTC')`;

/** The leaves of a stretch, by sensor; sensors without a record in it have none. */
export async function digestStretch(
  store: Store,
  table: string,
  from_us: string,
  to_us: string,
  released: readonly string[],
): Promise<Leaf[]> {
  const rows = await store.query<{ sensor_id: number; records: string; sha256: string }>(
    `SELECT sensor_id, count() AS records, lower(hex(SHA256(arrayStringConcat(arraySort(groupArray(digest)))))) AS sha256
     FROM (SELECT sensor_id, lower(hex(${record_digest_sql})) AS digest FROM ${digestedRows(table, released)} WHERE ${between(from_us, to_us)})
     GROUP BY sensor_id ORDER BY sensor_id`,
    {},
    { seconds_max },
  );
  return rows.map(({ sensor_id, records, sha256 }) => ({
    table,
    sensor_id,
    from_us,
    to_us,
    records: Number(records),
    sha256,
  }));
}

/** Cuts a stretch at whole minutes, so that each part holds about as many records as are gathered at once. */
export async function cutStretch(
  store: Store,
  table: string,
  from_us: string,
  to_us: string,
  released: readonly string[],
): Promise<{ from_us: string; to_us: string }[]> {
  const minutes = await store.query<{ minute_us: string; records: string }>(
    `SELECT toString(toUnixTimestamp(toStartOfMinute(collect_ts)) * 1000000) AS minute_us, count() AS records
     FROM ${digestedRows(table, released)} WHERE ${between(from_us, to_us)} GROUP BY minute_us ORDER BY toUInt64(minute_us)`,
    {},
    { seconds_max },
  );
  if (minutes.length === 0) return [];
  const cuts = [from_us];
  let gathered = 0;
  for (const { minute_us, records } of minutes) {
    if (gathered > 0 && gathered + Number(records) > slice_records_max) {
      cuts.push(minute_us);
      gathered = 0;
    }
    gathered += Number(records);
  }
  return cuts.map((cut, index) => ({ from_us: cut, to_us: cuts[index + 1] ?? to_us }));
}
