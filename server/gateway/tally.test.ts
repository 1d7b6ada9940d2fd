import assert from 'node:assert/strict';
import { test } from 'node:test';
import { report_refusals_max } from '@apiary/model/protocol.ts';
import { checkReport } from './roster.ts';
import { Tally } from './tally.ts';

test('what thousands of collectors were refused is told in reports that are taken, each refusal once', () => {
  const tally = new Tally();
  const collectors = 3 * report_refusals_max;
  for (let one = 0; one < collectors; one += 1)
    tally.count(`c${one}`, 'ssh', 'server_away', 'the server is away');
  const told = new Set<string>();
  for (let reports = 1; ; reports += 1) {
    const refusals = tally.take(report_refusals_max).map(({ last_ms: _, ...refusal }) => refusal);
    if (refusals.length === 0) {
      assert.equal(reports, 4);
      break;
    }
    for (const { collector } of checkReport({ v: 1, version: '', revision: '', refusals }).refusals) {
      assert.ok(!told.has(collector));
      told.add(collector);
    }
  }
  assert.equal(told.size, collectors);
});
