/** One event with all that it rests on: its record, the raw bytes, its session and its source. */
import { OperationalError } from '@apiary/model/errors.ts';
import type { Reader } from './count-by.ts';
import { type EventKey, type EventRow, event_column_list } from './event-row.ts';
import { firstRows } from './within-answer.ts';

const related_max = 200;
const source_events_max = 50;
const day_us = 86_400_000_000n;

const at = (us: bigint): string => `fromUnixTimestamp64Micro(${us}, 'UTC')`;

export async function findEvent(store: Reader, key: EventKey): Promise<EventRow | null> {
  const rows = await store.query<EventRow>(
    `SELECT ${event_column_list} FROM event WHERE detect_ts = ${at(key.detect_us)} AND event_id = ${key.event_id} LIMIT 1`,
  );
  return rows[0] ?? null;
}

export interface RecordColumn {
  name: string;
  comment: string;
}

/** Columns of the record tables that are ours, not the sensor's. */
const machinery = new Set([
  'sensor_id',
  'source',
  'time_zone',
  'generation',
  'place',
  'version',
  'flags',
  'original_size',
  'collect_ts',
  'segment_id',
  'raw',
  'detect_ts',
  'detect_basis',
  'parse',
  'attacker_ip',
  'attacker_country',
  'attacker_asn',
]);

/** The sensor's own columns of a record table, with their comments. */
export async function recordColumns(store: Reader, table: string): Promise<RecordColumn[]> {
  const columns = await store.query<RecordColumn>(
    'SELECT name, comment FROM system.columns WHERE database = currentDatabase() AND table = {table:String} ORDER BY position',
    { table },
  );
  return columns.filter(({ name }) => !machinery.has(name));
}

export interface RecordRow {
  values: string[];
  parse: string;
  source: string;
  flags: number;
  original_size: number;
  raw_base64: string;
  raw_size: number;
}

/** @param event its record: by sensor, generation, place and version in the table that it names */
export async function findRecord(
  store: Reader,
  event: EventRow,
  columns: readonly RecordColumn[],
): Promise<RecordRow | null> {
  if (!/^[a-z][a-z0-9_]*$/.test(event.sensor_table))
    throw new OperationalError('not_found', `there is no record table ${JSON.stringify(event.sensor_table)}`);
  // No table: the submodule was taken out of this installation.
  if (columns.length === 0) return null;
  const values = columns.map(({ name }) => `toString(\`${name}\`)`).join(', ');
  const rows = await store.query<Omit<RecordRow, 'raw_size'> & { raw_size: string }>(
    `SELECT [${values}] AS values, parse, source, flags, original_size, base64Encode(raw) AS raw_base64, length(raw) AS raw_size
     FROM ${event.sensor_table}
     WHERE sensor_id = {sensor_id:UInt32} AND generation = {generation:UInt64} AND place = {place:UInt64} AND version = {version:UInt32} LIMIT 1`,
    {
      sensor_id: event.sensor_id,
      generation: event.generation,
      place: event.place,
      version: event.version,
    },
  );
  const [row] = rows;
  return row === undefined ? null : { ...row, raw_size: Number(row.raw_size) };
}

/** Events of the same session of the same sensor, in their order; sessions are looked for a day around. */
export async function sameSession(store: Reader, event: EventRow, key: EventKey): Promise<EventRow[]> {
  if (event.session === '') return [];
  const { rows } = await firstRows(related_max, (limit) =>
    store.query<EventRow>(
      `SELECT ${event_column_list} FROM event
     WHERE session = {session:String} AND sensor_id = {sensor_id:UInt32}
       AND detect_ts >= ${at(key.detect_us > day_us ? key.detect_us - day_us : 0n)} AND detect_ts < ${at(key.detect_us + day_us)}
     ORDER BY detect_ts, place, event_id LIMIT ${limit}`,
      { session: event.session, sensor_id: event.sensor_id },
    ),
  );
  return rows;
}

/** The newest events of the same attacker, on all sensors, up to a month before and after. */
export async function sameSource(store: Reader, event: EventRow, key: EventKey): Promise<EventRow[]> {
  if (event.attacker_ip === '::') return [];
  const around = 31n * day_us;
  const { rows } = await firstRows(source_events_max, (limit) =>
    store.query<EventRow>(
      `SELECT ${event_column_list} FROM event
     WHERE attacker_ip = toIPv6({attacker_ip:String})
       AND detect_ts >= ${at(key.detect_us > around ? key.detect_us - around : 0n)} AND detect_ts < ${at(key.detect_us + around)}
     ORDER BY detect_ts DESC, event_id DESC LIMIT ${limit}`,
      { attacker_ip: event.attacker_ip },
    ),
  );
  return rows;
}
