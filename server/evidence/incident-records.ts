/** The events of an incident and the records that they rest on, read in pieces. */
import { OperationalError } from '@apiary/model/errors.ts';
import { incident_attacks_now } from '../reports/incident-rows.ts';
import type { Store } from '../store/store.ts';
import { record_digest_sql } from './record-digests.ts';

const piece_rows = 2000;
const limits = { seconds_max: 300, rows_max: 1_000_000 };
/** An incident of more events is no piece of evidence that anybody reads. */
const events_max = 500_000;

export interface EvidenceEvent {
  event_id: string;
  attack_id: string;
  analysis_ts: string;
  detect_ts: string;
  collect_ts: string;
  action: string;
  target: string;
  service: string;
  outcome: string;
  attacker_ip: string;
  session: string;
  file_sha256: string;
  sensor_id: number;
  sensor_type: string;
  sensor_table: string;
  generation: string;
  place: string;
  version: number;
}

export interface EvidenceRecord {
  sensor_id: number;
  table: string;
  source: string;
  generation: string;
  place: string;
  version: number;
  detect_ts: string;
  collect_ts: string;
  flags: number;
  original_size: number;
  /** Of the raw bytes. */
  raw_sha256: string;
  /** As it stands in the signed days. */
  record_sha256: string;
  raw_base64: string;
}

const ownSql = (incident_id: string): string =>
  `SELECT event_id, tupleElement(max(assignment), 2) AS attack_id, min(analysis_ts) AS analysis_ts FROM attack_event
   GROUP BY event_id HAVING attack_id GLOBAL IN (SELECT attack_id FROM ${incident_attacks_now} WHERE incident_id = ${BigInt(incident_id)})`;

/** In order of time. @throws OperationalError query_too_large */
export async function listEvents(store: Store, incident_id: string): Promise<EvidenceEvent[]> {
  const own = ownSql(incident_id);
  const events = await store.query<EvidenceEvent>(
    `SELECT e.event_id AS event_id, o.attack_id AS attack_id, toString(o.analysis_ts) AS analysis_ts, toString(detect_ts) AS detect_ts,
       toString(collect_ts) AS collect_ts, action, target, service, outcome, toString(attacker_ip) AS attacker_ip, session, file_sha256,
       sensor_id, sensor_type, sensor_table, generation, place, version
     FROM event AS e GLOBAL INNER JOIN (${own}) AS o ON e.event_id = o.event_id
     ORDER BY e.detect_ts, e.event_id LIMIT ${events_max + 1}`,
    {},
    limits,
  );
  if (events.length > events_max)
    throw new OperationalError(
      'query_too_large',
      `the incident has more than ${events_max} events: judge what belongs to it, and export again`,
    );
  return events;
}

/** Calls `take` with the records of each event, once each, table by table in order of sensor and place. */
export async function visitRecords(
  store: Store,
  events: readonly EvidenceEvent[],
  take: (records: EvidenceRecord[]) => Promise<void>,
): Promise<number> {
  let count = 0;
  for (const [table, list] of Map.groupBy(events, ({ sensor_table }) => sensor_table)) {
    const places = new Set(
      list.map(({ sensor_id, generation, place, version }) =>
        [sensor_id, generation, place, version].map((number) => BigInt(number)).join(', '),
      ),
    );
    const all = [...places];
    for (let begin = 0; begin < all.length; begin += piece_rows) {
      const some = all.slice(begin, begin + piece_rows).map((place) => `(${place})`);
      const records = await store.query<EvidenceRecord>(
        `SELECT sensor_id, '${table}' AS table, source, generation, place, version, toString(detect_ts) AS detect_ts, toString(collect_ts) AS collect_ts,
           flags, original_size, lower(hex(SHA256(raw))) AS raw_sha256, record_sha256, base64Encode(raw) AS raw_base64
         FROM (SELECT *, lower(hex(${record_digest_sql})) AS record_sha256 FROM ${table} WHERE (sensor_id, generation, place, version) IN (${some.join(', ')}))
         ORDER BY sensor_id, generation, place, version`,
        {},
        limits,
      );
      count += records.length;
      await take(records);
    }
  }
  return count;
}
