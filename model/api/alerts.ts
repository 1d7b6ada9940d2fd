/** Alerts: conditions, whom they are told, and reports by mail. */
import { z } from 'zod';
import { report_formats } from '../report-kinds.ts';
import { stages } from '../taxonomy.ts';

/** Columns of which the first value ever can be told. */
export const first_columns = [
  'file_sha256',
  'username',
  'password',
  'command',
  'url',
  'fingerprint',
  'user_agent',
  'signature',
  'service',
  'attacker_country',
  'attacker_asn',
  'destination_port',
] as const;

const words = z.string().max(4096).meta({ description: 'a filter in words; empty for all events' });
const name = z.string().trim().min(1).max(80);

export const condition_schema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('events'),
    q: words,
    more_than: z.int().min(0).max(1_000_000_000).default(0),
    minutes: z.int().min(1).max(1440).default(1).meta({ description: 'within which so many came' }),
  }),
  z.strictObject({ kind: z.literal('first_seen'), column: z.enum(first_columns), q: words.default('') }),
  z.strictObject({ kind: z.literal('sensor_silent'), minutes: z.int().min(5).max(43_200) }),
  z.strictObject({
    kind: z.literal('incident'),
    stage: z
      .enum(stages.map((stage) => stage.name) as [string, ...string[]])
      .meta({ description: 'or farther' }),
  }),
  z.strictObject({ kind: z.literal('notice') }),
]);
export type AlertCondition = z.output<typeof condition_schema>;

const email_target_schema = z.strictObject({
  kind: z.literal('email'),
  to: z.array(z.email()).min(1).max(20),
});
const webhook_target_schema = z.strictObject({
  kind: z.literal('webhook'),
  url: z.url({ protocol: /^https?$/ }),
  secret: z
    .string()
    .min(16)
    .max(200)
    .optional()
    .meta({ description: 'key of the signature; left out in a change, it stays as it is' }),
});
const syslog_target_schema = z.strictObject({
  kind: z.literal('syslog'),
  host: z.string().min(1).max(255),
  port: z.int().min(1).max(65_535).default(514),
  transport: z.enum(['udp', 'tcp']).default('udp'),
});
const form_target_schema = z.discriminatedUnion('kind', [
  email_target_schema,
  webhook_target_schema,
  syslog_target_schema,
]);
export type ChannelFormTarget = z.output<typeof form_target_schema>;
/** What is kept of a channel: the key of a webhook is there. */
export type ChannelTarget =
  | Exclude<ChannelFormTarget, { kind: 'webhook' }>
  | (Extract<ChannelFormTarget, { kind: 'webhook' }> & { secret: string });

export const channel_form_schema = z.strictObject({ name, target: form_target_schema });
export const rule_form_schema = z.strictObject({
  name,
  condition: condition_schema,
  channels: z.array(z.int()).min(1).max(20),
  group_minutes: z
    .int()
    .min(1)
    .max(1440)
    .default(60)
    .meta({ description: 'what comes within so long after a message is told in one more' }),
  enabled: z.boolean().default(true),
});
export const schedule_form_schema = z.strictObject({
  name,
  address: z
    .string()
    .max(8000)
    .regex(
      /^\/(?:explore|reports\/[a-z0-9_]+\/[a-z0-9-]+)(?:\?\S*)?$/,
      'must be the path of a report with its filter',
    )
    .meta({ description: 'of the report, as /reports/global/sources?last=7d' }),
  format: z.enum(report_formats).default('html'),
  every: z
    .enum(['day', 'week', 'month'])
    .meta({ description: 'a week begins on Monday, a month on its first day' }),
  hour: z.int().min(0).max(23).meta({ description: 'UTC' }),
  channel_id: z.int().meta({ description: 'of mail' }),
});

export const channel_schema = z.object({
  channel_id: z.int(),
  name: z.string(),
  target: z.discriminatedUnion('kind', [
    email_target_schema,
    webhook_target_schema
      .omit({ secret: true })
      .extend({ has_secret: z.literal(true).meta({ description: 'its key is set, and is never shown' }) }),
    syslog_target_schema,
  ]),
});
export type AlertChannel = z.output<typeof channel_schema>;
export const rule_schema = rule_form_schema.extend({
  rule_id: z.int(),
  owner: z.string(),
  last_ms: z.number().nullable().meta({ description: 'when it last fired' }),
  held_count: z.int().meta({ description: 'what waits for the end of the group' }),
  trouble: z.string().meta({ description: 'why it cannot be looked at; empty where it can' }),
});
export type AlertRule = z.output<typeof rule_schema>;
export const schedule_schema = schedule_form_schema.extend({
  schedule_id: z.int(),
  owner: z.string(),
  next_ms: z.number(),
});
export type ReportSchedule = z.output<typeof schedule_schema>;
export const alerts_schema = z.object({
  channels: z.array(channel_schema),
  rules: z.array(rule_schema),
  schedules: z.array(schedule_schema),
  messages: z
    .array(
      z.object({
        message_id: z.int(),
        channel: z.string(),
        subject: z.string(),
        made_ms: z.number(),
        tries: z.int(),
        done_ms: z.number().nullable(),
        error: z.string(),
      }),
    )
    .meta({ description: 'the newest hundred' }),
});
export type Alerts = z.output<typeof alerts_schema>;

/** What a channel is given. */
export interface AlertMessage {
  subject: string;
  /** When, ISO 8601. */
  time: string;
  rule: string;
  count: number;
  lines: string[];
  attachment?: { name: string; type: string; base64: string };
}
