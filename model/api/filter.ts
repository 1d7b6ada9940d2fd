/**
 * What narrows a page: the period, where it was seen, and the columns of the event. The same words stand in
 * the URL of the page and of the API.
 */
import { z } from 'zod';
import {
  type ContainsColumn,
  contains_columns,
  type EqualColumn,
  equal_columns,
  rolling_periods,
} from '../filter-columns.ts';

const value_length_max = 4096;
const values_max = 50;
const text = z.string().max(value_length_max);
/** One value or several: a query string does not tell them apart. */
const several = z
  .union([text, z.array(text).max(values_max)])
  .transform((value) => (Array.isArray(value) ? value : [value]));
const idsOf = (field: 'sensor' | 'honeypot' | 'honeynet') => {
  const error = `is no number: give the number, or write the name as q=${field}:NAME`;
  return z
    .union([z.string(), z.array(z.string()).max(1000)])
    .transform((value) => (Array.isArray(value) ? value : value.split(',')))
    .pipe(z.array(z.coerce.number<string>({ error }).int().min(0).max(4294967295)));
};

const equal_shape = Object.fromEntries(equal_columns.map((name) => [name, several.optional()])) as Record<
  EqualColumn,
  z.ZodOptional<typeof several>
>;
const contains_shape = Object.fromEntries(
  contains_columns.map((name) => [`${name}_contains`, text.min(1).optional()]),
) as Record<`${ContainsColumn}_contains`, z.ZodOptional<z.ZodString>>;

/** A query string. Without `from` and `to` the period is `last`, 24 hours unless told otherwise. */
export const filter_schema = z.strictObject({
  last: z.enum(rolling_periods).optional().meta({ description: 'a period that ends now' }),
  from: z.iso.datetime({ offset: true }).optional().meta({ description: 'start, included (detect_ts)' }),
  to: z.iso.datetime({ offset: true }).optional().meta({ description: 'end, excluded; now where absent' }),
  sensor: idsOf('sensor').optional().meta({ description: 'numbers of sensors' }),
  honeypot: idsOf('honeypot')
    .optional()
    .meta({ description: 'numbers of honeypots: found by sensor, destination address and time' }),
  honeynet: idsOf('honeynet').optional().meta({ description: 'numbers of honeynets' }),
  known: z
    .enum(['only', 'without'])
    .optional()
    .meta({ description: 'events from known gateways and own scanners: only those, or all but those' }),
  q: text.optional().meta({
    description: 'a filter in words: `service:ssh and not country:SK` (docs/guide/filter.md)',
  }),
  extra: several.optional().meta({ description: 'key:value of the map of the rest' }),
  ...equal_shape,
  ...contains_shape,
});
export type Filter = z.output<typeof filter_schema>;
export type FilterInput = z.input<typeof filter_schema>;

export const period_schema = z.object({ from: z.iso.datetime(), to: z.iso.datetime() });
export type Period = z.output<typeof period_schema>;
