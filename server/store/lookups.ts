/** What views look up in dictionaries: countries and networks, zones, proxies. They must exist before any view. */
import { createGeo } from './geo.ts';
import { createProxies } from './proxies.ts';
import type { Store } from './store.ts';
import { createZones } from './zones.ts';

export async function createLookups(store: Store): Promise<void> {
  await createGeo(store);
  await createZones(store);
  await createProxies(store);
}
