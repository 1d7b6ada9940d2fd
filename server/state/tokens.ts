/** Tokens of programs: made and revoked by their users, known by their hash, never more than their owner at the time of use. */
import { createHash, randomBytes } from 'node:crypto';
import type { User } from '@apiary/model/api/account.ts';
import type { ApiToken, MadeToken, token_scopes } from '@apiary/model/api/tokens.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import type { StateDatabase } from './database.ts';
import { getUser } from './users.ts';

export type TokenScope = (typeof token_scopes)[number];

const day_ms = 86_400_000;
const tokens_max = 50;
/** How often `seen_ms` is written: not on every request. */
const seen_every_ms = 60_000;
/** So that whoever finds one knows what it is. */
const prefix = 'apiary_';

const columns = `token_id, user.name AS user, api_token.name, scope, api_token.created_ms, ends_ms, api_token.seen_ms, revoked_ms`;
const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/** @param user_id null: of all users */
export const listTokens = (state: StateDatabase, user_id: number | null): ApiToken[] =>
  state.all<ApiToken>(
    `SELECT ${columns} FROM api_token JOIN user USING (user_id) WHERE (? IS NULL OR user_id = ?) ORDER BY token_id DESC`,
    user_id,
    user_id,
  );

/** @throws OperationalError `conflict` where the user has too many */
export function makeToken(
  state: StateDatabase,
  user: User,
  { name, scope, days }: { name: string; scope: TokenScope; days: number },
  now_ms: number,
): MadeToken {
  const token = `${prefix}${randomBytes(32).toString('base64url')}`;
  return state.change(user.name, 'make token', name, { scope, days }, () => {
    const open = listTokens(state, user.user_id).filter(
      ({ revoked_ms, ends_ms }) => revoked_ms === null && ends_ms > now_ms,
    );
    if (open.length >= tokens_max)
      throw new OperationalError('conflict', `${user.name} has ${tokens_max} tokens: revoke one first`);
    const { id } = state.run(
      'INSERT INTO api_token (user_id, name, scope, token_hash, created_ms, ends_ms) VALUES (?, ?, ?, ?, ?, ?)',
      user.user_id,
      name,
      scope,
      hashToken(token),
      now_ms,
      now_ms + days * day_ms,
    );
    return { ...listTokens(state, user.user_id).find(({ token_id }) => token_id === id)!, token };
  });
}

/** @throws OperationalError `not_found` for one that is not the user's, where the user is no administrator */
export function revokeToken(state: StateDatabase, user: User, token_id: number, now_ms: number): void {
  const whose = user.role === 'administrator' ? null : user.user_id;
  const token = listTokens(state, whose).find((one) => one.token_id === token_id);
  if (token === undefined) throw new OperationalError('not_found', `there is no token ${token_id}`);
  state.change(user.name, 'revoke token', token.name, { user: token.user }, () =>
    state.run(
      'UPDATE api_token SET revoked_ms = coalesce(revoked_ms, ?) WHERE token_id = ?',
      now_ms,
      token_id,
    ),
  );
}

/** @returns null for what is no token, has ended, was revoked, or whose owner is disabled */
export function findToken(
  state: StateDatabase,
  token: string,
  now_ms: number,
): { user: User; ends_ms: number; scope: TokenScope } | null {
  const row = state.get<{
    token_id: number;
    user_id: number;
    scope: TokenScope;
    ends_ms: number;
    seen_ms: number | null;
  }>(
    'SELECT token_id, user_id, scope, ends_ms, seen_ms FROM api_token WHERE token_hash = ? AND ends_ms > ? AND revoked_ms IS NULL',
    hashToken(token),
    now_ms,
  );
  if (row === undefined) return null;
  const user = getUser(state, row.user_id);
  if (user.disabled_ms !== null) return null;
  if (now_ms - (row.seen_ms ?? 0) > seen_every_ms)
    state.run('UPDATE api_token SET seen_ms = ? WHERE token_id = ?', now_ms, row.token_id);
  return { user, ends_ms: row.ends_ms, scope: row.scope };
}
