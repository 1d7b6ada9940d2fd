import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNetwork, Senders } from './senders.ts';
import { readDrops } from './udp.ts';

test('an address has the sensor of the narrowest network that holds it', () => {
  const entries = [
    ['0.0.0.0/0', 'all'],
    ['198.51.100.0/24', 'net'],
    ['198.51.100.7', 'one'],
    ['2001:db8::/32', 'six'],
  ] as const;
  const senders = new Senders(entries.map(([text, value]) => ({ network: parseNetwork(text)!, value })));
  const found = [
    '198.51.100.7',
    '::ffff:198.51.100.8',
    '203.0.113.1',
    '2001:db8::1',
    '2001:db9::1',
    'x',
    '',
  ].map((address) => senders.find(address));
  assert.deepEqual(found, ['one', 'net', 'all', 'six', undefined, undefined, undefined]);
});

test('what is no network is told so', () => {
  for (const text of [
    '',
    '198.51.100',
    '198.51.100.0/33',
    '::/129',
    '1.2.3.4/',
    '1.2.3.4/8/8',
    'fe80::1%eth0',
    'host',
  ])
    assert.equal(parseNetwork(text), undefined, text);
});

test('drops of the kernel are read for the port, over all sockets that have it', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
 1073: 0100007F:158A 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 19 2 0000000000000000 17
 1074: 00000000:158A 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 20 2 0000000000000000 5
 1075: 00000000:0044 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 21 2 0000000000000000 900
`;
  assert.equal(readDrops(table, 5514), 22);
  assert.equal(readDrops(table, 1), 0);
});
