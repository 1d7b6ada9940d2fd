/** Feeds of indicators: what is in one, who made it, and the link that leads to it. */
import { z } from 'zod';
import { feed_days_max, feed_kinds, feed_tlp_levels } from '../feed-words.ts';
import { stages } from '../taxonomy.ts';

const stage_names = stages.map(({ name }) => name) as [
  (typeof stages)[number]['name'],
  ...(typeof stages)[number]['name'][],
];
const words = z.array(z.string().trim().min(1).max(64)).max(50).default([]);

export const feed_choice_schema = z.strictObject({
  kinds: z.array(z.enum(feed_kinds)).min(1),
  stage: z
    .enum(stage_names)
    .default('tried to get in')
    .meta({ description: 'of attacks that got this far at least; credentials come from every log-in' }),
  services: words.meta({ description: 'only of attacks on these; empty: on any' }),
  families: words.meta({ description: 'only of attacks with a mark of these; empty: of any' }),
  days: z.int().min(1).max(feed_days_max).default(30).meta({
    description: 'an indicator falls out when it was not seen for so long',
  }),
  allow: z.array(z.string().trim().min(1).max(2000)).max(1000).default([]).meta({
    description: 'never given: addresses, networks, hosts with all below them, or values',
  }),
  sensors: z.boolean().default(false).meta({ description: 'with the pseudonyms of the sensors that saw it' }),
});
export type FeedChoice = z.output<typeof feed_choice_schema>;

export const make_feed_schema = feed_choice_schema.extend({
  name: z.string().trim().min(1).max(80),
  tlp: z
    .enum(feed_tlp_levels, { error: 'must be clear, green or amber: what is RED is for no feed' })
    .default('amber'),
});
export type MakeFeed = z.output<typeof make_feed_schema>;

export const feed_schema = make_feed_schema.extend({
  feed_id: z.int(),
  owner: z.string(),
  made_ms: z.number(),
  revoked_ms: z.number().nullable(),
  seen_ms: z.number().nullable().meta({ description: 'last asked for' }),
  asked: z.number().meta({ description: 'how often it was asked for' }),
});
export type Feed = z.output<typeof feed_schema>;

export const made_feed_schema = feed_schema.extend({
  secret: z.string().meta({ description: 'the end of its link, shown this once: /api/v1/feed/SECRET/txt' }),
});
export type MadeFeed = z.output<typeof made_feed_schema>;
