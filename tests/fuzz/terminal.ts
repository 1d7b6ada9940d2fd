/** Terminal recordings, and the screen that the page makes of what they hold. */
import { readTerminalRecording } from '@apiary/model/terminal-recording.ts';
import { TerminalScreen } from '@apiary/web/parts/terminal-screen.ts';
import type { FuzzDecoder } from './decoder.ts';

function frame(operation: number, direction: number, text: string): Buffer {
  const bytes = Buffer.from(text);
  const head = Buffer.alloc(24);
  [operation, 0, bytes.length, direction, 1_795_000_000, 5].forEach((value, index) => {
    head.writeUInt32LE(value, index * 4);
  });
  return Buffer.concat([head, bytes]);
}

export const terminal_recording: FuzzDecoder = {
  name: 'terminal_recording',
  seeds: [
    Buffer.concat([frame(1, 0, ''), frame(3, 2, 'root@host:~# '), frame(3, 1, 'id\r'), frame(2, 0, '')]),
    Buffer.concat([frame(4, 2, 'uname -a'), frame(3, 3, 'Linux\n')]),
  ],
  decode(input) {
    const { frames } = readTerminalRecording(input);
    for (const { at_ms } of frames) if (!(at_ms >= 0)) throw new Error(`a frame at ${at_ms} ms`);
    return frames.reduce((sum, { bytes }) => sum + bytes.length, 0);
  },
  outputMax: (input_bytes) => input_bytes,
};

export const terminal_screen: FuzzDecoder = {
  name: 'terminal_screen',
  seeds: [
    'root@host:~# ls\r\n\x1b[01;34mbin\x1b[0m  \x1b[5Cx\b\by\x1b[K\r\n',
    '\x1b[2J\x1b[H\x1b[10;20Hmiddle\x1b[1A\x1b[3B\x1b[2D\x1b[1K\x1b[3P\x1b[4@\x1b[J',
    '\x1b]0;title\x07after\x1bP+q\x1b\\\x1b(B\ttab\u00e9\u{1f41d}',
  ].map((text) => Buffer.from(text)),
  words: [
    '\x1b[',
    '\x1b]',
    '\x1bP',
    '\x07',
    '\x1b\\',
    '9999999999999999999',
    ';',
    'H',
    'J',
    '@',
    '\x1b[2J',
    '\n',
    '\x1b[99999@',
  ],
  decode(input) {
    const screen = new TerminalScreen();
    const middle = input.length >> 1;
    screen.write(input.subarray(0, middle));
    screen.write(input.subarray(middle));
    return screen.text().length;
  },
  // A cursor that is moved to the right makes spaces, up to the width of the screen.
  outputMax: (input_bytes) => 130 * input_bytes + 4096,
};
