/** The API over the real engine, asked as a browser would, without a network. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { OperationalError } from '@apiary/model/errors.ts';
import type { FastifyInstance } from 'fastify';
import { Arrivals } from '../reports/arrivals.ts';
import { Catalogue } from '../reports/catalogue.ts';
import type { Reader } from '../reports/count-by.ts';
import { readChanges } from '../state/change-log.ts';
import { StateDatabase } from '../state/database.ts';
import { addUser, changeUser } from '../state/users.ts';
import { migrate } from '../store/schema.ts';
import { Store } from '../store/store.ts';
import { createApi } from './app.ts';

const password = 'a long password';
const now_ms = Date.UTC(2026, 5, 1);
const kept_file = 'ab'.repeat(32);
const hostile = '<img src=x onerror=alert(1)>\u202e\u0007';

describe('API', () => {
  const directory = mkdtempSync(join(tmpdir(), 'apiary-api-'));
  let store: Store;
  let state: StateDatabase;
  let app: FastifyInstance;
  let down = false;
  const mistake = new TypeError('a mistake of ours', { cause: new Error('the cause of it') });
  let is_mistaken = false;
  const told: string[] = [];
  let clock_ms = now_ms;
  const arrivals = new Arrivals();
  const nothing = async (sha256: string): Promise<never> => {
    throw new OperationalError('not_found', `there is no artifact ${sha256}`);
  };

  const logIn = async (name: string, with_password = password) =>
    app.inject({ method: 'POST', url: '/api/v1/login', payload: { name, password: with_password } });
  const cookieOf = async (name: string): Promise<Record<string, string>> => {
    const response = await logIn(name);
    assert.equal(response.statusCode, 200);
    return { apiary_login: response.cookies[0]!.value };
  };

  before(async () => {
    store = new Store({ directory });
    await store.whenUp();
    await migrate(store, []);
    await store.command(
      `INSERT INTO event (event_id, sensor_id, sensor_type, sensor_table, detect_ts, collect_ts, action, attacker_ip, vantage, service, username, password)
       SELECT number + 1, 1 + number % 2, 'test', 'test_lines', toDateTime64('2026-05-31 12:00:00', 6, 'UTC') + number, toDateTime64('2026-05-31 12:00:00', 6, 'UTC') + number, 'authenticate',
         toIPv6('::ffff:198.51.100.7'), 'honeypot', 'ssh', unhex('${Buffer.from(hostile).toString('hex')}'), 'secret' FROM numbers(60)`,
    );
    state = new StateDatabase(':memory:');
    for (const role of ['administrator', 'analyst', 'viewer'] as const)
      await addUser(state, 'test', { name: role, role, password });
    state.run("INSERT INTO sensor (sensor_id, name, type, created_ms) VALUES (1, 'one', 'test', 0)");
    const reader: Reader = {
      query: (sql, params, limits) => {
        if (is_mistaken) throw mistake;
        if (down) throw new OperationalError('engine_down', 'the engine is down');
        return store.query(sql, params, limits);
      },
      queryBytes: (...args) => store.queryBytes(...args),
      syntaxTree: (statement) => store.syntaxTree(statement),
    };
    app = await createApi({
      store: reader,
      state,
      catalogue: new Catalogue([]),
      recordings: { sql: new Map(), sessions_sql: new Map(), read: async () => null },
      files: {
        examine: nothing,
        lock: async (sha256) => (sha256 === kept_file ? Buffer.from('locked') : nothing(sha256)),
      },
      writeEvidence: async (actor, number) => {
        const path = join(directory, `evidence-${number}`);
        writeFileSync(path, `incident ${number} for ${actor}`);
        return path;
      },
      analysis: { regroup: async () => undefined, rejudge: () => undefined, pause_seconds: 3600 },
      arrivals,
      isWell: () => !down,
      metrics: { token: 'a token for the test', write: async () => 'apiary_engine_up 1\n' },
      log: (message) => told.push(message),
      demo: true,
      web_root: directory,
      trust_proxy: ['127.0.0.1'],
      now_ms: () => clock_ms,
    });
  });
  after(async () => {
    await app.close();
    await store.close();
    state.close();
    rmSync(directory, { recursive: true });
  });

  test('nothing is answered without a log-in', async () => {
    const urls = ['me', 'overview', 'events', 'events/count', 'events/1-1', 'sensors', 'inventory', 'users'];
    for (const url of [...urls.map((one) => `/api/v1/${one}`), '/api/docs/', '/api/docs/json']) {
      const response = await app.inject({ url });
      assert.equal(response.statusCode, 401, url);
      assert.equal(response.json().error.code, 'unauthenticated');
    }
  });

  test('the cookie is out of reach of scripts and of other sites', async () => {
    const response = await logIn('administrator');
    assert.match(String(response.headers['set-cookie']), /HttpOnly; SameSite=Strict/);
    const behind_tls = await app.inject({
      ...{ method: 'POST', url: '/api/v1/login', headers: { 'x-forwarded-proto': 'https' } },
      payload: { name: 'administrator', password },
    });
    assert.match(String(behind_tls.headers['set-cookie']), /; Secure; SameSite=Strict/);
    assert.equal(behind_tls.headers['strict-transport-security'], 'max-age=31536000');
    const cookies = { apiary_login: response.cookies[0]!.value };
    const me = await app.inject({ url: '/api/v1/me', cookies });
    assert.deepEqual([me.json().user.name, me.json().demo], ['administrator', true]);
    const foreign = (headers: Record<string, string>) =>
      app.inject({
        method: 'POST',
        url: '/api/v1/honeynets',
        cookies,
        headers,
        payload: { name: `net ${Math.random()}` },
      });
    assert.equal((await foreign({ 'sec-fetch-site': 'cross-site' })).statusCode, 403);
    assert.equal((await foreign({ 'sec-fetch-site': 'same-site' })).statusCode, 403);
    assert.equal((await foreign({ origin: 'http://evil.example' })).statusCode, 403);
    assert.equal((await foreign({ 'sec-fetch-site': 'same-origin' })).statusCode, 201);
    await app.inject({ method: 'POST', url: '/api/v1/logout', cookies });
    assert.equal((await app.inject({ url: '/api/v1/me', cookies })).statusCode, 401);
  });

  test('every answer carries the policy that refuses foreign and inline scripts', async () => {
    for (const url of ['/', '/api/v1/me', '/nothing.js']) {
      const { headers } = await app.inject({ url });
      assert.match(String(headers['content-security-policy']), /default-src 'self'; script-src 'self';/, url);
      assert.doesNotMatch(String(headers['content-security-policy']), /unsafe/, url);
      assert.equal(headers['x-content-type-options'], 'nosniff');
    }
  });

  test('events are filtered, paged, and hostile text comes as it was', async () => {
    const cookies = await cookieOf('viewer');
    const seen: string[] = [];
    let before_key: string | null = null;
    do {
      const query: Record<string, string> = {
        sensor: '1',
        limit: '7',
        ...(before_key === null ? {} : { before: before_key }),
      };
      const response = await app.inject({ url: '/api/v1/events', query, cookies });
      assert.equal(response.statusCode, 200, response.body);
      const page = response.json();
      for (const event of page.events) {
        assert.equal(event.username, hostile);
        assert.equal(event.attacker_ip, '198.51.100.7');
      }
      seen.push(...page.events.map((event: { event_id: string }) => event.event_id));
      before_key = page.next;
    } while (before_key !== null);
    assert.deepEqual(
      seen,
      Array.from({ length: 30 }, (_, index) => String(59 - 2 * index)),
    );
    const count = await app.inject({ url: '/api/v1/events/count', query: { username: hostile }, cookies });
    assert.equal(count.json().events, 60);
    const none = await app.inject({
      url: '/api/v1/events/count',
      query: { username: "' OR 1=1 --" },
      cookies,
    });
    assert.equal(none.json().events, 0);
  });

  test('the overview counts, and an event that is not there is said', async () => {
    const cookies = await cookieOf('viewer');
    const overview = (await app.inject({ url: '/api/v1/overview', cookies })).json();
    assert.equal(overview.events, 60);
    assert.deepEqual(overview.top.passwords, [{ value: 'hidden', events: 60 }], 'a viewer sees no password');
    const of_analyst = await app.inject({ url: '/api/v1/overview', cookies: await cookieOf('analyst') });
    assert.deepEqual(of_analyst.json().top.passwords, [{ value: 'secret', events: 60 }]);
    assert.deepEqual(overview.top.sources, [{ value: '198.51.100.7', events: 60 }]);
    const detail = await app.inject({ url: `/api/v1/events/${Date.UTC(2026, 4, 31, 12)}000-1`, cookies });
    assert.equal(detail.statusCode, 200, detail.body);
    assert.equal(detail.json().record, null);
    assert.equal((await app.inject({ url: '/api/v1/events/1-1', cookies })).statusCode, 404);
  });

  test('what is wrong with a request is named', async () => {
    const cookies = await cookieOf('analyst');
    const ask = async (query: Record<string, string>) => {
      const response = await app.inject({ url: '/api/v1/events', query, cookies });
      assert.equal(response.statusCode, 400);
      const { error } = response.json();
      assert.deepEqual(Object.keys(error).sort(), ['code', 'details', 'message', 'remedy']);
      return error.message as string;
    };
    assert.match(await ask({ limit: 'many' }), /limit.*many/);
    assert.match(await ask({ from: 'yesterday' }), /from.*yesterday/);
    assert.match(await ask({ sensor: 'x' }), /sensor/);
    assert.match(await ask({ colour: 'red' }), /colour/);
    assert.match(await ask({ action: 'dance' }), /action.*dance/);
    assert.match(await ask({ before: 'x' }), /before.*x/);
    const post = await app.inject({
      method: 'POST',
      url: '/api/v1/known_sources',
      cookies,
      payload: { network: '300.1.1.1', kind: 'gateway', name: 'x' },
    });
    assert.match(post.json().error.message, /network.*300\.1\.1\.1/);
    const lost = await app.inject({ url: '/api/v1/nothing', cookies });
    assert.deepEqual([lost.statusCode, lost.json().error.code], [404, 'not_found']);
  });

  test('all look at the inventory, administrators change it and users', async () => {
    const change = async (name: string) => {
      const cookies = await cookieOf(name);
      const honeypot = { name: `pot of ${name}`, interaction: 'low', role: 'server' };
      const made = await app.inject({ method: 'POST', url: '/api/v1/honeypots', cookies, payload: honeypot });
      const users = await app.inject({ url: '/api/v1/users', cookies });
      const inventory = await app.inject({ url: '/api/v1/inventory', cookies });
      return [made.statusCode, users.statusCode, inventory.statusCode];
    };
    assert.deepEqual(await change('viewer'), [403, 403, 200]);
    assert.deepEqual(await change('analyst'), [403, 403, 200]);
    assert.deepEqual(await change('administrator'), [201, 200, 200]);
    const cookies = await cookieOf('administrator');
    const [honeypot] = (await app.inject({ url: '/api/v1/inventory', cookies })).json().honeypots;
    const assign = (from_ms: number) =>
      app.inject({
        method: 'POST',
        url: '/api/v1/sensors/1/honeypots',
        cookies,
        payload: { honeypot_id: honeypot.honeypot_id, from_ms },
      });
    assert.equal((await assign(5000)).statusCode, 204);
    assert.equal((await assign(4000)).statusCode, 409);
    const listed = await app.inject({ url: '/api/v1/users', cookies: await cookieOf('administrator') });
    assert(!listed.body.includes('argon2'));
  });

  test('says whether it is well, and its figures to who shows the token', async () => {
    assert.equal((await app.inject('/healthz')).statusCode, 200);
    down = true;
    assert.equal((await app.inject('/healthz')).statusCode, 503);
    down = false;
    for (const authorization of [undefined, 'Bearer wrong', 'a token for the test'])
      assert.equal(
        (await app.inject({ url: '/metrics', headers: authorization === undefined ? {} : { authorization } }))
          .statusCode,
        401,
      );
    const answer = await app.inject({
      url: '/metrics',
      headers: { authorization: 'Bearer a token for the test' },
    });
    assert.equal(answer.body, 'apiary_engine_up 1\n');
  });

  test('the engine down is told as such, and the rest goes on', async () => {
    const cookies = await cookieOf('viewer');
    down = true;
    const response = await app.inject({ url: '/api/v1/overview', cookies });
    assert.deepEqual([response.statusCode, response.json().error.code], [503, 'engine_down']);
    assert.equal((await app.inject({ url: '/api/v1/sensors', cookies })).statusCode, 200);
    down = false;
    assert.equal((await app.inject({ url: '/api/v1/overview', cookies })).statusCode, 200);
  });

  test('guessing is slowed down by account, and waiting helps', async () => {
    for (let guess = 0; guess < 5; guess++)
      assert.equal((await logIn('analyst', `guess ${guess}`)).statusCode, 401);
    const slowed = await logIn('analyst');
    assert.deepEqual([slowed.statusCode, slowed.json().error.code], [429, 'throttled']);
    assert.equal(slowed.headers['retry-after'], '1');
    assert.equal((await logIn('viewer')).statusCode, 200);
    clock_ms += 1000;
    const at_once = await Promise.all([1, 2, 3, 4].map((guess) => logIn('analyst', `another ${guess}`)));
    assert.deepEqual(at_once.map(({ statusCode }) => statusCode).sort(), [401, 429, 429, 429]);
    clock_ms += 2000;
    assert.equal((await logIn('analyst')).statusCode, 200);
  });

  test('guessing is slowed down by address too, whatever the names', async () => {
    const guess = (name: string, remoteAddress: string) =>
      app.inject({
        ...{ method: 'POST', url: '/api/v1/login', remoteAddress },
        payload: { name, password: 'a guess' },
      });
    for (let index = 0; index < 20; index++)
      assert.equal((await guess(`name ${index}`, '203.0.113.9')).statusCode, 401);
    assert.equal((await guess('another name', '203.0.113.9')).statusCode, 429);
    assert.equal((await guess('another name', '203.0.113.10')).statusCode, 401);
  });

  test('a notice stands until an administrator lays it aside', async () => {
    const insert =
      "INSERT INTO alert (kind, subject, message, first_ms, last_ms) VALUES ('certificate_on_two_hosts', 'collector edge', 'copied', 1, 1)";
    const alert_id = state.run(insert).id;
    const close = async (name: string) => {
      const cookies = await cookieOf(name);
      const url = `/api/v1/notices/${alert_id}/close`;
      return (await app.inject({ method: 'POST', url, cookies })).statusCode;
    };
    const shown = async () => {
      const { alerts } = (
        await app.inject({ url: '/api/v1/sensors', cookies: await cookieOf('viewer') })
      ).json() as { alerts: { subject: string }[] };
      return alerts.map(({ subject }) => subject);
    };
    assert.deepEqual([await close('analyst'), await shown()], [403, ['collector edge']]);
    assert.deepEqual([await close('administrator'), await shown()], [204, []]);
    assert.equal(await close('administrator'), 404);
    const { actor, subject } = state.get<{ actor: string; subject: string }>(
      "SELECT actor, subject FROM change_log WHERE verb = 'close notice'",
    )!;
    assert.deepEqual([actor, subject], ['administrator', 'collector edge']);
  });

  test('the description names every route', async () => {
    const cookies = await cookieOf('viewer');
    const { paths } = (await app.inject({ url: '/api/docs/json', cookies })).json();
    for (const path of [
      '/api/v1/login',
      '/api/v1/overview',
      '/api/v1/events',
      '/api/v1/events/{key}',
      '/api/v1/sensors',
      '/api/v1/inventory',
    ])
      assert(path in paths, path);
    assert(
      (paths['/api/v1/events'].get.parameters as { name: string }[]).some(({ name }) => name === 'password'),
    );
  });

  test('tokens are shown once, read or do what their owner may, and end', async () => {
    const cookies = await cookieOf('administrator');
    const make = async (payload: object) =>
      app.inject({ method: 'POST', url: '/api/v1/tokens', cookies, payload });
    assert.equal((await make({ name: 'x', days: 400 })).statusCode, 400);
    const made = await make({ name: 'script', scope: 'read', days: 1 });
    assert.equal(made.statusCode, 201);
    const { token, token_id } = made.json();
    assert.match(token, /^apiary_[\w-]{43}$/);
    const ask = (
      method: 'GET' | 'POST' | 'DELETE',
      url: string,
      bearer = token,
      payload?: object,
      headers: Record<string, string> = {},
    ) =>
      app.inject({
        method,
        url: `/api/v1${url}`,
        headers: { authorization: `Bearer ${bearer}`, ...headers },
        ...(payload === undefined ? {} : { payload }),
      });
    assert.equal((await ask('GET', '/me')).json().user.name, 'administrator');
    assert.equal((await ask('POST', '/sql', token, { query: 'SELECT 1' })).statusCode, 200);
    const net = { name: 'a net by token' };
    assert.match((await ask('POST', '/honeynets', token, net)).json().error.message, /for reading only/);
    const whole = (await make({ name: 'all', scope: 'all', days: 1 })).json().token;
    // No browser sends a token on its own: where a request comes from does not matter.
    const foreign = { 'sec-fetch-site': 'cross-site' };
    assert.equal((await ask('POST', '/honeynets', whole, net, foreign)).statusCode, 201);
    for (const [method, url, payload] of [
      ['GET', '/tokens', undefined],
      ['POST', '/tokens', { name: 'more', days: 1 }],
      ['POST', '/password', { password, new_password: 'another long one' }],
      ['GET', '/users', undefined],
    ] as const)
      assert.equal((await ask(method, url, whole, payload)).statusCode, 403, url);
    const listed = await app.inject({ url: '/api/v1/tokens', cookies });
    assert.equal(listed.body.includes(token), false);
    assert.equal(listed.json().at(-1).seen_ms, clock_ms);
    const others = await cookieOf('viewer');
    const revoke = (who: Record<string, string>) =>
      app.inject({ method: 'DELETE', url: `/api/v1/tokens/${token_id}`, cookies: who });
    assert.equal((await revoke(others)).statusCode, 404);
    assert.equal((await revoke(cookies)).statusCode, 204);
    assert.equal((await ask('GET', '/me')).statusCode, 401);
    clock_ms += 2 * 86_400_000;
    assert.equal((await ask('GET', '/me', whole)).statusCode, 401, 'it has ended');
    clock_ms = now_ms;
    assert.equal((await ask('GET', '/me', 'apiary_nonsense')).statusCode, 401);
    const { user_id } = await addUser(state, 'test', { name: 'leaver', role: 'analyst', password });
    const leaver = await cookieOf('leaver');
    const its = (
      await app.inject({
        ...{ method: 'POST', url: '/api/v1/tokens', cookies: leaver, payload: { name: 'its', days: 1 } },
      })
    ).json().token;
    assert.equal((await ask('GET', '/me', its)).statusCode, 200);
    await changeUser(state, 'test', user_id, { disabled: true });
    assert.equal((await ask('GET', '/me', its)).statusCode, 401, 'its owner is disabled');
  });

  test('every statement in SQL stands in the log, what is refused too', async () => {
    const cookies = await cookieOf('analyst');
    const query = 'SELECT * FROM system.users';
    const answer = await app.inject({ method: 'POST', url: '/api/v1/sql', cookies, payload: { query } });
    assert.equal(answer.statusCode, 403);
    const [last] = readChanges(state, { limit: 1 }).changes;
    assert.deepEqual([last!.actor, last!.verb, JSON.parse(last!.details)], ['analyst', 'run SQL', { query }]);
  });

  test('what leaves as a file stands in the log, what is not there does not', async () => {
    const cookies = await cookieOf('analyst');
    const ask = (sha256: string) => app.inject({ url: `/api/v1/artifacts/${sha256}/zip`, cookies });
    assert.equal((await ask('cd'.repeat(32))).statusCode, 404);
    assert.equal((await ask(kept_file)).body, 'locked');
    const downloads = readChanges(state, { verb: 'download file', limit: 5 }).changes;
    assert.deepEqual(
      downloads.map(({ actor, subject }) => [actor, subject]),
      [['analyst', kept_file]],
    );
  });

  test('a mistake of ours is told in the log of the server, and there only', async () => {
    is_mistaken = true;
    const answer = await app.inject({ url: '/api/v1/events/count', cookies: await cookieOf('viewer') });
    is_mistaken = false;
    assert.equal(answer.statusCode, 500);
    assert.doesNotMatch(answer.body, /a mistake of ours/);
    const reference = /request (\S+)\./.exec(answer.json().error.remedy)![1]!;
    const line = told.find((one) => one.includes(reference))!;
    assert.match(line, /GET \/api\/v1\/events\/count: TypeError: a mistake of ours\n.*the cause of it/s);
    const before = told.length;
    await app.inject({ url: '/api/v1/events/count?last=7', cookies: await cookieOf('viewer') });
    assert.equal(told.length, before, 'a mistake of who asks is none of ours');
  });

  test('who did what is told to administrators, newest first, in pages', async () => {
    const cookies = await cookieOf('administrator');
    await logIn('viewer', 'not the password');
    const read = async (query: string) =>
      (await app.inject({ url: `/api/v1/audit?${query}`, cookies })).json();
    const first = await read('limit=3');
    assert.deepEqual(
      [first.changes[0].verb, first.changes[0].actor, first.changes[1].verb, first.changes[1].actor],
      ['log-in refused', 'viewer', 'log in', 'administrator'],
    );
    const second = await read(`limit=3&before=${first.next}`);
    assert.equal(second.changes[0].change_id < first.changes[2].change_id, true);
    const nets = await read('verb=add%20honeynet&subject=BY%20TOKEN');
    assert.deepEqual(
      nets.changes.map(({ actor, subject }: { actor: string; subject: string }) => [actor, subject]),
      [['administrator', 'a net by token']],
    );
    assert.equal(
      (await app.inject({ url: '/api/v1/audit', cookies: await cookieOf('analyst') })).statusCode,
      403,
    );
  });

  test('evidence is for analysts, and nothing of it stays behind', async () => {
    const url = '/api/v1/incidents/7/evidence';
    assert.equal((await app.inject({ url, cookies: await cookieOf('viewer') })).statusCode, 403);
    const response = await app.inject({ url, cookies: await cookieOf('analyst') });
    assert.equal(response.body, 'incident 7 for analyst');
    assert.equal(response.headers['content-disposition'], 'attachment; filename="incident-7.zip"');
    for (let wait = 0; existsSync(join(directory, 'evidence-7')) && wait < 100; wait += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(existsSync(join(directory, 'evidence-7')), false);
  });

  test('alerts: administrators make channels, analysts rules, and mistakes are told at once', async () => {
    const [administrator, analyst, viewer] = await Promise.all(
      ['administrator', 'analyst', 'viewer'].map((name) => cookieOf(name)),
    );
    const ask = (
      cookies: Record<string, string> | undefined,
      method: 'GET' | 'POST' | 'PUT' | 'DELETE',
      url: string,
      payload?: object,
    ) =>
      app.inject({
        method,
        url: `/api/v1/alerts${url}`,
        cookies: cookies ?? {},
        ...(payload === undefined ? {} : { payload }),
      });
    const channel = {
      name: 'hook',
      target: { kind: 'webhook', url: 'https://soc.example/apiary', secret: 'sixteen letters!' },
    };
    assert.equal((await ask(analyst, 'POST', '/channels', channel)).statusCode, 403);
    const made = await ask(administrator, 'POST', '/channels', channel);
    assert.deepEqual([made.statusCode, made.json()], [201, { id: 1 }]);
    assert.equal((await ask(administrator, 'POST', '/channels', channel)).statusCode, 409);
    const file = { ...channel, name: 'x', target: { ...channel.target, url: 'file:///etc/passwd' } };
    assert.equal((await ask(administrator, 'POST', '/channels', file)).statusCode, 400);
    const rule = {
      name: 'log-ins',
      condition: { kind: 'events', q: 'outcome:success and action:authenticate' },
      channels: [1],
    };
    assert.equal((await ask(viewer, 'GET', '')).statusCode, 403);
    assert.equal((await ask(analyst, 'POST', '/rules', rule)).statusCode, 201);
    const broken = await ask(analyst, 'POST', '/rules', {
      ...rule,
      name: 'x',
      condition: { kind: 'events', q: 'no such:' },
    });
    assert.equal(broken.statusCode, 400);
    assert.match(broken.json().error.message, /^q: /);
    assert.equal(
      (await ask(analyst, 'POST', '/rules', { ...rule, name: 'y', channels: [9] })).statusCode,
      404,
    );
    const url = 'https://soc.example/other';
    const put = (target: object) => ask(administrator, 'PUT', '/channels/1', { name: 'hook', target });
    assert.equal((await put({ kind: 'webhook', url })).statusCode, 204);
    const keyless = { name: 'keyless', target: { kind: 'webhook', url } };
    assert.equal((await ask(administrator, 'POST', '/channels', keyless)).statusCode, 400);
    const short = await put({ kind: 'webhook', url, secret: 'too short' });
    assert.equal(short.statusCode, 400);
    assert.equal(short.body.includes('too short'), false);
    // Whoever delivers has the key; who reads the channels, with a token or without, has not.
    const kept = state.get<{ target: string }>('SELECT target FROM alert_channel')!;
    assert.deepEqual(JSON.parse(kept.target), { kind: 'webhook', url, secret: 'sixteen letters!' });
    for (const who of [administrator, analyst]) {
      const answer = await ask(who, 'GET', '');
      assert.equal(answer.body.includes('sixteen letters!'), false);
      assert.deepEqual(answer.json().channels[0].target, { kind: 'webhook', url, has_secret: true });
    }
    assert.equal((await ask(administrator, 'GET', '')).json().rules[0].name, 'log-ins');
    assert.equal((await ask(administrator, 'DELETE', '/channels/1')).statusCode, 409);
    assert.equal((await ask(analyst, 'DELETE', '/rules/1')).statusCode, 204);
    assert.equal((await ask(administrator, 'DELETE', '/channels/1')).statusCode, 204);
  });

  test('what is wrong with a query is told by field and value', async () => {
    const cookies = await cookieOf('viewer');
    const tell = async (query: string): Promise<string> => {
      const answer = await app.inject({ url: `/api/v1/events?${query}`, cookies });
      assert.equal(answer.statusCode, 400);
      return answer.json().error.message;
    };
    assert.equal(await tell('nosuch=1'), 'nosuch is not known here');
    assert.equal(await tell('last=7'), 'last: "7" must be one of 1h, 24h, 7d, 30d, 365d');
    assert.match(await tell('sensor=pop-1'), /^sensor: "pop-1" is no number: .*q=sensor:NAME$/);
  });

  test('the live stream tells what came, in its filter, and ends with the log-in', async () => {
    const cookies = await cookieOf('viewer');
    const address = await app.listen({ port: 0, host: '127.0.0.1' });
    const cut = new AbortController();
    const open = (query: string) =>
      fetch(`${address}/api/v1/live?${query}`, {
        headers: { cookie: `apiary_login=${cookies.apiary_login}` },
        signal: cut.signal,
      });
    assert.equal((await open('q=service:')).status, 400);
    assert.equal((await open('last=1h')).status, 400);
    const response = await open('username=live');
    assert.equal(response.headers.get('content-type'), 'text/event-stream');
    assert.match(String(response.headers.get('content-security-policy')), /default-src 'self'/);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let heard = '';
    const until = async (pattern: RegExp): Promise<void> => {
      while (!pattern.test(heard)) {
        const { value, done } = await reader.read();
        assert.equal(done, false, heard);
        heard += value;
      }
    };
    await until(/the stream begins/);
    const land = async (segment_id: number, username: string, count: number): Promise<void> => {
      await store.command(
        `INSERT INTO event (event_id, sensor_id, sensor_type, sensor_table, segment_id, detect_ts, collect_ts, action, attacker_ip, attacker_country, username)
         SELECT ${segment_id} * 100000 + number, 1, 'test', 'test_lines', ${segment_id}, toDateTime64('2001-01-01 00:00:00', 6, 'UTC'), toDateTime64('2026-06-01 00:00:00', 6, 'UTC') + number, 'authenticate',
           toIPv6('::ffff:198.51.100.7'), 'SK', '${username}' FROM numbers(${count})`,
      );
      arrivals.note(BigInt(segment_id));
    };
    await land(901, 'other', 10);
    await land(902, 'live', 3);
    await until(/event: arrivals\ndata: .*\n\n/);
    const told = JSON.parse(/data: (.*)\n/.exec(heard)![1]!);
    assert.deepEqual(
      [told.count, told.countries, told.events.length, told.events[0].username],
      [3, [{ value: 'SK', events: 3 }], 3, 'live'],
    );
    heard = '';
    await land(903, 'live', 5000);
    await until(/event: arrivals\ndata: .*\n\n/);
    const flood = JSON.parse(/data: (.*)\n/.exec(heard)![1]!);
    assert.deepEqual([flood.count, flood.events.length], [5000, 50]);
    down = true;
    await land(904, 'live', 1);
    await until(/event: engine\ndata: {"up":false}/);
    down = false;
    heard = '';
    await until(/event: engine\ndata: {"up":true}/);
    assert.match(heard, /"count":1/, 'what came while the engine was down is told then');
    await app.inject({ method: 'POST', url: '/api/v1/logout', cookies });
    for (;;) if ((await reader.read()).done) break;
    await store.command(
      'ALTER TABLE event DELETE WHERE segment_id BETWEEN 901 AND 904 SETTINGS mutations_sync = 1',
    );
  });
});
