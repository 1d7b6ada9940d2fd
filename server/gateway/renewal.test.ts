import assert from 'node:assert';
import { test } from 'node:test';
import { isDue } from './renewal.ts';

test('a certificate of 90 days is renewed from day 60, or when the authority changed after it', () => {
  const day_ms = 86_400_000;
  const issued_ms = 1_000 * day_ms;
  const shown = { serial: '01', issued_ms, ends_ms: issued_ms + 90 * day_ms };
  assert.ok(!isDue(shown, 0, issued_ms + 60 * day_ms - 1));
  assert.ok(isDue(shown, 0, issued_ms + 60 * day_ms));
  assert.ok(isDue(shown, issued_ms + 1, issued_ms + 2));
  assert.ok(!isDue(shown, issued_ms, issued_ms + 2));
});
