import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Store } from '../store/store.ts';
import { RowWriter } from './row-writer.ts';

/** A table that takes rows when it is told to. */
function slowTable() {
  const inserts: { rows: readonly object[]; done: () => void; fail: (error: Error) => void }[] = [];
  const store = {
    insertRows: (_table: string, rows: readonly object[]) =>
      new Promise<void>((done, fail) => inserts.push({ rows, done, fail })),
  } as unknown as Store;
  return { inserts, writer: new RowWriter(store, 'attack') };
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('takes rows while others are written, sends one block at a time, and ends when all are written', async () => {
  const { inserts, writer } = slowTable();
  assert.equal(writer.add({ n: 1 }), false);
  await writer.flush();
  writer.add({ n: 2 });
  let is_ended = false;
  const ending = writer.end().then(() => {
    is_ended = true;
  });
  await turn();
  assert.deepEqual(
    inserts.map(({ rows }) => rows),
    [[{ n: 1 }]],
  );
  inserts[0]!.done();
  await turn();
  assert.deepEqual(
    inserts.map(({ rows }) => rows),
    [[{ n: 1 }], [{ n: 2 }]],
  );
  assert.equal(is_ended, false);
  inserts[1]!.done();
  await ending;
});

it('says at the next block, or at the end, what failed', async () => {
  for (const next of ['flush', 'end'] as const) {
    const { inserts, writer } = slowTable();
    writer.add({ n: 1 });
    await writer.flush();
    inserts[0]!.fail(new Error('the disk is full'));
    await assert.rejects(writer[next](), /the disk is full/);
    await writer.settle();
  }
});

it('leaves nothing on its way where making the rows failed', async () => {
  const { inserts, writer } = slowTable();
  function* makeRows(): Generator<object> {
    for (let n = 0; n < 3000; n += 1) yield { n };
    throw new Error('no such row');
  }
  let is_over = false;
  const adding = writer.addAll(makeRows()).finally(() => {
    is_over = true;
  });
  adding.catch(() => undefined);
  await turn();
  assert.deepEqual([inserts.length, is_over], [1, false]);
  inserts[0]!.done();
  await assert.rejects(adding, /no such row/);
});
