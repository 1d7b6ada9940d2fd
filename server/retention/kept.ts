/** What pinned incidents need: their events, the records of these, all of their sessions, and their files. */

import { pinnedIncidents } from '../reports/incidents.ts';
import type { StateDatabase } from '../state/database.ts';
import type { Store } from '../store/store.ts';
import { storedName } from '../store/template.ts';
import { isFiles, type RecordTable, whenReplicated } from './record-tables.ts';

/** Terminal recordings are looked up session by session. */
const sessions_max = 2000;

export interface KeptOptions {
  store: Store;
  state: StateDatabase;
  /** For each sensor type the SQL that finds a session's recordings. */
  recordings: ReadonlyMap<string, string>;
}

/** Fills the table `retention_kept` anew. No rows may be being removed meanwhile. */
export async function noteKept({ store, state, recordings }: KeptOptions): Promise<void> {
  const stored = storedName('retention_kept', store.rendering);
  await store.command(`TRUNCATE TABLE ${stored}`);
  const pinned = await pinnedIncidents({ store, state });
  if (pinned.length === 0) return;
  const attacks = `SELECT attack_id FROM incident_attack FINAL WHERE incident_id IN (${pinned.join(', ')})`;
  const own = `event_id GLOBAL IN (SELECT event_id FROM attack_event WHERE tupleElement(assignment, 2) GLOBAL IN (${attacks}))`;
  await store.command(
    `INSERT INTO ${stored} (sensor_id, sensor_table, generation, place, event_id, session, sha256)
     SELECT sensor_id, sensor_table, generation, place, event_id, session, file_sha256 FROM event
     WHERE ${own} OR (session != '' AND (sensor_id, session) GLOBAL IN (SELECT sensor_id, session FROM event WHERE ${own} AND session != ''))`,
  );
  const sessions = await store.query<{ sensor_id: number; sensor_type: string; session: string }>(
    `SELECT DISTINCT sensor_id, sensor_type, session FROM event
     WHERE session != '' AND event_id GLOBAL IN (SELECT event_id FROM retention_kept)
       AND sensor_type IN (${[...recordings.keys(), ''].map((type) => `'${type}'`).join(', ')}) LIMIT ${sessions_max}`,
  );
  const files: { sensor_id: number; sha256: string }[] = [];
  for (const { sensor_id, sensor_type, session } of sessions)
    for (const { taken_sha256 } of await store.query<{ taken_sha256: string }>(recordings.get(sensor_type)!, {
      sensor: sensor_id,
      session,
    }))
      files.push({ sensor_id, sha256: taken_sha256 });
  await store.insertRows(stored, files);
  await whenReplicated(store, 'retention_kept');
}

/** The condition under which a record table's row is needed by no pinned incident. */
export function notKept(table: RecordTable): string {
  const parts = [
    `(sensor_id, generation, place) GLOBAL NOT IN (SELECT sensor_id, generation, place FROM apiary.retention_kept WHERE sensor_table = '${table.name}')`,
  ];
  if (table.columns.has('session'))
    parts.push(
      "(sensor_id, toString(session)) GLOBAL NOT IN (SELECT sensor_id, session FROM apiary.retention_kept WHERE session != '')",
    );
  if (isFiles(table))
    for (const column of ['sha256', 'taken_sha256'])
      parts.push(`${column} GLOBAL NOT IN (SELECT sha256 FROM apiary.retention_kept WHERE sha256 != '')`);
  return parts.join(' AND ');
}

export const event_not_kept =
  'event_id GLOBAL NOT IN (SELECT event_id FROM apiary.retention_kept WHERE event_id != 0)';
