/**
 * How the sensors are. Collectors report it in heartbeats; without a heartbeat for `heartbeat_missing_ms`
 * nothing is known, which is another thing than quiet. Stretches of one condition are kept, so that a plot of
 * the past can say where zero means silence.
 */
import type { SensorCondition } from '@apiary/model/api/sensors.ts';
import { type Heartbeat, heartbeat_missing_ms, type SensorState } from '@apiary/model/protocol.ts';
import type { StateDatabase } from './database.ts';

interface HealthRow {
  received_ms: number;
  body: string;
}

/**
 * The condition of a sensor now, from its last report. Pure.
 * @param is_revoked its collector is revoked, and what it says is refused from then on
 * @param is_of_imports its collector is that of imports, which reports nothing and is mostly revoked: no fault
 */
export function judgeCondition(
  report: { state: SensorState; received_ms: number } | null,
  now_ms: number,
  is_revoked = false,
  is_of_imports = false,
): { condition: SensorCondition; detail: string } {
  if (report === null && is_of_imports)
    return {
      condition: 'imported',
      detail:
        'to have it followed from now on, on the server: apiary sensor assign NAME --collector COLLECTOR',
    };
  if (report === null) return { condition: 'never', detail: 'no collector has reported this sensor yet' };
  if (is_revoked || now_ms - report.received_ms > heartbeat_missing_ms) {
    return {
      condition: 'unknown',
      detail: `${is_revoked ? 'its collector is revoked; ' : ''}before that it was ${report.state.condition}${report.state.detail === '' ? '' : `: ${report.state.detail}`}`,
    };
  }
  return { condition: report.state.condition, detail: report.state.detail };
}

/**
 * What a new report does to the open stretch of a sensor. Pure. Where heartbeats were missing in between,
 * the open stretch ends when it was last confirmed and a stretch `unknown` stands up to now.
 */
export function continueStretches(
  open: { condition: string; from_ms: number } | null,
  confirmed_ms: number | null,
  condition: string,
  received_ms: number,
): { end_ms: number | null; unknown_from_ms: number | null; begin_ms: number | null } {
  if (open === null || confirmed_ms === null)
    return { end_ms: null, unknown_from_ms: null, begin_ms: received_ms };
  const missed = received_ms - confirmed_ms > heartbeat_missing_ms;
  if (missed) return { end_ms: confirmed_ms, unknown_from_ms: confirmed_ms, begin_ms: received_ms };
  if (open.condition === condition) return { end_ms: null, unknown_from_ms: null, begin_ms: null };
  return { end_ms: received_ms, unknown_from_ms: null, begin_ms: received_ms };
}

function recordSensor(
  state: StateDatabase,
  sensor_id: number,
  report: SensorState,
  received_ms: number,
): void {
  const open =
    state.get<{ condition: string; from_ms: number }>(
      'SELECT condition, from_ms FROM sensor_condition WHERE sensor_id = ? AND to_ms IS NULL',
      sensor_id,
    ) ?? null;
  const last = state.get<HealthRow>(
    'SELECT received_ms, body FROM sensor_health WHERE sensor_id = ?',
    sensor_id,
  );
  const step = continueStretches(open, last?.received_ms ?? null, report.condition, received_ms);
  const begin = (condition: string, from_ms: number, to_ms: number | null): void => {
    state.run(
      'INSERT OR REPLACE INTO sensor_condition (sensor_id, condition, from_ms, to_ms) VALUES (?, ?, ?, ?)',
      sensor_id,
      condition,
      from_ms,
      to_ms,
    );
  };
  if (step.end_ms !== null && open !== null) {
    // A stretch that ends where it began is none; its row would stand in the way of the next.
    if (step.end_ms <= open.from_ms)
      state.run('DELETE FROM sensor_condition WHERE sensor_id = ? AND from_ms = ?', sensor_id, open.from_ms);
    else
      state.run(
        'UPDATE sensor_condition SET to_ms = ? WHERE sensor_id = ? AND from_ms = ?',
        step.end_ms,
        sensor_id,
        open.from_ms,
      );
  }
  if (step.unknown_from_ms !== null) begin('unknown', step.unknown_from_ms, step.begin_ms);
  if (step.begin_ms !== null) begin(report.condition, step.begin_ms, null);
  state.run(
    'INSERT INTO sensor_health (sensor_id, received_ms, body) VALUES (?, ?, ?) ON CONFLICT (sensor_id) DO UPDATE SET received_ms = excluded.received_ms, body = excluded.body',
    sensor_id,
    received_ms,
    JSON.stringify(report),
  );
}

