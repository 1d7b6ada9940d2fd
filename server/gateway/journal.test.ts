import assert from 'node:assert';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { OperationalError } from '@apiary/model/errors.ts';
import { holdDisk } from '../../tests/rig/held-disk.ts';
import { Journal, type Segment } from './journal.ts';
import { type Entry, encodeEntry, readSegment } from './segment.ts';

let directory = '';
let sealed: Segment[] = [];
const open = (
  options: { segment_records_max?: number; segment_age_ms_max?: number; bytes_max?: number } = {},
): Journal =>
  new Journal({ directory, segment_age_ms_max: 60_000, ...options }, (segment) => sealed.push(segment));
const entry = (text: string, check: number[] = []): Entry => ({
  meta: { sensor_id: 1, collect_us: '1', hash: text, check },
  batch: Buffer.from(text),
});
const textsOf = (segment: Segment): string[] =>
  readSegment(segment.path).entries.map(({ batch }) => batch.toString());

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'apiary-journal-'));
  sealed = [];
});
afterEach(() => rmSync(directory, { recursive: true }));

test('entries that come together lie in one segment, in their order', async () => {
  const journal = open();
  await Promise.all(['a', 'b', 'c'].map((text) => journal.append('cowrie', entry(text), 1, 1)));
  await journal.append('dionaea', entry('d', [0]), 1, 1);
  await journal.close();
  assert.deepStrictEqual(
    sealed.map((segment) => [segment.type, textsOf(segment), segment.looks_up]),
    [
      ['cowrie', ['a', 'b', 'c'], false],
      ['dionaea', ['d'], true],
    ],
  );
});

test('a segment is sealed when it is full or old', async () => {
  const journal = open({ segment_records_max: 10, segment_age_ms_max: 30 });
  await journal.append('cowrie', entry('full'), 10, 1);
  await journal.append('cowrie', entry('old'), 1, 1);
  for (let wait = 0; wait < 200 && sealed.length < 2; wait += 1)
    await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepStrictEqual(sealed.map(textsOf), [['full'], ['old']]);
  assert.ok((sealed[0] as Segment).segment_id < (sealed[1] as Segment).segment_id);
});

test('while the loader is behind a segment grows until it is full', async () => {
  let behind = true;
  const journal = new Journal(
    { directory, segment_age_ms_max: 10, segment_records_max: 3, isBehind: () => behind },
    (segment) => sealed.push(segment),
  );
  await journal.append('cowrie', entry('a'), 1, 1);
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.strictEqual(sealed.length, 0);
  await journal.append('cowrie', entry('b'), 2, 1);
  await journal.append('cowrie', entry('c'), 1, 1);
  behind = false;
  for (let wait = 0; wait < 200 && sealed.length < 2; wait += 1)
    await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepStrictEqual(sealed.map(textsOf), [['a', 'b'], ['c']]);
});

test('after a crash whole entries are there, a torn one is cut off, and numbers go on', async () => {
  const journal = open();
  await journal.append('cowrie', entry('whole'), 1, 1);
  const [path] = (await import('node:fs')).globSync(`${directory}/cowrie/*.segment`) as [string];
  const good = statSync(path).size;
  for (const torn of [Buffer.from([9, 0, 0, 0]), Buffer.from([4, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0])]) {
    writeFileSync(path, readFileSync(path).subarray(0, good));
    appendFileSync(path, torn);
    const again = open();
    const left = again.recover();
    assert.deepStrictEqual(
      left.map(({ entries }) => entries.map(({ batch }) => batch.toString())),
      [['whole']],
    );
    assert.strictEqual(statSync(path).size, good);
    const after = left[0]?.segment.segment_id ?? 0n;
    await again.append('cowrie', entry('next'), 1, 1);
    await again.close();
    assert.ok((sealed.at(-1) as Segment).segment_id > after);
    rmSync((sealed.at(-1) as Segment).path);
  }
});

test('a batch that the disk damaged is told, and those behind it are kept', async () => {
  const journal = open();
  for (const text of ['first', 'second', 'third']) await journal.append('cowrie', entry(text), 1, 1);
  await journal.close();
  const { path } = sealed[0] as Segment;
  const bytes = readFileSync(path);
  const at = bytes.indexOf('second');
  bytes[at] = (bytes[at] as number) ^ 1;
  writeFileSync(path, bytes);
  const [left] = open().recover();
  assert.deepStrictEqual(
    left?.entries.map(({ batch }) => batch.toString()),
    ['first', 'third'],
  );
  assert.strictEqual(left?.damaged, 1);
  assert.ok(readFileSync(`${path}.damaged`).equals(bytes));
  assert.strictEqual(statSync(path).size, bytes.length);
});

