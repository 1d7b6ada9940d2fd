/** Feeds of indicators by the command line. */
import { make_feed_schema } from '@apiary/model/api/feeds.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { z } from 'zod';
import type { ApiaryServer } from './server.ts';
import { listFeeds, makeFeed, revokeFeed } from './state/feeds.ts';

type Args = Record<string, string>;

export const feed_orders = {
  feedList: async ({ state }: ApiaryServer) => ({ feeds: listFeeds(state) }),
  /** `choice`: JSON of what the API takes, without the name. */
  feedAdd: async ({ state }: ApiaryServer, args: Args, actor: string) => {
    const choice = JSON.parse(args.choice ?? '{}') as object;
    const feed = make_feed_schema.safeParse({ ...choice, name: args.name ?? '' });
    if (!feed.success) throw new OperationalError('input_invalid', z.prettifyError(feed.error));
    return { feed: makeFeed(state, actor, feed.data, Date.now()) };
  },
  feedRevoke: async ({ state }: ApiaryServer, args: Args, actor: string) => {
    if (!/^\d{1,9}$/.test(args.id ?? ''))
      throw new OperationalError(
        'input_invalid',
        `"${args.id ?? ''}" is no number of a feed: apiary feed list`,
      );
    revokeFeed(state, actor, Number(args.id), Date.now());
    return {};
  },
} as const;
