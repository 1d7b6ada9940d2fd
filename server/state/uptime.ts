/** Measured up-time of sensors: what the heartbeats of their collectors said of them. */
import { heartbeat_missing_ms } from '@apiary/model/protocol.ts';
import type { StateDatabase } from './database.ts';

/** Nothing new need come from a sensor that is up. */
const up = new Set(['live', 'quiet']);
const day_ms = 86_400_000;

/** Days between two moments for which each sensor was known to be up; sensors that never were are left out. */
export function measureUptime(
  state: StateDatabase,
  from_ms: number,
  to_ms: number,
  now_ms: number,
): [sensor_id: number, days: number][] {
  const rows = state.all<{
    sensor_id: number;
    condition: string;
    from_ms: number;
    to_ms: number | null;
    confirmed_ms: number;
  }>(
    `SELECT c.sensor_id, c.condition, c.from_ms, c.to_ms, h.received_ms AS confirmed_ms
     FROM sensor_condition c JOIN sensor_health h USING (sensor_id) WHERE c.from_ms < ?`,
    to_ms,
  );
  const days = new Map<number, number>();
  for (const row of rows.filter(({ condition }) => up.has(condition))) {
    // What is still so was last confirmed by the newest heartbeat; one that may be on its way counts as come.
    const known_ms =
      row.to_ms ?? (now_ms - row.confirmed_ms > heartbeat_missing_ms ? row.confirmed_ms : now_ms);
    const length = Math.min(known_ms, to_ms) - Math.max(row.from_ms, from_ms);
    if (length > 0) days.set(row.sensor_id, (days.get(row.sensor_id) ?? 0) + length / day_ms);
  }
  return [...days];
}
