/** Syslog on a stream: messages by length and by line, in pieces as a connection brings them, and their headers. */
import { SyslogFramer, stripHeader } from '@apiary/collector/intakes/syslog-frames.ts';
import type { FuzzDecoder } from './decoder.ts';

const message_bytes_max = 512;

export const syslog: FuzzDecoder = {
  name: 'syslog',
  seeds: [
    '<34>1 2026-11-23T22:14:15.003Z host su - ID47 [a@1 iut="3" s="\\"]"][b@2 c="high"] failed\n<13>next\n',
    '<38>Nov 23 05:00:01 web sshd[4711]: Failed password for root from 203.0.113.9\n<134>cowrie: {}\n',
    '8 <34>a\nbc7 <34>xyz20 <34>twenty bytes ...',
    `600 <34>${'x'.repeat(596)}9 <34>after`,
  ].map((text) => Buffer.from(text)),
  words: ['<34>', ' ', '\n', '99999999 ', '[a b="', '\\"', '"]', ']', '<165>1 - - - - - ', '0 <'],
  decode(input) {
    const framer = new SyslogFramer(message_bytes_max);
    // The first byte says how large the pieces are, so that some cut lengths and headers in two.
    const piece = 1 + (input[0] ?? 0) * 4;
    let output = 0;
    const count = (frames: { bytes: Buffer }[]): void => {
      for (const { bytes } of frames) output += stripHeader(bytes).length;
    };
    for (let at = 0; at < input.length; at += piece) {
      const { frames, is_sound } = framer.push(input.subarray(at, at + piece));
      count(frames);
      if (!is_sound) return output;
    }
    count(framer.end());
    stripHeader(input);
    return output;
  },
  outputMax: (input_bytes) => input_bytes,
};
