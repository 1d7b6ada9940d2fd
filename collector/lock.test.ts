import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { holdDirectory } from './lock.ts';

const dir = mkdtempSync(join(tmpdir(), 'apiary-collector-lock-'));
after(() => rmSync(dir, { recursive: true }));

test('a second collector on the same directory is refused until the first has ended', async () => {
  const first = await holdDirectory(dir);
  await assert.rejects(holdDirectory(dir), /a collector or gateway runs on .* already/);
  await new Promise((resolve) => first.close(resolve));
  const second = await holdDirectory(dir);
  second.close();
});
