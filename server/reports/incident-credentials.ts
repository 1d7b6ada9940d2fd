/** User names and passwords that an incident tried. */
import type { IncidentCredentials } from '@apiary/model/api/incidents.ts';
import { attacks_now, incident_attacks_now } from './incident-rows.ts';
import { findIncidentId } from './incidents.ts';
import type { View } from './view.ts';

const pairs_max = 40;

/** @throws OperationalError not_found */
export async function readIncidentCredentials(
  source: Pick<View, 'store' | 'state'>,
  number: number,
): Promise<IncidentCredentials> {
  const { store } = source;
  const incident_id = await findIncidentId(source, number);
  const params: Record<string, unknown> = { incident_id };
  const its = `(SELECT attack_id FROM ${incident_attacks_now} WHERE incident_id = {incident_id:UInt64})`;
  const [within] = await store.query<{ first_ts: string; last_ts: string; attacks: string }>(
    `SELECT min(first_ts) AS first_ts, max(last_ts) AS last_ts, count() AS attacks FROM ${attacks_now} WHERE attack_id GLOBAL IN ${its}`,
    params,
  );
  if (Number(within?.attacks ?? 0) === 0) return { credentials: [], pairs: 0 };
  const { first_ts, last_ts } = within!;
  const tried = `action = 'authenticate' AND (username != '' OR password != '')
    AND detect_ts >= {first_ts:DateTime64(6)} AND detect_ts <= {last_ts:DateTime64(6)}`;
  const rows = await store.query<{
    username: string;
    password: string;
    tries: string;
    successes: string;
    pairs: string;
  }>(
    `SELECT username, password, count() AS tries, countIf(outcome = 'success') AS successes, count() OVER () AS pairs
     FROM event WHERE ${tried} AND event_id GLOBAL IN (
       SELECT event_id FROM attack_event WHERE event_id GLOBAL IN (SELECT event_id FROM event WHERE ${tried})
       GROUP BY event_id HAVING tupleElement(max(assignment), 2) GLOBAL IN ${its}
     )
     GROUP BY username, password ORDER BY tries DESC, username, password LIMIT ${pairs_max}`,
    { ...params, first_ts, last_ts },
  );
  return {
    credentials: rows.map(({ username, password, tries, successes }) => ({
      ...{ username, password },
      tries: Number(tries),
      successes: Number(successes),
    })),
    pairs: Number(rows[0]?.pairs ?? 0),
  };
}
