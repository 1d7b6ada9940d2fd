import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filter_schema } from './api/filter.ts';
import { findMistake, tellMistakes } from './input-mistakes.ts';

const tell = (input: object): string => {
  const { error } = filter_schema.safeParse(input);
  assert.ok(error !== undefined);
  return tellMistakes(error.issues.map((issue) => findMistake(issue, input, 'the filter')));
};

test('a mistake names the field, the value, and what to do', () => {
  assert.equal(tell({ last: '7' }), 'last: "7" must be one of 1h, 24h, 7d, 30d, 365d');
  const by_name = 'is no number: give the number, or write the name as q=sensor:NAME';
  assert.equal(tell({ sensor: 'pop-1' }), `sensor: "pop-1" ${by_name}`);
  assert.equal(tell({ sensor: '1,pop-1' }), `sensor: "1,pop-1" ${by_name}`);
  assert.equal(tell({ nosuch: '1' }), 'nosuch is not known here');
  assert.equal(tell({ last: '7', nosuch: '1' }).split('; ').length, 2);
});

test('a secret does not come back', () => {
  const issue = { code: 'too_small', path: ['target', 'secret'], message: 'Too small' };
  const told = tellMistakes([findMistake(issue, { target: { secret: 'short' } }, 'the body')]);
  assert.equal(told, 'target.secret: Too small');
});
