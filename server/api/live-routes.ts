/**
 * New events as they arrive, by server-sent events. Every second whoever watches is told how many came, by country, and
 * the newest few: a flood costs two queries a second for each watcher, and no more bytes than a trickle.
 */
import { type ArrivalsTold, live_query_schema } from '@apiary/model/api/live.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import type { FastifyReply } from 'fastify';
import { type Arrivals, arrivedEvents } from '../reports/arrivals.ts';
import { makeContext, showEvent } from '../reports/event-row.ts';
import { resolveScope } from '../reports/scope.ts';
import type { ApiContext, ZodApp } from './app.ts';
import { tellError } from './failures.ts';
import { requireUser } from './guard.ts';

const look_every_ms = 1000;
const sign_of_life_ms = 15_000;
const watchers_max = 100;
/** Bytes that a watcher has not taken yet: with more it is told nothing until it has. */
const behind_bytes_max = 1024 * 1024;

type Told = { name: 'arrivals'; data: ArrivalsTold } | { name: 'engine'; data: { up: boolean } };

/** One connection that is kept open. */
class Stream {
  readonly #reply: FastifyReply;
  readonly #timers: NodeJS.Timeout[];

  /** @param look called every second until the connection ends */
  constructor(reply: FastifyReply, look: () => Promise<void>, ended: () => void) {
    this.#reply = reply;
    reply.hijack();
    reply.raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream',
      // A reverse proxy must not hold back what is little.
      'x-accel-buffering': 'no',
    });
    reply.raw.write(': the stream begins\n\n');
    let is_looking = false;
    const looking = setInterval(() => {
      if (is_looking || reply.raw.writableLength > behind_bytes_max) return;
      is_looking = true;
      void look().finally(() => {
        is_looking = false;
      });
    }, look_every_ms);
    this.#timers = [looking, setInterval(() => reply.raw.write(': still here\n\n'), sign_of_life_ms)];
    reply.raw.once('close', () => {
      for (const timer of this.#timers) clearInterval(timer);
      ended();
    });
  }

  tell({ name, data }: Told): void {
    this.#reply.raw.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  end(): void {
    this.#reply.raw.end();
  }
}

export function registerLive(app: ZodApp, context: ApiContext, arrivals: Arrivals): void {
  const { view, guard, log, now_ms } = context;
  const streams = new Set<Stream>();
  app.addHook('preClose', async () => {
    for (const stream of streams) stream.end();
  });

  app.get(
    '/live',
    {
      config: { endless: true },
      schema: {
        tags: ['events'],
        summary: 'New events as they arrive: a stream of server-sent events',
        description:
          'Events named `arrivals` say how many came within the last second, by country, with the newest of them; events named `engine` whether the database answers.',
        querystring: live_query_schema,
      },
    },
    (request, reply) => {
      requireUser(request);
      // A mistake in the filter is told now, not in the stream.
      resolveScope(request.query, view(request), now_ms());
      if (streams.size >= watchers_max)
        throw new OperationalError('throttled', `${watchers_max} watch already; close a page that does`);
      let mark = arrivals.mark;
      let was_up = true;
      const look = async (): Promise<void> => {
        try {
          // Log-ins end, and what somebody may see changes.
          await guard.requireLogin(request);
        } catch {
          stream.end();
          return;
        }
        const until = arrivals.mark;
        const segments = arrivals.since(mark);
        if (segments.length === 0 && was_up) return;
        try {
          if (segments.length > 0) {
            const seen = view(request);
            const { count, rows, countries } = await arrivedEvents(
              seen.store,
              resolveScope(request.query, seen, now_ms()),
              segments,
            );
            const event_context = makeContext(seen.inventory);
            const events = rows.map((row) => showEvent(row, event_context));
            if (count > 0) stream.tell({ name: 'arrivals', data: { count, events, countries } });
          }
          mark = until;
          if (!was_up) stream.tell({ name: 'engine', data: { up: true } });
          was_up = true;
        } catch (error) {
          if (was_up && !(error instanceof OperationalError))
            log(`mistake in the live stream: ${tellError(error)}`);
          if (was_up) stream.tell({ name: 'engine', data: { up: false } });
          was_up = false;
        }
      };
      const stream = new Stream(reply, look, () => streams.delete(stream));
      streams.add(stream);
    },
  );
}
