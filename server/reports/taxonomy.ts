/** How often each word of the taxonomy holds in a period. */

import { dateTime } from './date-time.ts';
import { attacks_now, incidents_now } from './incident-rows.ts';
import { judgementsByIncident } from './incidents.ts';
import { judgedColumns } from './judged-columns.ts';
import type { Scope } from './scope.ts';
import type { View } from './view.ts';

export interface TaxonomyCounts {
  counts: Record<string, Record<string, number>>;
  families: Map<string, number>;
  unattributed: number;
}

/** Of incidents what people decided counts before what the rules said, as in their list. */
export async function countTaxonomy(
  source: Pick<View, 'store' | 'state'>,
  { from_ms, to_ms }: Pick<Scope, 'from_ms' | 'to_ms'>,
): Promise<TaxonomyCounts> {
  const { store } = source;
  const judged = judgedColumns(await judgementsByIncident(source));
  const within = `last_ts >= ${dateTime(from_ms)} AND first_ts < ${dateTime(to_ms)}`;
  const [attacks, incidents, [events]] = await Promise.all([
    store.query<{ about: string; name: string; n: string }>(
      `SELECT pair.1 AS about, pair.2 AS name, count() AS n
       FROM ${attacks_now} ARRAY JOIN arrayConcat(
         [('tool', toString(tool)), ('weakness', toString(weakness)), ('stage', toString(stage))],
         arrayMap(x -> ('result', toString(x)), results), arrayMap(x -> ('family', toString(x)), families),
         arrayMap(x -> ('technique', toString(x)), techniques)) AS pair
       WHERE ${within} GROUP BY about, name`,
    ),
    store.query<{ about: string; name: string; n: string }>(
      `SELECT pair.1 AS about, pair.2 AS name, count() AS n
       FROM ${incidents_now} ARRAY JOIN arrayConcat([('attacker', ${judged.attacker})], arrayMap(x -> ('objective', x), ${judged.objectives})) AS pair
       WHERE ${within} GROUP BY about, name`,
    ),
    store.query<{ unattributed: string }>(
      `SELECT count() AS unattributed FROM event WHERE detect_ts >= ${dateTime(from_ms)} AND detect_ts < ${dateTime(to_ms)} AND attacker_ip = toIPv6('::')
         AND event_id GLOBAL NOT IN (SELECT event_id FROM attribution FINAL WHERE attacker_ip != toIPv6('::'))`,
    ),
  ]);
  const counts: Record<string, Record<string, number>> = {};
  const families = new Map<string, number>();
  for (const { about, name, n } of [...attacks, ...incidents]) {
    if (about === 'family') families.set(name, Number(n));
    counts[about] = { ...counts[about], [name]: Number(n) };
  }
  return { counts, families, unattributed: Number(events?.unattributed ?? 0) };
}
