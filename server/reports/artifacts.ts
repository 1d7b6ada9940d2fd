/** What is known of whole files: who sent their bytes, and the records that name them. */
import type { Artifact, Artifacts } from '@apiary/model/api/artifacts.ts';
import type { StateDatabase } from '../state/database.ts';
import type { Reader } from './count-by.ts';
import { attacks_now, incident_attacks_now, incidents_now } from './incident-rows.ts';

const listed_max = 200;
const records_max = 200;
const incidents_max = 50;

type Stored = NonNullable<Artifact['stored']>;

function receiptsOf(state: StateDatabase, sha256: string): Stored['receipts'] {
  return state.all<Stored['receipts'][number]>(
    `SELECT c.name AS collector, s.name AS sensor, r.first_ms, r.last_ms FROM artifact_receipt r
     JOIN collector c USING (collector_id) JOIN sensor s USING (sensor_id) WHERE r.sha256 = ?
     ORDER BY r.first_ms, c.name, s.name`,
    sha256,
  );
}

/** The newest files of which the bytes are here. */
export function listArtifacts(state: StateDatabase): Artifacts {
  const rows = state.all<{ sha256: string; size: number; stored_ms: number }>(
    `SELECT sha256, size, stored_ms FROM artifact ORDER BY stored_ms DESC, sha256 LIMIT ${listed_max}`,
  );
  return { artifacts: rows.map((row) => ({ ...row, receipts: receiptsOf(state, row.sha256) })) };
}

/** Record tables of whole files; those that only a cluster's other tables read are left out. */
async function artifactTables(store: Reader): Promise<string[]> {
  const rows = await store.query<{ table: string }>(
    `SELECT table FROM system.columns WHERE database = currentDatabase() AND name = 'taken_sha256'
       AND NOT endsWith(table, '_local') AND NOT endsWith(table, '_stored') AND NOT endsWith(table, '_view') ORDER BY table`,
  );
  return rows.map(({ table }) => table);
}

/** Numbers of the incidents whose attacks brought it, the newest first. */
async function incidentsWith(store: Reader, sha256: string): Promise<number[]> {
  const rows = await store.query<{ number: number }>(
    `SELECT number FROM ${incidents_now} WHERE incident_id GLOBAL IN (
       SELECT incident_id FROM ${incident_attacks_now} WHERE attack_id GLOBAL IN (SELECT attack_id FROM ${attacks_now} WHERE has(files, {sha256:String})))
     ORDER BY number DESC LIMIT ${incidents_max}`,
    { sha256 },
  );
  return rows.map(({ number }) => number);
}

/** @param sha256 64 hexadecimal digits, of a whole file or of the part of it that was taken */
export async function readArtifactFacts(
  store: Reader,
  state: StateDatabase,
  sha256: string,
): Promise<Artifact> {
  const stored = state.get<{ size: number; stored_ms: number }>(
    'SELECT size, stored_ms FROM artifact WHERE sha256 = ?',
    sha256,
  );
  const tables = await artifactTables(store);
  const selects = tables.map(
    (table) =>
      `SELECT sensor_id, '${table}' AS sensor_table, path, toString(kind) AS kind, sha256, taken_sha256, size, size_taken, cut,
         toString(mtime) AS mtime, toString(collect_ts) AS collect_ts, place, version
       FROM ${table} WHERE sha256 = {sha256:String} OR taken_sha256 = {sha256:String}`,
  );
  const found =
    selects.length === 0
      ? []
      : await store.query<Record<string, string | number | boolean>>(
          `SELECT * FROM (${selects.join(' UNION ALL ')})
           ORDER BY collect_ts DESC, sensor_id, sensor_table, place, version LIMIT ${records_max}`,
          { sha256 },
        );
  const names = new Map(
    state
      .all<{ sensor_id: number; name: string }>('SELECT sensor_id, name FROM sensor')
      .map(({ sensor_id, name }) => [sensor_id, name]),
  );
  return {
    sha256,
    incidents: await incidentsWith(store, sha256),
    stored: stored === undefined ? null : { ...stored, receipts: receiptsOf(state, sha256) },
    records: found.map((row) => ({
      sensor: names.get(Number(row.sensor_id)) ?? String(row.sensor_id),
      sensor_table: String(row.sensor_table),
      path: String(row.path),
      kind: String(row.kind),
      sha256: String(row.sha256),
      taken_sha256: String(row.taken_sha256),
      size: Number(row.size),
      size_taken: Number(row.size_taken),
      cut: row.cut === true || row.cut === 1,
      mtime: `${String(row.mtime).replace(' ', 'T')}Z`,
      collect_ts: `${String(row.collect_ts).replace(' ', 'T')}Z`,
    })),
  };
}
