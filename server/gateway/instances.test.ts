import assert from 'node:assert';
import { test } from 'node:test';
import { Instances } from './instances.ts';

test('a restart is no second host, a name that comes back is', () => {
  const instances = new Instances();
  assert.ok(!instances.seeTwoAtOnce(1, 'a', 0));
  assert.ok(!instances.seeTwoAtOnce(1, 'a', 10_000));
  assert.ok(!instances.seeTwoAtOnce(1, 'b', 20_000), 'started again');
  assert.ok(!instances.seeTwoAtOnce(2, 'a', 25_000), 'another collector');
  assert.ok(instances.seeTwoAtOnce(1, 'a', 30_000), 'the first speaks again');
  assert.ok(instances.seeTwoAtOnce(1, 'b', 40_000));
});

test('what was replaced long ago is forgotten', () => {
  const instances = new Instances();
  instances.seeTwoAtOnce(1, 'a', 0);
  instances.seeTwoAtOnce(1, 'b', 10_000);
  assert.ok(!instances.seeTwoAtOnce(1, 'a', 10_000 + 11 * 60_000));
});
