/**
 * Erasure: what came from a source, from a sensor, or before a moment goes for good, pinned or not: events, records,
 * files, what expired events counted, attacks and incidents. The places of records stay, with a hash of their bytes, so
 * that a collector that sends them again does not bring them back.
 */

import { OperationalError } from '@apiary/model/errors.ts';
import { formatBound, normalizeAddress, parseNetwork } from '@apiary/model/networks.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import type { StateDatabase } from '../state/database.ts';
import { digestSql } from '../store/record-digest.ts';
import type { Store } from '../store/store.ts';
import { storedName } from '../store/template.ts';
import {
  countRows,
  deleteRows,
  isFiles,
  listRecordTables,
  type RecordTable,
  whenReplicated,
} from './record-tables.ts';

export interface Erasure {
  /** An address or a network. */
  source?: string;
  /** What was detected before, in milliseconds since 1970. */
  before_ms?: number;
  sensor_id?: number;
}

export interface ErasureCounts {
  records: number;
  events: number;
  files: number;
  /** What expired events counted. */
  expired_counts: number;
  attacks: number;
}

export interface EraseOptions {
  store: Store;
  state: StateDatabase;
  artifacts: ArtifactStore;
  /** For each sensor type the SQL that finds a session's recordings. */
  recordings: ReadonlyMap<string, string>;
}

const rows_max = 10_000_000;
const day_ms = 86_400_000;

interface Conditions {
  event: string;
  record: (table: RecordTable) => string;
  /** null: nothing of it can be told apart. */
  expired: string;
  attack: string;
}

/** @throws OperationalError input_invalid */
function inRange(column: string, source: string): string {
  const range = parseNetwork(source);
  if (range === null)
    throw new OperationalError(
      'input_invalid',
      `--source ${JSON.stringify(source)} is neither an address nor a network`,
    );
  return `(${column} >= toIPv6('${formatBound(range.first)}') AND ${column} <= toIPv6('${formatBound(range.last)}'))`;
}

/** Raw bytes that name an address, as one of its own: 192.0.2.6 is not in 192.0.2.66. Networks are not looked for. */
function inText(source: string): string {
  const address = normalizeAddress(source);
  if (address === null) return 'false';
  const [sign, digit] = address.includes(':') ? [':+', '[0-9a-f]+'] : ['[.]', '[0-9]+'];
  return `has(extractAll(lower(raw), '${digit}(?:${sign}${digit})+'), '${address}')`;
}

function makeConditions({ source, before_ms, sensor_id }: Erasure): Conditions {
  const all = (parts: (string | undefined)[]): string =>
    parts.filter((part) => part !== undefined).join(' AND ');
  if (source === undefined && before_ms === undefined && sensor_id === undefined)
    throw new OperationalError('input_invalid', 'say what to erase: --source, --before or --sensor');
  const of_sensor = sensor_id === undefined ? undefined : `sensor_id = ${sensor_id}`;
  const before = (column: string): string | undefined =>
    before_ms === undefined ? undefined : `${column} < fromUnixTimestamp64Milli(${before_ms}, 'UTC')`;
  const addresses = ['attacker_ip', 'source_ip', 'destination_ip'];
  const event = all([
    of_sensor,
    before('detect_ts'),
    source === undefined ? undefined : `(${addresses.map((column) => inRange(column, source)).join(' OR ')})`,
  ]);
  return {
    event,
    record: ({ name, columns }) => {
      const time = before(columns.has('detect_ts') ? 'detect_ts' : 'collect_ts');
      if (source === undefined) return all([of_sensor, time]);
      const of_event = `(sensor_id, generation, place) GLOBAL IN (SELECT sensor_id, generation, place FROM apiary.event WHERE sensor_table = '${name}' AND ${event})`;
      // Raw records of unknown types are known by the text alone.
      const own = columns.has('attacker_ip') ? inRange('attacker_ip', source) : inText(source);
      return `(${of_event} OR ${all([of_sensor, time, own])})`;
    },
    expired: all([
      of_sensor,
      before_ms === undefined
        ? undefined
        : `day < toDate('${new Date(Math.floor(before_ms / day_ms) * day_ms).toISOString().slice(0, 10)}')`,
      source === undefined ? undefined : `shape = 'source' AND ${inRange('attacker_ip', source)}`,
    ]),
    attack: all([
      sensor_id === undefined ? undefined : `sensors = [${sensor_id}]`,
      before('last_ts'),
      source === undefined ? undefined : inRange('attacker_ip', source),
    ]),
  };
}

