import assert from 'node:assert';
import { test } from 'node:test';
import { no_reserve, Rates } from './rate.ts';

test('a collector that sends more than its rate has to wait until it is paid', () => {
  const rates = new Rates({ bytes_per_second: 1000, burst_bytes: 2000 });
  assert.strictEqual(rates.take(1, 'a', 300_000, 0), 0, 'a large batch is let through once');
  const wait_ms = rates.take(1, 'a', 1, 0);
  assert.strictEqual(wait_ms, 298_000);
  assert.ok(rates.take(1, 'a', 1, 100_000) > 0);
  assert.strictEqual(rates.take(1, 'a', 1, 298_000), 0);
});

test('a quiet sensor passes a flooding one, and another collector does not notice', () => {
  const rates = new Rates({ bytes_per_second: 1000, burst_bytes: 2000 });
  rates.take(1, 'flood', 500_000, 0);
  assert.ok(rates.take(1, 'flood', 1000, 0) > 0);
  assert.strictEqual(rates.take(1, 'quiet', 1000, 0), 0);
  assert.strictEqual(rates.take(2, 'flood', 1000, 0), 0);
});

test('without a reserve nothing passes what is spent', () => {
  const rates = new Rates({ bytes_per_second: 2, burst_bytes: 3 }, no_reserve);
  const taken = Array.from({ length: 10 }, (_, index) => rates.take(1, String(index), 1, 0)).filter(
    (wait) => wait === 0,
  );
  assert.strictEqual(taken.length, 4, 'the burst, and the one that overdraws it');
});

test('a clock that is set back holds nobody up', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 10 * 3_600_000 });
  const rates = new Rates({ bytes_per_second: 1000, burst_bytes: 10_000 });
  assert.strictEqual(rates.take(1, 'a', 100), 0);
  t.mock.timers.setTime(0);
  assert.strictEqual(rates.take(1, 'a', 100), 0);
});
