/** A clock that jumps: ahead is not believed for a day, back is at once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SteadyClock } from './steady-clock.ts';

const hour_ms = 3_600_000;
const begin_ms = Date.parse('2026-06-01T00:00:00Z');

test('a clock that goes ahead is believed when it has stood there for a day, and one that comes back at once', () => {
  let [wall_ms, steady_ms] = [begin_ms, 5000];
  const said: string[] = [];
  const clock = new SteadyClock({
    wall: () => wall_ms,
    steady: () => steady_ms,
    log: (message) => said.push(message),
  });
  const pass = (ms: number): void => {
    wall_ms += ms;
    steady_ms += ms;
  };
  pass(40 * 24 * hour_ms);
  assert.equal(clock.now(), wall_ms, 'time that passes is none');
  pass(10);
  wall_ms += 20_000;
  assert.equal(clock.now(), wall_ms, 'NTP sets it by seconds');
  const right_ms = wall_ms;
  wall_ms += 4 * 365 * 24 * hour_ms;
  assert.equal(clock.now(), right_ms);
  pass(23 * hour_ms);
  assert.equal(clock.now(), right_ms + 23 * hour_ms);
  assert.equal(said.length, 1);
  assert.match(said[0]!, /went ahead by 35040 h/);
  // Somebody sets it right again.
  wall_ms = right_ms + 23 * hour_ms;
  assert.equal(clock.now(), wall_ms);
  wall_ms -= 24 * hour_ms;
  assert.equal(clock.now(), wall_ms);
  // The host slept for a month.
  wall_ms += 30 * 24 * hour_ms;
  const asleep_ms = clock.now();
  assert.equal(asleep_ms, wall_ms - 30 * 24 * hour_ms);
  pass(24 * hour_ms);
  assert.equal(clock.now(), wall_ms);
  assert.equal(said.length, 2);
});
