/** Health of everything that collects, as the Sensors page shows it now. */
import type { Inventory } from '@apiary/model/api/inventory.ts';
import type { CollectorHealth, SensorHealth, Sensors, Understanding } from '@apiary/model/api/sensors.ts';
import { import_collector_name } from '@apiary/model/import.ts';
import { type Heartbeat, heartbeat_missing_ms, type SensorState } from '@apiary/model/protocol.ts';
import type { StateDatabase } from './database.ts';
import { judgeCondition } from './health.ts';

/** A clock further off than this is shown. */
export const clock_tolerance_ms = 2000;
const gaps_shown_max = 50;
const refused_peers_max = 100;

interface SensorRow {
  sensor_id: number;
  name: string;
  type: string;
  retired_ms: number | null;
  received_ms: number | null;
  body: string | null;
  since_ms: number | null;
}

interface RefusalRow {
  collector: string;
  sensor: string;
  reason: string;
  count: number;
  last_ms: number;
  last_message: string;
}

/** Health of one sensor from its row, with what was refused and lost. */
function describeSensor(
  state: StateDatabase,
  row: SensorRow,
  refusals: RefusalRow[],
  understanding: Understanding | null,
  now_ms: number,
): SensorHealth {
  const report = row.body === null ? null : (JSON.parse(row.body) as SensorState);
  const collector = state.get<{ name: string; revoked_ms: number | null }>(
    'SELECT c.name, c.revoked_ms FROM sensor_collector a JOIN collector c USING (collector_id) WHERE a.sensor_id = ? AND a.valid_to_ms IS NULL',
    row.sensor_id,
  );
  const revoked_ms = collector?.revoked_ms ?? null;
  const judged = judgeCondition(
    report === null ? null : { state: report, received_ms: row.received_ms! },
    now_ms,
    revoked_ms !== null,
    collector?.name === import_collector_name,
  );
  const honeypots = state.all<{ name: string }>(
    'SELECT p.name FROM sensor_honeypot a JOIN honeypot p USING (honeypot_id) WHERE a.sensor_id = ? AND a.valid_to_ms IS NULL ORDER BY p.name',
    row.sensor_id,
  );
  return {
    sensor_id: row.sensor_id,
    name: row.name,
    type: row.type,
    retired: row.retired_ms !== null,
    ...judged,
    since_ms: judged.condition === 'unknown' ? row.received_ms : row.since_ms,
    collector: collector?.name ?? null,
    honeypots: honeypots.map((honeypot) => honeypot.name),
    reported_ms: row.received_ms,
    source_changed_ms: report === null || report.source_changed_ms === 0 ? null : report.source_changed_ms,
    lag_ms:
      report === null
        ? null
        : report.oldest_waiting_ms === 0
          ? 0
          : Math.max(0, now_ms - report.oldest_waiting_ms),
    waiting_records: report?.waiting_records ?? 0,
    waiting_bytes: report?.waiting_bytes ?? 0,
    read: report?.read ?? 0,
    cut: report?.cut ?? 0,
    lost: report?.lost ?? 0,
    refused: report?.refused ?? 0,
    acknowledged: report?.acknowledged ?? 0,
    not_understood: understanding?.get(row.sensor_id) ?? null,
    refusals: refusals
      .filter((refusal) => refusal.sensor === row.name)
      .map(({ collector: _, sensor: __, ...refusal }) => refusal),
    gaps: state.all<SensorHealth['gaps'][number]>(
      `SELECT stream, source, from_place, to_place, reason, noticed_ms FROM gap WHERE sensor_id = ? ORDER BY gap_id DESC LIMIT ${gaps_shown_max}`,
      row.sensor_id,
    ),
  };
}

