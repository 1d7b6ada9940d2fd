/**
 * Every query that the pages make, by name: a test runs each on every rendering, the benchmark measures each.
 */
import type { Reader } from './count-by.ts';
import { findEvent, findRecord, recordColumns, sameSession, sameSource } from './event-detail.ts';
import { type EventKey, type EventRow, showTime, timeMicroseconds } from './event-row.ts';
import { eventsCount } from './events-count.ts';
import { eventsPage } from './events-page.ts';
import { overviewTimeline } from './overview-timeline.ts';
import { overviewKinds, overviewTop, value_lists } from './overview-top.ts';
import { connectionOf, sameConnection } from './same-connection.ts';
import { type Scope, withCondition } from './scope.ts';

export interface PageQuery {
  name: string;
  /** The page that makes it. */
  page: 'overview' | 'events' | 'event';
  /** @returns the rows, for comparison */
  run(store: Reader, scope: Scope): Promise<unknown>;
}

/** The Overview counts the honeypots' view only, so that a connection seen by four sensors is one. */
export const overviewScope = (scope: Scope): Scope => withCondition(scope, 'vantage', "vantage = 'honeypot'");

export const keyOf = (row: EventRow): EventKey => ({
  detect_us: timeMicroseconds(showTime(row.detect_ts)),
  event_id: BigInt(row.event_id),
});

const first_rows = 50;

/** Runs `query` on the newest event of the scope, where there is one. */
async function onNewest<T>(
  store: Reader,
  scope: Scope,
  query: (event: EventRow, key: EventKey) => Promise<T>,
): Promise<T | null> {
  const [event] = await eventsPage(store, scope, null, 1);
  return event === undefined ? null : query(event, keyOf(event));
}

export const page_queries: readonly PageQuery[] = [
  {
    name: 'overview-timeline',
    page: 'overview',
    run: (store, scope) => overviewTimeline(store, overviewScope(scope)),
  },
  {
    name: 'overview-kinds',
    page: 'overview',
    run: (store, scope) => overviewKinds(store, overviewScope(scope)),
  },
  ...value_lists.map((list) => ({
    name: `overview-top-${list}`,
    page: 'overview' as const,
    run: (store: Reader, scope: Scope) => overviewTop(store, overviewScope(scope), list),
  })),
  {
    name: 'events-first-page',
    page: 'events',
    run: (store, scope) => eventsPage(store, scope, null, first_rows),
  },
  {
    name: 'events-next-page',
    page: 'events',
    run: (store, scope) => onNewest(store, scope, (_, key) => eventsPage(store, scope, key, first_rows)),
  },
  { name: 'events-count', page: 'events', run: eventsCount },
  {
    name: 'event',
    page: 'event',
    run: (store, scope) => onNewest(store, scope, (_, key) => findEvent(store, key)),
  },
  {
    name: 'event-record',
    page: 'event',
    run: (store, scope) =>
      onNewest(store, scope, async (event) =>
        findRecord(store, event, await recordColumns(store, event.sensor_table)),
      ),
  },
  {
    name: 'event-same-session',
    page: 'event',
    run: (store, scope) => onNewest(store, scope, (event, key) => sameSession(store, event, key)),
  },
  {
    name: 'event-same-connection',
    page: 'event',
    run: (store, scope) => onNewest(store, scope, (event) => sameConnection(store, connectionOf([event]))),
  },
  {
    name: 'event-same-source',
    page: 'event',
    run: (store, scope) => onNewest(store, scope, (event, key) => sameSource(store, event, key)),
  },
];
