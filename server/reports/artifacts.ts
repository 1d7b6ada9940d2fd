/** What is known of whole files: who sent their bytes, and the records that name them. */
import type { Artifact, Artifacts } from '@apiary/model/api/artifacts.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import type { Reader } from './count-by.ts';
import { attacks_now, incident_attacks_now, incidents_now } from './incident-rows.ts';
import type { View } from './view.ts';
import { wholeStretches } from './visibility.ts';

const listed_max = 200;
const records_max = 200;
const incidents_max = 50;

type Stored = NonNullable<Artifact['stored']>;

type Receipt = Stored['receipts'][number];

/** Who sent a file, of what the asker may see. */
function receiptsOf({ state, visibility: { stretches } }: View, sha256: string): Receipt[] {
  const whole = stretches === null ? null : wholeStretches(stretches);
  return state
    .all<Receipt & { sensor_id: number }>(
      `SELECT c.name AS collector, s.name AS sensor, r.first_ms, r.last_ms, r.sensor_id FROM artifact_receipt r
       JOIN collector c USING (collector_id) JOIN sensor s USING (sensor_id) WHERE r.sha256 = ?
       ORDER BY r.first_ms, c.name, s.name`,
      sha256,
    )
    .filter(
      ({ sensor_id, first_ms, last_ms }) =>
        whole === null ||
        whole.some((one) => one.sensor_id === sensor_id && one.from_ms <= first_ms && last_ms < one.to_ms),
    )
    .map(({ sensor_id: _, ...receipt }) => receipt);
}

/** @returns null for a file that is not here, or that nobody sent whom the asker may see */
export function storedOf(view: View, sha256: string): Stored | null {
  const row = view.state.get<{ size: number; stored_ms: number }>(
    'SELECT size, stored_ms FROM artifact WHERE sha256 = ?',
    sha256,
  );
  if (row === undefined) return null;
  const receipts = receiptsOf(view, sha256);
  if (view.visibility.stretches === null) return { ...row, receipts };
  const [first] = receipts;
  return first === undefined ? null : { ...row, stored_ms: first.first_ms, receipts };
}

/** @throws OperationalError not_found */
export function requireArtifact(view: View, sha256: string): void {
  if (view.visibility.stretches !== null && storedOf(view, sha256) === null)
    throw new OperationalError('not_found', `there is no artifact ${sha256}`);
}

/** The newest files of which the bytes are here. */
export function listArtifacts(view: View): Artifacts {
  const { state, visibility, inventory } = view;
  const of_seen =
    visibility.stretches === null
      ? ''
      : `WHERE sha256 IN (SELECT sha256 FROM artifact_receipt WHERE sensor_id IN (${inventory.sensors.map(({ sensor_id }) => sensor_id).join(', ')}))`;
  const rows = state.all<{ sha256: string }>(
    `SELECT sha256 FROM artifact ${of_seen} ORDER BY stored_ms DESC, sha256 LIMIT ${listed_max + 1}`,
  );
  const artifacts = rows.slice(0, listed_max).flatMap(({ sha256 }) => {
    const stored = storedOf(view, sha256);
    return stored === null ? [] : [{ sha256, ...stored }];
  });
  return {
    artifacts: artifacts.sort((a, b) => b.stored_ms - a.stored_ms || (a.sha256 < b.sha256 ? -1 : 1)),
    is_cut: rows.length > listed_max,
  };
}

/** Record tables of whole files; those that only a cluster's other tables read are left out. */
export async function artifactTables(store: Reader): Promise<string[]> {
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
export async function readArtifactFacts(view: View, sha256: string): Promise<Artifact> {
  const { store, inventory } = view;
  const stored = storedOf(view, sha256);
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
  const names = new Map(inventory.sensors.map(({ sensor_id, name }) => [sensor_id, name]));
  return {
    sha256,
    incidents: await incidentsWith(store, sha256),
    stored,
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
