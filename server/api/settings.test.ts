/** Settings on the page: in force at once, before the file, and taken back to it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { OperationalError } from '@apiary/model/errors.ts';
import type { FastifyInstance } from 'fastify';
import { readConfig } from '../config.ts';
import { Arrivals } from '../reports/arrivals.ts';
import { Catalogue } from '../reports/catalogue.ts';
import type { Retention } from '../retention/retention.ts';
import { mailInForce, readSettings } from '../settings.ts';
import { StateDatabase } from '../state/database.ts';
import { readLimits, retention_kinds } from '../state/retention.ts';
import { addUser } from '../state/users.ts';
import { createApi } from './app.ts';

const password = 'a long password';

describe('settings', () => {
  const directory = mkdtempSync(join(tmpdir(), 'apiary-settings-'));
  const state = new StateDatabase(':memory:');
  const loaded: (object | null)[] = [];
  let app: FastifyInstance;

  before(async () => {
    writeFileSync(join(directory, 'secret'), 'of the mail server\n');
    writeFileSync(
      join(directory, 'apiary.yaml'),
      `web: { metrics_token: "a-token-that-is-secret" }
store: { clickhouse_url: "http://apiary:of-the-engine@engine.example:8123" }
mail: { host: mail.example, from: apiary@example.org, user: apiary, password_file: ${join(directory, 'secret')} }
retention: { records: { days: 90 } }
`,
    );
    const config = readConfig(directory);
    const of_file = { days: null, bytes_max: null };
    const limits = {
      ...{ records: { days: 90, bytes_max: null }, events: of_file, artifacts: of_file },
      ...{ captures: of_file, readings: of_file },
    };
    const retention = {
      usage: async () => Object.fromEntries(retention_kinds.map((kind) => [kind, 5])),
      get limits() {
        return readLimits(state, limits);
      },
    } as unknown as Retention;
    for (const role of ['administrator', 'analyst'] as const)
      await addUser(state, 'test', { name: role, role, password });
    await addUser(state, 'test', {
      ...{ name: 'blind', role: 'administrator', password },
      sees_secrets: false,
    });
    const none = async (): Promise<never> => assert.fail('nothing is read');
    app = await createApi({
      store: { query: none, queryBytes: none, syntaxTree: none },
      state,
      catalogue: new Catalogue([]),
      recordings: { sql: new Map(), sessions_sql: new Map(), read: async () => null },
      files: { examine: none, lock: none },
      writeEvidence: none,
      analysis: { regroup: none, rejudge: () => undefined, pause_seconds: 3600 },
      settings: {
        read: () => readSettings(config, state, retention),
        loadGeo: async (files) => {
          if (files?.country[0] === '/lost.csv')
            throw new OperationalError('config_invalid', 'the geo database /lost.csv is not there');
          loaded.push(files);
        },
      },
      arrivals: new Arrivals(),
      isWell: () => true,
      demo: false,
      web_root: directory,
    });
  });
  after(async () => {
    await app.close();
    state.close();
    rmSync(directory, { recursive: true });
  });

  async function as(name: string) {
    const answer = await app.inject({ method: 'POST', url: '/api/v1/login', payload: { name, password } });
    const cookies = { apiary_login: answer.cookies[0]!.value };
    return (method: 'GET' | 'PUT' | 'DELETE', path: string, payload?: object) =>
      app.inject({ method, url: `/api/v1${path}`, cookies, ...(payload === undefined ? {} : { payload }) });
  }
  const mail = () => mailInForce(readConfig(directory), state);

  test('are for administrators who see everything, and tell no secret', async () => {
    for (const name of ['analyst', 'blind'])
      for (const [method, path, payload] of [
        ['GET', '/settings'],
        ['PUT', '/settings/retention/events', { days: 1, bytes_max: null }],
        ['DELETE', '/settings/mail'],
      ] as const)
        assert.equal((await (await as(name))(method, path, payload)).statusCode, 403, `${name} ${path}`);
    const answer = await (await as('administrator'))('GET', '/settings');
    assert.equal(answer.statusCode, 200, answer.body);
    assert.doesNotMatch(answer.body, /token-that-is-secret|of the mail server|of-the-engine/);
    const { retention, mail: shown, geo, file } = answer.json();
    assert.deepEqual(retention[0], { kind: 'records', days: 90, bytes_max: null, bytes: 5, kept_from: null });
    assert.deepEqual(shown, {
      server: {
        ...{ host: 'mail.example', port: 587, tls: false, from: 'apiary@example.org', user: 'apiary' },
        has_password: true,
      },
      origin: 'file',
    });
    assert.equal(geo.origin, 'default');
    const values = new Map(
      file.values.map(({ path, value }: { path: string; value: string }) => [path, value]),
    );
    assert.equal(values.get('web.metrics_token'), 'set');
    assert.equal(values.get('store.clickhouse_url'), 'set');
    assert.equal(values.get('analysis.pause_seconds'), '3600');
  });

  test('of retention and mail hold at once, before the file, and are logged without the password', async () => {
    const ask = await as('administrator');
    assert.equal(
      (await ask('PUT', '/settings/retention/records', { days: 7, bytes_max: 5e9 })).statusCode,
      204,
    );
    assert.equal(
      (await ask('PUT', '/settings/retention/records', { days: 0, bytes_max: null })).statusCode,
      400,
    );
    assert.equal((await ask('PUT', '/settings/retention/all', { days: 1, bytes_max: null })).statusCode, 400);
    const { retention } = (await ask('GET', '/settings')).json();
    assert.deepEqual([retention[0].days, retention[0].bytes_max], [7, 5e9]);
    const server = { host: 'other.example', port: 465, tls: true, from: 'hive@example.org', user: 'hive' };
    assert.equal(
      (await ask('PUT', '/settings/mail', { ...server, password: 'first secret' })).statusCode,
      204,
    );
    assert.deepEqual(mail(), { ...server, password: 'first secret' });
    // Without a password the one that is set stays.
    assert.equal((await ask('PUT', '/settings/mail', { ...server, port: 587, tls: false })).statusCode, 204);
    assert.deepEqual(mail(), { ...server, port: 587, tls: false, password: 'first secret' });
    assert.doesNotMatch((await ask('GET', '/settings')).body, /first secret/);
    const changes = state.all<{ details: string }>('SELECT details FROM change_log');
    assert.ok(changes.every(({ details }) => !details.includes('first secret')));
    assert.equal((await ask('DELETE', '/settings/mail')).statusCode, 204);
    assert.equal(mail()?.password, 'of the mail server');
  });

  test('of geo databases are loaded before they are kept', async () => {
    const ask = await as('administrator');
    const wrong = await ask('PUT', '/settings/geo', { country: ['/lost.csv'], as: ['/as.csv'] });
    assert.equal(wrong.json().error.code, 'config_invalid', wrong.body);
    assert.equal((await ask('GET', '/settings')).json().geo.origin, 'default');
    const files = { country: ['/country.csv'], as: ['/as.csv'] };
    assert.equal((await ask('PUT', '/settings/geo', files)).statusCode, 204);
    assert.deepEqual((await ask('GET', '/settings')).json().geo, { ...files, origin: 'page' });
    assert.equal((await ask('DELETE', '/settings/geo')).statusCode, 204);
    assert.deepEqual(loaded, [files, null]);
  });
});
