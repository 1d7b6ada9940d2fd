import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeBytes, dumpHex } from './raw-decoding.ts';

const show = (...bytes: number[]): string =>
  decodeBytes(Uint8Array.from(bytes))
    .map(({ text, invalid }) => (invalid ? `[${text}]` : text))
    .join('');

test('valid UTF-8 is text', () => {
  const text = 'aé密🐝\ufeff';
  assert.equal(show(...Buffer.from(text)), text);
});

test('bytes that are no UTF-8 stand as themselves', () => {
  assert.equal(show(0x61, 0xff, 0x62), 'a[\\xff]b');
  // Overlong slash, a surrogate, beyond U+10FFFF, a cut sequence: RFC 3629 allows none of them.
  assert.equal(show(0xc0, 0xaf), '[\\xc0][\\xaf]');
  assert.equal(show(0xe0, 0x80, 0xaf), '[\\xe0][\\x80][\\xaf]');
  assert.equal(show(0xed, 0xa0, 0x80), '[\\xed][\\xa0][\\x80]');
  assert.equal(show(0xf4, 0x90, 0x80, 0x80), '[\\xf4][\\x90][\\x80][\\x80]');
  assert.equal(show(0xe2, 0x82), '[\\xe2][\\x82]');
  assert.equal(show(0xe2, 0x82, 0x61), '[\\xe2][\\x82]a');
});

test('every pair of bytes agrees with the decoder of the platform', () => {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for (let first = 0; first < 256; first++)
    for (let second = 0; second < 256; second++) {
      const bytes = Uint8Array.of(first, second);
      const valid = decodeBytes(bytes).every((part) => !part.invalid);
      let expected = true;
      try {
        strict.decode(bytes);
      } catch {
        expected = false;
      }
      assert.equal(valid, expected, `${first} ${second}`);
    }
});

test('the dump has offset, bytes, and printable ASCII', () => {
  const lines = dumpHex(Uint8Array.from([...Buffer.from('GET / HTTP/1.1\r\n'), 0xff])).split('\n');
  assert.deepEqual(lines, [
    '000000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a  GET / HTTP/1.1..',
    '000010  ff                                                .',
  ]);
});
