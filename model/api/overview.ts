/** The dashboard: counts of the honeypot's view of a period, each with what leads to its events. */
import { z } from 'zod';
import { period_schema } from './filter.ts';

export const counted_schema = z.object({ value: z.string(), events: z.number() });
export type Counted = z.output<typeof counted_schema>;

export const stretch_schema = z.object({
  sensor_id: z.number().meta({ description: '0 where it is of all sensors' }),
  kind: z
    .enum(['quiet', 'missing', 'dead', 'failing', 'unknown', 'gap', 'expired'])
    .meta({ description: 'why nothing may have come' }),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  detail: z.string(),
});
export type Stretch = z.output<typeof stretch_schema>;

export const top_lists = [
  'services',
  'actions',
  'countries',
  'sources',
  'usernames',
  'passwords',
  'commands',
] as const;
export type TopList = (typeof top_lists)[number];

export const overview_schema = z.object({
  period: period_schema,
  vantage: z.literal('honeypot').meta({ description: 'only the view of the honeypots is counted' }),
  events: z.number(),
  bucket_seconds: z.number(),
  timeline: z.array(
    z.object({
      sensor_id: z.number(),
      points: z.array(z.tuple([z.iso.datetime(), z.number()])).meta({
        description: 'start of the bucket and its events; buckets without any are left out',
      }),
    }),
  ),
  silences: z.array(stretch_schema),
  top: z.object(
    Object.fromEntries(top_lists.map((name) => [name, z.array(counted_schema)])) as Record<
      TopList,
      z.ZodArray<typeof counted_schema>
    >,
  ),
});
export type Overview = z.output<typeof overview_schema>;
