import assert from 'node:assert';
import { test } from 'node:test';
import { Collectors } from './collectors.ts';
import { StateDatabase } from './database.ts';

test('no token can be taken for an option of the command that it stands in', () => {
  const state = new StateDatabase(':memory:');
  const collectors = new Collectors(state);
  const collector = collectors.add('test', 'one', 'elsewhere');
  // One in sixty-four of plain random tokens would begin with a hyphen.
  const tokens = Array.from({ length: 1500 }, () => collectors.addToken('test', collector, false));
  assert.deepStrictEqual(
    tokens.filter((token) => !/^\w[\w-]{31}$/.test(token)),
    [],
  );
  assert.equal(new Set(tokens).size, tokens.length);
  state.close();
});

test('a token serves once, for an hour', () => {
  const state = new StateDatabase(':memory:');
  const collectors = new Collectors(state);
  const collector = collectors.add('test', 'one', 'elsewhere');
  const hour_ms = 60 * 60 * 1000;
  const made_ms = 1_000_000;
  const late = collectors.addToken('test', collector, false, made_ms);
  assert.ok(collectors.hasOpenToken(made_ms + hour_ms - 1));
  assert.ok(!collectors.hasOpenToken(made_ms + hour_ms));
  assert.strictEqual(collectors.findToken(late, made_ms + hour_ms), undefined);
  const timely = collectors.addToken('test', collector, false, made_ms);
  assert.strictEqual(collectors.findToken(timely, made_ms + hour_ms - 1)?.holder.name, 'one');
  assert.strictEqual(collectors.findToken(timely, made_ms + hour_ms - 1), undefined);
  state.close();
});
