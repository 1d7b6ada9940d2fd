/** Every global report on the real engine, in both renderings, and the numbers of some against JavaScript. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Filter, filter_schema } from '@apiary/model/api/filter.ts';
import type { ReportAnswer } from '@apiary/model/api/reports.ts';
import type { ExploreColumn } from '@apiary/model/explore.ts';
import { counted_by, rowSearch } from '@apiary/model/report-links.ts';
import { StateDatabase } from '../state/database.ts';
import { createGeo } from '../store/geo.ts';
import { migrate } from '../store/schema.ts';
import { Store } from '../store/store.ts';
import { type Rendering, storedName } from '../store/template.ts';
import { Catalogue, type CatalogueEntry } from './catalogue.ts';
import { eventsCount } from './events-count.ts';
import { makeExploration } from './explore.ts';
import { runReport } from './run-report.ts';
import { resolveScope } from './scope.ts';
import { columns, events, first_ms, now_ms, type TestEvent, writeRow } from './testing/events.ts';
import { wholeView } from './view.ts';

const iso = (ms: number): string => new Date(ms).toISOString();
const whole: Filter = { from: iso(first_ms), to: iso(now_ms) };
const middle_ms = first_ms + 50 * 86_400_000;
const second_half: Filter = { from: iso(middle_ms), to: iso(now_ms) };
const seen = events.filter(({ vantage }) => vantage === 'honeypot');
const catalogue = new Catalogue([]);

/** Invented events hardly move together: here every pair of series is told. */
function lenient(id: string): CatalogueEntry {
  const { report, text } = catalogue.find(id);
  return { report, text: { ...text, sql: text.sql.replace('correlation > 0.5', 'true') } };
}

interface Open {
  store: Store;
  state: StateDatabase;
  run(id: string, filter: Filter): Promise<ReportAnswer>;
}

function open(rendering: Rendering): Open {
  const held = {} as Open;
  const directory = mkdtempSync(join(tmpdir(), 'apiary-global-'));
  before(async () => {
    held.store = new Store({ directory: join(directory, 'store'), rendering });
    held.state = new StateDatabase(join(directory, 'state.sqlite'));
    await held.store.whenUp();
    await createGeo(held.store);
    await migrate(held.store, []);
    await held.store.insertTsv(
      storedName('event', rendering),
      columns,
      Buffer.from(events.map(writeRow).join('')),
    );
    held.run = (id, filter) => runReport(lenient(id), wholeView(held.store, held.state), filter, now_ms);
  });
  after(async () => {
    held.state.close();
    await held.store.close();
    rmSync(directory, { recursive: true });
  });
  return held;
}

const cellsOf = (answer: ReportAnswer, ...names: string[]): unknown[][] => {
  const places = names.map((name) => answer.report.columns.findIndex((column) => column.name === name));
  return answer.rows.map((row) => places.map((place) => row[place]));
};

/** Groups with their events and sources, most events first. */
function tally(list: readonly TestEvent[], key: (event: TestEvent) => string): [string, number, number][] {
  return [...Map.groupBy(list, key)]
    .map(([name, group]): [string, number, number] => [
      name,
      group.length,
      new Set(group.map(({ attacker_ip }) => attacker_ip)).size,
    ])
    .sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1));
}

