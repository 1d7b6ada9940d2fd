import assert from 'node:assert';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { OperationalError } from '@apiary/model/errors.ts';
import { Collectors } from '../state/collectors.ts';
import { StateDatabase } from '../state/database.ts';
import { ArtifactStore } from './store.ts';

let folder = '';
let state: StateDatabase;
const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const offer = (bytes: Buffer, collector_id = 1) => ({
  ...{ sha256: hashOf(bytes), size: bytes.length, collector_id, sensor_id: collector_id },
});
async function* inPieces(bytes: Buffer, size = 3): AsyncIterable<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const isCode =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof OperationalError && error.code === code;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'apiary-artifacts-')), 'artifacts');
  state = new StateDatabase(':memory:');
  const collectors = new Collectors(state);
  for (const name of ['one', 'two']) {
    const collector = collectors.add('test', name, 'elsewhere');
    collectors.addSensor('test', `sensor-${name}`, 'cowrie', collector);
  }
});
afterEach(() => {
  state.close();
  rmSync(join(folder, '..'), { recursive: true });
});

test('a file comes whole under its hash, for its owner only, and is read again', async () => {
  const store = new ArtifactStore(folder, 1000, state);
  const bytes = Buffer.from('what the attacker left');
  await store.receive(offer(bytes), inPieces(bytes));
  const { sha256 } = offer(bytes);
  assert.equal(statSync(join(folder, sha256.slice(0, 2), sha256)).mode & 0o777, 0o600);
  assert.deepEqual(await store.readArtifact(sha256), bytes);
  await assert.rejects(store.readArtifact('00'.repeat(32)), isCode('not_found'));
  await assert.rejects(store.readArtifact('../../state.sqlite'), isCode('not_found'));
  writeFileSync(join(folder, sha256.slice(0, 2), sha256), 'what the attacker lefT');
  await assert.rejects(store.readArtifact(sha256), isCode('data_damaged'));
});

test('other bytes than announced, fewer or more leave nothing behind', async () => {
  const store = new ArtifactStore(folder, 1000, state);
  const bytes = Buffer.from('announced');
  for (const came of ['announceD', 'announce', 'announced and more']) {
    await assert.rejects(
      store.receive(offer(bytes), inPieces(Buffer.from(came))),
      isCode('artifact_mismatch'),
      came,
    );
  }
  assert.deepEqual(readdirSync(folder), ['incoming']);
  assert.deepEqual(readdirSync(join(folder, 'incoming')), []);
  assert.equal(store.bytes, 0);
  assert.equal(state.all('SELECT * FROM artifact').length, 0);
});

test('a connection that ends in the middle leaves nothing, and so does a crash there', async () => {
  const store = new ArtifactStore(folder, 1000, state);
  const bytes = Buffer.from('half of it');
  async function* broken(): AsyncIterable<Buffer> {
    yield bytes.subarray(0, 4);
    throw new Error('the connection was cut');
  }
  await assert.rejects(store.receive(offer(bytes), broken()), /was cut/);
  writeFileSync(join(folder, 'incoming', 'left-by-a-crash'), 'x');
  const again = new ArtifactStore(folder, 1000, state);
  assert.deepEqual(readdirSync(join(folder, 'incoming')), []);
  await again.receive(offer(bytes), inPieces(bytes));
  assert.equal(again.bytes, bytes.length);
});

test('the budget counts each file once, also after a restart, and refuses what goes over it', async () => {
  const store = new ArtifactStore(folder, 20, state);
  const bytes = Buffer.from('ten bytes!');
  await store.receive(offer(bytes, 1), inPieces(bytes));
  await store.receive(offer(bytes, 2), inPieces(bytes));
  assert.equal(store.bytes, 10);
  const other = Buffer.from('eleven byte');
  for (const one of [store, new ArtifactStore(folder, 20, state)])
    await assert.rejects(one.receive(offer(other), inPieces(other)), isCode('artifacts_full'));
  const receipts = state.all('SELECT collector_id, sensor_id FROM artifact_receipt ORDER BY collector_id');
  assert.deepEqual(
    receipts.map((row) => ({ ...row })),
    [
      { collector_id: 1, sensor_id: 1 },
      { collector_id: 2, sensor_id: 2 },
    ],
  );
});

test('what a collector is told does not depend on what another one sent', async () => {
  const store = new ArtifactStore(folder, 15, state);
  const bytes = Buffer.from('ten bytes!');
  await store.receive(offer(bytes, 1), inPieces(bytes));
  // With 5 bytes left, a known file and an unknown one are refused alike.
  const unknown = Buffer.from('TEN BYTES!');
  for (const one of [bytes, unknown])
    await assert.rejects(store.receive(offer(one, 2), inPieces(one)), isCode('artifacts_full'));
  // And naming a known hash without having its bytes is refused like any other lie.
  const roomy = new ArtifactStore(folder, 1000, state);
  await assert.rejects(
    roomy.receive(offer(bytes, 2), inPieces(Buffer.from('ten bytes?'))),
    isCode('artifact_mismatch'),
  );
  assert.ok(existsSync(join(folder, hashOf(bytes).slice(0, 2), hashOf(bytes))));
  assert.equal(state.all('SELECT * FROM artifact_receipt WHERE collector_id = 2').length, 0);
});
