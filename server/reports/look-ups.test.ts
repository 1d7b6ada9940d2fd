/** Session, source and search on the real engine, in both renderings, against counts made in JavaScript. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Inventory } from '@apiary/model/api/inventory.ts';
import { defang } from '@apiary/model/defang.ts';
import { StateDatabase } from '../state/database.ts';
import { createGeo } from '../store/geo.ts';
import { migrate } from '../store/schema.ts';
import { Store } from '../store/store.ts';
import { type Rendering, storedName } from '../store/template.ts';
import { listArtifacts } from './artifacts.ts';
import { findEvent } from './event-detail.ts';
import { eventsPage } from './events-page.ts';
import { connectionOf, sameConnection } from './same-connection.ts';
import { resolveScope } from './scope.ts';
import { search } from './search.ts';
import { readSession } from './session.ts';
import { readSource } from './source.ts';
import { columns, events, first_ms, now_ms, writeRow } from './testing/events.ts';
import { sees_everything } from './visibility.ts';
import { boundReader, firstRows } from './within-answer.ts';

const inventory: Inventory = {
  honeynets: [],
  honeypots: [],
  sensors: [],
  collectors: [],
  known_sources: [{ network: '198.51.100.0/28', kind: 'gateway', name: 'carrier', since_ms: 0 }],
  events_kept_from_ms: null,
  records_kept_from_ms: null,
};
const period = { from: new Date(first_ms).toISOString(), to: new Date(now_ms).toISOString() };
const address = '198.51.100.3';
const its = events.filter(({ attacker_ip }) => attacker_ip === address);
const tally = (values: string[]): { value: string; events: number }[] =>
  [
    ...Map.groupBy(
      values.filter((value) => value !== ''),
      (value) => value,
    ),
  ]
    .map(([value, list]) => ({ value, events: list.length }))
    .sort((a, b) => b.events - a.events || (a.value < b.value ? -1 : 1));

for (const rendering of ['single', 'local_shards'] as Rendering[]) {
  describe(`look-ups, ${rendering}`, () => {
    const directory = mkdtempSync(join(tmpdir(), 'apiary-look-up-'));
    let store: Store;
    before(async () => {
      store = new Store({ directory, rendering });
      await store.whenUp();
      await createGeo(store);
      await migrate(store, []);
      await store.insertTsv(
        storedName('event', rendering),
        columns,
        Buffer.from(events.map(writeRow).join('')),
      );
    });
    after(async () => {
      await store.close();
      rmSync(directory, { recursive: true });
    });
    const readIts = (extra = {}) =>
      readSource(
        store,
        inventory,
        resolveScope(
          { ...period, ...extra, attacker_ip: [address] },
          { inventory, visibility: sees_everything },
          now_ms,
        ),
        address,
      );

    test('a source is what its events are', async () => {
      const source = await readIts();
      assert.equal(source.events, its.length);
      assert.deepEqual(source.known, { kind: 'gateway', name: 'carrier' });
      assert.deepEqual(source.top.passwords, tally(its.map(({ password }) => password)).slice(0, 50));
      assert.deepEqual(source.top.usernames, tally(its.map(({ username }) => username)));
      assert.deepEqual(source.top.actions, tally(its.map(({ action }) => action)));
      assert.equal(
        source.days.reduce((sum, [, count]) => sum + count, 0),
        its.length,
      );
      assert.equal(Date.parse(source.first!), Math.min(...its.map(({ detect_ms }) => detect_ms)));
      const sessions = new Set(its.map(({ sensor_id, session }) => `${sensor_id} ${session}`));
      assert.equal(source.sessions, sessions.size);
      const on_two = its.filter(({ sensor_id }) => sensor_id === 2).length;
      assert.equal(source.sensors.find(({ sensor_id }) => sensor_id === 2)?.events, on_two);
    });

    test('who used the same rare things is alike, and it is not itself', async () => {
      const { alike } = await readIts();
      assert(alike.length > 0);
      assert(alike.every((one) => one.address !== address && one.shared.length > 0));
      const [first] = alike;
      const { kind, value, sources } = first!.shared[0]!;
      const users = new Set(
        events
          .filter((event) => event.attacker_ip !== '::' && event[kind as 'password'] === value)
          .map(({ attacker_ip }) => attacker_ip),
      );
      assert.equal(sources, users.size);
      assert(users.has(first!.address) && users.has(address));
      assert.deepEqual(
        alike.map(({ score }) => score),
        alike.map(({ score }) => score).sort((a, b) => b - a),
      );
    });

    test('two that typed hundreds of long commands alike are alike', async () => {
      const commands = 300;
      const pair = ['203.0.113.1', '203.0.113.2'];
      await store.command(
        `INSERT INTO ${storedName('event', rendering)} (event_id, sensor_id, detect_ts, collect_ts, action, attacker_ip, command)
         SELECT 900000 + number, 1, fromUnixTimestamp64Milli(toInt64(${first_ms})), fromUnixTimestamp64Milli(toInt64(${first_ms})), 'input',
           toIPv6(['${pair.join("', '")}'][1 + number % 2]), concat('long ', toString(intDiv(number, 2)), repeat(' x', 500))
         FROM numbers(${2 * commands})`,
      );
      const scope = resolveScope(
        { ...period, attacker_ip: [pair[0]!] },
        { inventory, visibility: sees_everything },
        now_ms,
      );
      const { alike, top } = await readSource(store, inventory, scope, pair[0]!);
      assert.deepEqual(
        alike.map(({ address: other, score }) => [other, score]),
        [[pair[1], commands / 2]],
      );
      assert.equal(top.commands.length, 50);
    });

    test('a source of which nothing is known is empty', async () => {
      const scope = resolveScope(
        { ...period, attacker_ip: ['203.0.113.99'] },
        { inventory, visibility: sees_everything },
        now_ms,
      );
      const source = await readSource(store, inventory, scope, '203.0.113.99');
      assert.equal(source.events, 0);
      assert.equal(source.first, null);
      assert.deepEqual(source.alike, []);
    });

    test('a session is whole and in order', async () => {
      const [one] = events;
      const same = events.filter((e) => e.session === one!.session && e.sensor_id === one!.sensor_id);
      const session = await readSession(store, inventory, one!.sensor_id, one!.session);
      assert.deepEqual(
        session.events.map(({ event_id }) => Number(event_id)).sort((a, b) => a - b),
        same.map(({ event_id }) => event_id),
      );
      const times = session.events.map(({ detect_ts }) => detect_ts);
      assert.deepEqual(times, times.toSorted());
      await assert.rejects(readSession(store, inventory, 1, "no ' such"), { code: 'not_found' });
    });

    test('a connection is what other sensors saw of the same address and port at that time', async () => {
      const at = (seconds: number): string =>
        `fromUnixTimestamp64Milli(toInt64(${now_ms + 1e9 + seconds * 1000}))`;
      const rows = [
        // A honeypot names the port once; the session lasts ten minutes.
        [971001, 1, 0, 'probe', 'honeypot', '203.0.113.80', 40123, 'long'],
        [971002, 1, 600, 'input', 'honeypot', '203.0.113.80', 0, 'long'],
        // A detector beside it; and one that saw the end a little late.
        [971003, 2, 300, 'probe', 'network', '203.0.113.80', 40123, ''],
        [971004, 3, 630, 'probe', 'network', '203.0.113.80', 40123, ''],
        // Another port, another source, another time.
        [971005, 2, 300, 'probe', 'network', '203.0.113.80', 40124, ''],
        [971006, 2, 300, 'probe', 'network', '203.0.113.81', 40123, ''],
        [971007, 2, 700, 'probe', 'network', '203.0.113.80', 40123, ''],
        [971008, 2, -90_000, 'probe', 'network', '203.0.113.80', 40123, ''],
      ];
      for (const [id, sensor, seconds, action, vantage, source, port, session] of rows)
        await store.command(
          `INSERT INTO ${storedName('event', rendering)} (event_id, sensor_id, detect_ts, collect_ts, action, vantage, attacker_ip, source_port, session)
           VALUES (${id}, ${sensor}, ${at(Number(seconds))}, ${at(0)}, '${action}', '${vantage}', toIPv6('${source}'), ${port}, '${session}')`,
        );
      const ids = (found: { event_id: string }[]): number[] => found.map(({ event_id }) => Number(event_id));
      const { same_connection } = await readSession(store, inventory, 1, 'long');
      assert.deepEqual(ids(same_connection), [971003, 971004]);
      const key = { detect_us: BigInt(now_ms + 1e9 + 300_000) * 1000n, event_id: 971003n };
      const alert = (await findEvent(store, key))!;
      assert.deepEqual(
        ids(await sameConnection(store, connectionOf([alert]))),
        [971001],
        'what began before it',
      );
      const nobody = { ...alert, attacker_ip: '::' };
      assert.deepEqual(await sameConnection(store, connectionOf([nobody])), []);
      assert.deepEqual(await sameConnection(store, connectionOf([{ ...alert, source_port: 0 }])), []);
    });

    test('of what an attacker filled with megabytes the first are told, and that there is more', async () => {
      // 300 commands of a megabyte: more than one answer holds.
      await store.command(
        `INSERT INTO ${storedName('event', rendering)} (event_id, sensor_id, detect_ts, collect_ts, action, attacker_ip, session, command)
         SELECT 950000 + number, 1, fromUnixTimestamp64Milli(toInt64(${first_ms} + number)), fromUnixTimestamp64Milli(toInt64(${first_ms})), 'input',
           toIPv6('203.0.113.77'), 'filled', concat(toString(number), repeat('x', 1000000)) FROM numbers(300)
         SETTINGS max_block_size = 10`,
      );
      const bounded = boundReader(store);
      const session = await readSession(bounded, inventory, 1, 'filled');
      assert.ok(session.is_cut && session.events.length > 0 && session.events.length < 300);
      assert.ok(session.events.every(({ command }, index) => command.startsWith(`${index}x`)));
      const scope = resolveScope(
        { ...period, attacker_ip: ['203.0.113.77'] },
        { inventory, visibility: sees_everything },
        now_ms,
      );
      await assert.rejects(eventsPage(bounded, scope, null, 200), { code: 'query_too_large' });
      const page = await firstRows(200, (limit) => eventsPage(bounded, scope, null, limit));
      assert.ok(page.is_cut && page.rows.length > 0);
      assert.ok(page.rows[0]!.command.startsWith('299x'));
    });

    test('a search knows addresses, networks and values', async () => {
      const state = new StateDatabase(':memory:');
      const file = 'ab'.repeat(32);
      state.run('INSERT INTO artifact VALUES (?, 10, 0)', file);
      const view = { store, state, inventory, visibility: sees_everything };
      const find = async (text: string) => (await search(view, text, now_ms)).hits;
      assert.deepEqual((await find(' 198.51.100.3 '))[0]?.href, '/sources/198.51.100.3');
      assert.equal((await find('2001:DB8:0::7'))[0]?.label, '2001:db8::7');
      assert.equal((await find('198.51.100.0/24'))[0]?.kind, 'network');
      const [hit] = await find("o'brien");
      assert.equal(hit?.kind, 'username');
      assert.equal(hit?.events, events.filter(({ username }) => username === "o'brien").length);
      assert.equal((await find('s3'))[0]?.kind, 'session');
      assert.deepEqual(await find('nothing has this'), []);
      assert.deepEqual(await find('   '), []);
      // A file that no event names, such as a terminal recording, in either case of letters.
      for (const text of [file, file.toUpperCase()])
        assert.deepEqual(
          (await find(text)).map(({ kind, href }) => [kind, href]),
          [['file', `/files/${file}`]],
        );
      assert.deepEqual(await find('cd'.repeat(32)), []);
      // As pages give addresses away.
      assert.equal((await find('198[.]51[.]100[.]3'))[0]?.href, '/sources/198.51.100.3');
      const { url } = events.find((event) => event.url !== '')!;
      assert.deepEqual(await find(defang(url)), await find(url));
      assert.notEqual(defang(url), url);
      // The list of files says that it is cut.
      for (let index = 1; index < 201; index += 1) {
        assert.equal(listArtifacts(view).is_cut, false);
        state.run('INSERT INTO artifact VALUES (?, 10, ?)', index.toString(16).padStart(64, '0'), index);
      }
      const { artifacts, is_cut } = listArtifacts(view);
      assert.deepEqual([artifacts.length, artifacts[0]!.stored_ms, is_cut], [200, 200, true]);
      // There is no incident here, whatever its number.
      assert.deepEqual(await find('#12345'), []);
      state.close();
    });
  });
}
