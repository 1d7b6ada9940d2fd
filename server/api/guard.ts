/** Who may do what: the cookie of a log-in, roles, and requests from other sites refused. */
import type { User, UserRole } from '@apiary/model/api/account.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { honeynetsOf } from '../state/access.ts';
import type { StateDatabase } from '../state/database.ts';
import { findToken } from '../state/tokens.ts';
import { findLogin } from '../state/users.ts';
import { findLocalUser } from './local.ts';

export const cookie_name = 'apiary_login';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by `requireLogin`. */
    login: { user: User; ends_ms: number; token: string } | null;
  }
}

export const cookieOptions = (request: FastifyRequest) =>
  ({ path: '/', httpOnly: true, sameSite: 'strict', secure: request.protocol === 'https' }) as const;

const bearerOf = (request: FastifyRequest): string | null =>
  /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null;

/**
 * A page of another site must not act with our cookie. SameSite=Strict keeps it back already; this also holds
 * for sites that share our host name on another port.
 */
export function refuseOtherSites(request: FastifyRequest): void {
  // A token is not sent by a browser on its own, and then the cookie does not count.
  if (bearerOf(request) !== null) return;
  if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return;
  const site = request.headers['sec-fetch-site'];
  const origin = request.headers.origin;
  // A browser that tells the site is believed; an old one tells at least the origin.
  const foreign =
    site === undefined
      ? origin !== undefined && origin !== `${request.protocol}://${request.host}`
      : site !== 'same-origin' && site !== 'none';
  if (foreign) throw new OperationalError('forbidden', 'the request came from another site');
}

export function makeGuard(state: StateDatabase, now_ms: () => number) {
  function requireToken(request: FastifyRequest, token: string): void {
    const found = findToken(state, token, now_ms());
    if (found === null)
      throw new OperationalError('unauthenticated', 'the token is none, has ended or was revoked');
    const { persons_only, asks_only } = request.routeOptions.config;
    if (persons_only === true)
      throw new OperationalError('forbidden', 'this is for people who have logged in, not for tokens');
    const is_asking = ['GET', 'HEAD'].includes(request.method) || asks_only === true;
    if (found.scope === 'read' && !is_asking)
      throw new OperationalError('forbidden', 'the token is for reading only');
    request.login = { user: found.user, ends_ms: found.ends_ms, token: '' };
  }
  function admitLocally(request: FastifyRequest, user: User): void {
    const { persons_only, endless } = request.routeOptions.config;
    if (persons_only === true || endless === true)
      throw new OperationalError(
        'forbidden',
        'this is for pages: it belongs to a log-in, or goes on for ever',
      );
    request.login = { user, ends_ms: Number.MAX_SAFE_INTEGER, token: '' };
  }
  async function requireLogin(request: FastifyRequest): Promise<void> {
    const local = findLocalUser();
    if (local !== undefined) {
      admitLocally(request, local);
      return;
    }
    const bearer = bearerOf(request);
    if (bearer !== null) {
      requireToken(request, bearer);
      return;
    }
    const token = request.cookies[cookie_name];
    const login = token === undefined ? null : findLogin(state, token, now_ms());
    if (login === null) throw new OperationalError('unauthenticated', 'there is no log-in, or it has ended');
    request.login = { ...login, token: token! };
  }
  const requireRole =
    (...roles: UserRole[]) =>
    async (request: FastifyRequest): Promise<void> => {
      const { user } = requireUser(request);
      if (!roles.includes(user.role))
        throw new OperationalError(
          'forbidden',
          `${user.name} is ${user.role}; this takes ${roles.join(' or ')}`,
        );
    };
  /** Of who administrates honeynets, not all: each of those that something belongs to, of which there is one. */
  function requireAdministratorOf(request: FastifyRequest, honeynets: readonly number[]): void {
    const { user } = requireUser(request);
    const own = honeynetsOf(user, ['administrator']);
    if (own === null || (honeynets.length > 0 && honeynets.every((id) => own.includes(id)))) return;
    throw new OperationalError(
      'forbidden',
      `${user.name} is no administrator of all honeynets that this belongs to`,
    );
  }
  /** For what is over all honeynets and tells what was sent: nothing of it can be shown in part. */
  const requireWhole =
    (...roles: UserRole[]) =>
    async (request: FastifyRequest): Promise<void> => {
      await requireRole(...roles)(request);
      const { name, honeynets, sees_secrets } = requireUser(request).user;
      if (honeynets !== null || !sees_secrets)
        throw new OperationalError(
          'forbidden',
          `${name} does not see all honeynets with all that was sent to them, and this is over all of it`,
        );
    };
  return { requireLogin, requireRole, requireAdministratorOf, requireWhole };
}
export type Guard = ReturnType<typeof makeGuard>;

/** The log-in of a request behind `requireLogin`. */
export function requireUser(request: FastifyRequest): NonNullable<FastifyRequest['login']> {
  if (request.login === null) throw new OperationalError('unauthenticated', 'there is no log-in');
  return request.login;
}

/** No script but ours, no inline style but with the nonce of this answer, nothing from or in other sites. */
export function setSecurityHeaders(reply: FastifyReply, nonce: string | null): void {
  const style = nonce === null ? "'self'" : `'self' 'nonce-${nonce}'`;
  reply.headers({
    'content-security-policy': `default-src 'self'; script-src 'self'; style-src ${style}; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  });
  if (reply.request.protocol === 'https') reply.header('strict-transport-security', 'max-age=31536000');
}