test('whatever byte is damaged before a whole batch, it is told, and what is surely a batch is kept', async () => {
  const journal = open();
  for (const text of ['first', 'second', 'third']) await journal.append('cowrie', entry(text), 1, 1);
  await journal.close();
  const { path } = sealed[0] as Segment;
  const bytes = readFileSync(path);
  const [first, second, third] = [4, 12 + bytes.readUInt32LE(4)].flatMap((at, index) =>
    index === 0 ? [at] : [at, at + 8 + bytes.readUInt32LE(at)],
  ) as [number, number, number];
  for (let at = 0; at < third; at += 1)
    for (const bits of [1, 0x80]) {
      const damaged = Buffer.from(bytes);
      damaged[at] = damaged[at]! ^ bits;
      writeFileSync(path, damaged);
      const in_length = [first, second].some((begin) => at >= begin && at < begin + 4);
      const kept = [
        ...(at >= first && at < second ? [] : ['first']),
        ...((at >= second && at < third) || (in_length && at < second) ? [] : ['second']),
        ...(in_length ? [] : ['third']),
      ];
      const [left] = open().recover();
      assert.deepStrictEqual(
        left?.entries.map(({ batch }) => batch.toString()),
        kept,
        `byte ${at}`,
      );
      assert.strictEqual(left?.damaged, 1, `byte ${at}`);
      assert.ok(readFileSync(`${path}.damaged`).equals(damaged));
      rmSync(`${path}.damaged`);
    }
});

test('what looks like an entry within a torn one is told, and not taken', async () => {
  const journal = open();
  await journal.append('cowrie', entry('first'), 1, 1);
  await journal.close();
  const { path } = sealed[0] as Segment;
  const forged = encodeEntry({ ...entry('forged'), meta: { ...entry('forged').meta, sensor_id: 7 } });
  const torn = encodeEntry({ ...entry('torn'), batch: Buffer.concat([forged, Buffer.from(' and more')]) });
  appendFileSync(path, torn.subarray(0, -4));
  const [left] = open().recover();
  assert.deepStrictEqual([left?.entries.map(({ batch }) => batch.toString()), left?.damaged], [['first'], 1]);
});

test('the search for what is whole behind a torn end takes no time', () => {
  const path = join(directory, 'long');
  const noise = Buffer.alloc(16 * 1024 * 1024);
  // Lengths that may be, and beginnings of metas, all over.
  for (let at = 0; at < noise.length; at += 16) {
    noise.writeUInt32LE(1000, at);
    noise.writeUInt32LE(20, at + 8);
    noise.write('{"', at + 12, 'latin1');
  }
  writeFileSync(path, Buffer.concat([Buffer.from('APJ1'), noise]));
  const begun = performance.now();
  assert.deepStrictEqual(readSegment(path).entries, []);
  assert.ok(performance.now() - begun < 5000);
});

test('every byte of an entry is guarded', async () => {
  const journal = open();
  await journal.append('cowrie', entry('guarded'), 1, 1);
  await journal.close();
  const { path } = sealed[0] as Segment;
  const bytes = readFileSync(path);
  for (let at = 4; at < bytes.length; at += 1) {
    const damaged = Buffer.from(bytes);
    damaged[at] = (damaged[at] as number) ^ 1;
    writeFileSync(path, damaged);
    assert.deepStrictEqual(readSegment(path).entries, [], `byte ${at}`);
  }
});

test('a journal at its bound refuses, and takes again when a segment has gone', async () => {
  const journal = open({ bytes_max: 100, segment_records_max: 1 });
  await journal.append('cowrie', entry('x'.repeat(200)), 1, 1);
  await assert.rejects(
    journal.append('cowrie', entry('y'), 1, 1),
    (error: unknown) => error instanceof OperationalError && error.code === 'journal_full',
  );
  await journal.close();
  journal.retire(sealed[0] as Segment);
  await journal.append('cowrie', entry('y'), 1, 1);
});

test('a segment waits from the moment on which its id is taken until it is retired', async () => {
  // A list of its own: journals of other tests may still seal by their age.
  const own: Segment[] = [];
  const journal = new Journal({ directory, segment_age_ms_max: 60_000 }, (segment) => own.push(segment));
  const before = journal.settled_id;
  const written = journal.append('cowrie', entry('a'), 1, 1);
  const first = journal.last_id;
  assert.ok(first > before && journal.isWaiting(first));
  await written;
  await journal.append('dionaea', entry('b'), 1, 1);
  const closing = journal.close();
  assert.ok(journal.isWaiting(first));
  await closing;
  assert.strictEqual(journal.settled_id, first - 1n);
  const [one, other] = own as [Segment, Segment];
  // The later one first: what lies before it still waits.
  journal.retire(other);
  assert.strictEqual(journal.settled_id, first - 1n);
  assert.ok(journal.isWaiting(other.segment_id));
  journal.retire(one);
  assert.strictEqual(journal.settled_id, other.segment_id);
  assert.ok(!journal.isWaiting(other.segment_id));
});

test('nothing is acknowledged before the disk has it', async (t) => {
  const disk = await holdDisk(t);
  const journal = open();
  let is_acknowledged = false;
  const appended = journal.append('cowrie', entry('a'), 1, 1).then(() => {
    is_acknowledged = true;
  });
  for (let wait = 0; wait < 200 && disk.asked() === 0; wait += 1)
    await new Promise((resolve) => setTimeout(resolve, 10));
  assert.strictEqual(disk.asked(), 1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.strictEqual(is_acknowledged, false);
  disk.letGo();
  await appended;
  await journal.close();
});
