/** Health of the sensors and their collectors. */
import { z } from 'zod';

export const sensor_conditions = [
  'live',
  'quiet',
  'missing',
  'dead',
  'failing',
  'unknown',
  'never',
  'imported',
] as const;
export type SensorCondition = (typeof sensor_conditions)[number];

const ms = z.number().meta({ description: 'milliseconds since 1970' });

export const not_understood_schema = z.object({
  looked_ms: ms.meta({ description: 'when they were counted, at most once a minute' }),
  records: z.number().meta({ description: 'records of the last day' }),
  marks: z.array(z.object({ mark: z.string(), count: z.number() })).meta({
    description: 'of these, by mark: not_json, bad_utf8, partial, unknown_kind',
  }),
});
export type NotUnderstood = z.output<typeof not_understood_schema>;
/** By sensor_id; a sensor that is not in it wrote nothing that was not understood. */
export type Understanding = ReadonlyMap<number, NotUnderstood>;

export const sensor_health_schema = z.object({
  sensor_id: z.number(),
  name: z.string(),
  type: z.string(),
  retired: z.boolean(),
  condition: z.enum(sensor_conditions).meta({
    description:
      'live: written lately; quiet: nothing new; missing: a source is not there; dead: the honeypot is gone; failing: a reader has an error; unknown: no heartbeat; never: not heard of yet',
  }),
  since_ms: ms.nullable(),
  detail: z.string(),
  collector: z.string().nullable(),
  honeypots: z.array(z.string()),
  reported_ms: ms.nullable().meta({ description: 'last report of the collector about this sensor' }),
  source_changed_ms: ms.nullable().meta({ description: 'last change of a source: when it was last seen' }),
  lag_ms: z.number().nullable().meta({ description: 'age of the oldest waiting batch' }),
  waiting_records: z.number(),
  waiting_bytes: z.number(),
  read: z.number(),
  cut: z.number(),
  lost: z.number(),
  refused: z.number(),
  acknowledged: z.number(),
  not_understood: not_understood_schema.nullable().meta({
    description:
      'records of the last day that were kept, and not or not wholly understood; null where there are none',
  }),
  refusals: z.array(
    z.object({ reason: z.string(), count: z.number(), last_ms: ms, last_message: z.string() }),
  ),
  gaps: z.array(
    z.object({
      stream: z.string(),
      source: z.string(),
      from_place: z.string(),
      to_place: z.string(),
      reason: z.string(),
      noticed_ms: ms,
    }),
  ),
});
export type SensorHealth = z.output<typeof sensor_health_schema>;

export const collector_health_schema = z.object({
  collector_id: z.number(),
  name: z.string(),
  lives_in: z.enum(['honeypot', 'host', 'elsewhere']),
  state: z.enum(['connected', 'unknown', 'never', 'revoked', 'idle']).meta({
    description: '`idle`: the collector of imports while none goes on; it has a certificate only during one',
  }),
  received_ms: ms.nullable(),
  version: z.string(),
  /** Server clock minus collector clock, milliseconds; null within the tolerance. */
  clock_offset_ms: z.number().nullable().meta({ description: 'only where over 2 s' }),
  clock_measured: z.boolean().meta({ description: 'whether the offset of its clock is known at all' }),
  spool_bytes: z
    .number()
    .nullable()
    .meta({ description: 'null before its first heartbeat, as the next two' }),
  spool_bytes_max: z.number().nullable(),
  memory_bytes: z.number().nullable(),
  certificate_ends_ms: ms.nullable(),
  artifacts: z
    .object({ waiting: z.number(), waiting_bytes: z.number(), sent: z.number(), trouble: z.string() })
    .nullable()
    .meta({ description: 'whole files that wait to be sent' }),
  intakes: z.array(
    z.object({
      intake: z.string(),
      accepted: z.number(),
      refused: z.record(z.string(), z.number()).meta({ description: 'by reason' }),
      trouble: z.string(),
    }),
  ),
  refusals: z.array(
    z.object({
      sensor: z.string(),
      reason: z.string(),
      count: z.number(),
      last_ms: ms,
      last_message: z.string(),
    }),
  ),
});
export type CollectorHealth = z.output<typeof collector_health_schema>;

export const alert_schema = z.object({
  alert_id: z.number(),
  kind: z.string(),
  subject: z.string(),
  message: z.string(),
  first_ms: ms,
  last_ms: ms,
  count: z.number(),
});

export const sensors_schema = z.object({
  now_ms: ms,
  sensors: z.array(sensor_health_schema),
  collectors: z.array(collector_health_schema),
  refused_peers: collector_health_schema.shape.refusals.meta({
    description: 'refusals of peers that no registered collector accounts for',
  }),
  alerts: z.array(alert_schema),
});
export type Sensors = z.output<typeof sensors_schema>;
