/**
 * Fills the record tables of every sensor type, for the reports that read them: what the samples of its submodule hold,
 * and of Cowrie the demonstration's recording, again and again over the year that the events fill. Each copy has
 * sessions and numbers of its own and sources, passwords and user names drawn as those of the events; texts that only
 * one sort of sensor has are those of the samples. No events are made of them: the generator makes those.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Submodule } from '@apiary/model/submodule.ts';
import type { Store } from '@apiary/server/store/store.ts';
import { landing_columns } from '@apiary/server/store/template.ts';
import { recordTables } from '@apiary/submodules/conformance.ts';
import { submodules } from '@apiary/submodules/index.ts';
import { readSamples, type SampleRecord, splitLines } from '@apiary/submodules/sample.ts';
import { password_sql, rank, sourceColumns, uniform, year_s } from './event-generator.ts';

/** Records as a part of the events that are generated; a hundredth of every type that is not named. */
const shares: Record<string, number> = {
  cowrie: 0.6,
  dionaea: 0.15,
  kippo: 0.1,
  honeytrap: 0.1,
  suricata: 0.05,
  heralding: 0.05,
  conpot: 0.02,
};
const usual_share = 0.01;
/** Records of the samples wait under this number until they are copied; no sensor has it. */
const base_sensor = 4_000_000_000;
/** Places of one copy. */
const places = 16_777_216;
/** Copies of one INSERT. */
const rows_at_once = 500_000;
const recording = new URL('../demo/recordings/cowrie-kosice.json.gz', import.meta.url);

/** Columns that name a connection or session, as texts. */
const text_ids = new Set(['session', 'session_id', 'sessionid', 'uid', 'flow_id', 'community_id']);
/** … as numbers; `id` where it is a text is one of the above. */
const number_ids = new Set([
  'id',
  'session',
  'connection',
  'connection_root',
  'connection_parent',
  'download',
  'offer',
]);
/** Tables of a database that have few rows, however long it runs. */
const small_tables = /_(clients|sensors|keyfingerprints|dcerpcservices|dcerpcserviceops|resolves)$/;

export interface RecordFilling {
  /** By sensor type. */
  records: Record<string, number>;
  seconds: number;
}

const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function landingRow(record: SampleRecord): string {
  const text = record.raw
    .toString('latin1')
    .replace(/[\\\t\n\r]/g, (character) => escapes[character] as string);
  const { source = 'sample', time_zone = '', place, version, flags, stream, raw } = record;
  return `${[base_sensor, stream, source, time_zone, 1, place, version, flags, raw.length, '2026-01-01 00:00:00.000000', 1, text].join('\t')}\n`;
}

function baseRecords(submodule: Submodule): SampleRecord[] {
  const samples = readSamples(submodule).flatMap(({ records }, index) =>
    // Samples are of sensors of their own and may have the same places.
    records.map((record) => ({ ...record, place: (record.place % 60_000n) + BigInt(index) * 60_000n })),
  );
  if (submodule.name !== 'cowrie') return samples;
  const lines = splitLines('json', gunzipSync(readFileSync(recording)));
  return [...lines.map((line) => ({ ...line, place: line.place + 1_000_000n })), ...samples];
}

async function land(store: Store, submodule: Submodule, records: readonly SampleRecord[]): Promise<void> {
  for (const [stream, rows] of Map.groupBy(records, (record) => record.stream)) {
    await store.insertTsv(
      `landing_${submodule.name}_${stream}`,
      landing_columns.map(([name]) => name),
      Buffer.from(rows.map(landingRow).join(''), 'latin1'),
    );
  }
}

interface Column {
  name: string;
  type: string;
}

/** What a column of a copy holds in place of the sample's value. */
function changedColumns(columns: readonly Column[], seed: number): Record<string, string> {
  const changed: Record<string, string> = {};
  for (const { name, type } of columns) {
    const is_text = type === 'String';
    if (is_text && (text_ids.has(name) || name === 'id'))
      changed[name] = `if(${name} = '', '', lower(hex(cityHash64(${name}, copy))))`;
    else if (/^U?Int64$/.test(type) && number_ids.has(name))
      changed[name] = `if(${name} = 0, 0, ${name} + copy * 1000000)`;
    else if (is_text && name === 'password') changed[name] = `if(password = '', '', ${password_sql})`;
    else if (is_text && name === 'username')
      changed[name] =
        `multiIf(username = '' OR ${uniform(seed, 'root', 'copy, place')} < 0.6, username, concat('user', toString(${rank(seed, 'usernames', 'copy, place')})))`;
    else if (is_text && name === 'input')
      changed[name] =
        `if(input = '' OR ${uniform(seed, 'script', 'copy, place')} < 0.7, input, concat(input, ' ', lower(hex(${rank(seed, 'commands', 'copy, place')}))))`;
  }
  return changed;
}

