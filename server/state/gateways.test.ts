/** Gateways of their own, as an administrator is told of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StateDatabase } from './database.ts';
import { Gateways } from './gateways.ts';

test('a gateway asks, is silent, never asked, is not enrolled or revoked', () => {
  const state = new StateDatabase(':memory:');
  const gateways = new Gateways(state);
  const made = Object.fromEntries(
    ['asks', 'silent', 'never', 'new', 'gone'].map((name, index) => [
      name,
      gateways.add('eva', name, `192.0.2.${index + 1}:7443`),
    ]),
  );
  for (const [index, name] of ['asks', 'silent', 'never', 'gone'].entries())
    gateways.addCertificate(made[name]!, `a${index}`, 10_000_000, 'token');
  gateways.revoke('eva', made.gone!, 'taken away', true);
  const now_ms = 1_000_000;
  const ages_ms = { asks: 29_000, silent: 31_000, gone: 1000 };
  const seen = new Map(
    Object.entries(ages_ms).map(([name, age_ms]) => [
      made[name]!.gateway_id,
      { at_ms: now_ms - age_ms, version: '0.1.0' },
    ]),
  );
  const told = Object.fromEntries(gateways.describe(seen, now_ms).map((one) => [one.name, one]));
  const brief = Object.entries(told).map(([name, one]) => [name, one.state, one.asked_ms, one.version]);
  assert.deepEqual(brief, [
    ['asks', 'asking', 971_000, '0.1.0'],
    ['gone', 'revoked', 999_000, '0.1.0'],
    ['never', 'never_asked', null, ''],
    ['new', 'not_enrolled', null, ''],
    ['silent', 'silent', 969_000, '0.1.0'],
  ]);
  assert.equal(told.new!.address, '192.0.2.4:7443');
  assert.equal(told.asks!.revoked_ms, null);
  assert.ok(told.gone!.revoked_ms! > 0);
  state.close();
});
