/** Log-in by OpenID Connect against a provider on loopback, which signs its tokens as a real one does. */
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { Arrivals } from '../reports/arrivals.ts';
import { Catalogue } from '../reports/catalogue.ts';
import { StateDatabase } from '../state/database.ts';
import { addUser, changeUser, listUsers } from '../state/users.ts';
import { createApi } from './app.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other_key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Answers as the provider's own pages would: whoever comes is the one that `claims` says. */
class Provider {
  claims: Record<string, unknown> = {};
  key = privateKey;
  issuer = '';
  readonly #codes = new Map<string, { nonce: string; challenge: string }>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const url = new URL(request.url!, this.issuer);
      const send = (status: number, body: object): void => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      };
      if (url.pathname === '/.well-known/openid-configuration')
        return send(200, {
          issuer: this.issuer,
          authorization_endpoint: `${this.issuer}/authorize`,
          token_endpoint: `${this.issuer}/token`,
          jwks_uri: `${this.issuer}/keys`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
        });
      if (url.pathname === '/keys')
        return send(200, {
          keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }],
        });
      let body = '';
      request.on('data', (chunk: Buffer) => {
        body += chunk;
      });
      request.on('end', () => {
        const form = new URLSearchParams(body);
        const code = this.#codes.get(form.get('code') ?? '');
        this.#codes.delete(form.get('code') ?? '');
        const challenge = createHash('sha256')
          .update(form.get('code_verifier') ?? '')
          .digest('base64url');
        if (code === undefined || challenge !== code.challenge || form.get('client_secret') !== 'of apiary')
          return send(400, { error: 'invalid_grant', error_description: 'the code is none' });
        return send(200, { access_token: 'x', token_type: 'bearer', id_token: this.#token(code.nonce) });
      });
    });
  }

  #token(nonce: string): string {
    const now = Math.floor(Date.now() / 1000);
    const times = { iat: now, exp: now + 60 };
    const text = `${encode({ alg: 'RS256', kid: 'one' })}.${encode({ iss: this.issuer, aud: 'apiary', nonce, ...times, ...this.claims })}`;
    return `${text}.${sign('RSA-SHA256', Buffer.from(text), this.key).toString('base64url')}`;
  }

  /** What the browser is sent back with. */
  authorize(address: string): string {
    const asked = new URL(address).searchParams;
    assert.equal(asked.get('code_challenge_method'), 'S256');
    const code = randomUUID();
    this.#codes.set(code, { nonce: asked.get('nonce')!, challenge: asked.get('code_challenge')! });
    const back = new URL(asked.get('redirect_uri')!);
    back.searchParams.set('code', code);
    back.searchParams.set('state', asked.get('state')!);
    return back.href;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.issuer = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

describe('log-in by OpenID Connect', () => {
  const web_root = mkdtempSync(join(tmpdir(), 'apiary-openid-'));
  const provider = new Provider();
  let app: FastifyInstance;
  let state: StateDatabase;
  const told: string[] = [];

  before(async () => {
    writeFileSync(join(web_root, 'index.html'), '<!doctype html>');
    await provider.listen();
    state = new StateDatabase(':memory:');
    await addUser(state, 'test', { name: 'eva', role: 'administrator', password: 'a long password' });
    const none = async (): Promise<never> => assert.fail('nothing is read');
    app = await createApi({
      store: { query: none, queryBytes: none, syntaxTree: none },
      state,
      catalogue: new Catalogue([]),
      recordings: { sql: new Map(), sessions_sql: new Map(), read: async () => null },
      files: { examine: none, lock: none },
      writeEvidence: none,
      analysis: { regroup: async () => undefined, rejudge: () => undefined, pause_seconds: 3600 },
      arrivals: new Arrivals(),
      isWell: () => true,
      openid: {
        issuer: provider.issuer,
        client_id: 'apiary',
        client_secret: 'of apiary',
        address: 'http://apiary.example',
        title: 'University',
        scope: 'openid profile',
        groups_claim: 'groups',
        groups: { administrator: ['root'], analyst: ['csirt', 'soc'], viewer: ['guests'] },
      },
      log: (message) => told.push(message),
      demo: false,
      web_root,
    });
  });
  after(async () => {
    await app.close();
    provider.close();
    state.close();
    rmSync(web_root, { recursive: true });
  });

  /** Goes all the way as a browser does. @returns where it ends, and the cookie of a log-in if there is one */
  async function logIn(claims: Record<string, unknown>, change: (back: string) => string = (back) => back) {
    provider.claims = claims;
    const start = await app.inject({ url: '/api/v1/openid/start' });
    assert.equal(start.statusCode, 302, start.body);
    const [attempt] = start.cookies;
    assert.deepEqual([attempt?.httpOnly, attempt?.sameSite], [true, 'Lax']);
    const back = new URL(change(provider.authorize(String(start.headers.location))));
    const end = await app.inject({
      url: `${back.pathname}${back.search}`,
      cookies: { apiary_openid: attempt!.value },
    });
    assert.equal(end.statusCode, 302, end.body);
    const cookie = end.cookies.find(({ name }) => name === 'apiary_login');
    return { to: decodeURIComponent(String(end.headers.location)), cookie, back, attempt: attempt!.value };
  }
  const roles = () => Object.fromEntries(listUsers(state).map(({ name, role }) => [name, role]));

  test('without a token for Prometheus there is no page of figures', async () => {
    assert.equal((await app.inject({ url: '/metrics' })).statusCode, 404);
  });

  test('is told to the page', async () => {
    assert.deepEqual((await app.inject({ url: '/api/v1/openid' })).json(), { title: 'University' });
  });

  test('makes a user by the groups, and follows them', async () => {
    const first = await logIn({ sub: 'u1', preferred_username: 'jana', groups: ['csirt', 'guests'] });
    assert.equal(first.to, '/');
    assert.deepEqual([first.cookie?.httpOnly, first.cookie?.sameSite], [true, 'Strict']);
    const cookies = { apiary_login: first.cookie!.value };
    const me = (await app.inject({ url: '/api/v1/me', cookies })).json();
    assert.deepEqual([me.user.name, me.user.role], ['jana', 'analyst']);
    // Renamed there, and in another group: the same user here.
    await logIn({ sub: 'u1', preferred_username: 'jana.k', groups: ['root'] });
    assert.deepEqual(roles(), { eva: 'administrator', jana: 'administrator' });
    await logIn({ sub: 'u1', preferred_username: 'jana', groups: 'guests' });
    assert.deepEqual(roles(), { eva: 'administrator', jana: 'viewer' });
    const password = await app.inject({
      method: 'POST',
      url: '/api/v1/login',
      payload: { name: 'jana', password: ' '.repeat(12) },
    });
    assert.equal(password.statusCode, 401);
  });

  test('lets in nobody without a group, nobody who is disabled, and nobody as somebody else', async () => {
    const outside = await logIn({ sub: 'u2', preferred_username: 'karl', groups: ['students'] });
    assert.equal(outside.to, '/?log_in=no_group');
    assert.match(told.at(-1)!, /karl is in no group/);
    const taken = await logIn({ sub: 'u3', preferred_username: 'Eva', groups: ['root'] });
    assert.equal(taken.to, '/?log_in=name_taken');
    assert.match(told.at(-1)!, /there is a user Eva here already/);
    const { user_id } = listUsers(state).find(({ name }) => name === 'jana')!;
    await changeUser(state, 'eva', user_id, { disabled: true });
    const disabled = await logIn({ sub: 'u1', preferred_username: 'jana', groups: ['csirt'] });
    assert.equal(disabled.to, '/?log_in=disabled');
    await changeUser(state, 'eva', user_id, { disabled: false });
    for (const { cookie } of [outside, taken, disabled]) assert.equal(cookie, undefined);
  });

  test('takes no forged answer', async () => {
    const claims = { sub: 'u1', preferred_username: 'jana', groups: ['root'] };
    const state_changed = await logIn(claims, (back) => back.replace(/state=[^&]+/, 'state=other'));
    const code_changed = await logIn(claims, (back) => back.replace(/code=[^&]+/, 'code=other'));
    assert.match(told.at(-1)!, /the code is none/);
    provider.key = other_key;
    const other_signature = await logIn(claims);
    provider.key = privateKey;
    const other_nonce = await logIn({ ...claims, nonce: 'another' });
    const other_client = await logIn({ ...claims, aud: 'somebody' });
    const expired = await logIn({ ...claims, exp: Math.floor(Date.now() / 1000) - 3600 });
    for (const one of [state_changed, code_changed, other_signature, other_nonce, other_client, expired]) {
      assert.equal(one.cookie, undefined, one.to);
      assert.equal(one.to, '/?log_in=failed');
    }
    assert.equal(roles().jana, 'viewer');
    // An answer counts once, and only in the browser that asked.
    const good = await logIn(claims);
    for (const cookies of [{ apiary_openid: good.attempt }, {}]) {
      const again = await app.inject({ url: `${good.back.pathname}${good.back.search}`, cookies });
      assert.equal(again.headers.location, '/?log_in=too_late');
    }
    // What anybody can send is not in the address of the page, and who breaks off is told so.
    const broken_off = await logIn(claims, (back) =>
      back.replace(/code=[^&]+/, 'error=access_denied&error_description=Call+0900+12345'),
    );
    assert.equal(broken_off.to, '/?log_in=refused');
  });

  test('a provider that is gone is told on the page', async () => {
    const gone = await createApiWithout();
    const start = await gone.inject({ url: '/api/v1/openid/start' });
    assert.equal(start.headers.location, '/?log_in=provider_away');
    assert.match(told.at(-1)!, /^no log-in by Nowhere from 127\.0\.0\.1: provider_away: /);
    await gone.close();
  });

  async function createApiWithout(): Promise<FastifyInstance> {
    const none = async (): Promise<never> => assert.fail('nothing is read');
    return createApi({
      store: { query: none, queryBytes: none, syntaxTree: none },
      state,
      catalogue: new Catalogue([]),
      recordings: { sql: new Map(), sessions_sql: new Map(), read: async () => null },
      files: { examine: none, lock: none },
      writeEvidence: none,
      analysis: { regroup: async () => undefined, rejudge: () => undefined, pause_seconds: 3600 },
      arrivals: new Arrivals(),
      isWell: () => true,
      openid: {
        ...{ issuer: 'http://127.0.0.1:9', client_id: 'apiary', client_secret: undefined },
        ...{ address: 'http://apiary.example', title: 'Nowhere', scope: 'openid', groups_claim: 'groups' },
        groups: { administrator: [], analyst: [], viewer: ['x'] },
      },
      log: (message) => told.push(message),
      demo: false,
      web_root,
    });
  }
});
