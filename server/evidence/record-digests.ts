/** What stands for records in a signed document: SHA-256 over the sorted hashes of each, with its place. */
import { record_flags } from '@apiary/model/batch.ts';
import type { Store } from '../store/store.ts';

/** Records whose hashes are gathered at once. */
export const slice_records_max = 500_000;
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

/** Half open. Microseconds since 1970, as text. */
export interface Stretch {
  from_us: string;
  to_us: string;
}

export interface CountedStretch extends Stretch {
  records: number;
}

const between = (from_us: string, to_us: string): string =>
  `collect_ts >= fromUnixTimestamp64Micro(${BigInt(from_us)}, 'UTC') AND collect_ts < fromUnixTimestamp64Micro(${BigInt(to_us)}, 'UTC')`;

/** Records of one table by the day of their receipt, UTC, as `2026-11-25`; none of days without any. */
export async function countByDay(
  store: Store,
  table: string,
  { from_us, to_us }: Stretch,
  released: readonly string[],
): Promise<Map<string, number>> {
  const rows = await store.query<{ day: string; records: string }>(
    `SELECT toString(toDate(collect_ts)) AS day, count() AS records FROM ${digestedRows(table, released)}
     WHERE ${between(from_us, to_us)} GROUP BY day ORDER BY day`,
    {},
    { seconds_max },
  );
  return new Map(rows.map(({ day, records }) => [day, Number(records)]));
}

/** Stretches that are gathered at once: about as many records as may be, in order of time and none over another. */
export function gatherStretches(
  stretches: readonly CountedStretch[],
  records_max = slice_records_max,
): CountedStretch[][] {
  const gathered: CountedStretch[][] = [];
  let records = Number.POSITIVE_INFINITY;
  let end_us = 0n;
  for (const stretch of stretches) {
    if (records + stretch.records > records_max || BigInt(stretch.from_us) < end_us) {
      gathered.push([]);
      records = 0;
    }
    gathered.at(-1)!.push(stretch);
    records += stretch.records;
    end_us = BigInt(stretch.to_us);
  }
  return gathered;
}

/**
 * The leaves of some stretches of one table, by stretch and sensor; sensors without a record in one have none of it.
 * @param stretches in order of time, none over another
 */
export async function digestStretches(
  store: Store,
  table: string,
  stretches: readonly Stretch[],
  released: readonly string[],
): Promise<Leaf[]> {
  const froms = stretches.map(({ from_us }) => String(BigInt(from_us))).join(', ');
  const where = stretches.map(({ from_us, to_us }) => `(${between(from_us, to_us)})`).join(' OR ');
  const rows = await store.query<{ stretch: number; sensor_id: number; records: string; sha256: string }>(
    `SELECT stretch, sensor_id, count() AS records, lower(hex(SHA256(arrayStringConcat(arraySort(groupArray(digest)))))) AS sha256
     FROM (SELECT sensor_id, arrayCount(from_us -> from_us <= toUnixTimestamp64Micro(collect_ts), [${froms}]) AS stretch,
                  lower(hex(${record_digest_sql})) AS digest
           FROM ${digestedRows(table, released)}
           WHERE ${between(stretches[0]!.from_us, stretches.at(-1)!.to_us)} AND (${where}))
     GROUP BY stretch, sensor_id ORDER BY stretch, sensor_id`,
    {},
    { seconds_max },
  );
  return rows.map(({ stretch, sensor_id, records, sha256 }) => ({
    table,
    sensor_id,
    from_us: stretches[stretch - 1]!.from_us,
    to_us: stretches[stretch - 1]!.to_us,
    records: Number(records),
    sha256,
  }));
}

/** Cuts a stretch at whole minutes, so that each part holds about as many records as are gathered at once. */
export async function cutStretch(
  store: Store,
  table: string,
  { from_us, to_us }: Stretch,
  released: readonly string[],
  records_max = slice_records_max,
): Promise<CountedStretch[]> {
  const minutes = await store.query<{ minute_us: string; records: string }>(
    `SELECT toString(toUnixTimestamp(toStartOfMinute(collect_ts)) * 1000000) AS minute_us, count() AS records
     FROM ${digestedRows(table, released)} WHERE ${between(from_us, to_us)} GROUP BY minute_us ORDER BY toUInt64(minute_us)`,
    {},
    { seconds_max },
  );
  const parts: CountedStretch[] = [];
  for (const { minute_us, records } of minutes) {
    const part = parts.at(-1);
    if (part !== undefined && part.records + Number(records) <= records_max) part.records += Number(records);
    else {
      if (part !== undefined) part.to_us = minute_us;
      parts.push({ from_us: part === undefined ? from_us : minute_us, to_us, records: Number(records) });
    }
  }
  return parts;
}
