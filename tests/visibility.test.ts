/**
 * What a user may not see is in no answer. Every route of the API is asked, as it describes itself, for what is the user's
 * own and for what is not; whatever betrays the other honeynet fails. The same questions by one who sees all betray it:
 * so each check can fail.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { incident_formats, set_formats } from '@apiary/model/incident-words.ts';
import {
  attacker_of,
  begin_ms,
  file_of,
  honeypot_address_of,
  number_of,
  openSite,
  payload,
  type Site,
} from './rig/two-honeynets.ts';

/** What only the honeynet bravo saw or is called. */
const betrays_bravo = [/bravo/i, attacker_of.bravo, honeypot_address_of.bravo, file_of.bravo];
const betrays_alpha = [/alpha/i, attacker_of.alpha, honeypot_address_of.alpha, file_of.alpha];
const betrays_secret = [/SECRETpw/];
const period = `from=${new Date(begin_ms - 3_600_000).toISOString()}&to=${new Date(begin_ms + 3_600_000).toISOString()}`;

type Asked = { url: string; method?: 'POST'; payload?: object };

/** Routes that change something, or tell who asks of themselves only. */
const not_asked = [
  'GET /openid',
  ...['POST /login', 'POST /logout', 'POST /password', 'GET /me', 'GET /tokens', 'POST /tokens'],
  // Whoever has the link has the feed, and nobody asks who that is.
  'GET /feed/{secret}/{format}',
  ...['DELETE /tokens/{token_id}', 'POST /saved', 'DELETE /saved/{saved_id}'],
];
const honeypot = { name: 'x', interaction: 'low', role: 'server' };
const channel = { name: 'x', target: { kind: 'email', to: ['a@example.com'] } };
const rule = { name: 'x', condition: { kind: 'notice' }, channels: [1] };
const schedule = { name: 'x', address: '/explore', every: 'day', hour: 1, channel_id: 1 };
const address = { address: honeypot_address_of.bravo, side: 'inner' };
const [from, to] = [{ from_ms: begin_ms }, { to_ms: begin_ms }];
const family_rule = {
  ...{ name: 'own', title: 'Own', kind: 'botnet', tool: null, weight: 0.5, source: 'own' },
  conditions: [{ field: 'command', contains: 'payload' }],
};
/** Routes that change what others see: refused to who does not see it all. */
const refused: [route: string, url: string, payload?: object][] = [
  ['POST /users', 'users', { name: 'new', role: 'viewer', password: 'a long password' }],
  ['PATCH /users/{user_id}', 'users/1', { role: 'viewer' }],
  ['POST /alerts/channels', 'alerts/channels', channel],
  ['PUT /alerts/channels/{id}', 'alerts/channels/1', channel],
  ['POST /alerts/channels/{id}/test', 'alerts/channels/1/test'],
  ['POST /alerts/rules', 'alerts/rules', rule],
  ['PUT /alerts/rules/{id}', 'alerts/rules/1', rule],
  ['POST /alerts/schedules', 'alerts/schedules', schedule],
  ['PUT /alerts/schedules/{id}', 'alerts/schedules/1', schedule],
  ['DELETE /alerts/channels/{id}', 'alerts/channels/1'],
  ['DELETE /alerts/rules/{id}', 'alerts/rules/1'],
  ['DELETE /alerts/schedules/{id}', 'alerts/schedules/1'],
  ['POST /feeds', 'feeds', { name: 'x', kinds: ['address'] }],
  ['DELETE /feeds/{feed_id}', 'feeds/1'],
  ['POST /honeynets', 'honeynets', { name: 'x' }],
  ['PUT /honeynets/{honeynet_id}', 'honeynets/2', { name: 'x' }],
  ['POST /honeypots', 'honeypots', honeypot],
  ['PUT /honeypots/{honeypot_id}', 'honeypots/2', honeypot],
  ['POST /honeypots/{honeypot_id}/addresses', 'honeypots/2/addresses', { ...address, ...from }],
  ['POST /honeypots/{honeypot_id}/addresses/end', 'honeypots/2/addresses/end', { ...address, ...to }],
  ['POST /honeypots/{honeypot_id}/honeynets', 'honeypots/2/honeynets', { honeynet_id: 1, ...from }],
  ['POST /honeypots/{honeypot_id}/honeynets/{honeynet_id}/end', 'honeypots/2/honeynets/2/end', to],
  ['PUT /sensors/{sensor_id}', 'sensors/2', { description: 'x' }],
  ['POST /sensors/{sensor_id}/honeypots', 'sensors/2/honeypots', { honeypot_id: 1, ...from }],
  ['POST /sensors/{sensor_id}/honeypots/{honeypot_id}/end', 'sensors/2/honeypots/2/end', to],
  ['POST /incidents/{number}/join', 'incidents/1/join', { number: 1 }],
  ['POST /incidents/{number}/split', 'incidents/1/split', { attacks: ['1'] }],
  ['DELETE /groupings/{grouping_id}', 'groupings/1'],
  ['GET /gateways', 'gateways'],
  ['GET /settings', 'settings'],
  ['PUT /settings/retention/{kind}', 'settings/retention/events', { days: 1, bytes_max: null }],
  [
    'PUT /settings/mail',
    'settings/mail',
    { host: 'x', port: 25, tls: false, from: 'a@example.org', user: null },
  ],
  ['PUT /settings/geo', 'settings/geo', { country: ['/x'], as: ['/x'] }],
  ['DELETE /settings/{name}', 'settings/mail'],
  ['GET /rules', 'rules'],
  ['PUT /rules', 'rules', family_rule],
  ['POST /rules/trial', 'rules/trial', { rule: family_rule }],
  ['PUT /rules/{name}/switch', 'rules/mirai/switch', { is_on: false }],
  ['DELETE /rules/{name}', 'rules/own'],
  ['POST /notices/{alert_id}/close', 'notices/1/close'],
  ['POST /known_sources', 'known_sources', { network: '192.0.2.0/24', kind: 'gateway', name: 'x' }],
  ['DELETE /known_sources', 'known_sources?network=192.0.2.0/24'],
];

