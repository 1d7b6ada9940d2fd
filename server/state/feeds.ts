/** Feeds of indicators, known by the hash of the secret in their link. */
import { createHash, randomBytes } from 'node:crypto';
import { type Feed, feed_choice_schema, type MadeFeed, type MakeFeed } from '@apiary/model/api/feeds.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import type { StateDatabase } from './database.ts';

const feeds_max = 200;

const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');

type Row = Omit<Feed, keyof ReturnType<typeof feed_choice_schema.parse>> & { body: string };

/** Those that were revoked too, the newest first. */
export function listFeeds(state: StateDatabase): Feed[] {
  const rows = state.all<Row>(
    'SELECT feed_id, name, body, tlp, owner, made_ms, revoked_ms, seen_ms, asked FROM feed ORDER BY feed_id DESC',
  );
  return rows.map(({ body, ...row }) => ({ ...row, ...feed_choice_schema.parse(JSON.parse(body)) }));
}

/** @throws OperationalError `conflict` where there are too many, or an open one has the name */
export function makeFeed(state: StateDatabase, actor: string, feed: MakeFeed, now_ms: number): MadeFeed {
  const { name, tlp, ...choice } = feed;
  const secret = randomBytes(32).toString('base64url');
  return state.change(actor, 'make feed', name, { tlp, ...choice }, () => {
    const open = listFeeds(state).filter(({ revoked_ms }) => revoked_ms === null);
    if (open.length >= feeds_max)
      throw new OperationalError('conflict', `there are ${feeds_max} feeds: revoke one first`);
    if (open.some((one) => one.name === name))
      throw new OperationalError('conflict', `there is a feed "${name}" already`);
    const { id } = state.run(
      'INSERT INTO feed (name, secret_hash, body, tlp, owner, made_ms) VALUES (?, ?, ?, ?, ?, ?)',
      name,
      hashSecret(secret),
      JSON.stringify(choice),
      tlp,
      actor,
      now_ms,
    );
    return { ...listFeeds(state).find(({ feed_id }) => feed_id === id)!, secret };
  });
}

/** Its link leads nowhere from now on. @throws OperationalError `not_found` */
export function revokeFeed(state: StateDatabase, actor: string, feed_id: number, now_ms: number): void {
  const feed = listFeeds(state).find((one) => one.feed_id === feed_id && one.revoked_ms === null);
  if (feed === undefined) throw new OperationalError('not_found', `there is no feed ${feed_id}`);
  state.change(actor, 'revoke feed', feed.name, {}, () => {
    state.run('UPDATE feed SET revoked_ms = ? WHERE feed_id = ?', now_ms, feed_id);
    state.run('DELETE FROM taxii_offer WHERE collection = ?', `feed ${feed_id}`);
  });
}

/** The feed of a link, which counts the asking; null for one that is none, or was revoked. */
export function openFeed(state: StateDatabase, secret: string, now_ms: number): Feed | null {
  const row = state.get<{ feed_id: number }>(
    'SELECT feed_id FROM feed WHERE secret_hash = ? AND revoked_ms IS NULL',
    hashSecret(secret),
  );
  if (row === undefined) return null;
  state.run('UPDATE feed SET seen_ms = ?, asked = asked + 1 WHERE feed_id = ?', now_ms, row.feed_id);
  return listFeeds(state).find(({ feed_id }) => feed_id === row.feed_id)!;
}
