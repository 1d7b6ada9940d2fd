/** Rules by which known families are found: those that come with Apiary, and those of one's own. */
import { z } from 'zod';
import { family_fields, family_kinds } from '../family-words.ts';
import { tools } from '../taxonomy.ts';
import { filter_schema, period_schema } from './filter.ts';

const rule_name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{1,39}$/, 'is small letters, digits, _ and -, 2 to 40 of them');
const tool = z.enum(tools.map(({ name }) => name) as [string, ...string[]]);
const printable = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .regex(/^[^\p{Cc}]*$/u, 'has a control character');

const condition_schema = z.object({
  field: z.enum(family_fields),
  contains: printable(300)
    .refine((text) => text.replaceAll('*', '').length >= 3, 'needs three characters beside *')
    .meta({
      description:
        'text that must stand in it, without regard to case; * stands for anything between. Of file and fingerprint the whole value',
    }),
});

export const own_rule_schema = z.object({
  name: rule_name,
  title: printable(100),
  kind: z.enum(family_kinds),
  tool: tool
    .exclude(['unknown'])
    .nullable()
    .meta({ description: 'the kind of tool that it is; null where that does not follow' }),
  weight: z.number().min(0.05).max(0.95).meta({ description: 'how sure one is of it, 0 to 1' }),
  conditions: z.array(condition_schema).min(1).max(20).meta({ description: 'any one of them is enough' }),
  source: printable(300).meta({ description: 'who described it' }),
});
export type OwnRule = z.output<typeof own_rule_schema>;

const stored_rule_schema = own_rule_schema.extend({
  is_on: z.boolean(),
  changed_by: z.string(),
  changed_ms: z.number(),
});
export type StoredRule = z.output<typeof stored_rule_schema>;

export const rules_schema = z.object({
  version: z.string().meta({ description: 'of all rules that are on' }),
  own: z.array(stored_rule_schema),
  built_in: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      kind: z.enum(family_kinds),
      source: z.string(),
      is_on: z.boolean(),
    }),
  ),
});
export type Rules = z.output<typeof rules_schema>;

export const switch_rule_schema = z.object({ is_on: z.boolean() });

/** What would be done: a rule put in place and on, or one of those that are there switched. */
export const try_rules_schema = z
  .object({
    rule: own_rule_schema.optional(),
    switch: z.object({ name: rule_name, is_on: z.boolean() }).optional(),
    ...filter_schema.pick({ last: true, from: true, to: true }).shape,
  })
  .refine(
    (tried) => (tried.rule === undefined) !== (tried.switch === undefined),
    'names either a rule or a switch',
  );

const naming_schema = z.object({
  tool: z.string(),
  tool_confidence: z.number(),
  families: z.array(z.string()),
});
const verdict_schema = z.object({
  attacker: z.string(),
  attacker_confidence: z.number(),
  objectives: z.array(z.string()),
});

export const rule_trial_schema = z.object({
  period: period_schema,
  events: z.number().meta({ description: 'that were gone through' }),
  attacks: z.number().meta({ description: 'that were judged both ways' }),
  changed: z.number().meta({ description: 'of them judged differently' }),
  tools: z
    .array(z.object({ before: z.string(), after: z.string(), attacks: z.number() }))
    .meta({ description: 'attacks whose tool would be another, by both' }),
  examples: z
    .array(
      z.object({
        attack_id: z.string(),
        first_ts: z.string(),
        source: z.string(),
        service: z.string(),
        before: naming_schema,
        after: naming_schema,
        because: z.string().meta({ description: 'what the rule found; empty where it finds nothing more' }),
      }),
    )
    .meta({ description: 'at most a hundred, the newest first' }),
  incidents: z
    .array(z.object({ number: z.number(), before: verdict_schema, after: verdict_schema }))
    .meta({ description: 'whose attacker or objectives would be others' }),
  incidents_judged: z.number(),
  incidents_left_out: z.number().meta({ description: 'with changed attacks, beyond those that were judged' }),
});
export type RuleTrial = z.output<typeof rule_trial_schema>;
