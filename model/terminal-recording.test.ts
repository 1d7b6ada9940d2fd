import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readTerminalRecording } from './terminal-recording.ts';

function frame(operation: number, direction: number, ms: number, text: string): Buffer {
  const bytes = Buffer.from(text);
  const head = Buffer.alloc(24);
  head.writeInt32LE(operation, 0);
  head.writeInt32LE(bytes.length, 8);
  head.writeInt32LE(direction, 12);
  head.writeUInt32LE(Math.floor(ms / 1000), 16);
  head.writeUInt32LE((ms % 1000) * 1000, 20);
  return Buffer.concat([head, bytes]);
}

const second = 1_795_410_000_000;
const whole = Buffer.concat([
  frame(1, 0, second, ''),
  frame(3, 2, second + 100, '$ '),
  frame(3, 1, second + 1600, 'id\r'),
  frame(3, 2, second + 1200, 'uid=0(root)\r\n'),
  frame(2, 0, second + 2000, ''),
]);

describe('a terminal recording', () => {
  test('is read with its times, and time never runs back', () => {
    const { begin_ms, frames, trouble } = readTerminalRecording(whole);
    assert.equal(begin_ms, second);
    assert.equal(trouble, '');
    assert.deepEqual(
      frames.map(({ at_ms, kind, bytes }) => [at_ms, kind, Buffer.from(bytes).toString()]),
      [
        [100, 'output', '$ '],
        [1600, 'input', 'id\r'],
        [1600, 'output', 'uid=0(root)\r\n'],
      ],
    );
  });

  test('gives what there is where it was cut, and says so', () => {
    for (let length = 0; length < whole.length; length += 1) {
      const { trouble, frames } = readTerminalRecording(whole.subarray(0, length));
      assert(frames.length <= 3);
      assert(trouble === 'cut' || trouble === '', `${length}`);
    }
  });

  test('is told from other files', () => {
    assert.equal(
      readTerminalRecording(Buffer.from('#!/bin/sh\necho this is a script\n')).trouble,
      'not a recording',
    );
  });

  test('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        readTerminalRecording(bytes);
        readTerminalRecording(Buffer.concat([whole, bytes]));
      }),
      { numRuns: 2000 },
    );
  });
});
