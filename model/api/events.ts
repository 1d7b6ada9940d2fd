/** Events as the API gives them: 64-bit numbers as decimal strings, times as ISO 8601 with microseconds. */
import { z } from 'zod';
import { actions, detect_bases, directions, outcomes, target_kinds, vantages } from '../event.ts';
import { period_schema } from './filter.ts';

const time = z.string().meta({ description: 'ISO 8601, UTC, microseconds' });
const big = z.string().regex(/^\d+$/).meta({ description: '64 bit, decimal' });
const address = z.string().meta({ description: 'IPv4 or IPv6; empty where unknown' });

export const event_schema = z.object({
  event_id: big,
  /** Time and number of the event: its address under /events/. */
  key: z.string(),
  sensor_id: z.number(),
  sensor_type: z.string(),
  sensor_table: z.string(),
  generation: big,
  place: big,
  version: z.number(),
  segment_id: big,
  detect_ts: time,
  detect_basis: z.enum(detect_bases),
  collect_ts: time,
  action: z.enum(actions),
  target_kind: z.enum(target_kinds),
  target: z.string(),
  outcome: z.enum(outcomes),
  attacker_ip: address,
  attacker_country: z.string(),
  attacker_asn: z.number(),
  source_ip: address,
  source_port: z.number(),
  destination_ip: address,
  destination_port: z.number(),
  direction: z.enum(directions),
  vantage: z.enum(vantages),
  service: z.string(),
  transport: z.string(),
  session: z.string(),
  username: z.string(),
  password: z.string(),
  command: z.string(),
  url: z.string(),
  file_sha256: z.string(),
  fingerprint: z.string(),
  user_agent: z.string(),
  signature: z.string(),
  extra: z.record(z.string(), z.string()),
  honeypot_id: z.number().nullable().meta({ description: 'by sensor, destination address and time' }),
  known: z
    .object({ kind: z.enum(['gateway', 'own_scanner']), name: z.string() })
    .nullable()
    .meta({ description: 'the source is a known gateway or an own scanner' }),
});
export type ApiEvent = z.output<typeof event_schema>;

export const events_schema = z.object({
  period: period_schema,
  events: z.array(event_schema),
  next: z.string().nullable().meta({ description: 'give it as `before` for the next page' }),
});
export type EventsPage = z.output<typeof events_schema>;

export const events_count_schema = z.object({ period: period_schema, events: z.number() });

export const record_field_schema = z.object({ name: z.string(), comment: z.string(), value: z.string() });
export const event_detail_schema = z.object({
  event: event_schema,
  record: z
    .object({
      fields: z.array(record_field_schema).meta({ description: "the sensor's own columns" }),
      flags: z.array(z.string()),
      parse: z.string(),
      source: z.string().meta({ description: 'path or name of what the record was read from' }),
      original_size: z.number(),
      raw_base64: z.string(),
      raw_size: z.number(),
    })
    .nullable()
    .meta({ description: 'null when the record is gone (retention, erasure)' }),
  collector: z.string().nullable(),
  same_session: z.array(event_schema),
  same_connection: z.array(event_schema).meta({
    description: "what other sensors saw of the connection: by the client's address and port, and the time",
  }),
  same_source: z.array(event_schema),
});
export type EventDetail = z.output<typeof event_detail_schema>;
