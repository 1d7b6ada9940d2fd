/**
 * Every query of the pages on the real engine, in both renderings, against counts made in JavaScript from the
 * same events. The events lie over four months, so that periods fall into months, days, hours and edges.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Filter } from '@apiary/model/api/filter.ts';
import type { Inventory } from '@apiary/model/api/inventory.ts';
import { migrate, renderMigration } from '../store/schema.ts';
import { Store } from '../store/store.ts';
import { type Rendering, storedName } from '../store/template.ts';
import { splitPeriod } from './count-by.ts';
import { findEvent, findRecord, recordColumns, sameSession, sameSource } from './event-detail.ts';
import { makeContext, parseKey, showEvent } from './event-row.ts';
import { eventsCount } from './events-count.ts';
import { eventsPage } from './events-page.ts';
import { keyOf, overviewScope, page_queries } from './index.ts';
import { overviewTimeline } from './overview-timeline.ts';
import { overviewKinds, overviewTop } from './overview-top.ts';
import { resolveScope } from './scope.ts';
import {
  columns,
  events,
  events_count,
  first_ms,
  now_ms,
  type TestEvent,
  writeRow,
} from './testing/events.ts';
import { sees_everything } from './visibility.ts';

const stretch = (valid_from_ms: number, valid_to_ms: number | null) => ({ valid_from_ms, valid_to_ms });
const moved_ms = first_ms + 40 * 86_400_000;
const honeypot = (honeypot_id: number, address: string): Inventory['honeypots'][number] => ({
  honeypot_id,
  name: `pot ${honeypot_id}`,
  interaction: 'low',
  role: 'server',
  location: '',
  latitude: null,
  longitude: null,
  description: '',
  retired_ms: null,
  addresses: [{ address, side: 'inner', ...stretch(0, null) }],
  services: [],
  honeynets: honeypot_id === 1 ? [{ honeynet_id: 1, ...stretch(0, moved_ms) }] : [],
});
/** Sensor 1 moves from honeypot 1 to 2; sensor 3 watches both, told apart by address; sensor 2 watches none. */
const inventory: Inventory = {
  honeynets: [{ honeynet_id: 1, name: 'net', owners: '', description: '' }],
  honeypots: [honeypot(1, '192.0.2.1'), honeypot(2, '192.0.2.2')],
  sensors: [1, 2, 3].map((sensor_id) => ({
    sensor_id,
    name: `sensor ${sensor_id}`,
    type: 'test',
    description: '',
    created_ms: 0,
    retired_ms: null,
    collectors: [],
    honeypots:
      sensor_id === 1
        ? [
            { honeypot_id: 1, ...stretch(0, moved_ms) },
            { honeypot_id: 2, ...stretch(moved_ms, null) },
          ]
        : sensor_id === 3
          ? [
              { honeypot_id: 1, ...stretch(0, null) },
              { honeypot_id: 2, ...stretch(0, null) },
            ]
          : [],
  })),
  collectors: [],
  events_kept_from_ms: null,
  records_kept_from_ms: null,
  known_sources: [
    { network: '198.51.100.0/28', kind: 'gateway', name: 'carrier', since_ms: 0 },
    { network: '2001:db8::7', kind: 'own_scanner', name: 'ours', since_ms: 0 },
  ],
};

/** The honeypot of an event, reckoned by the rules above and not by our code. */
function honeypotOf(event: TestEvent): number | null {
  if (event.sensor_id === 1) return event.detect_ms < moved_ms ? 1 : 2;
  if (event.sensor_id === 3) return event.destination_ip === '192.0.2.1' ? 1 : 2;
  return null;
}
const isGateway = ({ attacker_ip }: TestEvent): boolean => {
  const last = /^198\.51\.100\.(\d+)$/.exec(attacker_ip)?.[1];
  return last !== undefined && Number(last) < 16;
};

const iso = (ms: number): string => new Date(ms).toISOString();
const odd_from_ms = first_ms + 3 * 86_400_000 + 4_321_000;
const odd_to_ms = first_ms + 77 * 86_400_000 + 1_234_000;
const whole = { from: iso(first_ms), to: iso(now_ms) };

