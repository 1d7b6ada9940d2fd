/** What every start does with a database before anything else: all that it lacks is made, in the order of need. */
import type { Submodule } from '@apiary/model/submodule.ts';
import { createLookups } from './lookups.ts';
import { migrate } from './schema.ts';
import { findMisplaced, findNodeMistakes, requireNone } from './shards.ts';
import type { Store } from './store.ts';

/**
 * @param log is told what takes long
 * @throws OperationalError `conflict` when a migration that was applied has changed since; `config_invalid` where the
 * cluster is not as `store.shards` says, so that rows would come where nobody looks for them, or twice
 */
export async function prepareSchema(
  store: Store,
  submodules: readonly Submodule[],
  log: (message: string) => void = () => undefined,
): Promise<void> {
  const there = await store.query(
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND name = 'schema_history'",
  );
  if (there.length === 0)
    log(`making the tables of ${submodules.length} sensor types; this takes some minutes at the first start`);
  if (store.rendering === 'cluster') requireNone(await findNodeMistakes(store));
  if (store.engine !== undefined) await dropLeftReplacements(store);
  await createLookups(store);
  await migrate(store, submodules);
  if (store.rendering === 'cluster') requireNone(await findMisplaced(store));
}

/** Tables that were being made from a SELECT when the engine ended: nothing leads to them, and they would stay for ever. */
async function dropLeftReplacements(store: Store): Promise<void> {
  const left = await store.query<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, '_tmp_replace_')",
  );
  for (const { name } of left) await store.command(`DROP TABLE \`${name}\``);
}
