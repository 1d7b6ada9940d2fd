/** The sessions of an incident that say most: where a replay begins. */
import type { IncidentSessions } from '@apiary/model/api/incidents.ts';
import { stages } from '@apiary/model/taxonomy.ts';
import { sourceBounds } from './attack-detail.ts';
import { showTime } from './event-row.ts';
import { attacks_now, incident_attacks_now } from './incident-rows.ts';
import { findIncidentId } from './incidents.ts';
import type { View } from './view.ts';

/** A botnet has thousands: those that got farthest are looked into, and among equals those with most events. */
const attacks_max = 20;
const sessions_max = 10;

/** @throws OperationalError not_found */
export async function readIncidentSessions(
  source: Pick<View, 'store' | 'state'>,
  number: number,
): Promise<IncidentSessions> {
  const { store } = source;
  const incident_id = await findIncidentId(source, number);
  const attacks = await store.query<{ attack_id: string; source: string; first_ts: string; last_ts: string }>(
    `SELECT attack_id, source, first_ts, last_ts FROM ${attacks_now}
     WHERE sessions > 0 AND attack_id GLOBAL IN (SELECT attack_id FROM ${incident_attacks_now} WHERE incident_id = {incident_id:UInt64})
     ORDER BY indexOf([${stages.map(({ name }) => `'${name}'`).join(', ')}], stage) DESC, events DESC, attack_id
     LIMIT ${attacks_max + 1}`,
    { incident_id },
  );
  const is_cut = attacks.length > attacks_max;
  const chosen = attacks.slice(0, attacks_max);
  if (chosen.length === 0) return { sessions: [], is_cut };
  const params: Record<string, unknown> = {};
  const within = chosen.map((attack, index) => {
    const { from, to } = sourceBounds(attack.source);
    Object.assign(params, { [`from${index}`]: from, [`to${index}`]: to });
    Object.assign(params, { [`first${index}`]: attack.first_ts, [`last${index}`]: attack.last_ts });
    return `(attacker_ip >= toIPv6({from${index}:String}) AND attacker_ip <= toIPv6({to${index}:String})
      AND detect_ts >= {first${index}:DateTime64(6)} AND detect_ts <= {last${index}:DateTime64(6)})`;
  });
  const rows = await store.query<IncidentSessions['sessions'][number]>(
    `SELECT sensor_id, session, toUInt32(count()) AS events, toString(min(detect_ts)) AS from, toString(max(detect_ts)) AS to
     FROM event
     WHERE session != '' AND (${within.join(' OR ')}) AND event_id GLOBAL IN (
       SELECT event_id FROM attack_event WHERE event_id GLOBAL IN (
         SELECT event_id FROM event WHERE session != '' AND (${within.join(' OR ')})
       ) GROUP BY event_id HAVING tupleElement(max(assignment), 2) IN (${chosen.map(({ attack_id }) => BigInt(attack_id)).join(', ')})
     )
     GROUP BY sensor_id, session ORDER BY events DESC, from, sensor_id, session LIMIT ${sessions_max + 1}`,
    params,
  );
  const sessions = rows
    .slice(0, sessions_max)
    .map((row) => ({ ...row, from: showTime(row.from), to: showTime(row.to) }));
  return { sessions, is_cut: is_cut || rows.length > sessions_max };
}