/** One INSERT of the copies from `from` to `to`. */
function copyStatement(
  table: string,
  columns: readonly Column[],
  {
    seed,
    end_ms,
    sensor_ids,
    copies,
  }: { seed: number; end_ms: number; sensor_ids: readonly number[]; copies: number },
  from: number,
  to: number,
): string {
  const begin_s = end_ms / 1000 - year_s;
  const span_s = year_s / copies;
  const { address, country, asn } = sourceColumns(seed);
  const changed: Record<string, string> = {
    ...changedColumns(columns, seed),
    sensor_id: 'toUInt32(sensor)',
    generation: 'toUInt64(sensor)',
    place: `place + copy * ${places}`,
    segment_id: 'copy',
    detect_ts: 'at',
    collect_ts: 'at',
    attacker_ip: `if(attacker_ip = toIPv6('::'), attacker_ip, ${address})`,
    attacker_country: `if(attacker_ip = toIPv6('::'), '', ${country})`,
    attacker_asn: `if(attacker_ip = toIPv6('::'), 0, ${asn})`,
  };
  const values = columns.map(({ name }) => `${changed[name] ?? `\`${name}\``} AS \`value_${name}\``);
  return `INSERT INTO ${table} (${columns.map(({ name }) => `\`${name}\``).join(', ')})
  SELECT ${values.join(', ')} FROM (
    SELECT *,
      [${sensor_ids.join(', ')}][1 + copy % ${sensor_ids.length}] AS sensor,
      ${rank(seed, 'sources', 'copy, attacker_ip')} AS source_rank,
      ${rank(seed, 'passwords', 'copy, place')} AS password_rank,
      fromUnixTimestamp64Micro(toInt64(1000000 * (${begin_s} + ${span_s} * (copy + place / ${places}))), 'UTC') AS at
    FROM (SELECT * FROM ${table} WHERE sensor_id = ${base_sensor}) AS base
    CROSS JOIN (SELECT number AS copy FROM numbers(${from}, ${to - from})) AS copies
  ) ORDER BY value_sensor_id, value_place`;
}

/** @param sensors numbers of the sensors of each type */
export async function fillRecords(
  store: Store,
  { seed, events, end_ms }: { seed: number; events: number; end_ms: number },
  sensors: ReadonlyMap<string, readonly number[]>,
): Promise<RecordFilling> {
  const started = performance.now();
  const records: Record<string, number> = {};
  for (const submodule of submodules) {
    const tables = recordTables(submodule);
    const sensor_ids = sensors.get(submodule.name)!;
    const event_views = tables.map((table) => `${table}_event_view`);
    const there = await store.query<{ name: string }>(
      `SELECT name FROM system.tables WHERE database = currentDatabase() AND name IN (${event_views.map((name) => `'${name}'`).join(', ')})`,
    );
    for (const { name } of there) await store.command(`DETACH TABLE ${name}`);
    const base = baseRecords(submodule);
    await land(store, submodule, base);
    const copies = Math.max(
      sensor_ids.length,
      Math.round((events * (shares[submodule.name] ?? usual_share)) / base.length),
    );
    for (const table of tables) await copyTable(store, table, { seed, end_ms, sensor_ids, copies });
    for (const { name } of there) await store.command(`ATTACH TABLE ${name}`);
    const [count] = await store
      .query<{ rows: string }>(
        tables.map((table) => `SELECT count() AS rows FROM ${table}`).join(' UNION ALL '),
      )
      .then((rows) => [rows.reduce((sum, row) => sum + Number(row.rows), 0)]);
    records[submodule.name] = count!;
  }
  return { records, seconds: Math.round((performance.now() - started) / 1000) };
}

async function copyTable(
  store: Store,
  table: string,
  options: { seed: number; end_ms: number; sensor_ids: readonly number[]; copies: number },
): Promise<void> {
  const columns = await store.query<Column>(
    `SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = '${table}' ORDER BY position`,
  );
  const [base] = await store.query<{ rows: string }>(
    `SELECT count() AS rows FROM ${table} WHERE sensor_id = ${base_sensor}`,
  );
  const rows = Number(base!.rows);
  if (rows === 0) return;
  const copies = small_tables.test(table) ? options.sensor_ids.length : options.copies;
  const at_once = Math.max(1, Math.floor(rows_at_once / rows));
  for (let from = 0; from < copies; from += at_once) {
    const to = Math.min(from + at_once, copies);
    await store.command(copyStatement(table, columns, options, from, to));
  }
  await store.command(`DELETE FROM ${table} WHERE sensor_id = ${base_sensor}`);
  // Months that are over have been merged long since.
  await store.command(`OPTIMIZE TABLE ${table} FINAL`);
}
