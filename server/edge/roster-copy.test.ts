import assert from 'node:assert';
import { test } from 'node:test';
import { OperationalError } from '@apiary/model/errors.ts';
import { RosterCopy } from './roster-copy.ts';

const copy = new RosterCopy({
  collectors: [
    { collector_id: 1, name: 'one', sensors: ['a', 'b'] },
    { collector_id: 2, name: 'two', sensors: ['c'] },
  ],
  certificates: [
    { serial: 'aa', collector_id: 1, is_revoked: false },
    { serial: 'bb', collector_id: 2, is_revoked: false },
    { serial: 'cc', collector_id: 2, is_revoked: true },
    { serial: 'dd', collector_id: 3, is_revoked: false },
  ],
  ...{ bytes_per_second: 1, burst_bytes: 1, artifact_bytes_max: 1, artifact_bytes_per_hour_max: 1 },
});

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'passes';
  } catch (error) {
    assert.ok(error instanceof OperationalError);
    return error.code;
  }
};

test('a certificate speaks for its collector, unless it is revoked or not on the roster', () => {
  assert.deepStrictEqual(copy.identify('aa'), { serial: 'aa', collector_id: 1, name: 'one' });
  assert.strictEqual(
    codeOf(() => copy.identify('bb')),
    'passes',
  );
  assert.strictEqual(
    codeOf(() => copy.identify('cc')),
    'collector_revoked',
  );
  // For the count of refusals.
  assert.throws(() => copy.identify('cc'), { details: { collector: 'two' } });
  for (const serial of ['dd', 'ee', '', '__proto__'])
    assert.strictEqual(
      codeOf(() => copy.identify(serial)),
      'certificate_invalid',
      serial,
    );
});

test('a collector writes its own sensors; of the others it is told whether there is such a one', () => {
  const one = copy.identify('aa');
  const codes = ['a', 'b', 'c', 'd', ''].map((sensor) => codeOf(() => copy.authorise(one, sensor)));
  assert.deepStrictEqual(codes, ['passes', 'passes', 'sensor_foreign', 'sensor_unknown', 'sensor_unknown']);
});
