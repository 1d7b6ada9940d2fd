/** Attacks and incidents as the API gives them. */
import { z } from 'zod';
import {
  attack_judgement_fields,
  grouping_kinds,
  incident_orders,
  judgement_fields,
} from '../incident-words.ts';
import { normalizeAddress } from '../networks.ts';
import { attackers, objectives, results, stages, tools, weaknesses } from '../taxonomy.ts';
import { event_schema } from './events.ts';
import { period_schema } from './filter.ts';

const names = <T extends readonly { name: string }[]>(list: T) =>
  list.map(({ name }) => name) as [T[number]['name'], ...T[number]['name'][]];

export const evidence_schema = z.object({
  about: z.string(),
  says: z.string(),
  rule: z.string(),
  weight: z.number(),
  because: z.string(),
  events: z.array(z.string()),
});

export const judgement_schema = z.object({
  judgement_id: z.number(),
  field: z.enum(judgement_fields),
  value: z.string(),
  actor: z.string(),
  made_ms: z.number(),
});
export type Judgement = z.output<typeof judgement_schema>;
export const make_judgement_schema = z.strictObject({
  field: z.enum(judgement_fields),
  value: z.string().max(4000).meta({ description: "'' takes the decision back" }),
});

export const attack_judgement_schema = judgement_schema.extend({ field: z.enum(attack_judgement_fields) });
export const make_attack_judgement_schema = z.strictObject({
  field: z.enum(attack_judgement_fields),
  value: z.string().max(4000).meta({
    description:
      "'' takes the decision back; results have commas between them, `none` is that nothing came of it",
  }),
});

export const incident_row_schema = z.object({
  number: z.number(),
  incident_id: z.string(),
  first_ts: z.string(),
  last_ts: z.string(),
  attacks: z.number(),
  events: z.number(),
  sources: z.number(),
  sensors: z.array(z.number()),
  countries: z.array(z.string()),
  services: z.array(z.string()),
  stage: z.enum(names(stages)),
  tools: z.array(z.string()),
  families: z.array(z.string()),
  attacker: z.string(),
  attacker_confidence: z.number(),
  objectives: z.array(z.string()),
  name: z.string().meta({ description: 'given by an analyst' }),
  status: z.string(),
  assignee: z.string(),
  pinned: z.boolean(),
  judged: z.array(z.string()).meta({ description: 'fields that an analyst decided' }),
  is_partial: z.boolean().meta({
    description: 'attacks of it lie where you may not see: all counts are of the others, nothing is decided',
  }),
});
export type IncidentRow = z.output<typeof incident_row_schema>;

