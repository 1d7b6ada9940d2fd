/** Elements of XML files (IDMEF). */
import { XmlFramer } from '@apiary/collector/readers/xml-elements.ts';
import type { FuzzDecoder } from './decoder.ts';
import { decodeFramed } from './framed.ts';

const record_bytes_max = 4096;

export const xml: FuzzDecoder = {
  name: 'xml',
  seeds: [
    '<?xml version="1.0"?>\n<idmef:IDMEF-Message><idmef:Alert messageid="1"><Source spoofed="no"/></idmef:Alert></idmef:IDMEF-Message>',
    '<!-- <Alert> --><Alert a="x>y" b=\'<\'>text &lt; text<![CDATA[</Alert>]]></Alert>\n<Alert/><Other><Alert >2</Alert></Other>',
    `<Alert>${'long '.repeat(900)}</Alert><Alert>short</Alert>`,
  ].map((text) => Buffer.from(text)),
  words: [
    '<Alert>',
    '</Alert>',
    '<Alert',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<?',
    '?>',
    '"',
    "'",
    '<',
    '/>',
  ],
  decode: (input) => decodeFramed((state) => new XmlFramer('Alert', record_bytes_max, state), input),
  outputMax: (input_bytes) => input_bytes,
};
