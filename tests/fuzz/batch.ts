/** Batches, heartbeats, and reports of gateways: what a host that its attacker owns can send to the gateway. */
import {
  type BatchHeader,
  encodeFrame,
  openBody,
  readHeader,
  sealBatch,
  visitRun,
} from '@apiary/model/batch.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { checkHeartbeat } from '@apiary/server/gateway/heartbeat-form.ts';
import { checkReport } from '@apiary/server/gateway/roster.ts';
import type { FuzzDecoder } from './decoder.ts';

const run = { stream: 'json', generation: '0123456789abcdef' };
const text = Buffer.from('{"a":1}\n{"b":2}\n');
const frames = Buffer.concat([1n, 2n].map((place) => encodeFrame(place, 0, 3, Buffer.from('row'))));
const header: BatchHeader = {
  ...{ v: 1, spool_id: 'ab'.repeat(16), seq: 1, prev: '', sensor: 'one', sealed_ms: 1_795_000_000_000 },
  ...{ records: 4, body_bytes: text.length + frames.length },
  runs: [
    { ...run, source: '/a.log', kind: 'lines', first: '0', next: '16', records: 2, bytes: text.length },
    { ...run, source: '/b#c', kind: 'frames', first: '1', next: '3', records: 2, bytes: frames.length },
  ],
  gaps: [{ ...run, source: '/a.log', from: '16', to: '20', reason: 'unreadable', noticed_ms: 1 }],
};
const body = Buffer.concat([text, frames]);

const refused = (error: unknown, code: string): boolean =>
  error instanceof OperationalError && error.code === code;

export const batch: FuzzDecoder = {
  name: 'batch',
  seeds: [sealBatch(header, body).bytes, sealBatch(header, body, 19).bytes],
  words: ['"bytes":', '16777216', '18446744073709551615', '{', ']', 'null', '"runs":[', '"kind":"frames"'],
  /** The header's length, which is what every change but one breaks first. */
  repair(input) {
    const found = input.indexOf(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]));
    if (found >= 8) input.writeUInt32LE(found - 8, 4);
  },
  decode(input) {
    const read = readHeader(input);
    const opened = openBody(input, read.header, read.body_offset);
    let output = 0;
    let offset = 0;
    for (const one of read.header.runs) {
      visitRun(one, opened, offset, (_place, _flags, _size, start, end) => {
        if (start < offset || end > opened.length || end < start) throw new Error(`a record at ${start}`);
        output += end - start;
      });
      offset += one.bytes;
    }
    return output;
  },
  isDocumented: (error) => refused(error, 'batch_malformed'),
  outputMax: () => 16 * 1024 * 1024,
};

/** What is inside of a batch, without the compression that hides nearly every change. */
export const batch_body: FuzzDecoder = {
  name: 'batch_body',
  seeds: [body, frames, text],
  decode(input) {
    let output = 0;
    for (const one of header.runs) {
      try {
        visitRun({ ...one, bytes: input.length }, input, 0, (_place, _flags, _size, start, end) => {
          if (start < 0 || end > input.length || end < start) throw new Error(`a record at ${start}`);
          output += end - start;
        });
      } catch (error) {
        if (!refused(error, 'batch_malformed')) throw error;
      }
    }
    return output;
  },
  outputMax: (input_bytes) => 2 * input_bytes,
};

const heartbeat_seed = {
  ...{ v: 1, version: '0.1.0', runtime: 'v24', spool_id: 'ab'.repeat(16), started_ms: 1, sent_ms: 2 },
  ...{ offset_ms: null, spool_bytes: 0, spool_bytes_max: 9, memory_bytes: 5, certificate_ends_ms: 8 },
  instance: 'i',
  sensors: [
    {
      ...{ sensor: 'one', condition: 'live', detail: '', sources: 1, source_changed_ms: 1, read: 1, cut: 0 },
      ...{ lost: 0, refused: 0, acknowledged: 1, waiting_records: 0, waiting_bytes: 0, oldest_waiting_ms: 0 },
    },
  ],
  intakes: [{ intake: 'syslog', accepted: 1, refused: { malformed: 1 }, trouble: '' }],
};

export const heartbeat: FuzzDecoder = {
  name: 'heartbeat',
  seeds: [Buffer.from(JSON.stringify(heartbeat_seed))],
  words: ['null', '{}', '[]', '1e999', '-1', '"', '"__proto__":', '"refused":{"a":1},', '\\ud800'],
  decode: (input) => JSON.stringify(checkHeartbeat(JSON.parse(input.toString('utf8')))).length,
  isDocumented: (error) => error instanceof SyntaxError || refused(error, 'input_invalid'),
};

const report_seed = {
  ...{ v: 1, version: '0.1.0', revision: 'ab'.repeat(16) },
  refusals: [{ collector: 'one', sensor: 's', reason: 'tls', count: 2, last_message: 'm' }],
};

export const gateway_report: FuzzDecoder = {
  name: 'gateway_report',
  seeds: [Buffer.from(JSON.stringify(report_seed))],
  words: ['null', '{}', '[]', '1e999', '-1', '0', '"', '"__proto__":', '"refusals":[', '\\ud800'],
  decode: (input) => JSON.stringify(checkReport(JSON.parse(input.toString('utf8')))).length,
  isDocumented: (error) => error instanceof SyntaxError || refused(error, 'input_invalid'),
};
