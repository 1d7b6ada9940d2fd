/** Retention on the real engine, counted beside by what was written. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { submodule as cowrie } from '@apiary/submodules/cowrie/index.ts';
import { readRecordings } from '@apiary/submodules/report.ts';
import { writeReport } from '../exports/report-file.ts';
import { readAttackDetail } from '../reports/attack-detail.ts';
import { Catalogue } from '../reports/catalogue.ts';
import { findEvent, findRecord, recordColumns } from '../reports/event-detail.ts';
import { parseKey } from '../reports/event-row.ts';
import { readIncident } from '../reports/incidents.ts';
import { readOverview } from '../reports/overview.ts';
import { readRecordingsOf } from '../reports/recordings.ts';
import { readSession } from '../reports/session.ts';
import { wholeView } from '../reports/view.ts';
import { describeInventory } from '../state/inventory-list.ts';
import { makeJudgement } from '../state/judgements.ts';
import { readKeptFrom, readStep } from '../state/retention.ts';
import type { Store } from '../store/store.ts';
import { listRetention } from './retention-orders.ts';
import {
  day_ms,
  days,
  now_ms,
  pinned_day,
  pinned_session,
  pinned_source,
  recording_sha256,
  World,
  type Written,
} from './testing/world.ts';

const period = {
  from: new Date(now_ms - (days + 2) * day_ms).toISOString(),
  to: new Date(now_ms + day_ms).toISOString(),
};
/** Connection, log-in and command; the other two lines are records without an event. */
const pinned_events = 3;
/** Midnight, thirty days before. */
const cut_ms = Math.floor(now_ms / day_ms) * day_ms - 30 * day_ms;

function countBy(written: readonly Written[], key: (one: Written) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of written) counts.set(key(one), (counts.get(key(one)) ?? 0) + 1);
  return counts;
}

/** The store, until its n-th statement: then as if the server were killed. */
function dyingStore(store: Store, statements: number): Store {
  let left = statements;
  return new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name, target) as unknown;
      if (typeof value !== 'function') return value;
      if (!['command', 'commandEach', 'insertRows'].includes(String(name))) return value.bind(target);
      return (...args: unknown[]) => {
        left -= 1;
        if (left < 0) throw new Error('killed');
        return (value as (...all: unknown[]) => unknown).apply(target, args);
      };
    },
  });
}

