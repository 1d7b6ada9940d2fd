/** A session, a source, and what a search finds. */
import { z } from 'zod';
import { event_schema } from './events.ts';
import { period_schema } from './filter.ts';
import { counted_schema } from './overview.ts';

/** ATT&CK's, and two more: a statement that serves nothing, and one that serves a tactic that the model does not know. */
export const tactics = [
  'Defense Evasion',
  'Discovery',
  'Execution',
  'Harmless',
  'Impact',
  'Other',
  'Persistence',
] as const;
export type Tactic = (typeof tactics)[number];

export const judged_statement_schema = z.object({
  text: z.string(),
  tactic: z.enum(tactics),
  confidence: z.number().meta({ description: 'probability, 0 to 1' }),
  because: z.array(z.string()).meta({ description: 'what spoke for it most' }),
});
export type JudgedStatement = z.output<typeof judged_statement_schema>;

export const session_schema = z.object({
  sensor_id: z.number(),
  session: z.string(),
  from: z.string().meta({ description: 'first event' }),
  to: z.string().meta({ description: 'last event' }),
  attackers: z
    .array(z.string())
    .meta({ description: 'addresses; more than one where a sensor uses an id again' }),
  events: z.array(event_schema).meta({ description: 'in order of time' }),
  statements: z
    .record(z.string(), z.array(judged_statement_schema))
    .meta({ description: 'by the key of a command: its statements with the tactic that each serves' }),
  is_cut: z.boolean().meta({ description: 'there are more events than are given' }),
  same_connection: z.array(event_schema).meta({
    description: "what other sensors saw of the connection: by the client's address and port, and the time",
  }),
});
export type Session = z.output<typeof session_schema>;

export const recording_schema = z.object({
  sha256: z.string(),
  begin_ms: z.number(),
  trouble: z.string().meta({ description: 'why it ends before its bytes do; empty where it does not' }),
  frames: z
    .array(z.tuple([z.number(), z.enum(['input', 'output', 'exec']), z.string()]))
    .meta({ description: 'milliseconds after the begin, what it is, bytes as base64' }),
  is_cut: z.boolean().meta({ description: 'it is longer than what is given' }),
});
export type Recording = z.output<typeof recording_schema>;
export const recordings_schema = z.object({ recordings: z.array(recording_schema) });

export const source_lists = [
  'services',
  'actions',
  'usernames',
  'passwords',
  'commands',
  'urls',
  'files',
  'fingerprints',
  'user_agents',
  'signatures',
] as const;
export type SourceList = (typeof source_lists)[number];

export const source_schema = z.object({
  address: z.string(),
  period: period_schema,
  events: z.number(),
  sessions: z.number(),
  country: z.string(),
  asn: z.number(),
  as_name: z.string(),
  first: z.string().nullable().meta({ description: 'first event in the period' }),
  last: z.string().nullable(),
  known: z.object({ kind: z.enum(['gateway', 'own_scanner']), name: z.string() }).nullable(),
  sensors: z.array(
    z.object({ sensor_id: z.number(), events: z.number(), first: z.string(), last: z.string() }),
  ),
  days: z.array(z.tuple([z.string(), z.number()])).meta({ description: 'day and events' }),
  top: z.object(
    Object.fromEntries(source_lists.map((name) => [name, z.array(counted_schema)])) as Record<
      SourceList,
      z.ZodArray<typeof counted_schema>
    >,
  ),
  alike: z
    .array(
      z.object({
        address: z.string(),
        country: z.string(),
        score: z.number().meta({ description: 'sum over what both used, each by how few used it' }),
        shared: z.array(z.object({ kind: z.string(), value: z.string(), sources: z.number() })),
      }),
    )
    .meta({ description: 'sources that used the same rare things' }),
});
export type Source = z.output<typeof source_schema>;

export const hit_kinds = [
  'incident',
  'source',
  'network',
  'session',
  'file',
  'username',
  'password',
  'command',
  'url',
  'fingerprint',
  'signature',
  'honeypot',
  'sensor',
] as const;
export const search_schema = z.object({
  query: z.string(),
  hits: z.array(
    z.object({
      kind: z.enum(hit_kinds),
      label: z.string(),
      events: z.number().nullable().meta({ description: 'null where they are not counted' }),
      href: z.string().meta({ description: 'page of the interface' }),
    }),
  ),
});
export type Search = z.output<typeof search_schema>;
