/** What stands where: honeynets, honeypots, sensors, collectors, and the times from and to which that holds. */
import { z } from 'zod';
import { honeypot_roles, interaction_levels } from '../submodule.ts';

const ms = z.int().min(0).meta({ description: 'milliseconds since 1970' });
const until = ms.nullable().meta({ description: 'null: still' });
const name = z.string().trim().min(1).max(128);
const note = z.string().max(4096);
const address = z.union([z.ipv4(), z.ipv6()]);
const network = z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()]);

export const address_sides = ['inner', 'public'] as const;
export const transports = ['tcp', 'udp', 'icmp', 'sctp'] as const;

export const address_schema = z.object({
  address,
  side: z.enum(address_sides),
  valid_from_ms: ms,
  valid_to_ms: until,
});
export const service_schema = z.object({
  service: z.string().min(1).max(64),
  transport: z.enum(transports),
  port: z.int().min(0).max(65535),
  vulnerability: z.string().max(256),
});
const membership_schema = z.object({ honeynet_id: z.int(), valid_from_ms: ms, valid_to_ms: until });

export const honeynet_schema = z.object({
  honeynet_id: z.int(),
  name: z.string(),
  owners: z.string(),
  description: z.string(),
});
export type Honeynet = z.output<typeof honeynet_schema>;
export const honeypot_schema = z.object({
  honeypot_id: z.int(),
  name: z.string(),
  interaction: z.enum(interaction_levels),
  role: z.enum(honeypot_roles),
  location: z.string(),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  description: z.string(),
  retired_ms: until,
  addresses: z.array(address_schema),
  services: z.array(service_schema),
  honeynets: z.array(membership_schema),
});
export type Honeypot = z.output<typeof honeypot_schema>;
export const sensor_schema = z.object({
  sensor_id: z.int(),
  name: z.string(),
  type: z.string(),
  description: z.string(),
  created_ms: ms,
  retired_ms: until,
  honeypots: z.array(z.object({ honeypot_id: z.int(), valid_from_ms: ms, valid_to_ms: until })),
  collectors: z.array(z.object({ collector_id: z.int(), valid_from_ms: ms, valid_to_ms: until })),
});
export type Sensor = z.output<typeof sensor_schema>;
export const collector_schema = z.object({
  collector_id: z.int(),
  name: z.string(),
  lives_in: z.enum(['honeypot', 'host', 'elsewhere']),
  created_ms: ms,
  revoked_ms: until,
});
export const known_source_schema = z.object({
  network: z.string(),
  kind: z.enum(['gateway', 'own_scanner']),
  name: z.string(),
  since_ms: ms,
});
export type KnownSource = z.output<typeof known_source_schema>;
export const inventory_schema = z.object({
  honeynets: z.array(honeynet_schema),
  honeypots: z.array(honeypot_schema),
  sensors: z.array(sensor_schema),
  collectors: z.array(collector_schema),
  known_sources: z.array(known_source_schema),
  events_kept_from_ms: until.meta({
    description: 'events detected before may have expired: only their counts by day are left; null: none has',
  }),
  records_kept_from_ms: until.meta({ description: 'the same of records' }),
});
export type Inventory = z.output<typeof inventory_schema>;

export const set_honeynet_schema = z.strictObject({
  name,
  owners: note.default(''),
  description: note.default(''),
});
export type SetHoneynet = z.output<typeof set_honeynet_schema>;
export const set_honeypot_schema = z
  .strictObject({
    name,
    interaction: z.enum(interaction_levels),
    role: z.enum(honeypot_roles),
    location: z.string().max(256).default(''),
    latitude: z.number().min(-90).max(90).nullable().default(null),
    longitude: z.number().min(-180).max(180).nullable().default(null),
    description: note.default(''),
    services: z.array(service_schema).max(1000).default([]),
    retired: z.boolean().default(false),
  })
  .refine((honeypot) => (honeypot.latitude === null) === (honeypot.longitude === null), {
    path: ['longitude'],
    message: 'latitude and longitude go together',
  });
export type SetHoneypot = z.output<typeof set_honeypot_schema>;
export const set_sensor_schema = z.strictObject({ description: note });

const from_ms = ms.meta({ description: 'from when on it holds' });
export const add_address_schema = z.strictObject({ address, side: z.enum(address_sides), from_ms });
export const end_schema = z.strictObject({ to_ms: ms });
export const end_address_schema = z.strictObject({ address, side: z.enum(address_sides), to_ms: ms });
export const assign_honeynet_schema = z.strictObject({ honeynet_id: z.int(), from_ms });
/** `beside`: the sensor watches several honeypots; without it a new assignment ends those before. */
export const assign_honeypot_schema = z.strictObject({
  honeypot_id: z.int(),
  from_ms,
  beside: z.boolean().default(false),
});
export const set_known_source_schema = z.strictObject({
  network,
  kind: z.enum(['gateway', 'own_scanner']),
  name,
});
