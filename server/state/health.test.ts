import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Heartbeat, SensorState } from '@apiary/model/protocol.ts';
import { StateDatabase } from './database.ts';
import { continueStretches, judgeCondition, listSilences, recordHeartbeat } from './health.ts';
import { describeHealth } from './health-now.ts';

const start_ms = Date.UTC(2026, 0, 1);

const report = (sensor: string, condition: SensorState['condition']): SensorState => ({
  sensor,
  condition,
  detail: condition === 'dead' ? 'port 22 refuses connections' : '',
  sources: 1,
  source_changed_ms: start_ms,
  read: 100,
  cut: 0,
  lost: 0,
  refused: 0,
  acknowledged: 90,
  waiting_records: 10,
  waiting_bytes: 1000,
  oldest_waiting_ms: start_ms,
});

const heartbeat = (sensors: SensorState[]): Heartbeat => ({
  v: 1,
  version: '1.0.0',
  runtime: 'node',
  spool_id: 'spool',
  started_ms: start_ms,
  sent_ms: start_ms,
  offset_ms: 0,
  spool_bytes: 1,
  spool_bytes_max: 2,
  memory_bytes: 3,
  certificate_ends_ms: start_ms + 1,
  instance: 'a',
  sensors,
});

function open(): StateDatabase {
  const state = new StateDatabase(':memory:');
  state.run(
    "INSERT INTO collector (collector_id, name, lives_in, created_ms) VALUES (1, 'edge', 'honeypot', 0), (2, 'other', 'host', 0)",
  );
  state.run(
    "INSERT INTO sensor (sensor_id, name, type, created_ms) VALUES (1, 'cowrie', 'cowrie', 0), (2, 'foreign', 'cowrie', 0)",
  );
  state.run('INSERT INTO sensor_collector VALUES (1, 1, 0, NULL), (2, 2, 0, NULL)');
  return state;
}

test('what the collector said holds for 35 s; after that nothing is known', () => {
  const dead = { state: report('cowrie', 'dead'), received_ms: start_ms };
  assert.equal(judgeCondition(dead, start_ms + 35_000).condition, 'dead');
  const unknown = judgeCondition(dead, start_ms + 35_001);
  assert.equal(unknown.condition, 'unknown');
  assert.match(unknown.detail, /dead: port 22 refuses connections/);
  assert.equal(judgeCondition(null, start_ms).condition, 'never');
  assert.equal(judgeCondition(null, start_ms, true, true).condition, 'imported');
  assert.deepEqual(judgeCondition(dead, start_ms, true), {
    condition: 'unknown',
    detail: 'its collector is revoked; before that it was dead: port 22 refuses connections',
  });
});

test('a stretch goes on, ends with the condition, or with the heartbeats', () => {
  const open_stretch = { condition: 'live', from_ms: 1000 };
  assert.deepEqual(continueStretches(open_stretch, 50_000, 'live', 60_000), {
    end_ms: null,
    unknown_from_ms: null,
    begin_ms: null,
  });
  assert.deepEqual(continueStretches(open_stretch, 50_000, 'quiet', 60_000), {
    end_ms: 60_000,
    unknown_from_ms: null,
    begin_ms: 60_000,
  });
  assert.deepEqual(continueStretches(open_stretch, 50_000, 'live', 90_000), {
    end_ms: 50_000,
    unknown_from_ms: 50_000,
    begin_ms: 90_000,
  });
});