/** Files that what goes names, and no other event. */
async function findFiles(
  { store, state, recordings }: EraseOptions,
  erasure: Erasure,
  { event, record }: Conditions,
  tables: readonly RecordTable[],
): Promise<string[]> {
  const limits = { rows_max, seconds_max: 300 };
  const named = await store.query<{ sha256: string }>(
    `SELECT DISTINCT file_sha256 AS sha256 FROM event WHERE ${event} AND file_sha256 != ''
       AND file_sha256 GLOBAL NOT IN (SELECT file_sha256 FROM event WHERE NOT (${event}) AND file_sha256 != '')`,
    {},
    limits,
  );
  const found = new Set(named.map(({ sha256 }) => sha256));
  // Events may have expired before their records.
  const of_records = [...recordings.keys()].flatMap((type) =>
    tables
      .filter(
        ({ name, columns }) => name.startsWith(`${type}_`) && columns.has('session') && !columns.has('kind'),
      )
      .map(
        (table) =>
          `SELECT sensor_id AS sensor, '${type}' AS sensor_type, toString(session) AS session FROM ${table.name} WHERE ${record(table)} AND session != ''`,
      ),
  );
  const of_events = `SELECT sensor_id AS sensor, toString(sensor_type) AS sensor_type, session FROM event WHERE ${event} AND session != ''
    AND sensor_type IN (${[...recordings.keys(), ''].map((type) => `'${type}'`).join(', ')})`;
  // What is chosen by sensor and time alone is found by the files' own records below.
  const sessions =
    erasure.source === undefined
      ? []
      : await store.query<{ sensor: number; sensor_type: string; session: string }>(
          `SELECT DISTINCT * FROM (${[of_events, ...of_records].join(' UNION ALL ')})`,
          {},
          limits,
        );
  for (const { sensor, sensor_type, session } of sessions)
    for (const { taken_sha256 } of await store.query<{ taken_sha256: string }>(recordings.get(sensor_type)!, {
      sensor,
      session,
    }))
      found.add(taken_sha256);
  if (erasure.source === undefined)
    for (const table of tables.filter(isFiles))
      for (const { sha256 } of await store.query<{ sha256: string }>(
        `SELECT DISTINCT taken_sha256 AS sha256 FROM ${table.name} WHERE ${record(table)}
           AND taken_sha256 GLOBAL NOT IN (SELECT taken_sha256 FROM ${table.name} WHERE NOT (${record(table)}))`,
        {},
        limits,
      ))
        found.add(sha256);
  return [...found].filter(
    (sha256) => state.get('SELECT 1 FROM artifact WHERE sha256 = ?', sha256) !== undefined,
  );
}

/** Records of files say which; those of a source are found by the files. */
const files_of_source = `(taken_sha256 GLOBAL IN (SELECT sha256 FROM apiary.erasure_found WHERE sha256 != '') OR sha256 GLOBAL IN (SELECT sha256 FROM apiary.erasure_found WHERE sha256 != ''))`;

interface Plan {
  conditions: Conditions;
  tables: { table: RecordTable; where: string }[];
  files: string[];
}

async function planErasure(options: EraseOptions, erasure: Erasure): Promise<Plan> {
  const conditions = makeConditions(erasure);
  const tables = await listRecordTables(options.store);
  const files = await findFiles(options, erasure, conditions, tables);
  const { store } = options;
  const found = storedName('erasure_found', store.rendering);
  await store.command(`TRUNCATE TABLE ${found}`);
  await store.insertRows(
    found,
    files.map((sha256) => ({ sha256 })),
  );
  await whenReplicated(store, 'erasure_found');
  return {
    conditions,
    files,
    tables: tables.map((table) => ({
      table,
      where:
        erasure.source !== undefined && isFiles(table)
          ? `(${conditions.record(table)} OR ${files_of_source})`
          : conditions.record(table),
    })),
  };
}

