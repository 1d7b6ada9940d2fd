/** Session, source and search. */
import { filter_schema } from '@apiary/model/api/filter.ts';
import {
  recordings_schema,
  search_schema,
  session_schema,
  source_schema,
} from '@apiary/model/api/sessions.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { normalizeAddress } from '@apiary/model/networks.ts';
import { z } from 'zod';
import { judgeCommands } from '../analysis/tactics/judge-statements.ts';
import { seenKnownSources } from '../reports/known-sources.ts';
import { readRecordingsOf } from '../reports/recordings.ts';
import { resolveScope } from '../reports/scope.ts';
import { search } from '../reports/search.ts';
import { readSession } from '../reports/session.ts';
import { readSource } from '../reports/source.ts';
import { requireSecrets } from '../reports/view.ts';
import type { ApiContext, ZodApp } from './app.ts';

export function registerLookUps(app: ZodApp, { view, recordings, now_ms }: ApiContext): void {
  app.get(
    '/sessions/:sensor_id/:session',
    {
      schema: {
        tags: ['events'],
        summary: 'A session whole, in order of time',
        params: z.object({
          sensor_id: z.coerce.number().int().min(0).max(4294967295),
          session: z.string().max(256),
        }),
        response: { 200: session_schema },
      },
    },
    async (request) => {
      const { sensor_id, session } = request.params;
      const { store, inventory } = view(request);
      const found = await readSession(store, inventory, sensor_id, session);
      return { ...found, statements: judgeCommands(found.events) };
    },
  );

  app.get(
    '/sessions/:sensor_id/:session/recordings',
    {
      schema: {
        tags: ['events'],
        summary: 'Terminal recordings of a session, to be replayed',
        params: z.object({
          sensor_id: z.coerce.number().int().min(0).max(4294967295),
          session: z.string().max(256),
        }),
        response: { 200: recordings_schema },
      },
    },
    async (request) => {
      const { sensor_id, session } = request.params;
      const seen = view(request);
      requireSecrets(seen, 'terminal recordings');
      const { store, inventory } = seen;
      const sensor = inventory.sensors.find((one) => one.sensor_id === sensor_id);
      const sql = recordings.sql.get(sensor?.type ?? '');
      if (sql === undefined) return { recordings: [] };
      return { recordings: await readRecordingsOf(store, recordings.read, sql, sensor_id, session) };
    },
  );

  app.get(
    '/sources/:address',
    {
      schema: {
        tags: ['events'],
        summary: 'What a source did in a period, and who does the like',
        params: z.object({ address: z.string().max(64) }),
        querystring: filter_schema.omit({ attacker_ip: true }),
        response: { 200: source_schema },
      },
    },
    async (request) => {
      const { address } = request.params;
      const shown = normalizeAddress(address);
      if (shown === null)
        throw new OperationalError('input_invalid', `${JSON.stringify(address)} is no address`);
      const seen = view(request);
      const scope = resolveScope({ ...request.query, attacker_ip: [shown] }, seen, now_ms());
      const inventory = { ...seen.inventory, known_sources: await seenKnownSources(seen) };
      return readSource(seen.store, inventory, scope, shown);
    },
  );

  app.get(
    '/search',
    {
      schema: {
        tags: ['events'],
        summary: 'What a text may be: an address, a session, a hash, a user name …',
        querystring: z.object({ q: z.string().max(4096) }),
        response: { 200: search_schema },
      },
    },
    async (request) => search(view(request), request.query.q, now_ms()),
  );
}
