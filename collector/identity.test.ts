/** Which gateway is asked: those that the server named, in turn, and the one of the enrolment last. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { OperationalError } from '@apiary/model/errors.ts';
import { batchOfLines } from '../tests/rig/light-client.ts';
import { askGateway } from './ask-gateway.ts';
import { examine } from './doctor.ts';
import { Identity } from './identity.ts';
import { Rig } from './testing/rig.ts';

describe('the gateways of a collector', () => {
  let rig: Rig;
  let told: string;
  before(async () => {
    rig = await Rig.make();
    rig.gateway.enrolHere(rig.path('state'));
    told = `127.0.0.1:${rig.gateway.port}`;
  });
  after(() => rig.end());
  const open = (): Identity => new Identity(rig.path('state'));

  it('are tried in turn, each failure counted once, and kept for the next start', () => {
    const identity = open();
    assert.deepEqual(identity.gateways, [told]);
    identity.turnFrom(told);
    assert.equal(identity.gateway, told, 'the only one stays');
    assert.equal(identity.keepGateways(['a.example:1', 'b.example:2']), true);
    assert.equal(identity.keepGateways(['a.example:1', 'b.example:2']), false);
    assert.equal(identity.gateway, 'a.example:1');
    // Four requests fail at once: one step.
    for (let request = 0; request < 4; request += 1) identity.turnFrom('a.example:1');
    assert.equal(identity.gateway, 'b.example:2');
    identity.turnFrom('b.example:2');
    assert.equal(identity.gateway, told);
    identity.turnFrom(told);
    assert.equal(identity.gateway, 'a.example:1');
    identity.close();
    const again = open();
    assert.deepEqual(again.gateways, ['a.example:1', 'b.example:2', told]);
    // What a person wrote is never written over.
    const kept = JSON.parse(readFileSync(join(rig.path('state'), 'enrolment.json'), 'utf8')) as {
      gateway: string;
    };
    assert.equal(kept.gateway, told);
    assert.equal(again.keepGateways(undefined), true, 'an older server names none');
    assert.deepEqual(again.gateways, [told]);
    again.close();
  });

  it('are addresses, and not too many', () => {
    const identity = open();
    const many = Array.from({ length: 100 }, (_, number) => `g${number}.example:7443`);
    identity.keepGateways([7, 'no address', 'x.example:0', '-', ...many]);
    assert.equal(identity.gateways.length, 65);
    assert.equal(identity.gateway, 'g0.example:7443');
    identity.keepGateways('g.example:1');
    assert.deepEqual(identity.gateways, [told]);
    identity.close();
  });

  it('one that is not there, or that cannot reach the server, is left for the next', async () => {
    const identity = open();
    identity.keepGateways(['127.0.0.1:1']);
    const ask = () =>
      askGateway(identity, {
        ...{ agent: identity.batch_agent, path: '/b', timeout_ms: 5000 },
        body: batchOfLines({ sensor: 'nobody', seq: 1 }, ['x'], 0).bytes,
      });
    await assert.rejects(ask(), (error: OperationalError) => error.code === 'unreachable');
    assert.equal(identity.gateway, told);
    rig.gateway.intercept = () => {
      const away = new OperationalError('server_away', 'no answer', { retry_after_ms: 1 });
      return { status: away.status, value: away.toJSON() };
    };
    assert.equal((await ask()).status, 503);
    assert.equal(identity.gateway, '127.0.0.1:1');
    identity.close();
  });
});

describe('files of an identity that are not whole', () => {
  let rig: Rig;
  before(async () => {
    rig = await Rig.make();
  });
  after(() => rig.end());

  for (const [name, text, told] of [
    ['enrolment.json', '', /enrolment\.json: /],
    ['enrolment.json', '{', /enrolment\.json: /],
    ['enrolment.json', 'null', /enrolment\.json does not name "collector"/],
    [
      'enrolment.json',
      '{"collector":"c1","gateway_name":"g","gateway":"hive","enrolment":"hive.example:7444"}',
      /enrolment\.json: "gateway" is "hive", no HOST:PORT/,
    ],
    ['cert.pem', 'junk', /cert\.pem: /],
    ['key.pem', 'junk', /key\.pem: /],
  ] as const)
    it(`are named: ${name} with ${text === '' ? 'nothing' : text} in it`, async () => {
      const dir = rig.path(`state-${name}-${text.length}`);
      rig.gateway.enrolHere(dir);
      writeFileSync(join(dir, name), text);
      const isTold = (error: unknown): boolean =>
        error instanceof OperationalError && told.test(error.message);
      assert.throws(() => new Identity(dir), isTold);
      const findings = await examine(
        dir,
        () => rig.configure('sensors: [ { name: s, type: cowrie, paths: { json: /x } } ]'),
        Date.now(),
      );
      const found = findings.find((one) => told.test(one.told));
      assert.equal(found?.verdict, 'fail');
    });
});
