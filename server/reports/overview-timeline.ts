/** Events over time by sensor. */
import { countBy, type Reader, type Unit } from './count-by.ts';
import type { Scope } from './scope.ts';

const points_max = 150;
const minute = 60;
const hour = 3600;
const day = 24 * hour;
const steps_seconds = [
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  15 * minute,
  30 * minute,
  hour,
  2 * hour,
  3 * hour,
  6 * hour,
  12 * hour,
  day,
  2 * day,
  3 * day,
  7 * day,
  14 * day,
  28 * day,
];

/** The width of a bar: the narrowest that gives at most `points_max` bars. Seconds. */
export function chooseBucket(from_ms: number, to_ms: number): number {
  const least = (to_ms - from_ms) / 1000 / points_max;
  return steps_seconds.find((step) => step >= least) ?? Math.ceil(least / (28 * day)) * 28 * day;
}

export interface Timeline {
  bucket_seconds: number;
  /** Seconds since 1970 and events, by sensor, in order of time; buckets without events are left out. */
  points: { sensor_id: number; bucket: number; events: number }[];
}

export async function overviewTimeline(store: Reader, scope: Scope): Promise<Timeline> {
  const bucket_seconds = chooseBucket(scope.from_ms, scope.to_ms);
  const time_unit: Unit | null =
    bucket_seconds % day === 0 ? 'day' : bucket_seconds % hour === 0 ? 'hour' : null;
  const rows = await countBy<[number, string]>(store, scope, {
    expression: `tuple(sensor_id, intDiv(toUnixTimestamp(toDateTime({time}, 'UTC')), ${bucket_seconds}))`,
    // Bars narrower than an hour are counted from the events: no projection has a column of this name.
    columns: time_unit === null ? ['sensor_id', 'detect_ts'] : ['sensor_id'],
    time_unit: time_unit ?? 'hour',
  });
  const points = rows.map(({ value: [sensor_id, index], events }) => ({
    sensor_id: Number(sensor_id),
    bucket: Number(index) * bucket_seconds,
    events: Number(events),
  }));
  points.sort((a, b) => a.sensor_id - b.sensor_id || a.bucket - b.bucket);
  return { bucket_seconds, points };
}