export const incidents_query_schema = z.object({
  last: z.enum(['1h', '24h', '7d', '30d', '365d']).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  stage: z.enum(names(stages)).optional().meta({ description: 'this far at least' }),
  tool: z.enum(names(tools)).optional(),
  attacker: z.enum(names(attackers)).optional(),
  objective: z.enum(names(objectives)).optional(),
  family: z.string().max(64).optional(),
  service: z.string().max(64).optional(),
  order: z.enum(incident_orders).default('matters'),
  offset: z.coerce.number().int().min(0).max(100_000).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type IncidentsQuery = z.output<typeof incidents_query_schema>;
export const incidents_schema = z.object({
  period: period_schema,
  total: z.number(),
  incidents: z.array(
    incident_row_schema.extend({
      grown: z.number().nullable().meta({
        description: 'attacks that began in the last quarter of the period; in the order of growth',
      }),
      firsts: z.number().nullable().meta({
        description: 'files, URLs and commands that no attack had before; in the order of what is unlike',
      }),
    }),
  ),
});
export type Incidents = z.output<typeof incidents_schema>;

export const attack_schema = z.object({
  attack_id: z.string(),
  first_ts: z.string(),
  last_ts: z.string(),
  source: z.string(),
  attacker_ip: z.string(),
  attacker_country: z.string(),
  attacker_asn: z.number(),
  service: z.string(),
  cve: z.string(),
  sensors: z.array(z.number()),
  sessions: z.number(),
  events: z.number(),
  actions: z.record(z.string(), z.number()),
  log_ins: z.number(),
  tool: z.string(),
  tool_confidence: z.number(),
  weakness: z.enum(names(weaknesses)),
  stage: z.enum(names(stages)),
  results: z.array(z.string()),
  families: z.array(z.string()),
  techniques: z.array(z.string()),
  commands: z.array(z.string()),
  urls: z.array(z.string()),
  files: z.array(z.string()),
});
export type Attack = z.output<typeof attack_schema>;

export const attacks_query_schema = z.object({
  last: z.enum(['1h', '24h', '7d', '30d', '365d']).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  tool: z.enum(names(tools)).optional(),
  weakness: z.enum(names(weaknesses)).optional(),
  stage: z.enum(names(stages)).optional().meta({ description: 'this far, and no farther' }),
  result: z.enum(names(results)).optional(),
  family: z.string().max(64).optional(),
  technique: z
    .string()
    .regex(/^T\d{4}(?:\.\d{3})?$/, 'must be a technique of ATT&CK, as T1105 or T1059.004')
    .optional(),
  service: z.string().max(64).optional(),
  source: z
    .string()
    .refine((text) => normalizeAddress(text) !== null, 'must be an address')
    .optional()
    .meta({ description: 'of IPv6 the attacks of its /64, which is one source' }),
  sensor: z.coerce
    .number()
    .int()
    .min(0)
    .max(4294967295)
    .optional()
    .meta({ description: 'that the attack reached' }),
  session: z.string().max(256).optional().meta({ description: 'of which the attack has an event' }),
  offset: z.coerce.number().int().min(0).max(100_000).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type AttacksQuery = z.output<typeof attacks_query_schema>;
export const attacks_schema = z.object({
  period: period_schema,
  total: z.number(),
  attacks: z
    .array(attack_schema.extend({ incident_number: z.number().nullable() }))
    .meta({ description: 'the last first' }),
});
export type Attacks = z.output<typeof attacks_schema>;

export const link_schema = z.object({
  to: z.string(),
  kind: z.string(),
  value: z.string(),
  weight: z.number(),
  share: z.number(),
});

const reason = z.string().trim().max(2000).default('').meta({ description: 'why, for who looks later' });
export const join_incident_schema = z.strictObject({
  number: z.int().min(1).meta({ description: 'of the incident that is joined to it' }),
  reason,
});
export const split_incident_schema = z.strictObject({
  attacks: z
    .array(z.string().regex(/^\d{1,20}$/, 'must be the id of an attack'))
    .min(1)
    .max(5000)
    .meta({ description: 'of this incident: they become one of their own' }),
  reason,
});
export const grouping_schema = z.object({
  grouping_id: z.number(),
  kind: z.enum(grouping_kinds),
  attacks: z.number().meta({ description: 'attacks that it names' }),
  reason: z.string(),
  actor: z.string(),
  made_ms: z.number(),
});
export const grouped_schema = z.object({
  number: z.number().meta({ description: 'the incident to look at now' }),
});

export const incident_schema = z.object({
  incident: incident_row_schema,
  asked: z
    .number()
    .meta({ description: 'the number that was asked for: another where incidents were joined' }),
  rules: z.object({ attacker: z.string(), attacker_confidence: z.number(), objectives: z.array(z.string()) }),
  evidence: z.array(evidence_schema),
  judgements: z.array(judgement_schema),
  groupings: z
    .array(grouping_schema)
    .meta({ description: 'what people joined to it or set apart, the oldest first' }),
  attacks: z
    .array(attack_schema.extend({ links: z.array(link_schema) }))
    .meta({ description: 'in order of time' }),
  is_cut: z.boolean().meta({ description: 'it has more attacks than are given' }),
  narrative: z.array(z.string()),
});
export type Incident = z.output<typeof incident_schema>;

export const incident_sessions_schema = z.object({
  sessions: z
    .array(
      z.object({
        sensor_id: z.number(),
        session: z.string(),
        events: z.number(),
        from: z.string(),
        to: z.string(),
      }),
    )
    .meta({ description: 'those with most events first, of the attacks that got farthest' }),
  is_cut: z.boolean().meta({ description: 'there are more than are given' }),
});
export type IncidentSessions = z.output<typeof incident_sessions_schema>;

export const incident_credentials_schema = z.object({
  credentials: z
    .array(
      z.object({
        username: z.string(),
        password: z.string(),
        tries: z.number(),
        successes: z.number(),
      }),
    )
    .meta({ description: 'those that were tried most first' }),
  pairs: z.number().meta({ description: 'how many different ones there are' }),
});
export type IncidentCredentials = z.output<typeof incident_credentials_schema>;

export const attack_detail_schema = z.object({
  attack: attack_schema,
  incident_number: z.number().nullable(),
  evidence: z.array(evidence_schema),
  rules: attack_schema
    .pick({ tool: true, tool_confidence: true, weakness: true, stage: true, results: true })
    .nullable()
    .meta({ description: 'what the rules said, where an analyst decided something else' }),
  judgements: z.array(attack_judgement_schema),
  events: z.array(event_schema),
  is_cut: z.boolean(),
});
export type AttackDetail = z.output<typeof attack_detail_schema>;

export const attack_of_event_schema = z.object({
  attack_id: z.string().nullable(),
  incident_number: z.number().nullable(),
  attribution: z
    .object({
      address: z.string(),
      rule: z.string().meta({ description: 'session, hash, command, path or alone' }),
      confidence: z.number(),
      because: z.string(),
      witness: z.string().meta({ description: 'key of the event with an address that tells it' }),
    })
    .nullable()
    .meta({
      description: 'of an event without an address: whose deed it was, and why; null where nothing tells',
    }),
});
export type AttackOfEvent = z.output<typeof attack_of_event_schema>;

export const taxonomy_schema = z.object({
  words: z.record(z.string(), z.array(z.object({ name: z.string(), meaning: z.string() }))),
  counts: z.record(z.string(), z.record(z.string(), z.number())),
  families: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      kind: z.string(),
      source: z.string(),
      attacks: z.number(),
    }),
  ),
  techniques: z
    .array(z.object({ id: z.string(), name: z.string(), tactic: z.string(), attacks: z.number() }))
    .meta({ description: 'MITRE ATT&CK: a second naming of the same' }),
  rules: z.array(z.object({ name: z.string(), text: z.string() })),
  linking: z.array(
    z.object({
      kind: z.string(),
      base: z.number(),
      tau_days: z.number().nullable(),
      horizon_days: z.number(),
    }),
  ),
  rules_version: z.string(),
  unattributed: z.number().meta({ description: 'events of the period without an attack' }),
});
export type TaxonomyAnswer = z.output<typeof taxonomy_schema>;
