/** Erasure on the real engine, counted beside by what was written; then a collector that sends again. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { writeReport } from '../exports/report-file.ts';
import { Catalogue } from '../reports/catalogue.ts';
import { readOverview } from '../reports/overview.ts';
import { wholeView } from '../reports/view.ts';
import { makeJudgement } from '../state/judgements.ts';
import { storedName } from '../store/template.ts';
import { countErasure, type EraseOptions, erase } from './erase.ts';
import {
  day_ms,
  days,
  now_ms,
  pinned_session,
  pinned_source,
  recording_sha256,
  World,
} from './testing/world.ts';

const period = {
  from: new Date(now_ms - (days + 2) * day_ms).toISOString(),
  to: new Date(now_ms + day_ms).toISOString(),
};
const erased_source = '198.51.100.3';

for (const rendering of ['single', 'local_shards'] as const)
  describe(`erasure, ${rendering}`, () => {
    let world: World;
    let options: EraseOptions;
    before(async () => {
      world = await World.open(rendering);
      await (await world.analyse()).rebuild();
      world.limits.events = { days: 50, bytes_max: null };
      await world.retention().run(now_ms);
      options = { ...world, recordings: world.recordings };
    });
    after(() => world.close());

    /** Every table that says something of an address, in whatever column. */
    async function tablesWith(text: string): Promise<string[]> {
      const tables = await world.store.query<{ name: string }>(
        "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND name NOT LIKE 'geo%' AND name NOT LIKE 'erased_record%' ORDER BY name",
      );
      const found: string[] = [];
      for (const { name } of tables) {
        const [row] = await world.store.query<{ n: string }>(
          `SELECT countIf(position(toString(tuple(*)), {text:String}) > 0) AS n FROM ${name}`,
          { text },
        );
        if (Number(row!.n) > 0) found.push(name.replace(/_stored$/, ''));
      }
      return found;
    }

    test('a source: its records, events, attacks and counts go, from everywhere, and nothing else', async () => {
      const all = await world.log_ins.length;
      const its = world.log_ins.filter(({ source }) => source === erased_source);
      const kept_from = Math.floor(now_ms / day_ms) * day_ms - 50 * day_ms;
      const young = its.filter(({ at_ms }) => at_ms >= kept_from);
      assert(its.length > 50 && young.length > 20 && young.length < its.length);
      const counts = await countErasure(options, { source: erased_source });
      assert.deepEqual(
        { ...counts, attacks: 0 },
        {
          records: its.length,
          events: young.length,
          files: 0,
          expired_counts: its.length - young.length,
          attacks: 0,
        },
      );
      assert(counts.attacks > 0);
      // The dry run changed nothing.
      assert.equal(
        await world.count('cowrie_json', `attacker_ip = toIPv6('::ffff:${erased_source}')`),
        its.length,
      );
      assert.deepEqual(await tablesWith(`${erased_source}'`), [
        'attack',
        'cowrie_json',
        'event',
        'expired_count',
      ]);
      const before_it = await world.count('cowrie_json');
      assert.deepEqual(await erase(options, { source: erased_source }), counts);
      assert.equal(await world.count('erasure_found'), 0);
      const analysis = await world.analyse();
      await analysis.renew();
      assert.deepEqual(await tablesWith(`${erased_source}'`), []);
      assert.deepEqual(await tablesWith(`${erased_source}"`), []);
      assert.equal(await world.count('cowrie_json'), before_it - its.length);
      const overview = await readOverview(wholeView(world.store, world.state), { ...period }, now_ms);
      assert.equal(overview.events, all - its.length + 3);
      assert(!overview.top.sources.some(({ value }) => value === erased_source));
      const sources = await writeReport(
        new Catalogue([]).find('global/sources'),
        wholeView(world.store, world.state),
        { ...period },
        'csv',
        now_ms,
      );
      const text = sources.bytes.toString('utf8');
      assert(
        text.includes('198.51.100.4') &&
          !text.includes(`${erased_source},`) &&
          !text.includes(`"${erased_source}"`),
      );
      // A pass over all brings nothing of it back.
      await analysis.rebuild();
      assert.deepEqual(await tablesWith(`${erased_source}'`), []);
      assert.deepEqual(await countErasure(options, { source: erased_source }), {
        records: 0,
        events: 0,
        files: 0,
        expired_counts: 0,
        attacks: 0,
      });
    });

    test('of raw records that nobody reads those that name it, not those that name a longer one', async () => {
      const raws = [
        'login from 203.0.113.5.',
        '{"ip":"203.0.113.5"}',
        'login from 203.0.113.50',
        'login from 1203.0.113.5',
        '2001:DB8::7: hello',
        'to [2001:db8::7]:22',
        'to 2001:db8::77',
      ];
      const stored = storedName('record_waiting', rendering);
      await world.store.insertRows(
        stored,
        raws.map((raw, place) => ({ sensor_id: 1, stream: 'x', generation: '9', place: String(place), raw })),
      );
      const left = async (): Promise<string[]> => {
        const rows = await world.store.query<{ raw: string }>(
          'SELECT raw FROM record_waiting ORDER BY place',
        );
        return rows.map(({ raw }) => raw);
      };
      assert.equal((await erase(options, { source: '203.0.113.5' })).records, 2);
      assert.deepEqual(await left(), raws.slice(2));
      assert.equal((await erase(options, { source: '2001:db8:0::7' })).records, 2);
      assert.deepEqual(await left(), [raws[2], raws[3], raws[6]]);
      await world.store.command(`TRUNCATE TABLE ${stored}`);
    });

    test('a pinned session and its recording are no exception; others stay', async () => {
      const [row] = await world.store.query<{ incident_id: string }>(
        `SELECT incident_id FROM incident_attack FINAL WHERE attack_id GLOBAL IN (SELECT attack_id FROM attack FINAL WHERE attacker_ip = toIPv6('::ffff:${pinned_source}'))`,
      );
      makeJudgement(world.state, 'eva', row!.incident_id, 'pinned', 'yes', now_ms);
      const before_it = await world.count('cowrie_json');
      const counts = await erase(options, { source: `${pinned_source}/31` });
      // Five lines and the record of the recording, found by its session.
      assert.equal(counts.records, 6);
      assert.equal(await world.count('cowrie_json'), before_it - 5);
      assert.equal(await world.count('cowrie_json', `session = '${pinned_session}'`), 0);
      await assert.rejects(world.artifacts.readArtifact(recording_sha256), /there is no artifact/);
      assert.equal(await world.count('cowrie_ttylogs'), 0);
    });

    test('before a moment, and of one sensor', async () => {
      const before_ms = Math.floor(now_ms / day_ms) * day_ms - 10 * day_ms;
      const left = world.log_ins.filter(
        ({ at_ms, source }) => at_ms >= before_ms && source !== erased_source,
      ).length;
      await erase(options, { before_ms });
      await (await world.analyse()).renew();
      assert.equal(await world.count('event'), left);
      assert.equal(await world.count('cowrie_json'), left);
      assert.equal(await world.count('expired_count'), 0);
      const [attacks] = await world.store.query<{ events: string; first: string }>(
        'SELECT sum(events) AS events, min(first_ts) AS first FROM attack FINAL WHERE is_gone = 0',
      );
      assert.equal(Number(attacks!.events), left);
      assert(Date.parse(`${attacks!.first.slice(0, 19).replace(' ', 'T')}Z`) >= before_ms);
      assert.deepEqual(await erase(options, { sensor_id: 9 }), {
        records: 0,
        events: 0,
        files: 0,
        expired_counts: 0,
        attacks: 0,
      });
      await erase(options, { sensor_id: 1 });
      for (const table of ['event', 'cowrie_json', 'attack', 'attack_event', 'incident', 'incident_attack'])
        assert.equal(await world.count(table), 0, table);
    });

    test('what to erase must be said, and be an address', async () => {
      await assert.rejects(countErasure(options, {}), /say what to erase/);
      await assert.rejects(countErasure(options, { source: "' OR 1" }), /neither an address nor a network/);
    });
  });
