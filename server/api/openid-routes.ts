/**
 * Log-in by OpenID Connect (Core 1.0): the authorization code flow with PKCE, state and nonce. The provider says who it
 * is and in which groups; what a user may do here follows from the groups, at each log-in.
 */
import { openid_schema, type UserRole, user_roles } from '@apiary/model/api/account.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import type { LogInFailureCode } from '@apiary/model/log-in-failures.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as openid from 'openid-client';
import { findSubject } from '../state/subjects.ts';
import { beginLogin, login_whole_ms } from '../state/users.ts';
import type { ApiContext, ZodApp } from './app.ts';
import { cookie_name, cookieOptions } from './guard.ts';

export interface OpenidSettings {
  issuer: string;
  client_id: string;
  client_secret: string | undefined;
  /** Of these pages, as browsers know them. */
  address: string;
  /** On the button. */
  title: string;
  scope: string;
  groups_claim: string;
  /** Groups of each role; of who is in several the first counts. */
  groups: Record<UserRole, readonly string[]>;
}

interface Attempt {
  verifier: string;
  nonce: string;
  ends_ms: number;
}

const attempt_cookie = 'apiary_openid';
const attempt_ms = 600_000;
const attempts_max = 1000;
const path = '/api/v1/openid';

/** A role by the groups; null where none is ours. */
export function roleOf(claim: unknown, groups: OpenidSettings['groups']): UserRole | null {
  const its = new Set([claim].flat().filter((one) => typeof one === 'string'));
  return user_roles.find((role) => groups[role].some((group) => its.has(group))) ?? null;
}

/** What users are called here: letters, digits and . _ @ - */
function nameOf(claims: openid.IDToken): string {
  const said = [claims.preferred_username, claims.email, claims.sub].find((one) => typeof one === 'string');
  return String(said)
    .replace(/[^\p{L}\p{N}._@-]+/gu, '-')
    .slice(0, 64);
}

const telling = (error: unknown): string => {
  const { message, cause } = error as Error & { cause?: { message?: string; error_description?: string } };
  const more = cause?.error_description ?? cause?.message;
  return more === undefined ? message : `${message}: ${more}`;
};

/** Why no log-in came about. What the provider said stays in the log: whoever makes a link chooses what is in it. */
class LogInFailure extends Error {
  readonly code: LogInFailureCode;

  constructor(code: LogInFailureCode, message: string) {
    super(message);
    this.code = code;
  }
}

function codeOf(error: unknown): LogInFailureCode {
  if (error instanceof LogInFailure) return error.code;
  if (error instanceof OperationalError && error.code === 'conflict') return 'name_taken';
  if (error instanceof OperationalError && error.code === 'forbidden') return 'disabled';
  return error instanceof openid.AuthorizationResponseError ? 'refused' : 'failed';
}

export function registerOpenid(
  app: ZodApp,
  { state, log, now_ms }: ApiContext,
  settings: OpenidSettings | undefined,
): void {
  app.get(
    '/openid',
    {
      config: { open: true },
      schema: {
        tags: ['account'],
        summary: 'Whether there is a log-in by OpenID Connect, and what it is called',
        response: { 200: openid_schema },
      },
    },
    async () => ({ title: settings?.title ?? null }),
  );
  if (settings === undefined) return;
  const attempts = new Map<string, Attempt>();
  let found: Promise<openid.Configuration> | undefined;

  /** The provider's description of itself, asked for at the first log-in and again where that failed. */
  function discover(one: OpenidSettings): Promise<openid.Configuration> {
    const issuer = new URL(one.issuer);
    // Without TLS only on this machine.
    const is_local =
      issuer.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(issuer.hostname);
    found ??= openid.discovery(issuer, one.client_id, one.client_secret, undefined, {
      // The token's signature counts too, not only the connection by which it came.
      execute: [openid.enableNonRepudiationChecks, ...(is_local ? [openid.allowInsecureRequests] : [])],
      timeout: 10,
    });
    found.catch(() => {
      found = undefined;
    });
    return found;
  }

  function takeAttempt(request: FastifyRequest): Attempt & { key: string } {
    const key = request.cookies[attempt_cookie] ?? '';
    const attempt = attempts.get(key);
    attempts.delete(key);
    if (attempt === undefined || attempt.ends_ms < now_ms())
      throw new LogInFailure('too_late', 'the log-in took too long, or began in another browser');
    return { ...attempt, key };
  }

  /** A failure is told on the page of the log-in, where the person is, by its code. */
  function sendBack(reply: FastifyReply, code: LogInFailureCode, error: unknown): FastifyReply {
    // Anybody can ask for this one, as often as they like.
    if (code !== 'too_late')
      log(`no log-in by ${settings?.title} from ${reply.request.ip}: ${code}: ${telling(error)}`);
    return reply.redirect(`/?log_in=${code}`);
  }

  const redirect_uri = new URL(`${path}/callback`, settings.address).href;

  app.get('/openid/start', { config: { open: true }, schema: { hide: true } }, async (request, reply) => {
    try {
      const provider = await discover(settings);
      const [verifier, key, nonce] = [
        openid.randomPKCECodeVerifier(),
        openid.randomState(),
        openid.randomNonce(),
      ];
      for (const [old, { ends_ms }] of attempts) if (ends_ms < now_ms()) attempts.delete(old);
      if (attempts.size >= attempts_max) attempts.delete(attempts.keys().next().value!);
      attempts.set(key, { verifier, nonce, ends_ms: now_ms() + attempt_ms });
      const url = openid.buildAuthorizationUrl(provider, {
        ...{ redirect_uri, scope: settings.scope, state: key, nonce },
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      // The provider sends the browser back here from its own site: a strict cookie would stay behind.
      const options = {
        ...cookieOptions(request),
        sameSite: 'lax',
        path,
        maxAge: attempt_ms / 1000,
      } as const;
      return reply.setCookie(attempt_cookie, key, options).redirect(url.href);
    } catch (error) {
      return sendBack(reply, 'provider_away', error);
    }
  });

  app.get('/openid/callback', { config: { open: true }, schema: { hide: true } }, async (request, reply) => {
    try {
      const { verifier, nonce, key } = takeAttempt(request);
      const provider = await discover(settings);
      const here = new URL(request.url, settings.address);
      const tokens = await openid.authorizationCodeGrant(provider, here, {
        ...{ pkceCodeVerifier: verifier, expectedState: key, expectedNonce: nonce },
        idTokenExpected: true,
      });
      const claims = tokens.claims()!;
      const role = roleOf(claims[settings.groups_claim], settings.groups);
      const name = nameOf(claims);
      if (role === null)
        throw new LogInFailure(
          'no_group',
          `${name} is in no group that may use Apiary; the claim "${settings.groups_claim}" says which`,
        );
      const user = await findSubject(state, { issuer: claims.iss, subject: claims.sub, name, role });
      const { token } = beginLogin(state, user.user_id, now_ms());
      state.change(user.name, 'log in', request.ip, { by: claims.iss }, () => undefined);
      return reply
        .clearCookie(attempt_cookie, { path })
        .setCookie(cookie_name, token, { ...cookieOptions(request), maxAge: login_whole_ms / 1000 })
        .redirect('/');
    } catch (error) {
      return sendBack(reply, codeOf(error), error);
    }
  });
}
