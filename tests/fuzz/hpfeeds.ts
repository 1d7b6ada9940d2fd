/** Messages of hpfeeds, and the file of idents and secrets. */
import { decodeMessages, encodeInfo, parseSecrets } from '@apiary/collector/intakes/hpfeeds-messages.ts';
import type { FuzzDecoder } from './decoder.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const payload_bytes_max = 4096;

export const hpfeeds: FuzzDecoder = {
  name: 'hpfeeds',
  // The first two are those of the protocol's documentation.
  seeds: [
    hex('00000021 02 07 636c69656e7431 afaeae5fc761191be3f9cece5ffb70bc506942a4'),
    hex('00000016 04 07 636c69656e7431 6d7763617074757265'),
    hex('0000001a 03 09 6234616132406870 31 04 63686174 7b2261223a317d 00'),
    encodeInfo('broker', Buffer.alloc(4, 7)),
    Buffer.from('sensor1 secret of one\n# a comment\nsensor2   another\n'),
  ],
  words: ['\x00\x00\x00\x05\x03', '\x00\x00\x10\x00\x03', '\n', ' ', '#'],
  decode(input) {
    const { messages, used } = decodeMessages(input, payload_bytes_max);
    if (used > input.length) throw new Error(`used ${used} of ${input.length} bytes`);
    const secrets = parseSecrets(input.toString('utf8'));
    const lengths = messages.map((message) => ('payload' in message ? message.payload.length : 1));
    return lengths.reduce((sum, one) => sum + one, 0) + secrets.size;
  },
  outputMax: (input_bytes) => 2 * input_bytes,
};