describe('global reports', () => {
  const held = open('single');
  const shards = open('local_shards');

  for (const { report } of catalogue.list()) {
    test(`${report.id} finds something, the same on shards as on one server`, async () => {
      const filter = report.group === 'New' ? second_half : whole;
      const answer = await held.run(report.id, filter);
      assert(answer.rows.length > 0);
      assert.equal(answer.rows[0]?.length, report.columns.length);
      assert.deepEqual((await shards.run(report.id, filter)).rows, answer.rows);
    });
  }

  // What a report gives may be called as the column that a filter asks about.
  for (const filter of [
    { attacker_ip: ['198.51.100.7'] },
    { attacker_country: ['SK'] },
    { destination_port: ['22'] },
    { url: ['http://192.0.2.1/x'] },
    { username: ['root'], service: ['ssh'], action: ['input'] },
    { q: 'asn:1 or outcome:success or command:*a*' },
  ] satisfies Partial<Filter>[])
    test(`all answer under ${JSON.stringify(filter)}`, async () => {
      for (const { report } of catalogue.list()) {
        const answer = await held.run(report.id, { ...whole, ...filter }).catch((error: Error) => error);
        assert(!(answer instanceof Error), `${report.id}: ${answer instanceof Error ? answer.message : ''}`);
      }
    });

  test('lead from each count of events to as many events', async () => {
    const view = wholeView(held.store, held.state);
    const compared: string[] = [];
    for (const { report } of catalogue.list()) {
      const at = report.columns.findIndex(({ name }) => name === 'events');
      if (at === -1) continue;
      const answer = await held.run(report.id, whole);
      for (const row of answer.rows.slice(0, 3)) {
        const asked = rowSearch(answer, row);
        if (asked === null) continue;
        const vantage = report.any_vantage ? {} : { vantage: 'honeypot' };
        const filter = filter_schema.parse({ ...whole, ...vantage, ...asked });
        const found = await eventsCount(held.store, resolveScope(filter, view, now_ms));
        assert.equal(found, row[at], `${report.id}: ${JSON.stringify(asked)}`);
        compared.push(report.id);
      }
    }
    assert.ok(new Set(compared).size > 25, `${new Set(compared).size} reports lead to events`);
  });

  test('lead from each count of sources, sensors and sessions to a list of as many', async () => {
    const view = wholeView(held.store, held.state);
    const compared: string[] = [];
    for (const { report } of catalogue.list())
      for (const [at, { name }] of report.columns.entries()) {
        const by = counted_by[name];
        if (by === undefined) continue;
        const answer = await held.run(report.id, whole);
        const row = answer.rows[0]!;
        const asked = rowSearch(answer, row);
        if (asked === null) continue;
        const vantage = report.any_vantage ? { vantage: ['honeypot', 'network'] } : {};
        const filter = filter_schema.parse({ ...whole, ...vantage, ...asked });
        const question = {
          measures: ['events' as const],
          by: by as ExploreColumn[],
          over_time: false,
          top: 1000,
        };
        const list = await runReport(makeExploration(question), view, filter, now_ms);
        assert.equal(list.rows.length, row[at], `${report.id}: ${name} of ${JSON.stringify(asked)}`);
        compared.push(`${report.id} ${name}`);
      }
    assert.ok(compared.length > 12, compared.join(', '));
  });

  test('count passwords, user names and pairs as JavaScript does', async () => {
    const tried = seen.filter(({ password }) => password !== '');
    assert.deepEqual(
      cellsOf(await held.run('global/passwords', whole), 'password', 'events'),
      tally(tried, ({ password }) => password).map(([name, count]) => [name, count]),
    );
    assert.deepEqual(
      cellsOf(await held.run('global/pairs', whole), 'username', 'password', 'events', 'sources'),
      tally(tried, ({ username, password }) => `${username}\0${password}`).map(([name, count, sources]) => [
        ...name.split('\0'),
        count,
        sources,
      ]),
    );
  });

  test('count only what the filter lets through, by every column', async () => {
    const filter: Filter = { ...second_half, sensor: [2], service: ['ssh'] };
    const kept = seen.filter(
      (event) => event.detect_ms >= middle_ms && event.sensor_id === 2 && event.service === 'ssh',
    );
    const answer = await held.run('global/sensors', filter);
    assert.deepEqual(cellsOf(answer, 'sensor', 'events'), [[2, kept.length]]);
  });

  test('count every vantage where they say so', async () => {
    const named = events.filter(({ signature }) => signature !== '');
    assert.notEqual(named.length, named.filter(({ vantage }) => vantage === 'honeypot').length);
    const answer = await held.run('global/signatures', whole);
    assert.deepEqual(
      cellsOf(answer, 'signature', 'events', 'sources'),
      tally(named, ({ signature }) => signature),
    );
    const cves = await held.run('global/cves', whole);
    assert.deepEqual(
      cellsOf(cves, 'cve', 'events'),
      tally(named, ({ signature }) => signature.slice(-13).toUpperCase()).map(([name, n]) => [name, n]),
    );
  });

  test('find values that are new since the period began', async () => {
    for (const [id, column] of [
      ['global/new-passwords', 'password'],
      ['global/new-files', 'file_sha256'],
      ['global/new-commands', 'command'],
    ] as const) {
      const filter: Filter = { from: iso(first_ms + 5 * 86_400_000), to: iso(now_ms) };
      const start = first_ms + 5 * 86_400_000;
      const old = new Set(seen.filter(({ detect_ms }) => detect_ms < start).map((event) => event[column]));
      const fresh = new Set(
        seen.filter(({ detect_ms }) => detect_ms >= start).map((event) => event[column]),
      ).difference(old.add(''));
      const answer = await held.run(id, filter);
      assert.deepEqual(new Set(cellsOf(answer, column).flat()), fresh, id);
    }
  });

  test('tell which sources several sensors saw, and what one sensor alone saw', async () => {
    const known = seen.filter(({ attacker_ip }) => attacker_ip !== '::');
    const sensors = Map.groupBy(known, ({ attacker_ip }) => attacker_ip);
    const several = [...sensors].filter(([, list]) => new Set(list.map((e) => e.sensor_id)).size > 1);
    const answer = await held.run('global/several-sensors', whole);
    assert.deepEqual(
      new Map(cellsOf(answer, 'attacker_ip', 'events') as [string, number][]),
      new Map(several.map(([source, list]) => [source, list.length])),
    );
    const alone = await held.run('global/one-more-sensor', { ...whole, service: ['telnet'] });
    const telnet = Map.groupBy(
      known.filter(({ service }) => service === 'telnet'),
      ({ attacker_ip }) => attacker_ip,
    );
    const only = (id: number): number =>
      [...telnet.values()].filter((list) => list.every(({ sensor_id }) => sensor_id === id)).length;
    for (const [sensor, count] of cellsOf(alone, 'sensor', 'alone'))
      assert.equal(count, only(Number(sensor)));
  });

  test('sum weekdays and hours', async () => {
    const names = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
    const expected = new Map(
      tally(seen, ({ detect_ms }) => {
        const time = new Date(detect_ms);
        return `${names[time.getUTCDay()]} ${time.getUTCHours()}`;
      }).map(([name, count]) => [name, count]),
    );
    const answer = await held.run('global/weekday-hour', whole);
    const found = cellsOf(answer, 'weekday', 'hour', 'events').map(([day, hour, n]) => [`${day} ${hour}`, n]);
    assert.deepEqual(new Map(found as [string, number][]), expected);
  });

  test('correlate series as a textbook does', async () => {
    const hours = [
      ...new Set(seen.filter((e) => e.service !== '').map((e) => Math.floor(e.detect_ms / 3_600_000))),
    ];
    const series = (service: string): number[] => {
      const counts = Map.groupBy(
        seen.filter((event) => event.service === service),
        ({ detect_ms }) => Math.floor(detect_ms / 3_600_000),
      );
      return hours.map((hour) => counts.get(hour)?.length ?? 0);
    };
    const mean = (list: number[]): number => list.reduce((sum, n) => sum + n, 0) / list.length;
    const [ssh, telnet] = [series('ssh'), series('telnet')];
    const spread = (a: number[], b: number[]): number =>
      mean(a.map((value, index) => (value - mean(a)) * (b[index]! - mean(b))));
    const expected = spread(ssh, telnet) / Math.sqrt(spread(ssh, ssh) * spread(telnet, telnet));
    const answer = await held.run('global/similar-services', whole);
    const [[found] = []] = cellsOf(answer, 'correlation');
    assert.equal(Number(found).toFixed(3), expected.toFixed(3));
  });

  test('are refused by a name that does not exist, with those that do', () => {
    assert.throws(() => catalogue.find('global/nothing'), { code: 'not_found', message: /passwords/ });
  });
});
