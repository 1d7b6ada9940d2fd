/**
 * Attacks and incidents of generated events, for the pages that show them: an attack is what one source did within a
 * quarter of a year, an incident all attacks of one source. Made by the engine, so that no analysis of millions of events
 * stands before each measurement; their reasons are empty.
 */
import { join } from 'node:path';
import { stages } from '@apiary/model/taxonomy.ts';
import { known_rules } from '@apiary/server/analysis/rule-set.ts';
import { StateDatabase } from '@apiary/server/state/database.ts';
import type { Store } from '@apiary/server/store/store.ts';

const stage_names = stages.map(({ name }) => `'${name}'`).join(', ');
/** Parts in which the events are gone through, by their source, so that the memory of a query is enough. */
const parts = 16;

const attack_key = 'attacker_ip, toStartOfQuarter(detect_ts)';

/** What is known of one attack's events. */
const attacksSql = (where: string): string => `SELECT
  argMin(event_id, (detect_ts, event_id)) AS attack_id, 1 AS pass, 0 AS is_gone, argMin(event.sensor_id, (detect_ts, event_id)) AS sensor_id,
  attacker_ip AS source, 0 AS net, attacker_ip, any(event.attacker_country) AS attacker_country, any(event.attacker_asn) AS attacker_asn,
  min(detect_ts) AS visit_ts, min(detect_ts) AS first_ts, max(detect_ts) AS last_ts, any(event.service) AS service, '' AS cve,
  arraySort(groupUniqArray(event.sensor_id)) AS sensors, toUInt32(uniq(session)) AS sessions, toUInt32(count()) AS events,
  map('probe', toUInt32(countIf(action = 'probe')), 'authenticate', toUInt32(countIf(action = 'authenticate')), 'input', toUInt32(countIf(action = 'input'))) AS actions,
  toUInt32(countIf(outcome = 'success')) AS log_ins, 'unknown' AS tool, 0 AS tool_confidence, 'configuration' AS weakness,
  [${stage_names}][multiIf(countIf(action = 'download') > 0, 5, countIf(action = 'input') > 0, 4, countIf(outcome = 'success') > 0, 3, countIf(action = 'authenticate') > 0, 2, 1)] AS stage,
  [] AS results, if(countIf(action = 'download') > 0, ['invented'], []) AS families, if(countIf(action = 'input') > 0, ['T1059.004'], []) AS techniques,
  groupArrayIf(20)(command, command != '') AS commands, groupUniqArrayIf(5)(url, url != '') AS urls,
  groupUniqArrayIf(5)(file_sha256, file_sha256 != '') AS files, '[]' AS facts,
  concat('{"evidence":[],"signals":[],"family_kinds":[],"visit_end_us":', toString(toUnixTimestamp64Micro(max(detect_ts))), '}') AS evidence,
  '${known_rules.version}' AS rules_version
FROM event WHERE ${where} GROUP BY ${attack_key}`;

const incidents_sql = `SELECT
  argMin(a.attack_id, a.first_ts) AS incident_id, 1 AS pass, 0 AS is_gone, argMin(a.sensor_id, a.first_ts) AS its_sensor,
  min(a.first_ts) AS first, max(a.last_ts) AS last, toUInt32(count()) AS attacks, sum(a.events) AS its_events, 1 AS sources,
  arrayDistinct(arrayFlatten(groupArray(a.sensors))) AS its_sensors, [any(a.attacker_country)] AS countries,
  groupUniqArray(a.service) AS services, argMax(a.stage, indexOf([${stage_names}], a.stage)) AS its_stage, [any(a.tool)] AS tools,
  arrayDistinct(arrayFlatten(groupArray(a.families))) AS its_families
FROM attack AS a GROUP BY a.source`;
const numbered_sql = `SELECT incident_id, pass, is_gone, its_sensor AS sensor_id, toUInt32(row_number() OVER (ORDER BY first, incident_id)) AS number,
  first AS first_ts, last AS last_ts, attacks, its_events AS events, sources, its_sensors AS sensors, countries, services, its_stage AS stage, tools,
  its_families AS families, 'unknown' AS attacker, 0 AS attacker_confidence, [] AS objectives, '[]' AS evidence
FROM (${incidents_sql})`;

export interface AnalysisFilling {
  attacks: number;
  incidents: number;
}

async function countRows(store: Store, table: string): Promise<number> {
  const [row] = await store.query<{ rows: string }>(`SELECT count() AS rows FROM ${table}`);
  return Number(row!.rows);
}

export async function fillAnalysis(store: Store): Promise<AnalysisFilling> {
  const insert = async (table: string, columns: string, select: string): Promise<void> =>
    store.command(
      `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM (${select}) SETTINGS max_execution_time = 600`,
    );
  const attack_columns = await columnsOf(store, 'attack');
  for (let part = 0; part < parts; part += 1) {
    const where = `cityHash64(attacker_ip) % ${parts} = ${part}`;
    await insert('attack', attack_columns, attacksSql(where));
    await insert(
      'attack_event',
      'event_id, sensor_id, assignment, analysis_ts',
      `SELECT event_id, sensor_id, tuple(toUInt64(1), first_value(event_id) OVER (PARTITION BY ${attack_key} ORDER BY detect_ts, event_id)) AS assignment, collect_ts AS analysis_ts FROM event WHERE ${where}`,
    );
  }
  await insert('incident', await columnsOf(store, 'incident'), numbered_sql);
  await insert(
    'incident_attack',
    'attack_id, pass, sensor_id, incident_id, links',
    "SELECT attack_id, 1 AS pass, sensor_id, first_value(attack_id) OVER (PARTITION BY source ORDER BY first_ts) AS incident_id, '[]' AS links FROM attack",
  );
  for (const table of ['attack', 'attack_event', 'incident', 'incident_attack'])
    await store.command(`OPTIMIZE TABLE ${table} FINAL`);
  return { attacks: await countRows(store, 'attack'), incidents: await countRows(store, 'incident') };
}

async function columnsOf(store: Store, table: string): Promise<string> {
  const columns = await store.query<{ name: string }>(
    `SELECT name FROM system.columns WHERE database = currentDatabase() AND table = '${table}' ORDER BY position`,
  );
  return columns.map(({ name }) => name).join(', ');
}

/** The numbers of the incidents as the state holds them. */
export async function noteNumbers(store: Store, server_directory: string): Promise<void> {
  const rows = await store.query<{ number: number; incident_id: string }>(
    'SELECT number, incident_id FROM incident ORDER BY number',
  );
  const state = new StateDatabase(join(server_directory, 'state.sqlite'));
  try {
    state.transact(() => {
      for (const { number, incident_id } of rows)
        state.run(
          'INSERT INTO incident_number (number, anchor, given_ms) VALUES (?, ?, 0)',
          number,
          incident_id,
        );
    });
  } finally {
    state.close();
  }
}