test('silences of the past and the present are found, a collector speaks for its own sensors only', () => {
  const state = open();
  const at = (seconds: number): number => start_ms + seconds * 1000;
  const beat = (seconds: number, condition: SensorState['condition']): void =>
    recordHeartbeat(
      state,
      1,
      heartbeat([report('cowrie', condition), report('foreign', 'live')]),
      at(seconds),
      0,
    );
  for (const seconds of [0, 10, 20]) beat(seconds, 'live');
  for (const seconds of [30, 40]) beat(seconds, 'quiet');
  for (const seconds of [50, 60]) beat(seconds, 'live');
  for (const seconds of [300, 310]) beat(seconds, 'dead');
  const silences = listSilences(state, at(0), at(1000), at(400)).map((stretch) => [
    stretch.sensor_id,
    stretch.condition,
    (stretch.from_ms - start_ms) / 1000,
    (stretch.to_ms - start_ms) / 1000,
  ]);
  assert.deepEqual(silences, [
    [1, 'quiet', 30, 50],
    [1, 'unknown', 60, 300],
    [1, 'dead', 300, 310],
    [1, 'unknown', 310, 400],
  ]);
  assert.deepEqual(
    listSilences(state, at(35), at(45), at(400)).map(({ from_ms, to_ms }) => [from_ms, to_ms]),
    [[at(35), at(45)]],
  );
  const health = describeHealth(state, at(320));
  assert.equal(health.sensors.find(({ name }) => name === 'cowrie')?.condition, 'dead');
  assert.equal(health.sensors.find(({ name }) => name === 'cowrie')?.lag_ms, 320_000);
  assert.equal(health.sensors.find(({ name }) => name === 'foreign')?.condition, 'never');
  state.close();
});

test('a clock is shown as wrong only beyond 2 s', () => {
  const state = open();
  const offsets = (offset_ms: number | null): (number | null)[] => {
    recordHeartbeat(state, 1, heartbeat([]), start_ms, offset_ms);
    return describeHealth(state, start_ms).collectors.map((collector) => collector.clock_offset_ms);
  };
  assert.deepEqual(offsets(2000), [null, null]);
  assert.deepEqual(offsets(-2001), [-2001, null]);
  assert.deepEqual(offsets(null), [null, null]);
  assert.deepEqual(
    describeHealth(state, start_ms + 60_000).collectors.map((collector) => collector.state),
    ['unknown', 'never'],
  );
  state.close();
});

test('what nobody measured is not known, and a revoked collector knows nothing at once', () => {
  const state = open();
  recordHeartbeat(state, 1, heartbeat([report('cowrie', 'live')]), start_ms, null);
  const measured = () =>
    describeHealth(state, start_ms).collectors.map((one) => [
      one.name,
      one.clock_measured,
      one.spool_bytes,
      one.spool_bytes_max,
      one.memory_bytes,
    ]);
  assert.deepEqual(measured(), [
    ['edge', false, 1, 2, 3],
    ['other', false, null, null, null],
  ]);
  recordHeartbeat(state, 1, heartbeat([report('cowrie', 'live')]), start_ms, 5);
  assert.equal(measured()[0]?.[1], true);
  const condition = () => describeHealth(state, start_ms).sensors[0]?.condition;
  assert.equal(condition(), 'live');
  state.run('UPDATE collector SET revoked_ms = 1 WHERE collector_id = 1');
  assert.equal(condition(), 'unknown');
  state.close();
});

test('refusals and gaps stand with their sensor, refusals of strangers apart', () => {
  const state = open();
  state.run(
    "INSERT INTO refusal VALUES ('edge', 'cowrie', 'rate_limited', 3, 5, 'slow down'), ('stranger', 'x', 'certificate_invalid', 1, 6, 'unknown')",
  );
  state.run(
    "INSERT INTO gap (sensor_id, stream, source, generation, from_place, to_place, reason, noticed_ms) VALUES (1, 'json', 'cowrie.json', '7', '10', '20', 'rotated away', 9)",
  );
  const health = describeHealth(state, start_ms);
  const cowrie = health.sensors.find(({ name }) => name === 'cowrie')!;
  assert.deepEqual(
    cowrie.refusals.map(({ reason, count }) => [reason, count]),
    [['rate_limited', 3]],
  );
  assert.equal(cowrie.gaps[0]?.to_place, '20');
  assert.deepEqual(
    health.refused_peers.map(({ reason }) => reason),
    ['certificate_invalid'],
  );
  state.close();
});

test('what was imported is no fault: neither its sensor nor the collector that rests between imports', () => {
  const state = open();
  state.run("UPDATE collector SET name = 'import', revoked_ms = 1 WHERE collector_id = 2");
  const { sensors, collectors } = describeHealth(state, start_ms);
  assert.deepEqual([sensors[1]?.condition, collectors[1]?.state], ['imported', 'idle']);
  state.run("UPDATE collector SET name = 'other' WHERE collector_id = 2");
  const others = describeHealth(state, start_ms);
  assert.deepEqual([others.sensors[1]?.condition, others.collectors[1]?.state], ['never', 'revoked']);
  state.close();
});
