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