async function countPlan(
  { store }: EraseOptions,
  { conditions, tables, files }: Plan,
): Promise<ErasureCounts> {
  let records = 0;
  for (const { table, where } of tables) records += await countRows(store, table.name, where);
  const [expired] = await store.query<{ sum: string }>(
    `SELECT sum(events) AS sum FROM expired_count WHERE shape = 'source' AND ${conditions.expired}`,
  );
  return {
    records,
    events: await countRows(store, 'event', conditions.event),
    files: files.length,
    expired_counts: Number(expired?.sum ?? 0),
    attacks: await countRows(store, '(SELECT * FROM attack FINAL WHERE is_gone = 0)', conditions.attack),
  };
}

/** What `erase` would take out. */
export async function countErasure(options: EraseOptions, erasure: Erasure): Promise<ErasureCounts> {
  return countPlan(options, await planErasure(options, erasure));
}

/**
 * Erases. Nothing may be loaded or analysed meanwhile; the analysis has to go through all anew afterwards. What is
 * interrupted is asked for again: what is gone already does not disturb it.
 */
export async function erase(options: EraseOptions, erasure: Erasure): Promise<ErasureCounts> {
  const { store, artifacts } = options;
  const plan = await planErasure(options, erasure);
  const counts = await countPlan(options, plan);
  const { conditions, tables, files } = plan;
  for (const { table, where } of tables) {
    if ((await countRows(store, table.name, where)) === 0) continue;
    // On each shard those of its own sensors, where the loader looks for them.
    await store.commandEach(
      `INSERT INTO ${storedName('erased_record', store.rendering)} (sensor_id, sensor_table, generation, place, version, digest)
       SELECT sensor_id, '${table.name}', generation, place, version, ${digestSql('raw')} FROM ${storedName(table.name, store.rendering)} WHERE ${where}`,
    );
    await deleteRows(store, table.name, where);
  }
  for (const sha256 of files) await artifacts.remove(sha256);
  await eraseAnalysis(store, conditions);
  await deleteRows(store, 'event', conditions.event);
  await deleteRows(store, 'expired_count', conditions.expired);
  // Which files and attacks they were is no longer needed.
  await store.command(`TRUNCATE TABLE ${storedName('erasure_found', store.rendering)}`);
  return counts;
}

/** Every attack that has an event of it, or nothing but it: the analysis finds again what is left of the first. */
async function eraseAnalysis(store: Store, { event, attack }: Conditions): Promise<void> {
  const found = storedName('erasure_found', store.rendering);
  await store.command(
    `INSERT INTO ${found} (attack_id)
     SELECT DISTINCT tupleElement(assignment, 2) FROM attack_event WHERE event_id GLOBAL IN (SELECT event_id FROM event WHERE ${event})
     UNION DISTINCT SELECT attack_id FROM attack WHERE ${attack}`,
  );
  // Also where it tells whose deed another event was: that is found again from what is left.
  await deleteRows(
    store,
    'attribution',
    `event_id GLOBAL IN (SELECT event_id FROM apiary.event WHERE ${event}) OR witness GLOBAL IN (SELECT event_id FROM apiary.event WHERE ${event})
     OR previous_ip != toIPv6('::') AND previous_ip GLOBAL IN (SELECT attacker_ip FROM apiary.event WHERE ${event})`,
  );
  const attacks = 'SELECT attack_id FROM apiary.erasure_found WHERE attack_id != 0';
  await store.command(
    `INSERT INTO ${found} (incident_id) SELECT DISTINCT incident_id FROM incident_attack WHERE attack_id GLOBAL IN (${attacks})`,
  );
  await whenReplicated(store, 'erasure_found');
  await deleteRows(store, 'attack_event', `tupleElement(assignment, 2) GLOBAL IN (${attacks})`);
  for (const table of ['attack', 'incident_attack'])
    await deleteRows(store, table, `attack_id GLOBAL IN (${attacks})`);
  await deleteRows(
    store,
    'incident',
    'incident_id GLOBAL IN (SELECT incident_id FROM apiary.erasure_found WHERE incident_id != 0)',
  );
}
