import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StateDatabase } from './database.ts';
import {
  addAddress,
  addKnownSource,
  assignHoneypot,
  endAddress,
  endHoneypot,
  joinHoneynet,
  leaveHoneynet,
  removeKnownSource,
  setHoneynet,
  setHoneypot,
} from './inventory.ts';
import { describeInventory } from './inventory-list.ts';

const honeypot = (name: string) => ({
  name,
  interaction: 'medium' as const,
  role: 'server' as const,
  location: '',
  latitude: null,
  longitude: null,
  description: '',
  services: [{ service: 'ssh', transport: 'tcp' as const, port: 22, vulnerability: 'weak passwords' }],
  retired: false,
});

function open(): StateDatabase {
  const state = new StateDatabase(':memory:');
  state.run("INSERT INTO sensor (sensor_id, name, type, created_ms) VALUES (1, 'cowrie', 'cowrie', 0)");
  setHoneypot(state, 'eva', null, honeypot('one'));
  setHoneypot(state, 'eva', null, honeypot('two'));
  return state;
}

const stretches = (state: StateDatabase) =>
  describeInventory(state).sensors[0]!.honeypots.map((one) => [
    one.honeypot_id,
    one.valid_from_ms,
    one.valid_to_ms,
  ]);

test('a new assignment ends the one before at its moment, and the past stays', () => {
  const state = open();
  assignHoneypot(state, 'eva', 1, { honeypot_id: 1, from_ms: 1000, beside: false });
  assignHoneypot(state, 'eva', 1, { honeypot_id: 2, from_ms: 5000, beside: false });
  assert.deepEqual(stretches(state), [
    [1, 1000, 5000],
    [2, 5000, null],
  ]);
  for (const from_ms of [500, 1000, 4999, 5000])
    assert.throws(() => assignHoneypot(state, 'eva', 1, { honeypot_id: 1, from_ms, beside: false }), {
      code: 'conflict',
    });
  assert.equal(stretches(state).length, 2);
  state.close();
});

test('a sensor over several honeypots has them beside each other', () => {
  const state = open();
  assignHoneypot(state, 'eva', 1, { honeypot_id: 1, from_ms: 1000, beside: false });
  assignHoneypot(state, 'eva', 1, { honeypot_id: 2, from_ms: 3000, beside: true });
  endHoneypot(state, 'eva', 1, 1, 9000);
  assert.deepEqual(stretches(state), [
    [1, 1000, 9000],
    [2, 3000, null],
  ]);
  assert.throws(() => endHoneypot(state, 'eva', 1, 1, 9500), { code: 'not_found' });
  assert.throws(() => endHoneypot(state, 'eva', 1, 2, 3000), { code: 'conflict' });
  state.close();
});

test('addresses and memberships hold from and to', () => {
  const state = open();
  const net = setHoneynet(state, 'eva', null, { name: 'campus', owners: '', description: '' });
  addAddress(state, 'eva', 1, { address: '192.0.2.1', side: 'public', from_ms: 1000 });
  assert.throws(() => addAddress(state, 'eva', 1, { address: '192.0.2.1', side: 'public', from_ms: 2000 }), {
    code: 'conflict',
  });
  endAddress(state, 'eva', 1, { address: '192.0.2.1', side: 'public', to_ms: 3000 });
  addAddress(state, 'eva', 1, { address: '192.0.2.1', side: 'public', from_ms: 4000 });
  joinHoneynet(state, 'eva', 1, net, 1000);
  assert.throws(() => joinHoneynet(state, 'eva', 1, net, 2000), { code: 'conflict' });
  leaveHoneynet(state, 'eva', 1, net, 6000);
  const [one] = describeInventory(state).honeypots;
  assert.deepEqual(
    one!.addresses.map((address) => [address.valid_from_ms, address.valid_to_ms]),
    [
      [1000, 3000],
      [4000, null],
    ],
  );
  assert.deepEqual(one!.honeynets, [{ honeynet_id: net, valid_from_ms: 1000, valid_to_ms: 6000 }]);
  state.close();
});

test('names are unique, unknown numbers are said, and a failed change leaves no trace', () => {
  const state = open();
  const before = state.all('SELECT * FROM change_log').length;
  assert.throws(() => setHoneypot(state, 'eva', null, honeypot('one')), { code: 'conflict' });
  assert.throws(() => setHoneypot(state, 'eva', 99, honeypot('three')), { code: 'not_found' });
  const twice = honeypot('three');
  assert.throws(
    () => setHoneypot(state, 'eva', null, { ...twice, services: [...twice.services, ...twice.services] }),
    { code: 'conflict' },
  );
  assert.equal(describeInventory(state).honeypots.length, 2);
  assert.equal(state.all('SELECT * FROM change_log').length, before);
  state.close();
});

test('every change is logged with who made it', () => {
  const state = open();
  addKnownSource(state, 'eva', { network: '192.0.2.0/24', kind: 'gateway', name: 'carrier' });
  assert.throws(
    () => addKnownSource(state, 'eva', { network: '192.0.2.0/24', kind: 'gateway', name: 'again' }),
    {
      code: 'conflict',
    },
  );
  removeKnownSource(state, 'ivan', '192.0.2.0/24');
  assert.deepEqual(
    state
      .all<{ actor: string; verb: string; subject: string }>(
        'SELECT actor, verb, subject FROM change_log ORDER BY change_id',
      )
      .map(({ actor, verb, subject }) => `${actor} ${verb} ${subject}`),
    [
      'eva add honeypot one',
      'eva add honeypot two',
      'eva add known source 192.0.2.0/24',
      'ivan remove known source 192.0.2.0/24',
    ],
  );
  state.close();
});
