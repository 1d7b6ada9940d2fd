/** Gateways and own scanners, of who does not see everything: those from which they see events. */
import type { KnownSource } from '@apiary/model/api/inventory.ts';
import { formatBound, parseNetwork } from '@apiary/model/networks.ts';
import type { View } from './view.ts';

/** The others tell of honeynets that are not the asker's. */
export async function seenKnownSources({ store, inventory, visibility }: View): Promise<KnownSource[]> {
  const { known_sources } = inventory;
  if (visibility.stretches === null || known_sources.length === 0) return known_sources;
  const bound = (value: bigint): string => `toIPv6('${formatBound(value)}')`;
  const each = known_sources.map(({ network }, place) => {
    const { first, last } = parseNetwork(network)!;
    return `SELECT ${place} AS place FROM (
      SELECT 1 FROM event WHERE attacker_ip >= ${bound(first)} AND attacker_ip <= ${bound(last)} LIMIT 1
    )`;
  });
  const rows = await store.query<{ place: number }>(each.join(' UNION ALL '));
  const seen = new Set(rows.map(({ place }) => place));
  return known_sources.filter((_, place) => seen.has(place));
}
