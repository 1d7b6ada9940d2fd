/** Since when each thing is offered over TAXII in the version that it has: a client asks for what was added after. */
import type { StateDatabase } from './database.ts';

export interface OfferedVersion {
  key: string;
  version: string;
}

/**
 * Notes what a collection offers now. What is new or changed is added now; what is gone is forgotten.
 * @returns when each was added, by its key; milliseconds since 1970
 */
export function noteOffers(
  state: StateDatabase,
  collection: string,
  offers: readonly OfferedVersion[],
  now_ms: number,
): Map<string, number> {
  return state.transact(() => {
    const rows = state.all<OfferedVersion & { added_ms: number }>(
      'SELECT key, version, added_ms FROM taxii_offer WHERE collection = ?',
      collection,
    );
    const known = new Map(rows.map((row) => [row.key, row]));
    const added = new Map<string, number>();
    for (const { key, version } of offers) {
      const before = known.get(key);
      known.delete(key);
      if (before?.version === version) {
        added.set(key, before.added_ms);
        continue;
      }
      state.run(
        'INSERT OR REPLACE INTO taxii_offer (collection, key, version, added_ms) VALUES (?, ?, ?, ?)',
        collection,
        key,
        version,
        now_ms,
      );
      added.set(key, now_ms);
    }
    for (const key of known.keys())
      state.run('DELETE FROM taxii_offer WHERE collection = ? AND key = ?', collection, key);
    return added;
  });
}