describe('what a user may not see', () => {
  let site: Site;
  let asked: Map<string, Asked[]>;
  let routes: string[];

  const log_ins = new Map<string, Record<string, string>>();
  const told_to_all = new Map<Asked, string>();

  async function cookiesOf(name: string): Promise<Record<string, string>> {
    const cookies = log_ins.get(name) ?? (await site.cookiesOf(name));
    log_ins.set(name, cookies);
    return cookies;
  }

  /** What one who sees all is told: asked once. */
  async function tellAll(one: Asked): Promise<string> {
    const body = told_to_all.get(one) ?? (await askAs('everywhere', one)).body;
    told_to_all.set(one, body);
    return body;
  }

  async function askAs(name: string, one: Asked): Promise<{ status: number; body: string }> {
    const cookies = await cookiesOf(name);
    const answer = await site.app.inject({ ...one, url: `/api/v1/${one.url}`, cookies });
    // Parquet and ZIP files are looked at as they are: their texts are not compressed beyond recognition in rows so few.
    return { status: answer.statusCode, body: answer.rawPayload.toString('latin1') };
  }

  /** What is left of an answer without what the question itself had said. */
  function withoutQuestion(body: string, { url, payload: sent }: Asked): string {
    const words = decodeURIComponent(`${url} ${JSON.stringify(sent ?? '')}`).split(/[\s/?&="';]+/);
    return words.filter((word) => word.length > 4).reduce((text, word) => text.replaceAll(word, ''), body);
  }

  function findTraces(body: string, traces: readonly (string | RegExp)[]): string[] {
    return traces
      .filter((one) => (typeof one === 'string' ? body.includes(one) : one.test(body)))
      .map(String);
  }

  before(async () => {
    site = await openSite();
    const { paths } = JSON.parse((await askAs('everywhere', { url: '../docs/json' })).body) as {
      paths: Record<string, object>;
    };
    routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace('/api/v1', '')}`),
    );
    const get = async <T>(url: string): Promise<T> =>
      JSON.parse((await askAs('everywhere', { url })).body) as T;
    const { events } = await get<{ events: { key: string; sensor: { name: string } }[] }>(
      `events?${period}&limit=200`,
    );
    const { incidents } = await get<{ incidents: { number: number }[] }>(`incidents?${period}`);
    const numbers = incidents.map(({ number }) => number);
    const whole = await Promise.all(
      numbers.map((number) => get<{ attacks: { attack_id: string }[] }>(`incidents/${number}`)),
    );
    const attacks = whole.flatMap(({ attacks: list }) => list.map(({ attack_id }) => attack_id));
    assert.ok(attacks.length >= 2, 'there are attacks of both honeynets');
    const { reports } = await get<{ reports: { kind: string; name: string }[] }>('reports');
    assert.ok(reports.length > 50, `${reports.length} reports`);
    const nets = ['alpha', 'bravo'] as const;
    const files = ['csv', 'json', 'html'];
    const sha256s = [...nets.map((net) => file_of[net]), payload];
    const sql = (query: string): Asked => ({ url: 'sql', method: 'POST', payload: { query } });
    const urls: Record<string, (string | Asked)[]> = {
      'GET /users': ['users'],
      'GET /audit': ['audit'],
      'GET /alerts': ['alerts'],
      'GET /feeds': ['feeds'],
      'GET /overview': [`overview?${period}`],
      'GET /events': [`events?${period}&limit=200`],
      'GET /events/count': [`events/count?${period}`],
      'GET /events/{key}': events.map(({ key }) => `events/${key}`),
      'GET /events/{key}/attack': events.map(({ key }) => `events/${key}/attack`),
      'GET /explore': [
        `explore?${period}&by=password&by=sensor`,
        `explore?${period}&by=username&over=time`,
        `explore?${period}&measure=distinct:password&by=service`,
        `explore?${period}&by=command&by=url`,
      ],
      'GET /explore/file': files.map((format) => `explore/file?${period}&by=username&format=${format}`),
      'GET /saved': ['saved'],
      'GET /incidents': [`incidents?${period}`],
      'GET /incidents/{number}': numbers.map((number) => `incidents/${number}`),
      'GET /incidents/{number}/sessions': numbers.map((number) => `incidents/${number}/sessions`),
      'GET /incidents/{number}/credentials': numbers.map((number) => `incidents/${number}/credentials`),
      'GET /incidents/{number}/file': numbers.flatMap((number) =>
        incident_formats.map((format) => `incidents/${number}/file?format=${format}`),
      ),
      'GET /incidents/file': numbers.flatMap((number) =>
        set_formats.map((format) => `incidents/file?numbers=${number}&format=${format}`),
      ),
      'GET /incidents/{number}/abuse': numbers.flatMap((number) =>
        nets.map((net) => `incidents/${number}/abuse?source=${attacker_of[net]}`),
      ),
      'GET /incidents/{number}/evidence': numbers.map((number) => `incidents/${number}/evidence`),
      'POST /incidents/{number}/judgements': [],
      'POST /attacks/{attack_id}/judgements': [],
      'GET /attacks': [
        `attacks?${period}&limit=200`,
        `attacks?${period}&tool=unknown`,
        ...nets.map((net) => `attacks?${period}&source=${attacker_of[net]}`),
        ...nets.map((net) => `attacks?${period}&session=${net}5e55`),
      ],
      'GET /attacks/{attack_id}': attacks.map((attack) => `attacks/${attack}`),
      'GET /taxonomy': [`taxonomy?${period}`],
      'GET /sensors': ['sensors'],
      'GET /inventory': ['inventory'],
      'GET /live': [],
      'GET /sessions/{sensor_id}/{session}': nets.map((net) => `sessions/${number_of[net]}/${net}5e55`),
      'GET /sessions/{sensor_id}/{session}/recordings': nets.map(
        (net) => `sessions/${number_of[net]}/${net}5e55/recordings`,
      ),
      'GET /sources/{address}': nets.map((net) => `sources/${attacker_of[net]}?${period}`),
      'GET /search': [
        ...nets.flatMap((net) => [attacker_of[net], `${net}root`, `${net}5e55`, file_of[net], `${net}-pot`]),
        payload,
        'http://198.51.100.9/bravo-file',
      ].map((q) => `search?q=${encodeURIComponent(q)}`),
      'GET /artifacts': ['artifacts'],
      'GET /artifacts/{sha256}': sha256s.map((one) => `artifacts/${one}`),
      'GET /artifacts/{sha256}/sessions': sha256s.map((one) => `artifacts/${one}/sessions`),
      'GET /artifacts/{sha256}/content': sha256s.map((one) => `artifacts/${one}/content`),
      'GET /artifacts/{sha256}/zip': sha256s.map((one) => `artifacts/${one}/zip`),
      'GET /reports': ['reports'],
      'GET /reports/{kind}/{name}': reports.map(({ kind, name }) => `reports/${kind}/${name}?${period}`),
      'GET /reports/{kind}/{name}/file': files.map(
        (format) => `reports/global/passwords/file?${period}&format=${format}`,
      ),
      'GET /sql/schema': ['sql/schema'],
      'POST /sql': [
        sql('SELECT * FROM event'),
        sql('SELECT username, password FROM event AS e WHERE e.sensor_id = 2'),
        sql('WITH x AS (SELECT * FROM event) SELECT count(), groupArray(username) FROM x'),
        sql('SELECT * FROM cowrie_json'),
        sql('SELECT (SELECT groupArray(password) FROM event)'),
        sql('SELECT a.username FROM event AS a INNER JOIN event AS b ON a.event_id = b.event_id'),
      ],
    };
    asked = new Map(
      Object.entries(urls).map(([route, list]) => [
        route,
        list.map((one) => (typeof one === 'string' ? { url: one } : one)),
      ]),
    );
  });
  after(() => site.close());

  test('every route of the API is asked or refused here', () => {
    const known = [...asked.keys(), ...not_asked, ...refused.map(([route]) => route)];
    assert.deepEqual(
      routes.filter((route) => !known.includes(route)),
      [],
      'routes that this test does not ask',
    );
    assert.deepEqual(
      known.filter((route) => !routes.includes(route)),
      [],
      'routes that are none',
    );
  });

  for (const [who, traces] of [
    ['alpha-analyst', betrays_bravo],
    ['alpha-administrator', betrays_bravo],
    ['alpha-viewer', [...betrays_bravo, ...betrays_secret]],
    ['nowhere', [...betrays_bravo, ...betrays_alpha]],
    ['blind', betrays_secret],
  ] as const)
    test(`is in no answer to ${who}`, async () => {
      const shown = new Set<string>();
      for (const [route, list] of asked) {
        // An administrator of honeynets reads what an analyst of them reads.
        if (who === 'alpha-administrator' && route.includes('/reports/')) continue;
        for (const one of list) {
          const { status, body } = await askAs(who, one);
          assert.ok([200, 403, 404].includes(status), `${one.url}: ${status} ${body.slice(0, 300)}`);
          const found = findTraces(withoutQuestion(body, one), traces);
          assert.deepEqual(found, [], `${who} ${route} ${JSON.stringify(one)}: ${body.slice(0, 2000)}`);
          if (findTraces(withoutQuestion(await tellAll(one), one), traces).length > 0) shown.add(route);
        }
      }
      // Who sees all sees it there: so much of the test can fail.
      const least = traces === betrays_secret ? 5 : 15;
      assert.ok(shown.size >= least, `only ${[...shown].join(', ')} would have betrayed it`);
    });

  test('counts are those of the own honeynet, and a whole one for who sees all', async () => {
    const count = async (who: string): Promise<number> =>
      (JSON.parse((await askAs(who, { url: `events/count?${period}` })).body) as { events: number }).events;
    const [all, alpha, nowhere] = [
      await count('everywhere'),
      await count('alpha-analyst'),
      await count('nowhere'),
    ];
    // Connection, client's version, a log-in that succeeded, a command, a download; and 7 and 30 log-ins that failed.
    assert.deepEqual([all, alpha, nowhere], [5 + 7 + 5 + 30, 5 + 7, 0]);
    const events = async (who: string) =>
      (JSON.parse((await askAs(who, { url: `events?${period}&limit=200` })).body) as { events: unknown[] })
        .events.length;
    assert.equal(await events('alpha-analyst'), 12);
    const { rows } = JSON.parse(
      (
        await askAs('alpha-analyst', {
          url: 'sql',
          method: 'POST',
          payload: { query: 'SELECT count() FROM event' },
        })
      ).body,
    ) as { rows: string[][] };
    assert.equal(Number(rows[0]![0]), 12);
  });

  test('known sources are those from which one sees events', async () => {
    const namesFor = async (who: string): Promise<string[]> =>
      (
        JSON.parse((await askAs(who, { url: 'inventory' })).body) as { known_sources: { name: string }[] }
      ).known_sources.map(({ name }) => name);
    assert.deepEqual(await namesFor('everywhere'), ['alpha-scanner', 'bravo-scanner']);
    assert.deepEqual(await namesFor('blind'), ['alpha-scanner', 'bravo-scanner']);
    assert.deepEqual(await namesFor('alpha-analyst'), ['alpha-scanner']);
    assert.deepEqual(await namesFor('nowhere'), []);
    const source = await askAs('alpha-analyst', { url: `sources/${attacker_of.alpha}?${period}` });
    assert.equal((JSON.parse(source.body) as { known: { name: string } }).known.name, 'alpha-scanner');
  });

  test('who did what is told of all honeynets, and so to administrators of all only', async () => {
    for (const who of ['alpha-administrator', 'nowhere', 'blind'])
      assert.equal((await askAs(who, { url: 'audit' })).status, 403, who);
    assert.equal((await askAs('everywhere', { url: 'audit' })).status, 200);
  });

  test('changes nothing of others', async () => {
    for (const who of ['alpha-analyst', 'alpha-administrator', 'alpha-viewer', 'nowhere'])
      for (const [route, url, sent] of refused) {
        const answer = await site.app.inject({
          method: route.split(' ')[0] as 'POST',
          url: `/api/v1/${url}`,
          cookies: await cookiesOf(who),
          ...(sent === undefined ? {} : { payload: sent }),
        });
        // Who sees nothing of an incident is told that there is none.
        const is_hidden = /incidents|groupings/.test(route) && answer.statusCode === 404;
        assert.ok(answer.statusCode === 403 || is_hidden, `${who} ${route}: ${answer.body}`);
      }
  });

  test('an incident that reaches where one may not see is not decided', async () => {
    const partial = await Promise.all(
      asked.get('GET /incidents/{number}')!.map(async (one) => ({
        one,
        ...(await askAs('alpha-analyst', one)),
      })),
    );
    const seen = partial.filter(({ status }) => status === 200);
    assert.ok(seen.length > 0);
    for (const { one, body } of seen) {
      const { incident } = JSON.parse(body) as { incident: { is_partial: boolean } };
      assert.equal(incident.is_partial, true);
      const answer = await askAs('alpha-analyst', {
        url: `${one.url}/judgements`,
        method: 'POST',
        payload: { field: 'comment', value: 'mine' },
      });
      assert.equal(answer.status, 403, answer.body);
    }
  });

  test('an attack is decided by who sees all of it and may decide', async () => {
    const ids = asked.get('GET /attacks/{attack_id}')!.map(({ url }) => url);
    const statuses = async (who: string): Promise<Set<number>> => {
      const payload = { field: 'comment', value: 'mine' };
      const answers = await Promise.all(
        ids.map((url) => askAs(who, { url: `${url}/judgements`, method: 'POST', payload })),
      );
      return new Set(answers.map(({ status }) => status));
    };
    assert.deepEqual(await statuses('alpha-viewer'), new Set([403]));
    assert.deepEqual(await statuses('nowhere'), new Set([403]));
    // Of its own honeynet, and of no other.
    assert.deepEqual(await statuses('alpha-analyst'), new Set([200, 404]));
  });

  test('who sees all of it joins incidents and takes that back; others cannot', async () => {
    const ask = async (who: string, method: 'POST' | 'DELETE', url: string, sent?: object) => {
      const answer = await site.app.inject({
        ...{ method, url: `/api/v1/${url}`, cookies: await cookiesOf(who) },
        ...(sent === undefined ? {} : { payload: sent }),
      });
      return { status: answer.statusCode, body: answer.body };
    };
    const read = async (number: number) =>
      JSON.parse((await askAs('everywhere', { url: `incidents/${number}` })).body) as {
        incident: { number: number };
        attacks: { attack_id: string }[];
        groupings: { grouping_id: number }[];
      };
    const { attacks } = await read(1);
    assert.ok(attacks.length >= 2);
    const split = { attacks: [attacks[1]!.attack_id], reason: 'another campaign' };
    assert.equal((await ask('both', 'POST', 'incidents/1/split', split)).status, 403, 'a viewer of bravo');
    const answer = await ask('everywhere', 'POST', 'incidents/1/split', split);
    assert.equal(answer.status, 200, answer.body);
    const { number } = JSON.parse(answer.body) as { number: number };
    assert.notEqual(number, 1);
    const apart = await read(number);
    assert.deepEqual(
      apart.attacks.map(({ attack_id }) => attack_id),
      split.attacks,
    );
    assert.equal((await read(1)).attacks.length, attacks.length - 1);
    const joined = await ask('everywhere', 'POST', 'incidents/1/join', { number });
    assert.deepEqual([joined.status, JSON.parse(joined.body)], [200, { number: 1 }]);
    assert.equal((await read(number)).incident.number, 1, 'the other number leads to it');
    assert.equal((await ask('everywhere', 'POST', 'incidents/1/join', { number })).status, 409);
    const { groupings } = await read(1);
    assert.equal(groupings.length, 2);
    for (const { grouping_id } of groupings)
      assert.equal((await ask('everywhere', 'DELETE', `groupings/${grouping_id}`)).status, 204);
    assert.deepEqual((await read(1)).attacks, attacks);
    assert.equal((await ask('everywhere', 'POST', 'incidents/1/split', { attacks: ['12345'] })).status, 400);
  });

  test('the live stream tells of the own honeynet only', async () => {
    await site.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = site.app.server.address() as { port: number };
    const listen = async (who: string): Promise<{ wait: () => Promise<string>; close: () => void }> => {
      const { apiary_login } = await cookiesOf(who);
      const controller = new AbortController();
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/live`, {
        headers: { cookie: `apiary_login=${apiary_login}` },
        signal: controller.signal,
      });
      assert.equal(answer.status, 200);
      const reader = answer.body!.getReader();
      return {
        wait: async () => {
          let text = '';
          while (!text.includes('arrivals')) {
            const { value, done } = await reader.read();
            if (done) break;
            text += Buffer.from(value).toString();
          }
          return text;
        },
        close: () => controller.abort(),
      };
    };
    const alpha = await listen('alpha-analyst');
    const all = await listen('everywhere');
    // Both segments, as if they had come now.
    site.arrivals.note(1n);
    site.arrivals.note(2n);
    const [own, whole] = await Promise.all([alpha.wait(), all.wait()]);
    alpha.close();
    all.close();
    assert.match(own, /alpha/);
    assert.deepEqual(findTraces(own, betrays_bravo), []);
    assert.match(whole, /bravo/);
  });
});
