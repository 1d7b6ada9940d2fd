/** What every start does with a database before anything else: all that it lacks is made, in the order of need. */
import type { Submodule } from '@apiary/model/submodule.ts';
import { createGeo } from './geo.ts';
import { migrate } from './schema.ts';
import type { Store } from './store.ts';
import { createZones } from './zones.ts';

/** @throws OperationalError `conflict` when a migration that was applied has changed since */
export async function prepareSchema(store: Store, submodules: readonly Submodule[]): Promise<void> {
  await createGeo(store);
  await createZones(store);
  await migrate(store, submodules);
}