/**
 * Keeps a heartbeat: the collector's own state, and that of each sensor that is assigned to it now. Reports
 * about other sensors are left out: a collector speaks for its own only.
 * @param offset_ms server clock minus collector clock, milliseconds; null where not measured yet
 */
export function recordHeartbeat(
  state: StateDatabase,
  collector_id: number,
  heartbeat: Heartbeat,
  received_ms: number,
  offset_ms: number | null,
): void {
  state.transact(() => {
    state.run(
      'INSERT INTO heartbeat (collector_id, received_ms, offset_ms, body) VALUES (?, ?, ?, ?) ON CONFLICT (collector_id) DO UPDATE SET received_ms = excluded.received_ms, offset_ms = excluded.offset_ms, body = excluded.body',
      collector_id,
      received_ms,
      offset_ms,
      JSON.stringify(heartbeat),
    );
    for (const report of heartbeat.sensors) {
      const sensor = state.get<{ sensor_id: number }>(
        `SELECT s.sensor_id FROM sensor s JOIN sensor_collector a USING (sensor_id)
         WHERE s.name = ? AND a.collector_id = ? AND a.valid_from_ms <= ? AND (a.valid_to_ms IS NULL OR a.valid_to_ms > ?)`,
        report.sensor,
        collector_id,
        received_ms,
        received_ms,
      );
      if (sensor !== undefined) recordSensor(state, sensor.sensor_id, report, received_ms);
    }
  });
}

export interface ConditionStretch {
  sensor_id: number;
  condition: string;
  from_ms: number;
  to_ms: number;
}

/**
 * Stretches between two moments in which a sensor was not live. The open stretch of a sensor whose
 * heartbeats stopped ends at the last one; from there on it is `unknown`.
 */
export function listSilences(
  state: StateDatabase,
  from_ms: number,
  to_ms: number,
  now_ms: number,
): ConditionStretch[] {
  const rows = state.all<{
    sensor_id: number;
    condition: string;
    from_ms: number;
    to_ms: number | null;
    confirmed_ms: number;
  }>(
    `SELECT c.sensor_id, c.condition, c.from_ms, c.to_ms, h.received_ms AS confirmed_ms
     FROM sensor_condition c JOIN sensor_health h USING (sensor_id)
     WHERE c.from_ms < ? AND coalesce(c.to_ms, ?) > ? ORDER BY c.sensor_id, c.from_ms`,
    to_ms,
    now_ms,
    from_ms,
  );
  const stretches: ConditionStretch[] = [];
  for (const row of rows) {
    const { sensor_id, condition } = row;
    const missed = row.to_ms === null && now_ms - row.confirmed_ms > heartbeat_missing_ms;
    const end_ms = row.to_ms ?? (missed ? row.confirmed_ms : now_ms);
    if (condition !== 'live') stretches.push({ sensor_id, condition, from_ms: row.from_ms, to_ms: end_ms });
    if (missed) stretches.push({ sensor_id, condition: 'unknown', from_ms: row.confirmed_ms, to_ms: now_ms });
  }
  return stretches
    .map((stretch) => ({
      ...stretch,
      from_ms: Math.max(stretch.from_ms, from_ms),
      to_ms: Math.min(stretch.to_ms, to_ms),
    }))
    .filter((stretch) => stretch.to_ms > stretch.from_ms);
}

export interface GapRow {
  sensor_id: number;
  source: string;
  from_place: string;
  to_place: string;
  reason: string;
  noticed_ms: number;
}

/** Gaps that were noticed between two moments, the newest 1,000. */
export function listGaps(state: StateDatabase, from_ms: number, to_ms: number): GapRow[] {
  return state.all<GapRow>(
    'SELECT sensor_id, source, from_place, to_place, reason, noticed_ms FROM gap WHERE noticed_ms >= ? AND noticed_ms < ? ORDER BY noticed_ms DESC LIMIT 1000',
    from_ms,
    to_ms,
  );
}
