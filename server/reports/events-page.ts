/**
 * One page of events, newest first. Pages follow the sort key of the table (detect_ts, event_id), so that the
 * next one begins exactly where this one ends, whatever arrives meanwhile.
 */
import type { Reader } from './count-by.ts';
import { type EventKey, type EventRow, event_column_list } from './event-row.ts';
import { rawConditions, type Scope } from './scope.ts';

export const page_rows_max = 200;

const at = (us: bigint): string => `fromUnixTimestamp64Micro(${us}, 'UTC')`;

/** @param before the last event of the page before; null for the first page */
export async function eventsPage(
  store: Reader,
  scope: Scope,
  before: EventKey | null,
  limit: number,
): Promise<EventRow[]> {
  const after =
    before === null
      ? ''
      : ` AND detect_ts <= ${at(before.detect_us)} AND (detect_ts < ${at(before.detect_us)} OR event_id < ${before.event_id})`;
  return store.query<EventRow>(
    `SELECT ${event_column_list} FROM event WHERE ${rawConditions(scope)}${after} ORDER BY detect_ts DESC, event_id DESC LIMIT ${limit}`,
    scope.params,
  );
}
