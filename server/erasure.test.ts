/** What an order to erase means, before anything is counted. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readErasure } from './erasure.ts';
import { StateDatabase } from './state/database.ts';

test('a time is a day or a moment with its zone, and not one to come', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'apiary-erasure-'));
  const state = new StateDatabase(join(folder, 'state.sqlite'));
  t.after(() => {
    state.close();
    rmSync(folder, { recursive: true });
  });
  const now_ms = Date.parse('2026-06-15T12:00:00Z');
  const read = (before: string) => readErasure(state, { before }, now_ms).before_ms;
  assert.equal(read('2026-01-31'), Date.parse('2026-01-31T00:00:00Z'));
  assert.equal(read('2026-01-31T12:30Z'), Date.parse('2026-01-31T12:30:00Z'));
  assert.equal(read('2026-01-31T12:30:05.25+02:00'), Date.parse('2026-01-31T10:30:05.250Z'));
  for (const text of [
    '7',
    'May 5',
    '5 days ago',
    '2026',
    '2026-01',
    '2026-01-31 12:00',
    '2026-01-31T12:00',
    '2026-02-31',
    '2026-13-01',
    '2026-01-31T25:00Z',
    '01/02/2026',
    '',
  ])
    assert.throws(() => read(text), /is no time: write 2026-01-31/, text);
  assert.throws(() => read('2062-01-31'), /lies ahead: all that there is would go/);
  assert.equal(readErasure(state, { source: '192.0.2.1' }, now_ms).before_ms, undefined);
});
