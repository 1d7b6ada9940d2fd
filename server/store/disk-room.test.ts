/** An engine whose disk runs full: it is ended before it can lose what it was given, and goes on when there is room. */
import assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OperationalError } from '@apiary/model/errors.ts';
import { DiskRoom, keptFree } from './disk-room.ts';
import { Store } from './store.ts';

const mib = 1024 * 1024;
const needs_root = process.getuid?.() === 0 ? false : 'needs root, to mount a small disk';

function makeDisk(t: TestContext, size: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'apiary-room-'));
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', directory]);
  assert.equal(status, 0, String(stderr));
  t.after(() => {
    spawnSync('umount', ['-l', directory]);
    rmSync(directory, { recursive: true });
  });
  return directory;
}

/** @returns what gives the room back */
function fill(directory: string): () => void {
  const path = join(directory, 'filler');
  const file = openSync(path, 'w');
  const block = Buffer.alloc(64 * 1024);
  try {
    for (;;) if (writeSync(file, block) < block.length) break;
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
  } finally {
    closeSync(file);
  }
  return () => rmSync(path);
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let left = 600; left > 0; left -= 1) {
    if (holds()) return;
    await sleep(50);
  }
  assert.fail(what);
}

test('a twentieth of the disk is kept free, within bounds', () => {
  assert.equal(keptFree(1000 * mib), 50 * mib);
  assert.equal(keptFree(20 * mib), 16 * mib);
  assert.equal(keptFree(10 ** 13), 1024 * mib);
});

test('that it ran full is remembered until somebody has looked through', { skip: needs_root }, async (t) => {
  const directory = makeDisk(t, '64m');
  let times = 0;
  const room = new DiskRoom(join(directory, 'engine'), () => {
    times += 1;
  });
  t.after(() => room.stop());
  assert.equal(room.look(), 0);
  const free = fill(directory);
  assert.deepEqual([room.look(), room.is_full, room.ran_full_before], [1, true, true]);
  room.forget();
  assert.ok(room.ran_full_before, 'not while it is full');
  const later = new DiskRoom(join(directory, 'engine'), () => undefined);
  later.stop();
  assert.ok(later.ran_full_before, 'also after a restart');
  free();
  assert.deepEqual([room.look(), room.is_full, times], [1, false, 1]);
  room.forget();
  assert.ok(!room.ran_full_before);
  assert.ok(existsSync(join(directory, 'engine', 'has-room')));
});

test('the engine takes nothing without room, is started anew, and has what it said it had', {
  skip: needs_root,
}, async (t) => {
  const directory = makeDisk(t, '160m');
  const store = new Store({ directory: join(directory, 'engine') });
  t.after(() => store.close());
  await store.whenUp();
  await store.command(
    'CREATE TABLE kept (number UInt64, text String) ENGINE = MergeTree ORDER BY number SETTINGS non_replicated_deduplication_window = 100, fsync_after_insert = 1',
  );
  const insert = (number: number, token: string): Promise<void> => {
    const rows = Array.from(
      { length: 1000 },
      (_, row) => `${number * 1000 + row}\t${'x'.repeat(50)}${row}\n`,
    );
    return store.insertTsv('kept', ['number', 'text'], Buffer.from(rows.join('')), token);
  };
  for (let number = 0; number < 10; number += 1) await insert(number, `block ${number}`);
  const { room } = store.engine!;
  const free = fill(directory);
  await until('it ran full', () => room.is_full);
  await until('it was started anew', () => (store.engine?.restarts ?? 0) > 0 && store.state === 'up');
  assert.match(store.engine!.last_error, /its disk ran full/);
  await assert.rejects(
    insert(10, 'block 10'),
    (error: OperationalError) => error.code === 'engine_down' && /no room/.test(error.message),
  );
  const count = async (): Promise<string> =>
    (await store.query<{ rows: string }>('SELECT uniqExact(number) AS rows FROM kept'))[0]!.rows;
  assert.equal(await count(), '10000', 'questions are answered');
  free();
  await until('there is room', () => {
    room.look();
    return !room.is_full;
  });
  await insert(10, 'block 10');
  assert.equal(await count(), '11000');
});
