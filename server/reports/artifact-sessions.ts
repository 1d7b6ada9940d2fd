/** The sessions that a file belongs to: an event of theirs names it, or it is the recording of their terminal. */
import type { ArtifactSessions } from '@apiary/model/api/artifacts.ts';
import { artifactTables } from './artifacts.ts';
import { showTime } from './event-row.ts';
import type { View } from './view.ts';

const sessions_max = 20;
/** Of a file that comes all the time the newest events are looked at. */
const events_looked_at_max = 10_000;

interface SessionKey {
  sensor_id: number;
  session: string;
}

/** Records of recordings, and what a cut file is called as a whole. */
async function findRecords(
  { store }: View,
  sha256: string,
): Promise<{ sensor_id: number; kind: string; sha256: string }[]> {
  const tables = await artifactTables(store);
  if (tables.length === 0) return [];
  const selects = tables.map(
    (table) =>
      `SELECT sensor_id, toString(kind) AS kind, sha256 FROM ${table} WHERE sha256 = {sha256:String} OR taken_sha256 = {sha256:String}`,
  );
  return store.query(`SELECT DISTINCT * FROM (${selects.join(' UNION ALL ')}) LIMIT 1000`, { sha256 });
}

/**
 * @param sessions_sql by sensor type (submodules/TYPE/recorded-sessions.sql)
 * @throws OperationalError query_too_large
 */
export async function readArtifactSessions(
  view: View,
  sessions_sql: ReadonlyMap<string, string>,
  sha256: string,
): Promise<ArtifactSessions> {
  const { store, inventory, visibility } = view;
  const records = await findRecords(view, sha256);
  const hashes = [...new Set([sha256, ...records.map((record) => record.sha256)])];
  const named = await store.query<SessionKey>(
    `SELECT DISTINCT sensor_id, session FROM (
       SELECT sensor_id, session FROM event WHERE file_sha256 IN {hashes:Array(String)} AND session != ''
       ORDER BY detect_ts DESC LIMIT ${events_looked_at_max}
     ) LIMIT ${sessions_max + 1}`,
    { hashes },
  );
  const recorders = new Set(
    records.filter(({ kind }) => kind === 'terminal_recording').map(({ sensor_id }) => sensor_id),
  );
  const recorded: SessionKey[] = [];
  // Who may not see recordings is not told whose they are: the names by which they are found are hidden as well.
  for (const sensor of visibility.sees_secrets ? recorders : []) {
    const type = inventory.sensors.find(({ sensor_id }) => sensor_id === sensor)?.type ?? '';
    const sql = sessions_sql.get(type);
    if (sql === undefined) continue;
    for (const { session } of await store.query<{ session: string }>(sql, { sensor, sha256 }))
      recorded.push({ sensor_id: sensor, session });
  }
  const keys = [...new Map([...named, ...recorded].map((key) => [JSON.stringify(key), key])).values()];
  if (keys.length === 0) return { sessions: [], is_cut: false };
  const sessions = await readTotals(view, keys.slice(0, sessions_max));
  return { sessions, is_cut: keys.length > sessions_max };
}

async function readTotals(
  { store }: View,
  keys: readonly SessionKey[],
): Promise<ArtifactSessions['sessions']> {
  // Each text is a parameter of its own: how quotes within a list of them are escaped is told differently.
  const params = Object.fromEntries(keys.map(({ session }, index) => [`s${index}`, session]));
  const names = keys.map((_, index) => `{s${index}:String}`);
  const pairs = keys.map(({ sensor_id }, index) => `(${sensor_id}, ${names[index]})`);
  const rows = await store.query<ArtifactSessions['sessions'][number]>(
    `SELECT sensor_id, session, toUInt32(count()) AS events, toString(min(detect_ts)) AS from, toString(max(detect_ts)) AS to
     FROM event WHERE session IN (${names.join(', ')}) AND (sensor_id, session) IN (${pairs.join(', ')})
     GROUP BY sensor_id, session ORDER BY to DESC, sensor_id, session`,
    params,
  );
  return rows.map((row) => ({ ...row, from: showTime(row.from), to: showTime(row.to) }));
}
