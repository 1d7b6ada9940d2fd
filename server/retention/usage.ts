/** How much each kind takes on the disk, and where to cut so that it takes less. */
import type { StateDatabase } from '../state/database.ts';
import { type RetentionKind, retention_kinds } from '../state/retention.ts';
import type { Store } from '../store/store.ts';
import { storedName } from '../store/template.ts';
import { isFiles, isReadings, type RecordTable } from './record-tables.ts';

export const tablesOf = (
  kind: 'records' | 'events' | 'readings',
  tables: readonly RecordTable[],
): string[] =>
  kind === 'events'
    ? ['event']
    : tables.filter((table) => isReadings(table) === (kind === 'readings')).map(({ name }) => name);

/** Over all shards, one replica of each. */
async function tableBytes(store: Store): Promise<Map<string, { bytes: number; rows: number }>> {
  const sizes = new Map<string, { bytes: number; rows: number }>();
  for (const shard of store.shards)
    for (const { table, bytes, rows } of await shard.query<{ table: string; bytes: string; rows: string }>(
      'SELECT table, sum(bytes_on_disk) AS bytes, sum(rows) AS rows FROM system.parts WHERE active AND database = currentDatabase() GROUP BY table',
    )) {
      const before = sizes.get(table) ?? { bytes: 0, rows: 0 };
      sizes.set(table, { bytes: before.bytes + Number(bytes), rows: before.rows + Number(rows) });
    }
  return sizes;
}

export interface StoredFile {
  sha256: string;
  size: number;
  stored_ms: number;
}

/** Stored files of both kinds, the oldest first. */
export async function splitFiles(
  store: Store,
  state: StateDatabase,
  tables: readonly RecordTable[],
): Promise<Record<'artifacts' | 'captures', StoredFile[]>> {
  const files = state.all<StoredFile>(
    'SELECT sha256, size, stored_ms FROM artifact ORDER BY stored_ms, sha256',
  );
  const selects = tables
    .filter(isFiles)
    .map(({ name }) => `SELECT taken_sha256 FROM ${name} WHERE kind IN ('capture', 'bistream')`);
  const captured =
    selects.length === 0 || files.length === 0
      ? []
      : await store.query<{ sha256: string }>(
          `SELECT DISTINCT taken_sha256 AS sha256 FROM (${selects.join(' UNION ALL ')})`,
          {},
          { rows_max: 10_000_000, seconds_max: 300 },
        );
  const captures = new Set(captured.map(({ sha256 }) => sha256));
  return {
    artifacts: files.filter(({ sha256 }) => !captures.has(sha256)),
    captures: files.filter(({ sha256 }) => captures.has(sha256)),
  };
}

export async function measureUsage(
  store: Store,
  state: StateDatabase,
  tables: readonly RecordTable[],
): Promise<Record<RetentionKind, number>> {
  const sizes = await tableBytes(store);
  const files = await splitFiles(store, state, tables);
  const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
  return Object.fromEntries(
    retention_kinds.map((kind) => [
      kind,
      kind === 'artifacts' || kind === 'captures'
        ? sum(files[kind].map(({ size }) => size))
        : sum(tablesOf(kind, tables).map((name) => sizes.get(storedName(name, store.rendering))?.bytes ?? 0)),
    ]),
  ) as Record<RetentionKind, number>;
}

/** The moment before which so many bytes lie, by what a row of each table takes on average; whole minutes. */
export async function findCut(store: Store, names: readonly string[], bytes: number): Promise<number | null> {
  const sizes = await tableBytes(store);
  const selects = names.flatMap((name) => {
    const size = sizes.get(storedName(name, store.rendering));
    if (size === undefined || size.rows === 0) return [];
    return [
      `SELECT toStartOfMinute(collect_ts) AS minute, toFloat64(count() * ${size.bytes / size.rows}) AS bytes FROM ${name} GROUP BY minute`,
    ];
  });
  if (selects.length === 0) return null;
  const [row] = await store.query<{ minute: number }>(
    `SELECT toUnixTimestamp(minute) AS minute FROM (
       SELECT minute, sum(sum(bytes)) OVER (ORDER BY minute ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS before
       FROM (${selects.join(' UNION ALL ')}) GROUP BY minute
     ) WHERE before >= ${bytes} ORDER BY minute LIMIT 1`,
    {},
    { seconds_max: 300 },
  );
  return row === undefined ? null : (Number(row.minute) + 60) * 1000;
}
