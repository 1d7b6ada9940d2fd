import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiEvent } from '@apiary/model/api/events.ts';
import { beginState, countriesOf, type LiveAction, rateOf, reduceLive } from './live-stream.ts';

const eventOf = (number: number): ApiEvent => ({ key: `k${number}` }) as ApiEvent;
const arrivals = (count: number, from: number, at_ms: number): LiveAction => ({
  kind: 'arrivals',
  told: {
    count,
    events: Array.from({ length: Math.min(count, 50) }, (_, index) => eventOf(from + index)),
    countries: [{ value: 'SK', events: count }],
  },
  at_ms,
});

test('a flood is counted whole and listed up to a hundred rows', () => {
  let state = beginState(0);
  for (let second = 0; second < 60; second += 1)
    state = reduceLive(state, arrivals(5000, second * 5000, second * 1000));
  assert.equal(state.total, 300_000);
  assert.equal(state.events.length, 100);
  assert.equal(state.events[0]!.key, 'k295000');
  assert.deepEqual(countriesOf(state), [{ value: 'SK', events: 300_000 }]);
  assert.equal(rateOf(state), 5000);
  assert.equal(rateOf(reduceLive(state, { kind: 'tick', at_ms: 70_000 })), 0);
});

test('a list that stands still counts on, and goes on with what came meanwhile', () => {
  let state = reduceLive(beginState(0), arrivals(1, 1, 0));
  state = reduceLive(state, { kind: 'pause' });
  state = reduceLive(state, arrivals(2, 10, 1000));
  assert.deepEqual([state.events.length, state.held.count, state.total], [1, 2, 3]);
  state = reduceLive(state, { kind: 'pause' });
  assert.deepEqual(
    state.events.map(({ key }) => key),
    ['k10', 'k11', 'k1'],
  );
  assert.equal(state.held.count, 0);
});
