import { z } from 'zod';
import {
  type ExploreMeasure,
  explore_columns,
  explore_measures,
  groupings_max,
  groups_max,
  isMeasure,
  measures_max,
} from '../explore.ts';
import { filter_schema } from './filter.ts';

const listed = <T extends z.ZodType>(one: T, most: number) =>
  z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(one).max(most),
  );

const measure = z.string().refine((text): text is ExploreMeasure => isMeasure(text), {
  error: `must be one of ${explore_measures.join(', ')}, or distinct: and a column of the events`,
});

/** The question and the filter, as a query string. */
export const explore_query_schema = filter_schema.extend({
  measure: listed(measure, measures_max)
    .optional()
    .meta({ description: 'what is counted; events unless told' }),
  by: listed(z.enum(explore_columns), groupings_max)
    .optional()
    .meta({ description: 'columns by which it is counted; up to three' }),
  over: z
    .enum(['time', 'all'])
    .default('all')
    .meta({ description: '`time`: for each interval of the period' }),
  top: z.coerce
    .number()
    .int()
    .min(1)
    .max(groups_max)
    .default(20)
    .meta({ description: 'groups that are told, the largest by the first measure' }),
});
