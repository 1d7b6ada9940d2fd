import assert from 'node:assert/strict';
import { test } from 'node:test';
import { account_limits, requireNoWait, Throttle } from './throttle.ts';

const now_ms = Date.UTC(2026, 0, 1);

test('waits begin after the free failures, double, and are bounded', () => {
  const throttle = new Throttle({ free: 3, wait_ms_first: 1000, wait_ms_max: 5000 });
  const waits = [];
  for (let failures = 0; failures < 7; failures++) {
    waits.push(throttle.waitFor('eva', now_ms));
    throttle.fail('eva', now_ms);
  }
  assert.deepEqual(waits, [0, 0, 0, 1000, 2000, 4000, 5000]);
  assert.equal(throttle.waitFor('eva', now_ms + 4999), 1);
  assert.equal(throttle.waitFor('eva', now_ms + 5000), 0);
  assert.equal(throttle.waitFor('ivan', now_ms), 0);
});

test('success and an hour of peace forget the failures', () => {
  const throttle = new Throttle(account_limits);
  for (let failures = 0; failures < 10; failures++) throttle.fail('eva', now_ms);
  assert(throttle.waitFor('eva', now_ms) > 0);
  assert.equal(throttle.waitFor('eva', now_ms + 3_600_001), 0);
  throttle.succeed('eva');
  assert.equal(throttle.waitFor('eva', now_ms), 0);
});

test('a flood of names does not grow without end, and the newest are kept', () => {
  const throttle = new Throttle({ free: 1, wait_ms_first: 1000, wait_ms_max: 1000 });
  for (let index = 0; index < 10_001; index++) throttle.fail(`name ${index}`, now_ms);
  assert.equal(throttle.waitFor('name 0', now_ms), 0);
  assert.equal(throttle.waitFor('name 10000', now_ms), 1000);
});

test('the error says how long to wait', () => {
  requireNoWait(0);
  assert.throws(() => requireNoWait(1500), { code: 'throttled', details: { retry_after_ms: 1500 } });
});

test('tries that go on count as failures, and many at once are not one', () => {
  const throttle = new Throttle({ free: 2, wait_ms_first: 1000, wait_ms_max: 5000 });
  throttle.fail('eva', now_ms);
  throttle.begin('eva');
  assert.equal(throttle.waitFor('eva', now_ms), 1000);
  throttle.end('eva');
  assert.equal(throttle.waitFor('eva', now_ms), 0);
  throttle.fail('eva', now_ms);
  assert.equal(throttle.waitFor('eva', now_ms + 1000), 0);
  throttle.begin('eva');
  assert.equal(throttle.waitFor('eva', now_ms + 1000), 2000);
  throttle.end('eva');
});
