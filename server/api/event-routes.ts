/** Overview, Events and Event. */
import {
  type EventDetail,
  event_detail_schema,
  events_count_schema,
  events_schema,
} from '@apiary/model/api/events.ts';
import { type Filter, filter_schema } from '@apiary/model/api/filter.ts';
import { overview_schema } from '@apiary/model/api/overview.ts';
import { record_flags } from '@apiary/model/batch.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { z } from 'zod';
import { findEvent, findRecord, recordColumns, sameSession, sameSource } from '../reports/event-detail.ts';
import { makeContext, parseKey, showEvent } from '../reports/event-row.ts';
import { eventsCount } from '../reports/events-count.ts';
import { eventsPage, page_rows_max } from '../reports/events-page.ts';
import { keyOf } from '../reports/index.ts';
import { readOverview } from '../reports/overview.ts';
import { connectionOf, sameConnection } from '../reports/same-connection.ts';
import { resolveScope, showPeriod } from '../reports/scope.ts';
import type { View } from '../reports/view.ts';
import { firstRows } from '../reports/within-answer.ts';
import type { ApiContext, ZodApp } from './app.ts';

const events_query = filter_schema.extend({
  before: z.string().optional().meta({ description: '`next` of the page before' }),
  limit: z.coerce.number().int().min(1).max(page_rows_max).default(50),
});

/** Names of the flags of a record. */
export const flagNames = (flags: number): string[] =>
  Object.entries(record_flags)
    .filter(([, bit]) => (flags & bit) !== 0)
    .map(([name]) => name);

export function registerEvents(app: ZodApp, context: ApiContext): void {
  const { view, now_ms } = context;

  app.get(
    '/overview',
    {
      schema: {
        tags: ['events'],
        summary: 'Counts of a period, as the honeypots saw it',
        querystring: filter_schema,
        response: { 200: overview_schema },
      },
    },
    async (request) => readOverview(view(request), request.query, now_ms()),
  );

  app.get(
    '/events',
    {
      schema: {
        tags: ['events'],
        summary: 'Events, newest first',
        querystring: events_query,
        response: { 200: events_schema },
      },
    },
    async (request) => {
      const { before, limit, ...filter } = request.query;
      const seen = view(request);
      const scope = resolveScope(filter as Filter, seen, now_ms());
      const key = before === undefined ? null : parseKey(before, 'before');
      const { rows, is_cut } = await firstRows(limit, (rows_max) =>
        eventsPage(seen.store, scope, key, rows_max),
      );
      const event_context = makeContext(seen.inventory);
      const events = rows.map((row) => showEvent(row, event_context));
      return { period: showPeriod(scope), events, next: is_cut ? events.at(-1)!.key : null };
    },
  );

  app.get(
    '/events/count',
    {
      schema: {
        tags: ['events'],
        summary: 'Number of events',
        querystring: filter_schema,
        response: { 200: events_count_schema },
      },
    },
    async (request) => {
      const seen = view(request);
      const scope = resolveScope(request.query, seen, now_ms());
      return { period: showPeriod(scope), events: await eventsCount(seen.store, scope) };
    },
  );

  app.get(
    '/events/:key',
    {
      schema: {
        tags: ['events'],
        summary: 'One event with its record, the raw bytes, its session and its source',
        params: z.object({ key: z.string().max(64).meta({ description: '`key` of an event' }) }),
        response: { 200: event_detail_schema },
      },
    },
    async (request) => readEvent(view(request), request.params.key),
  );
}

async function readEvent({ store, inventory }: View, text: string): Promise<EventDetail> {
  const key = parseKey(text, 'key');
  const row = await findEvent(store, key);
  if (row === null) throw new OperationalError('not_found', `there is no event ${text}`);
  const columns = await recordColumns(store, row.sensor_table);
  const [record, session, source] = await Promise.all([
    findRecord(store, row, columns),
    sameSession(store, row, keyOf(row)),
    sameSource(store, row, keyOf(row)),
  ]);
  const event_context = makeContext(inventory);
  const event = showEvent(row, event_context);
  const connection = session.length === 0 ? [row] : session;
  const elsewhere = await sameConnection(store, connectionOf(connection));
  const collect_ms = Date.parse(event.collect_ts);
  const assignment = inventory.sensors
    .find((sensor) => sensor.sensor_id === row.sensor_id)
    ?.collectors.find(
      (one) => one.valid_from_ms <= collect_ms && (one.valid_to_ms === null || collect_ms < one.valid_to_ms),
    );
  return {
    event,
    record:
      record === null
        ? null
        : {
            fields: columns.map((column, index) => ({ ...column, value: record.values[index]! })),
            flags: flagNames(record.flags),
            parse: record.parse,
            source: record.source,
            original_size: record.original_size,
            raw_base64: record.raw_base64,
            raw_size: record.raw_size,
          },
    collector:
      inventory.collectors.find((one) => one.collector_id === assignment?.collector_id)?.name ?? null,
    same_session: session.map((one) => showEvent(one, event_context)),
    same_connection: elsewhere.map((one) => showEvent(one, event_context)),
    same_source: source.map((one) => showEvent(one, event_context)),
  };
}
