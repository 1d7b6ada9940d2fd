import assert from 'node:assert';
import { test } from 'node:test';
import { formatAddress, parseAddress, rangeToPrefixes } from './prefixes.ts';

const cover = (first: string, last: string): string[] => [
  ...rangeToPrefixes(parseAddress(first), parseAddress(last)),
];

test('a range of IPv4 becomes the fewest prefixes', () => {
  assert.deepStrictEqual(cover('1.0.1.0', '1.0.3.255'), ['1.0.1.0/24', '1.0.2.0/23']);
  assert.deepStrictEqual(cover('0.0.0.0', '255.255.255.255'), ['0.0.0.0/0']);
  assert.deepStrictEqual(cover('203.0.113.7', '203.0.113.7'), ['203.0.113.7/32']);
  assert.deepStrictEqual(cover('255.255.255.254', '255.255.255.255'), ['255.255.255.254/31']);
});

test('a range of IPv6 becomes the fewest prefixes', () => {
  assert.deepStrictEqual(cover('2001:db8::', '2001:db8:0:1:ffff:ffff:ffff:ffff'), [
    '2001:db8:0:0:0:0:0:0/63',
  ]);
  assert.deepStrictEqual(cover('::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'), ['0:0:0:0:0:0:0:0/0']);
});

test('addresses keep their value through text', () => {
  assert.strictEqual(formatAddress(parseAddress('198.51.100.23')), '198.51.100.23');
  assert.strictEqual(formatAddress(parseAddress('::ffff:198.51.100.23')), '0:0:0:0:0:ffff:c633:6417');
  assert.strictEqual(parseAddress('2001:db8::1').value, 0x20010db8000000000000000000000001n);
});
