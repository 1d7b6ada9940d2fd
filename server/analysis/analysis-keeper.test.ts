/** The analysis in its process: it hears of new segments, waits when told, and comes back when it dies. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { StateDatabase } from '../state/database.ts';
import { migrate } from '../store/schema.ts';
import { Store } from '../store/store.ts';
import { AnalysisKeeper } from './analysis-keeper.ts';

const wait_ms_max = 60_000;

describe("the analysis's process", () => {
  const directory = mkdtempSync(join(tmpdir(), 'apiary-keeper-'));
  const told: string[] = [];
  let store: Store;
  let keeper: AnalysisKeeper;
  let is_busy = false;

  before(async () => {
    store = new Store({ directory: join(directory, 'engine') });
    await store.whenUp();
    await migrate(store, []);
    const state_path = join(directory, 'state.sqlite');
    new StateDatabase(state_path).close();
    keeper = new AnalysisKeeper({
      state_path,
      engine: { socket: store.engine!.socket },
      pause_seconds: 3600,
      isBusy: () => is_busy,
      log: (message) => told.push(message),
    });
    keeper.start();
  });
  after(async () => {
    await keeper.stop();
    await store.close();
    rmSync(directory, { recursive: true });
  });

  /** A segment of one event, of a source of its own. */
  async function load(segment_id: number): Promise<void> {
    await store.insertRows('event', [
      {
        event_id: segment_id,
        segment_id,
        sensor_id: 1,
        sensor_type: 'test',
        sensor_table: 'test_lines',
        detect_ts: '2026-03-01 00:00:00.000000',
        collect_ts: new Date().toISOString().slice(0, 19).replace('T', ' '),
        attacker_ip: `::ffff:203.0.113.${segment_id}`,
        action: 'probe',
        target_kind: 'computer',
        service: 'ssh',
        vantage: 'honeypot',
      },
    ]);
    keeper.note(BigInt(segment_id));
  }
  const attacks = async (): Promise<number> =>
    Number(
      (await store.query<{ n: string }>('SELECT count() AS n FROM attack FINAL WHERE is_gone = 0'))[0]!.n,
    );
  async function untilAttacks(count: number): Promise<void> {
    const begun = performance.now();
    while ((await attacks()) !== count) {
      assert.ok(performance.now() - begun < wait_ms_max, `${await attacks()} attacks instead of ${count}`);
      await sleep(100);
    }
  }

  test('goes through a segment when it hears of it', async () => {
    await load(1);
    await untilAttacks(1);
  });

  test('is started again when it dies, and finds what came meanwhile', async () => {
    const { pid } = keeper;
    process.kill(pid!, 'SIGKILL');
    while (keeper.pid !== undefined) await sleep(10);
    await load(2);
    await untilAttacks(2);
    assert.notEqual(keeper.pid, pid);
    assert.match(told.join('\n'), /process ended \(SIGKILL\).*started again/);
  });

  test('makes no pass while it is held, and goes on afterwards', async () => {
    await keeper.hold(async () => {
      await load(3);
      await sleep(4000);
      assert.equal(await attacks(), 2);
    });
    await untilAttacks(3);
  });

  test('waits while the server is busy', async () => {
    is_busy = true;
    await sleep(1500);
    await load(4);
    await sleep(4000);
    assert.equal(await attacks(), 3);
    is_busy = false;
    await untilAttacks(4);
  });

  test('ends when it is stopped, and a hold of nothing does its work', async () => {
    await keeper.stop();
    assert.equal(keeper.pid, undefined);
    assert.equal(await keeper.hold(() => Promise.resolve('done')), 'done');
  });
});
