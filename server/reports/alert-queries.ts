/** What the conditions of alerts ask of the events and incidents. */
import type { AlertCondition } from '@apiary/model/api/alerts.ts';
import type { Inventory } from '@apiary/model/api/inventory.ts';
import { showAddress } from '@apiary/model/networks.ts';
import { stageRank, stages } from '@apiary/model/taxonomy.ts';
import type { Reader } from './count-by.ts';
import { compileFilter } from './filter-sql.ts';
import { incidents_now } from './incident-rows.ts';

/** Events received in it, microseconds since 1970; `until_us` excluded. */
export interface ReceiptWindow {
  from_us: bigint;
  until_us: bigint;
}

const samples_max = 5;
const values_max = 100;
/** Segments are numbered by the time at which they were opened, and are open for minutes at most. */
const segment_margin_us = 3_600_000_000n;

function conditionsOf(q: string, inventory: Inventory, { from_us, until_us }: ReceiptWindow) {
  const worded = q.trim() === '' ? null : compileFilter(q, inventory);
  const at = (us: bigint): string => `fromUnixTimestamp64Micro(${us}, 'UTC')`;
  const parts = [
    // Leads past what came long ago.
    `segment_id >= ${from_us > segment_margin_us ? from_us - segment_margin_us : 0n}`,
    `collect_ts >= ${at(from_us)} AND collect_ts < ${at(until_us)}`,
    ...(worded === null ? [] : [worded.sql]),
  ];
  return { where: parts.join(' AND '), params: worded?.params ?? {} };
}

interface Sample {
  detect_ts: string;
  sensor_id: number;
  action: string;
  service: string;
  attacker_ip: string;
  what: string;
}

const what_sql =
  "arrayFirst(x -> x != '', [command, url, file_sha256, signature, concat(username, if(username = '', '', ' '), password), target])";

/** How many events fit, and the newest of them in words. */
export async function countMatching(
  store: Reader,
  inventory: Inventory,
  { q }: Extract<AlertCondition, { kind: 'events' }>,
  window: ReceiptWindow,
): Promise<{ count: number; lines: string[] }> {
  const { where, params } = conditionsOf(q, inventory, window);
  const [row] = await store.query<{ n: string }>(`SELECT count() AS n FROM event WHERE ${where}`, params);
  const count = Number(row?.n ?? 0);
  if (count === 0) return { count, lines: [] };
  const samples = await store.query<Sample>(
    `SELECT toString(detect_ts) AS detect_ts, sensor_id, action, service, attacker_ip, substring(${what_sql}, 1, 300) AS what
     FROM event WHERE ${where} ORDER BY event.detect_ts DESC, event_id DESC LIMIT ${samples_max}`,
    params,
  );
  const names = new Map(inventory.sensors.map(({ sensor_id, name }) => [sensor_id, name]));
  return {
    count,
    lines: samples.map(
      ({ detect_ts, sensor_id, action, service, attacker_ip, what }) =>
        `${detect_ts.slice(0, 19)} UTC ${names.get(sensor_id) ?? sensor_id}: ${action}${service === '' ? '' : ` ${service}`} from ${showAddress(attacker_ip) || 'unknown'} ${what}`,
    ),
  };
}

/** Values of a column that no event had that was received before the window. */
export async function firstValues(
  store: Reader,
  inventory: Inventory,
  { column, q }: Extract<AlertCondition, { kind: 'first_seen' }>,
  window: ReceiptWindow,
): Promise<string[]> {
  const { where, params } = conditionsOf(q, inventory, window);
  const came = await store.query<{ value: string }>(
    `SELECT DISTINCT toString(${column}) AS value FROM event WHERE ${where} AND toString(${column}) NOT IN ('', '0') LIMIT ${values_max}`,
    params,
  );
  if (came.length === 0) return [];
  const values = came.map(({ value }) => value);
  const [type] = await store.query<{ type: string }>(
    "SELECT type FROM system.columns WHERE database = currentDatabase() AND table = 'event' AND name = {column:String}",
    { column },
  );
  const is_number = /UInt/.test(type?.type ?? '');
  const list = values
    .map((_, index) => (is_number ? `toUInt32({w${index}:String})` : `{w${index}:String}`))
    .join(', ');
  const known = await store.query<{ value: string }>(
    `SELECT DISTINCT toString(${column}) AS value FROM event WHERE ${column} IN (${list}) AND collect_ts < fromUnixTimestamp64Micro(${window.from_us}, 'UTC')`,
    Object.fromEntries(values.map((value, index) => [`w${index}`, value])),
  );
  const before = new Set(known.map(({ value }) => value));
  return values.filter((value) => !before.has(value));
}

export interface AlertIncident {
  number: number;
  stage: string;
  line: string;
}

/** Incidents that got at least so far, and had something within the last days. */
export async function farIncidents(store: Reader, stage: string, since_ms: number): Promise<AlertIncident[]> {
  const rank = `indexOf([${stages.map(({ name }) => `'${name}'`).join(', ')}], stage)`;
  const rows = await store.query<{
    number: number;
    stage: string;
    attacks: number;
    sources: number;
    families: string[];
    services: string[];
  }>(
    `SELECT number, stage, attacks, sources, families, services FROM ${incidents_now}
     WHERE ${rank} > ${stageRank(stage)} AND last_ts >= fromUnixTimestamp64Milli(${since_ms}, 'UTC') ORDER BY number LIMIT 1000`,
  );
  return rows.map(({ number, stage: got, attacks, sources, families, services }) => ({
    number,
    stage: got,
    line: `incident #${number}: ${got}; ${attacks} attacks of ${sources} sources against ${services.slice(0, 5).join(', ') || 'unknown services'}${families.length === 0 ? '' : `; ${families.slice(0, 5).join(', ')}`}`,
  }));
}