/** Filters, each with the same said in JavaScript. */
const cases: { name: string; filter: Filter; holds: (event: TestEvent) => boolean }[] = [
  { name: 'everything', filter: whole, holds: () => true },
  {
    name: 'odd period',
    filter: { from: iso(odd_from_ms), to: iso(odd_to_ms) },
    holds: ({ detect_ms }) => detect_ms >= odd_from_ms && detect_ms < odd_to_ms,
  },
  {
    name: 'last day',
    filter: { last: '24h' },
    holds: ({ detect_ms }) => detect_ms >= now_ms - 86_400_000,
  },
  { name: 'one sensor', filter: { ...whole, sensor: [2] }, holds: ({ sensor_id }) => sensor_id === 2 },
  {
    name: 'two services',
    filter: { ...whole, service: ['ssh', ''] },
    holds: ({ service }) => service !== 'telnet',
  },
  {
    name: 'one source',
    filter: { ...whole, attacker_ip: ['198.51.100.3'] },
    holds: ({ attacker_ip }) => attacker_ip === '198.51.100.3',
  },
  {
    name: 'a network of sources',
    filter: { ...whole, attacker_ip: ['2001:db8::/64'] },
    holds: ({ attacker_ip }) => attacker_ip.startsWith('2001:db8::'),
  },
  {
    name: 'countries in small letters',
    filter: { ...whole, attacker_country: ['sk', 'De'] },
    holds: ({ attacker_country }) => attacker_country === 'SK' || attacker_country === 'DE',
  },
  {
    name: 'a country in small letters, in words',
    filter: { ...whole, q: 'country:sk' },
    holds: ({ attacker_country }) => attacker_country === 'SK',
  },
  {
    name: 'one password',
    filter: { ...whole, password: ['pw0'] },
    holds: ({ password }) => password === 'pw0',
  },
  {
    name: 'a username with a quote',
    filter: { ...whole, username: ["o'brien", 'пользователь'] },
    holds: ({ username }) => username === "o'brien" || username === 'пользователь',
  },
  {
    name: 'a filter in words',
    filter: {
      ...whole,
      q: "service:(ssh or telnet) and not user:o'brien (ip:198.51.100.0/28 or command:*get*)",
    },
    holds: ({ service, username, attacker_ip, command }) =>
      ['ssh', 'telnet'].includes(service) &&
      username !== "o'brien" &&
      (/^198\.51\.100\.([0-9]|1[0-5])$/.test(attacker_ip) || command.toLowerCase().includes('get')),
  },
  {
    name: 'names and numbers in words',
    filter: { ...whole, q: 'sensor:"sensor 2" port>23 or honeypot:"pot 1"' },
    holds: ({ sensor_id, destination_port }) =>
      (sensor_id === 2 && destination_port > 23) || sensor_id === 1 || sensor_id === 3,
  },
  {
    name: 'a part of a command',
    filter: { ...whole, command_contains: 'wget' },
    holds: ({ command }) => command.startsWith('WGET'),
  },
  {
    name: 'a honeypot',
    filter: { ...whole, honeypot: [1] },
    holds: (event) => honeypotOf(event) === 1,
  },
  {
    name: 'a honeynet that its honeypot left',
    filter: { ...whole, honeynet: [1] },
    holds: (event) => honeypotOf(event) === 1 && event.detect_ms < moved_ms,
  },
  {
    name: 'known sources only',
    filter: { ...whole, known: 'only' },
    holds: (event) => isGateway(event) || event.attacker_ip === '2001:db8::7',
  },
  {
    name: 'without known sources',
    filter: { ...whole, known: 'without' },
    holds: (event) => !(isGateway(event) || event.attacker_ip === '2001:db8::7'),
  },
];

