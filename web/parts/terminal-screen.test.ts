import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { TerminalScreen } from './terminal-screen.ts';

function screenOf(...parts: (string | Uint8Array)[]): string {
  const screen = new TerminalScreen();
  for (const part of parts) screen.write(typeof part === 'string' ? new TextEncoder().encode(part) : part);
  return screen.text();
}

describe('terminal screen', () => {
  test('keeps to its width and its lines, whatever is inserted and erased', () => {
    assert.equal(screenOf('end\r', '\x1b[3@'), '   end');
    assert.equal(screenOf('end\r', '\x1b[120@'.repeat(50), '\x1b[500C', 'x').length, 120);
    assert.ok(screenOf('x\x1b[2J'.repeat(5000)).split('\n').length <= 2001);
  });

  test('shows lines, returns and corrections', () => {
    assert.equal(screenOf('$ lx\b\x1b[Ks\r\nbin  etc\r\n$ '), '$ ls\nbin  etc\n$');
    assert.equal(screenOf('10 %\r20 %\r100 %'), '100 %');
    assert.equal(screenOf('a\tb'), 'a       b');
  });

  test('moves the cursor, erases, and skips colours and titles', () => {
    assert.equal(screenOf('\x1b]0;title\x07\x1b[1;31mred\x1b[0m'), 'red');
    assert.equal(screenOf('abcdef\x1b[3D\x1b[K'), 'abc');
    assert.equal(screenOf('one\r\ntwo\x1b[1;1HONE'), 'ONE\ntwo');
    assert.equal(screenOf('old\r\n\x1b[2J\x1b[Hnew'), 'old\nnew');
  });

  test('takes characters and sequences that two frames share', () => {
    const bytes = new TextEncoder().encode('č');
    assert.equal(screenOf(bytes.subarray(0, 1), bytes.subarray(1)), 'č');
    assert.equal(screenOf('a\x1b[', '31mb'), 'ab');
  });

  test('takes a character of two halves as one, and none that turns the writing', () => {
    assert.equal(screenOf('🐝\bx'), 'x');
    assert.equal(screenOf('user\u202etxt.exe\u2066\u200b'), 'usertxt.exe');
    assert.equal(screenOf('🐝'.repeat(121)), `${'🐝'.repeat(120)}\n🐝`);
  });

  test('shows bytes that are no UTF-8 as such', () => {
    assert.equal(screenOf(new Uint8Array([0x61, 0xff, 0x62])), 'a\ufffdb');
  });

  test('stays bounded and does not throw, whatever the bytes', () => {
    const piece = fc.constantFrom(
      '\x1b[',
      '\x1b]',
      '999999999',
      'A',
      'B',
      'H',
      'J',
      'K',
      '@',
      'P',
      ';',
      'x',
      '\n',
      '\r',
      '\b',
      '\t',
      '\x1b',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 200 }), (parts) => {
        assert(screenOf(...parts).length < 2100 * 130 + 100_000);
      }),
      { numRuns: 500 },
    );
    assert(screenOf('line\n'.repeat(10_000)).split('\n').length <= 2000);
  });
});
