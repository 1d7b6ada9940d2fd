import assert from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DirectoryLock } from './lock.ts';

const directory = mkdtempSync(join(tmpdir(), 'apiary-lock-'));
after(() => rmSync(directory, { recursive: true }));

test('a second server on the same directory is refused until the first has ended', () => {
  const first = new DirectoryLock(directory);
  assert.throws(() => new DirectoryLock(directory), /another server uses/);
  first.release();
  new DirectoryLock(directory).release();
});