/** Counts by a column, most first, then by value; as the pages show them. */
function countColumn(chosen: TestEvent[], column: keyof TestEvent): Map<string, number> {
  const counts = new Map<string, number>();
  for (const event of chosen) {
    const value = String(event[column]);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

const record_table = `CREATE TABLE {{table test_lines}} (own String COMMENT 'a column of its own', {{record_columns}}) {{record_engine}};`;

async function open({ rendering, url }: Target, directory: string): Promise<Store> {
  const store = new Store({ directory, rendering, url });
  await store.whenUp();
  await migrate(store, []);
  for (const statement of renderMigration(record_table, rendering)) await store.command(statement);
  // Two parts, so that projections of several are put together.
  const half = events_count / 2;
  for (const part of [events.slice(0, half), events.slice(half)])
    await store.insertTsv(storedName('event', rendering), columns, Buffer.from(part.map(writeRow).join('')));
  await store.command(
    `INSERT INTO ${storedName('test_lines', rendering)} (own, sensor_id, source, generation, place, version, original_size, raw, flags)
     SELECT 'value', ${events[0]!.sensor_id}, '/var/log/test', 1, 1, 0, 3, unhex('61ff00'), 1`,
  );
  return store;
}

interface Target {
  title: string;
  rendering: Rendering;
  url?: string;
}

/** A real server where there is one: CLICKHOUSE_URL names an empty database that the test may fill. */
const { CLICKHOUSE_URL } = process.env;
const targets: Target[] = [
  { title: 'single', rendering: 'single' },
  { title: 'local_shards', rendering: 'local_shards' },
  ...(CLICKHOUSE_URL === undefined
    ? []
    : [{ title: 'a real server', rendering: 'single' as const, url: CLICKHOUSE_URL }]),
];

for (const target of targets) {
  describe(`page queries, ${target.title}`, () => {
    const directory = mkdtempSync(join(tmpdir(), 'apiary-reports-'));
    let store: Store;
    before(async () => {
      store = await open(target, directory);
    });
    after(async () => {
      await store.close();
      rmSync(directory, { recursive: true });
    });

    for (const { name, filter, holds } of cases) {
      test(`${name}: counts are those of the events`, async () => {
        const scope = resolveScope(filter, { inventory, visibility: sees_everything }, now_ms);
        const chosen = events.filter(holds);
        assert(chosen.length > 0, 'the case finds something');
        assert.equal(await eventsCount(store, scope), chosen.length);
        const seen = chosen.filter(({ vantage }) => vantage === 'honeypot');
        const overview = overviewScope(scope);
        const timeline = await overviewTimeline(store, overview);
        const buckets = new Map<string, number>();
        for (const { sensor_id, detect_ms } of seen) {
          const key = `${sensor_id} ${Math.floor(detect_ms / 1000 / timeline.bucket_seconds) * timeline.bucket_seconds}`;
          buckets.set(key, (buckets.get(key) ?? 0) + 1);
        }
        assert.deepEqual(
          new Map(
            timeline.points.map(({ sensor_id, bucket, events: count }) => [`${sensor_id} ${bucket}`, count]),
          ),
          new Map([...buckets].sort(byTimelineKey)),
        );
        const kinds = await overviewKinds(store, overview);
        for (const [list, column, unknown] of [
          ['services', 'service', null],
          ['actions', 'action', null],
          ['countries', 'attacker_country', ''],
          ['sources', 'attacker_ip', '::'],
          ['usernames', 'username', ''],
          ['passwords', 'password', ''],
          ['commands', 'command', ''],
        ] as const) {
          const counts = countColumn(seen, column);
          if (unknown !== null) counts.delete(unknown);
          const top =
            list === 'services' || list === 'actions'
              ? kinds[list]
              : await overviewTop(store, overview, list);
          const most = [...counts.values()].sort((a, b) => b - a).slice(0, top.length);
          assert.deepEqual(
            top.map(({ events: count }) => count),
            most,
            `${list}: the largest counts`,
          );
          assert.equal(
            top.length,
            Math.min(counts.size, list === 'sources' || list === 'passwords' ? 10 : 300),
          );
          for (const { value, events: count } of top)
            assert.equal(counts.get(value), count, `${list} ${value}`);
        }
      });
    }

    test('pages go over every event once, newest first', async () => {
      const scope = resolveScope(
        { ...whole, sensor: [1, 3] },
        { inventory, visibility: sees_everything },
        now_ms,
      );
      const seen: number[] = [];
      let before_key = null as ReturnType<typeof keyOf> | null;
      for (;;) {
        const page = await eventsPage(store, scope, before_key, 170);
        seen.push(...page.map(({ event_id }) => Number(event_id)));
        if (page.length < 170) break;
        before_key = keyOf(page.at(-1)!);
      }
      const expected = events
        .filter(({ sensor_id }) => sensor_id !== 2)
        .sort((a, b) => b.detect_ms - a.detect_ms || b.event_id - a.event_id)
        .map(({ event_id }) => event_id);
      assert.deepEqual(seen, expected);
    });

    test('an event is found by its key, with record, session and source', async () => {
      const [event] = events;
      const row = await findEvent(store, parseKey(`${event!.detect_ms}000-1`, 'key'));
      assert(row !== null);
      const shown = showEvent(row, makeContext(inventory));
      assert.equal(shown.detect_ts, iso(event!.detect_ms).replace('Z', '000Z'));
      assert.equal(shown.destination_ip, event!.destination_ip);
      assert.equal(shown.honeypot_id, honeypotOf(event!));
      const found = await recordColumns(store, row.sensor_table);
      assert.deepEqual(found, [{ name: 'own', comment: 'a column of its own' }]);
      const record = await findRecord(store, row, found);
      assert.deepEqual(record?.values, ['value']);
      assert.equal(Buffer.from(record!.raw_base64, 'base64').toString('hex'), '61ff00');
      const session = await sameSession(store, row, keyOf(row));
      assert.deepEqual(
        session.map(({ event_id }) => Number(event_id)),
        events
          .filter(
            (one) =>
              one.session === event!.session &&
              one.sensor_id === event!.sensor_id &&
              Math.abs(one.detect_ms - event!.detect_ms) < 86_400_000,
          )
          .sort((a, b) => a.detect_ms - b.detect_ms)
          .map(({ event_id }) => event_id),
      );
      const source = await sameSource(store, row, keyOf(row));
      assert(source.every(({ attacker_ip }) => attacker_ip === row.attacker_ip));
      assert.equal(await findEvent(store, parseKey(`${event!.detect_ms}000-999999`, 'key')), null);
    });

    test('each listed query runs', async () => {
      const scope = resolveScope(whole, { inventory, visibility: sees_everything }, now_ms);
      for (const { name, run } of page_queries) assert.notEqual(await run(store, scope), undefined, name);
    });
  });
}

function byTimelineKey([a]: [string, number], [b]: [string, number]): number {
  const [sensor_a = 0, bucket_a = 0] = a.split(' ').map(Number);
  const [sensor_b = 0, bucket_b = 0] = b.split(' ').map(Number);
  return sensor_a - sensor_b || bucket_a - bucket_b;
}

test('the pieces of a period touch, do not overlap, and are whole units', () => {
  const pieces = splitPeriod(odd_from_ms, odd_to_ms, ['month', 'day', 'hour']);
  assert.equal(pieces[0]?.from_ms, odd_from_ms);
  assert.equal(pieces.at(-1)?.to_ms, odd_to_ms);
  for (const [index, piece] of pieces.entries()) {
    assert(piece.from_ms < piece.to_ms);
    if (index > 0) assert.equal(piece.from_ms, pieces[index - 1]!.to_ms);
  }
  assert.deepEqual(
    pieces.map(({ unit }) => unit),
    ['event', 'hour', 'day', 'month', 'day', 'hour', 'event'],
  );
  const [, , , month] = pieces;
  assert.deepEqual(
    [iso(month!.from_ms), iso(month!.to_ms)],
    ['2026-02-01T00:00:00.000Z', '2026-04-01T00:00:00.000Z'],
  );
});

test('a filter that makes no sense is refused with its field and value', () => {
  const refuse = (filter: Filter, field: string): void =>
    assert.throws(() => resolveScope(filter, { inventory, visibility: sees_everything }, now_ms), {
      code: 'input_invalid',
      details: { field, value: Object.values(filter).flat()[0] },
    });
  refuse({ source_port: ['65536'] }, 'source_port');
  refuse({ attacker_ip: ['198.51.100.0/33'] }, 'attacker_ip');
  refuse({ action: ['dance'] }, 'action');
  refuse({ extra: ['nothing'] }, 'extra');
  assert.throws(
    () => resolveScope({ from: iso(now_ms + 1) }, { inventory, visibility: sees_everything }, now_ms),
    { code: 'input_invalid' },
  );
});
