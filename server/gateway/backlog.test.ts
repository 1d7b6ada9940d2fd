import assert from 'node:assert';
import { test } from 'node:test';
import { Backlog } from './backlog.ts';

test('a sensor that floods waits, the others do not', () => {
  const backlog = new Backlog();
  backlog.add(1, 100_000);
  backlog.add(2, 10);
  assert.ok(backlog.isTooMuch(1));
  assert.ok(!backlog.isTooMuch(2));
  assert.ok(!backlog.isTooMuch(3));
  backlog.remove(1, 80_000);
  assert.ok(!backlog.isTooMuch(1), '20,010 records are soon loaded');
});

test('a fast engine is given more', () => {
  const backlog = new Backlog();
  backlog.add(1, 200_000);
  assert.ok(backlog.isTooMuch(1));
  for (let segment = 0; segment < 50; segment += 1) backlog.measure(20_000, 0.1);
  assert.ok(!backlog.isTooMuch(1));
});
