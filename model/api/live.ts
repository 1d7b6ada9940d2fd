/** What the live stream tells, as server-sent events named `arrivals` and `engine`. */
import { z } from 'zod';
import { event_schema } from './events.ts';
import { filter_schema } from './filter.ts';
import { counted_schema } from './overview.ts';

/** No period: what comes in now is told, whenever it was detected. */
export const live_query_schema = filter_schema.omit({ last: true, from: true, to: true });

export const arrivals_schema = z.object({
  count: z.number().meta({ description: 'events that came and fit the filter' }),
  events: z.array(event_schema).meta({ description: 'the newest of them' }),
  countries: z.array(counted_schema).meta({ description: 'all of them by country' }),
});
export type ArrivalsTold = z.output<typeof arrivals_schema>;
