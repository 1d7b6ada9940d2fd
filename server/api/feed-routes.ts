/** Feeds of indicators: made and revoked by administrators, asked for by whoever has the link. */
import { type Feed, feed_schema, made_feed_schema, make_feed_schema } from '@apiary/model/api/feeds.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { type FeedKind, feed_formats, feed_kinds } from '@apiary/model/feed-words.ts';
import { z } from 'zod';
import { type FeedContent, gatherFeed, writeFeed } from '../exports/feed-file.ts';
import type { Reader } from '../reports/count-by.ts';
import { listFeeds, makeFeed, openFeed, revokeFeed } from '../state/feeds.ts';
import type { ApiContext, ZodApp } from './app.ts';
import { requireUser } from './guard.ts';

/** However often a link is followed, the engine is asked once in so long. */
const kept_ms = 30_000;
const kept_max = 50;

/** @param store the whole engine: a feed is what its administrator made it, whoever asks */
export function registerFeeds(app: ZodApp, { state, guard, now_ms }: ApiContext, store: Reader): void {
  const kept = new Map<string, { until_ms: number; content: Promise<FeedContent> }>();
  const gather = (feed: Feed, kind: FeedKind | undefined): Promise<FeedContent> => {
    const key = `${feed.feed_id} ${kind ?? ''}`;
    const held = kept.get(key);
    if (held !== undefined && held.until_ms > now_ms()) return held.content;
    kept.delete(key);
    if (kept.size >= kept_max) kept.delete(kept.keys().next().value!);
    const content = gatherFeed(store, state, feed, now_ms(), kind);
    kept.set(key, { until_ms: now_ms() + kept_ms, content });
    content.catch(() => kept.delete(key));
    return content;
  };

  app.get(
    '/feeds',
    {
      preHandler: guard.requireWhole('administrator'),
      schema: { tags: ['sharing'], summary: 'Feeds of indicators', response: { 200: z.array(feed_schema) } },
    },
    async () => listFeeds(state),
  );

  app.post(
    '/feeds',
    {
      preHandler: guard.requireWhole('administrator'),
      schema: {
        tags: ['sharing'],
        summary: 'Makes a feed; its link is told this once',
        body: make_feed_schema,
        response: { 201: made_feed_schema },
      },
    },
    async (request, reply) =>
      reply.code(201).send(makeFeed(state, requireUser(request).user.name, request.body, now_ms())),
  );

  app.delete(
    '/feeds/:feed_id',
    {
      preHandler: guard.requireWhole('administrator'),
      schema: {
        tags: ['sharing'],
        summary: 'Revokes a feed; its link leads nowhere at once',
        params: z.object({ feed_id: z.coerce.number().int().min(1) }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      revokeFeed(state, requireUser(request).user.name, request.params.feed_id, now_ms());
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/feed/:secret/:format',
    {
      config: { open: true },
      schema: {
        tags: ['sharing'],
        summary: 'What a feed gives, for whoever has its link',
        params: z.object({ secret: z.string().regex(/^[\w-]{43}$/), format: z.enum(feed_formats) }),
        querystring: z.object({ kind: z.enum(feed_kinds).optional() }),
      },
    },
    async ({ params: { secret, format }, query: { kind } }, reply) => {
      const feed = openFeed(state, secret, now_ms());
      if (feed === null)
        throw new OperationalError('not_found', 'this link leads to no feed, or was revoked');
      const { type, text } = writeFeed(await gather(feed, kind), format);
      return reply.type(type).send(text);
    },
  );
}
