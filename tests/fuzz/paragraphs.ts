/** Paragraphs (alerts of Snort) and lines, cut where they are too long. */
import { cutLines, lastLine } from '@apiary/collector/readers/line-frames.ts';
import { ParagraphFramer } from '@apiary/collector/readers/paragraphs.ts';
import type { FuzzDecoder } from './decoder.ts';
import { decodeFramed } from './framed.ts';

const record_bytes_max = 256;
const records_max = 16;

const seeds = [
  '[**] [1:469:3] ICMP PING [**]\n[Priority: 2]\n11/23-05:00:01 192.0.2.1 -> 192.0.2.2\n\n[**] [1:1:1] next\n\n',
  'one\r\ntwo\r\n\r\nthree\r\n\r\n\r\n',
  `${'long '.repeat(100)}\n\nshort\n\nnot ended`,
].map((text) => Buffer.from(text));
const words = ['\n', '\n\n', '\r\n\r\n', '\r', '\n\r\n'];

export const paragraphs: FuzzDecoder = {
  name: 'paragraphs',
  seeds,
  words,
  decode: (input) => decodeFramed((state) => new ParagraphFramer(record_bytes_max, state), input),
  outputMax: (input_bytes) => input_bytes,
};

export const lines: FuzzDecoder = {
  name: 'lines',
  seeds,
  words,
  decode(input) {
    const parts = cutLines(input, 1000, { line_bytes_max: record_bytes_max, records_max });
    let at = 0;
    let output = 0;
    for (const { start, end, bytes } of parts) {
      if (start !== at || end <= start) throw new Error(`a part lies at ${start} to ${end}, not at ${at}`);
      at = end;
      output += bytes.length;
    }
    const rest = input.subarray(at);
    if (rest.includes(10)) throw new Error('a line was left');
    return output + lastLine(rest, 1000 + at, rest.length, record_bytes_max).bytes.length;
  },
  // A line that is cut needs the head of a frame.
  outputMax: (input_bytes) => input_bytes + 18 * (1 + input_bytes / record_bytes_max),
};