for (const rendering of ['single', 'local_shards'] as const)
  describe(`retention, ${rendering}`, () => {
    let world: World;
    let number: number;
    before(async () => {
      world = await World.open(rendering);
      const analysis = await world.analyse();
      await analysis.rebuild();
      const [row] = await world.store.query<{ number: number; incident_id: string }>(
        `SELECT number, incident_id FROM incident FINAL WHERE is_gone = 0 AND incident_id GLOBAL IN (
         SELECT incident_id FROM incident_attack FINAL WHERE attack_id GLOBAL IN (
           SELECT attack_id FROM attack FINAL WHERE attacker_ip = toIPv6('::ffff:${pinned_source}')))`,
      );
      number = row!.number;
      makeJudgement(world.state, 'eva', row!.incident_id, 'pinned', 'yes', now_ms);
    });
    after(() => world.close());

    const overview = () => readOverview(wholeView(world.store, world.state), { ...period }, now_ms);
    const snapshot = async (): Promise<unknown> => ({
      incidents: await world.store.query(
        'SELECT incident_id, number, attacks, events, stage, first_ts, last_ts FROM incident FINAL WHERE is_gone = 0 ORDER BY incident_id',
      ),
      attacks: await world.store.query(
        'SELECT attack_id, events, stage, first_ts, last_ts FROM attack FINAL WHERE is_gone = 0 ORDER BY attack_id',
      ),
      homes: await world.store.query(
        'SELECT attack_id, incident_id FROM incident_attack FINAL ORDER BY attack_id',
      ),
    });

    test('by age: events go, their counts by day stay, a pinned incident is whole, the others are frozen', async () => {
      const before_it = await snapshot();
      const counted = await overview();
      world.limits.events = { days: 30, bytes_max: null };
      // A server that is killed at each statement of the step, one after another, goes on where it was.
      let died = 0;
      for (;;) {
        try {
          await world.retention(dyingStore(world.store, died)).run(now_ms);
          break;
        } catch (error) {
          assert.equal((error as Error).message, 'killed');
          died += 1;
        }
      }
      assert(died >= 8, `${died} statements`);
      assert.equal(readStep(world.state), null);
      assert.equal(readKeptFrom(world.state).events, cut_ms);
      const young = world.log_ins.filter(({ at_ms }) => at_ms >= cut_ms);
      const pinned = await world.count('event', `session = '${pinned_session}'`);
      assert.equal(pinned, pinned_events);
      assert.equal(await world.count('event'), young.length + pinned);
      // Nothing was counted twice, and nothing is missing: by day, by source, by password.
      const after_it = await overview();
      assert.equal(after_it.events, world.log_ins.length + pinned);
      assert.equal(after_it.events, counted.events);
      assert.deepEqual(after_it.top, counted.top);
      const sums = new Map(after_it.top.passwords.map(({ value, events }) => [value, events]));
      const passwords = countBy(world.log_ins, ({ password }) => password);
      passwords.set('pw3', passwords.get('pw3')! + 1);
      for (const [value, events] of sums) assert.equal(events, passwords.get(value), value);
      assert(sums.size >= 10);
      const sources = countBy(world.log_ins, ({ source }) => source);
      for (const { value, events } of after_it.top.sources)
        assert.equal(events, value === pinned_source ? pinned : sources.get(value), value);
      assert.deepEqual(after_it.timeline, counted.timeline);
      // The cut is marked.
      assert.deepEqual(
        after_it.silences.filter(({ kind }) => kind === 'expired'),
        [
          {
            sensor_id: 0,
            kind: 'expired',
            from: period.from,
            to: new Date(cut_ms).toISOString(),
            detail: `kept whole from ${new Date(cut_ms).toISOString()} on`,
          },
        ],
      );
      const catalogue = new Catalogue([]);
      const file = await writeReport(
        catalogue.find('global/passwords'),
        wholeView(world.store, world.state),
        { ...period },
        'html',
        now_ms,
      );
      assert.match(
        file.bytes.toString('utf8'),
        new RegExp(`begins before ${new Date(cut_ms).toISOString()}: single`),
      );
      assert.deepEqual(await snapshot(), before_it);
      // A pass over all changes nothing either, by an analysis that starts now.
      await (await world.analyse()).rebuild();
      assert.deepEqual(await snapshot(), before_it);
    });

    test('an expired incident has its page, and what comes later of its source is an attack of its own', async () => {
      const before_it = await world.store.query<{ attack_id: string }>(
        'SELECT attack_id FROM attack FINAL WHERE is_gone = 0',
      );
      const analysis = await world.analyse();
      const at_ms = cut_ms + 5 * day_ms;
      const late = world.row(at_ms, {
        eventid: 'cowrie.login.failed',
        username: 'x',
        password: 'y',
        src_ip: '198.51.100.250',
        session: 'late',
      });
      // It was detected before the cut, and comes now: it counts, and makes no attack.
      const too_late = world.row(cut_ms - day_ms, {
        eventid: 'cowrie.login.failed',
        username: 'x',
        password: 'y',
        src_ip: '198.51.100.251',
        session: 'too late',
      });
      analysis.note(await world.land('json', [late, too_late]));
      await analysis.pass();
      const now = await world.store.query<{ attack_id: string; source: string }>(
        'SELECT attack_id, source FROM attack FINAL WHERE is_gone = 0',
      );
      const known = new Set(before_it.map(({ attack_id }) => attack_id));
      assert.deepEqual(
        now.filter(({ attack_id }) => !known.has(attack_id)).map(({ source }) => source),
        ['::ffff:198.51.100.250'],
      );
      assert.equal(now.length, before_it.length + 1);
      const [old] = await world.store.query<{ number: number }>(
        `SELECT number FROM incident FINAL WHERE is_gone = 0 AND last_ts < fromUnixTimestamp64Milli(${cut_ms - 40 * day_ms}, 'UTC') AND number != ${number} ORDER BY number LIMIT 1`,
      );
      const page = await readIncident(world, old!.number);
      assert(page.attacks.length > 0 && page.incident.events > 0);
      const { events, attack } = await readAttackDetail(
        { store: world.store, state: world.state, inventory: describeInventory(world.state) },
        page.attacks[0]!.attack_id,
      );
      assert.deepEqual(events, []);
      assert(attack.events > 0);
    });

    test('records and files by age: those of the pinned incident stay, and its session can be replayed', async () => {
      const old_file = await world.storeFile(Buffer.from('old'), now_ms - 90 * day_ms);
      const young_file = await world.storeFile(Buffer.from('young'), now_ms - day_ms);
      world.limits.records = { days: 30, bytes_max: null };
      world.limits.artifacts = { days: 30, bytes_max: null };
      await world.retention().run(now_ms);
      const young = world.log_ins.filter(({ at_ms }) => at_ms >= cut_ms).length;
      assert.equal(await world.count('cowrie_json', `session != '${pinned_session}'`), young + 1);
      assert.equal(await world.count('cowrie_json', `session = '${pinned_session}'`), 5);
      await assert.rejects(world.artifacts.readArtifact(old_file), /there is no artifact/);
      assert.equal((await world.artifacts.readArtifact(young_file)).toString(), 'young');
      const inventory = describeInventory(world.state);
      const session = await readSession(world.store, inventory, 1, pinned_session);
      assert.equal(session.events.length, pinned_events);
      const event = await findEvent(world.store, parseKey(session.events[0]!.key, 'key'));
      const record = await findRecord(world.store, event!, await recordColumns(world.store, 'cowrie_json'));
      assert.match(Buffer.from(record!.raw_base64, 'base64').toString(), /cowrie\.session\.connect/);
      const asked: string[] = [];
      await readRecordingsOf(
        world.store,
        async (sha256) => {
          asked.push(sha256);
          return world.artifacts.readArtifact(sha256);
        },
        readRecordings(cowrie)!,
        1,
        pinned_session,
      );
      assert.deepEqual(asked, [recording_sha256]);
      const page = await readIncident(world, number);
      assert.equal(page.incident.pinned, true);
      assert.equal(page.incident.events, pinned_events);
      assert(now_ms - (days - pinned_day) * day_ms < cut_ms);
    });

    test('by budget: the oldest goes until it fits, with notice; a second run finds nothing to do', async () => {
      const [first] = await listRetention(world.retention(), world.state);
      assert(first!.kind === 'records' && first!.bytes > 0);
      const before_it = await world.count('cowrie_json');
      world.limits.records = { days: null, bytes_max: Math.floor(first!.bytes / 2) };
      await world.retention().run(now_ms);
      const left = await world.count('cowrie_json');
      assert(left < before_it * 0.7 && left > 0, `${left} of ${before_it}`);
      // The newest is there, and no hole behind the cut.
      const cut = readKeptFrom(world.state).records!;
      assert.equal(
        await world.count(
          'cowrie_json',
          `session != '${pinned_session}' AND session NOT IN ('late', 'too late')`,
        ),
        world.log_ins.filter(({ at_ms }) => at_ms >= cut).length,
      );
      assert.equal(await world.count('cowrie_json', `session = '${world.log_ins.at(-1)!.session}'`), 1);
      assert.equal(world.alerts.length, 1);
      assert.match(
        world.alerts[0]!,
        /^records from before .* go: \d+ bytes are more than 90 % of the budget/,
      );
      assert.equal(
        world.state.all("SELECT 1 FROM change_log WHERE verb = 'expire' AND subject = 'records'").length,
        2,
      );
    });
  });
