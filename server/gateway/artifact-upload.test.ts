import assert from 'node:assert';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, test } from 'node:test';
import { OperationalError } from '@apiary/model/errors.ts';
import { ArtifactStore } from '../artifacts/store.ts';
import { type CertifiedCollector, Collectors } from '../state/collectors.ts';
import { StateDatabase } from '../state/database.ts';
import { type ArtifactDesk, ArtifactUploads } from './artifact-upload.ts';

let folder = '';
let state: StateDatabase;
let collectors: Collectors;
const peerOf = (name: string): CertifiedCollector => ({
  ...collectors.byName(name),
  ...{ serial: '1', issued_ms: 0, ends_ms: 0 },
});
const open = (bytes_max: number, bytes_per_hour_max: number): ArtifactUploads<CertifiedCollector> => {
  const store = new ArtifactStore(join(folder, 'artifacts'), 1e9, state);
  const desk: ArtifactDesk<CertifiedCollector> = {
    authorise: (peer, sensor) => collectors.writableSensor(peer, sensor),
    takeArtifact: async ({ sensor, ...offer }, bytes, { collector_id, ...peer }) => {
      const { sensor_id } = collectors.writableSensor({ collector_id, ...peer }, sensor);
      await store.receive({ ...offer, collector_id, sensor_id }, bytes);
      return { status: 200, value: { status: 'durable', sha256: offer.sha256 } };
    },
  };
  return new ArtifactUploads(desk, { bytes_max, bytes_per_hour_max });
};
const requestOf = (bytes: Buffer, headers: Record<string, string> = {}): IncomingMessage =>
  Object.assign(Readable.from([bytes]), {
    headers: { 'content-length': String(bytes.length), ...headers },
  }) as unknown as IncomingMessage;
const send = (
  uploads: ArtifactUploads<CertifiedCollector>,
  bytes: Buffer,
  name = 'one',
  headers = {},
): Promise<unknown> => {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const query = new URLSearchParams({ sensor: `sensor-${name}`, sha256 });
  return uploads.take(requestOf(bytes, headers), query, peerOf(name), { sensor: '' }, () => undefined);
};
const isCode =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof OperationalError && error.code === code;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'apiary-uploads-'));
  state = new StateDatabase(':memory:');
  collectors = new Collectors(state);
  for (const name of ['one', 'two'])
    collectors.addSensor('test', `sensor-${name}`, 'cowrie', collectors.add('test', name, 'elsewhere'));
});
afterEach(() => {
  state.close();
  rmSync(folder, { recursive: true });
});

test('a file over the limit, or of no length, is refused before it is read', async () => {
  const uploads = open(10, 1e6);
  await assert.rejects(send(uploads, Buffer.alloc(11)), isCode('artifact_too_large'));
  await assert.rejects(
    send(uploads, Buffer.alloc(5), 'one', { 'content-length': '-1' }),
    isCode('input_invalid'),
  );
  await assert.rejects(
    send(uploads, Buffer.alloc(5), 'one', { 'content-length': 'x' }),
    isCode('input_invalid'),
  );
  await send(uploads, Buffer.alloc(10));
});

test('a collector sends no more in an hour than it may, and the others are not held up', async () => {
  const uploads = open(1000, 2000);
  let taken = 0;
  const refusal = await (async (): Promise<unknown> => {
    for (; ; taken += 1) {
      try {
        await send(uploads, Buffer.alloc(900, String(taken)));
      } catch (error) {
        return error;
      }
    }
  })();
  // The hour's burst, and one that may go over it.
  assert.equal(taken, 3);
  assert.ok(isCode('rate_limited')(refusal));
  const wait_ms = Number((refusal as OperationalError).details.retry_after_ms);
  assert.ok(wait_ms > 1_000_000 && wait_ms <= 3_600_000, String(wait_ms));
  await send(uploads, Buffer.alloc(900, 'x'), 'two');
});

test('a collector may not hold many receipts open', async () => {
  const uploads = open(1000, 1e6);
  const slow = Array.from({ length: 2 }, (_, index) => {
    const bytes = Buffer.alloc(10, String(index));
    const body = new Readable({ read() {} });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const query = new URLSearchParams({ sensor: 'sensor-one', sha256 });
    const request = Object.assign(body, {
      headers: { 'content-length': '10' },
    }) as unknown as IncomingMessage;
    return {
      body,
      bytes,
      done: uploads.take(request, query, peerOf('one'), { sensor: '' }, () => undefined),
    };
  });
  await assert.rejects(send(uploads, Buffer.alloc(3)), isCode('rate_limited'));
  for (const { body, bytes } of slow) {
    body.push(bytes);
    body.push(null);
  }
  await Promise.all(slow.map(({ done }) => done));
  await send(uploads, Buffer.alloc(3));
});
