import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Recording } from '@apiary/model/api/sessions.ts';
import { layFrames, turnMoment } from './replay-frames.ts';

/** Frames at 0, 1 and 61 seconds, and half a second later. */
const recording: Recording = {
  ...{ sha256: '', begin_ms: 0, trouble: '', is_cut: false },
  frames: [0, 1000, 61_000, 61_500].map((ms) => [ms, 'output', 'eA==']),
};
const whole = layFrames(recording, false);
const skipped = layFrames(recording, true);

test('pauses are shortened where they are skipped', () => {
  assert.deepEqual(
    whole.map(({ at_ms }) => at_ms),
    [0, 1000, 61_000, 61_500],
  );
  assert.deepEqual(
    skipped.map(({ at_ms }) => at_ms),
    [0, 1000, 2500, 3000],
  );
});

test('a moment of the recording is the same with and without its pauses', () => {
  // Of a pause that is shortened its first seconds and its end are there.
  for (const [real_ms, at_ms] of [
    [0, 0],
    [999, 999],
    [1000, 1000],
    [2000, 2000],
    [40_000, 2500],
    [61_000, 2500],
    [61_250, 2750],
    [61_500, 3000],
    [99_999, 3000],
  ] as const) {
    assert.equal(turnMoment(skipped, real_ms, 'real_ms', 'at_ms'), at_ms);
    assert.equal(turnMoment(whole, real_ms, 'real_ms', 'at_ms'), Math.min(real_ms, 61_500));
  }
  for (const at_ms of [0, 1000, 2000, 2500, 2750, 3000])
    assert.equal(
      turnMoment(skipped, turnMoment(skipped, at_ms, 'at_ms', 'real_ms'), 'real_ms', 'at_ms'),
      at_ms,
    );
  assert.equal(turnMoment([], 5, 'real_ms', 'at_ms'), 0);
});
