/**
 * Local times of sensors: a dictionary of the engine that tells how far a zone's clock stood from UTC when it
 * showed a time. `zones.json` holds the changes of every IANA zone from 1990 to 2037, made by scripts/zones.ts.
 *
 * A clock that is set back shows an hour twice: its times are taken as the first of the two. An hour that is left
 * out when a clock is set forward is taken as if it had not been set yet.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { reloadEverywhere } from './geo.ts';
import type { Store } from './store.ts';
import { everywhereEngine, onCluster } from './template.ts';

/** `[offset, change, offset, change, offset …]`: seconds east of UTC, and seconds since 1970. */
type Changes = readonly number[];

/** Beyond every time that a clock of a sensor shows, in seconds since 1970. */
const never = 1n << 40n;

/** What one zone's clock showed, from and to (both included, as seconds since 1970 if it were UTC), and its offset. */
export function listLocalRanges(changes: Changes): { from: bigint; to: bigint; offset: number }[] {
  const ranges: { from: bigint; to: bigint; offset: number }[] = [];
  let from = -never;
  for (let index = 0; index < changes.length; index += 2) {
    const offset = changes[index] as number;
    const change = changes[index + 1];
    // The clock shows this offset until the change by its own reading, so a later reading of it is the next one's.
    const to = change === undefined ? never : BigInt(change + Math.max(offset, changes[index + 2]!)) - 1n;
    ranges.push({ from, to, offset });
    from = to + 1n;
  }
  return ranges;
}

/** Makes the dictionary where it is missing; views that read local times need it to exist. */
export async function createZones(store: Store): Promise<void> {
  const on_cluster = onCluster(store.rendering);
  const [here] = await store.query<{ name: string }>('SELECT currentDatabase() AS name');
  await store.command(
    `CREATE TABLE IF NOT EXISTS zone_range${on_cluster} (zone String, from Int64, to Int64, seconds Int32) ENGINE = ${everywhereEngine(store.rendering)} ORDER BY (zone, from)`,
  );
  const rows = readRows();
  const [held] = await store.query<{ rows: string }>('SELECT count() AS rows FROM zone_range');
  const is_filled = Number(held?.rows) === rows.length;
  if (!is_filled) {
    await store.command('TRUNCATE TABLE zone_range');
    const columns = ['zone', 'from', 'to', 'seconds'];
    await store.insertTsv('zone_range', columns, Buffer.from(rows.join('')), randomUUID());
  }
  await store.command(
    `CREATE DICTIONARY IF NOT EXISTS zone${on_cluster} (zone String, from Int64, to Int64, seconds Int32) PRIMARY KEY zone SOURCE(CLICKHOUSE(DB '${here?.name}' TABLE 'zone_range')) LAYOUT(COMPLEX_KEY_RANGE_HASHED()) RANGE(MIN from MAX to) LIFETIME(0)`,
  );
  if (!is_filled) await reloadEverywhere(store, 'zone_range', 'zone');
}

function readRows(): string[] {
  const zones = JSON.parse(readFileSync(new URL('./zones.json', import.meta.url), 'utf8')) as Record<
    string,
    Changes
  >;
  return Object.entries(zones).flatMap(([zone, changes]) =>
    listLocalRanges(changes).map(({ from, to, offset }) => `${zone}\t${from}\t${to}\t${offset}\n`),
  );
}
