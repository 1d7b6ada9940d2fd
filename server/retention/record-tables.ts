/** The tables that hold records, and statements that take rows out of tables. */
import { setTimeout as sleep } from 'node:timers/promises';
import { OperationalError } from '@apiary/model/errors.ts';
import type { Store } from '../store/store.ts';
import { cluster_name, onCluster, storedName } from '../store/template.ts';

export interface RecordTable {
  name: string;
  columns: ReadonlySet<string>;
}

/** Readings of a container's processor, memory and disk: many, and soon of no interest. */
const readings_tables = new Set(['host_resources_readings']);
const poll_ms = 50;

export const isReadings = ({ name }: Pick<RecordTable, 'name'>): boolean => readings_tables.has(name);
export const isFiles = ({ columns }: RecordTable): boolean => columns.has('taken_sha256');

/** Every table with a column for the bytes that a sensor wrote, `record_waiting` among them. */
export async function listRecordTables(store: Store): Promise<RecordTable[]> {
  const rows = await store.query<{ table: string; names: string[] }>(
    `SELECT table, groupArray(name) AS names FROM system.columns
     WHERE database = currentDatabase() AND table IN (SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree')
     GROUP BY table HAVING has(names, 'raw') AND has(names, 'generation') AND has(names, 'collect_ts') ORDER BY table`,
  );
  const suffix = { single: '', cluster: '_local', local_shards: '_stored' }[store.rendering];
  return rows.map(({ table, names }) => ({
    name: suffix === '' ? table : table.slice(0, -suffix.length),
    columns: new Set(names),
  }));
}

/** Begins to take rows out: those that are there now. They are gone for queries when `whenDeleted` resolves. */
export const beginDelete = (store: Store, table: string, where: string): Promise<void> =>
  store.commandEach(
    // Replicas refuse a condition that asks other tables, unless told that these stay as they are meanwhile.
    `ALTER TABLE ${storedName(table, store.rendering)} DELETE WHERE ${where} SETTINGS mutations_sync = 0, allow_nondeterministic_mutations = 1`,
  );

/**
 * Resolves when nothing is being taken out of any table.
 * @throws OperationalError `conflict` where the engine cannot go on with one
 */
export async function whenDeleted(store: Store): Promise<void> {
  // A replica that is behind would take out by what the condition's tables hold later.
  const mutations =
    store.rendering === 'cluster'
      ? `clusterAllReplicas('${cluster_name}', system.mutations)`
      : 'system.mutations';
  for (;;) {
    const left = await store.query<{ table: string; reason: string }>(
      `SELECT table, latest_fail_reason AS reason FROM ${mutations} WHERE database = currentDatabase() AND NOT is_done`,
    );
    const failed = left.find(({ reason }) => reason !== '');
    if (failed !== undefined)
      throw new OperationalError('conflict', `rows of ${failed.table} cannot be removed: ${failed.reason}`);
    if (left.length === 0) return;
    await sleep(poll_ms);
  }
}

/** What was written into a table is on every replica when this resolves, for conditions of a deletion to read. */
export async function whenReplicated(store: Store, table: string): Promise<void> {
  const { rendering } = store;
  if (rendering === 'cluster')
    await store.command(`SYSTEM SYNC REPLICA${onCluster(rendering)} ${storedName(table, rendering)}`);
}

export async function deleteRows(store: Store, table: string, where: string): Promise<void> {
  await beginDelete(store, table, where);
  await whenDeleted(store);
}

export async function countRows(store: Store, table: string, where: string): Promise<number> {
  const [row] = await store.query<{ count: string }>(`SELECT count() AS count FROM ${table} WHERE ${where}`);
  return Number(row?.count ?? 0);
}
