/**
 * What an engine that died leaves behind: it writes a part first and its token afterwards, so that a death between the
 * two lets the next attempt write the part again. After an attempt that followed on a death, the tables of a segment are
 * looked through; a part that came twice is dropped, and where the two were merged already, their rows are made single.
 */
import { OperationalError } from '@apiary/model/errors.ts';
import type { Store } from '../store/store.ts';
import { storedName } from '../store/template.ts';

interface Table {
  name: string;
  /** What tells rows apart. */
  key: string;
  where: string;
}

/**
 * @param table_name the record table of the stream
 * @returns rows that were there twice
 * @throws OperationalError engine_down where some still are; the segment is then tried again
 */
export async function mendDoubles(store: Store, table_name: string, segment_id: bigint): Promise<number> {
  // Several replicas agree on a token before any of them shows the part.
  if (store.rendering === 'cluster') return 0;
  const segment = `segment_id = ${segment_id}`;
  const tables: Table[] = [
    { name: table_name, key: 'sensor_id, generation, place, version, collect_ts', where: segment },
    {
      name: 'event',
      key: 'detect_ts, event_id, collect_ts',
      where: `${segment} AND sensor_table = '${table_name}'`,
    },
  ];
  let doubled = 0;
  for (const table of tables) doubled += await mendTable(store, table);
  return doubled;
}

/** The same of the table of records that wait raw. */
export async function mendWaiting(store: Store, segment_id: bigint): Promise<number> {
  if (store.rendering === 'cluster') return 0;
  return mendTable(store, {
    name: 'record_waiting',
    key: 'sensor_id, stream, generation, place, version, collect_ts',
    where: `segment_id = ${segment_id}`,
  });
}

async function countDoubles(store: Store, { name, key, where }: Table): Promise<number> {
  const [row] = await store.query<{ doubled: string }>(
    `SELECT count() - uniqExact(${key}) AS doubled FROM ${storedName(name, store.rendering)} WHERE ${where}`,
  );
  return Number(row?.doubled ?? 0);
}

async function mendTable(store: Store, table: Table): Promise<number> {
  const doubled = await countDoubles(store, table);
  if (doubled === 0) return 0;
  const stored = storedName(table.name, store.rendering);
  // Two parts of one month that hold nothing but this segment are the two attempts.
  const parts = await store.query<{ part: string; partition: string }>(
    `SELECT _part AS part, _partition_id AS partition, countIf(NOT (${table.where})) AS others
     FROM ${stored} WHERE _part IN (SELECT DISTINCT _part FROM ${stored} WHERE ${table.where})
     GROUP BY part, partition HAVING others = 0 ORDER BY part`,
  );
  for (const [, same_month] of Map.groupBy(parts, ({ partition }) => partition))
    for (const { part } of same_month.slice(1)) {
      const before = await countDoubles(store, table);
      if (before === 0) break;
      await store.command(`ALTER TABLE ${stored} DROP PART '${part}'`);
    }
  if ((await countDoubles(store, table)) > 0) {
    const months = await store.query<{ partition: string }>(
      `SELECT DISTINCT _partition_id AS partition FROM ${stored} WHERE ${table.where}`,
    );
    for (const { partition } of months)
      await store.command(
        `OPTIMIZE TABLE ${stored} PARTITION ID '${partition}' FINAL DEDUPLICATE BY ${table.key}`,
      );
  }
  // The engine does nothing, and says nothing, where a merge of its own holds the parts.
  const left = await countDoubles(store, table);
  if (left > 0)
    throw new OperationalError(
      'engine_down',
      `${left} rows of ${table.name} with ${table.where} are still there twice: the engine was merging their parts`,
    );
  return doubled;
}