function describeCollectors(state: StateDatabase, refusals: RefusalRow[], now_ms: number): CollectorHealth[] {
  const rows = state.all<{
    collector_id: number;
    name: string;
    lives_in: CollectorHealth['lives_in'];
    revoked_ms: number | null;
    received_ms: number | null;
    offset_ms: number | null;
    body: string | null;
  }>(
    `SELECT c.collector_id, c.name, c.lives_in, c.revoked_ms, h.received_ms, h.offset_ms, h.body
     FROM collector c LEFT JOIN heartbeat h USING (collector_id) ORDER BY c.name`,
  );
  return rows.map((row) => {
    const heartbeat = row.body === null ? null : (JSON.parse(row.body) as Heartbeat);
    const late = row.received_ms === null || now_ms - row.received_ms > heartbeat_missing_ms;
    return {
      collector_id: row.collector_id,
      name: row.name,
      lives_in: row.lives_in,
      state:
        row.revoked_ms !== null
          ? row.name === import_collector_name
            ? 'idle'
            : 'revoked'
          : row.received_ms === null
            ? 'never'
            : late
              ? 'unknown'
              : 'connected',
      received_ms: row.received_ms,
      version: heartbeat?.version ?? '',
      clock_offset_ms:
        row.offset_ms !== null && Math.abs(row.offset_ms) > clock_tolerance_ms ? row.offset_ms : null,
      clock_measured: row.offset_ms !== null,
      spool_bytes: heartbeat?.spool_bytes ?? null,
      spool_bytes_max: heartbeat?.spool_bytes_max ?? null,
      memory_bytes: heartbeat?.memory_bytes ?? null,
      certificate_ends_ms: heartbeat?.certificate_ends_ms ?? null,
      artifacts: heartbeat?.artifacts ?? null,
      intakes: heartbeat?.intakes ?? [],
      refusals: refusals
        .filter((refusal) => refusal.collector === row.name)
        .map(({ collector: _, ...refusal }) => refusal),
    };
  });
}

/**
 * Health of everything that collects, now.
 * @param seen only of these; null: of all
 * @param understanding what was not understood; null where it is not known
 */
export function describeHealth(
  state: StateDatabase,
  now_ms: number,
  seen: Pick<Inventory, 'sensors' | 'collectors' | 'honeypots'> | null = null,
  understanding: Understanding | null = null,
): Sensors {
  const health = describeAll(state, understanding, now_ms);
  if (seen === null) return health;
  const names = (list: readonly { name: string }[]) => new Set(list.map(({ name }) => name));
  const [sensors, collectors, honeypots] = [
    names(seen.sensors),
    names(seen.collectors),
    names(seen.honeypots),
  ];
  return {
    ...health,
    sensors: health.sensors
      .filter(({ name }) => sensors.has(name))
      .map((sensor) => ({ ...sensor, honeypots: sensor.honeypots.filter((name) => honeypots.has(name)) })),
    // A collector may serve other people's sensors too: what was refused of those is not told, nor what it takes in.
    collectors: health.collectors
      .filter(({ name }) => collectors.has(name))
      .map((collector) => ({
        ...collector,
        intakes: [],
        refusals: collector.refusals.filter(({ sensor }) => sensors.has(sensor)),
      })),
    refused_peers: [],
    alerts: health.alerts.filter(({ subject }) => sensors.has(subject)),
  };
}

function describeAll(state: StateDatabase, understanding: Understanding | null, now_ms: number): Sensors {
  const refusals = state.all<RefusalRow>('SELECT * FROM refusal ORDER BY last_ms DESC');
  const sensors = state
    .all<SensorRow>(
      `SELECT s.sensor_id, s.name, s.type, s.retired_ms, h.received_ms, h.body, c.from_ms AS since_ms
       FROM sensor s LEFT JOIN sensor_health h USING (sensor_id)
       LEFT JOIN sensor_condition c ON c.sensor_id = s.sensor_id AND c.to_ms IS NULL ORDER BY s.name`,
    )
    .map((row) => describeSensor(state, row, refusals, understanding, now_ms));
  const collectors = describeCollectors(state, refusals, now_ms);
  const registered = new Set(collectors.map((collector) => collector.name));
  return {
    now_ms,
    sensors,
    collectors,
    refused_peers: refusals
      .filter((refusal) => !registered.has(refusal.collector))
      .slice(0, refused_peers_max)
      .map(({ collector, ...refusal }) => ({
        ...refusal,
        sensor: refusal.sensor === '' ? collector : refusal.sensor,
      })),
    alerts: state.all<Sensors['alerts'][number]>(
      'SELECT alert_id, kind, subject, message, first_ms, last_ms, count FROM alert WHERE closed_ms IS NULL ORDER BY last_ms DESC LIMIT 100',
    ),
  };
}
