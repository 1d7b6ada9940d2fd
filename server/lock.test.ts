import assert from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DirectoryLock, restore_mark } from './lock.ts';

const directory = mkdtempSync(join(tmpdir(), 'apiary-lock-'));
after(() => rmSync(directory, { recursive: true }));

test('a second server on the same directory is refused until the first has ended', () => {
  const first = new DirectoryLock(directory);
  assert.throws(() => new DirectoryLock(directory), /another server uses/);
  first.release();
  new DirectoryLock(directory).release();
});

test('no server starts on a backup that was put back in part', () => {
  writeFileSync(join(directory, restore_mark), '');
  assert.throws(() => new DirectoryLock(directory), /empty it, and restore again/);
  rmSync(join(directory, restore_mark));
  new DirectoryLock(directory).release();
});
