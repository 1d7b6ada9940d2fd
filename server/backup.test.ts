/** Backups that are not whole: nothing of them is put back, or no server starts on what was. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { restoreBackup } from './backup.ts';
import { DirectoryLock } from './lock.ts';

const root = mkdtempSync(join(tmpdir(), 'apiary-restore-'));
after(() => rmSync(root, { recursive: true }));

const parts = [
  'state.sqlite',
  'ledger.sqlite',
  'pki/authority.json',
  'journal/1/2.segment',
  'engine/.backup',
];

/** @param noted whether its note says how long each file was, as those of earlier versions do not */
function makeBackup(name: string, noted: boolean): string {
  const from = join(root, name);
  for (const part of parts) {
    mkdirSync(dirname(join(from, part)), { recursive: true });
    writeFileSync(join(from, part), 'something');
  }
  const sizes = noted ? { sizes: Object.fromEntries(parts.map((part) => [part, 9])) } : {};
  writeFileSync(join(from, 'backup.json'), JSON.stringify({ form: 1, made: '2026-11-27', ...sizes }));
  return from;
}

test('a copy in which something is missing or too short is refused before anything is put back', async () => {
  const from = makeBackup('noted', true);
  const target = join(root, 'target');
  for (const part of parts) {
    renameSync(join(from, part), join(root, 'away'));
    await assert.rejects(restoreBackup(from, target), { code: 'not_found', message: /is not whole/ }, part);
    renameSync(join(root, 'away'), join(from, part));
  }
  truncateSync(join(from, 'journal/1/2.segment'), 4);
  await assert.rejects(restoreBackup(from, target), /journal\/1\/2\.segment is missing or not as long/);
  const old = makeBackup('not-noted', false);
  rmSync(join(old, 'state.sqlite'));
  rmSync(join(old, 'pki'), { recursive: true });
  await assert.rejects(restoreBackup(old, target), /state\.sqlite .* and 1 more/);
  assert.equal(existsSync(target), false);
});

test('no server starts where the engine did not take its part', { timeout: 60_000 }, async () => {
  const target = join(root, 'in-part');
  await assert.rejects(restoreBackup(makeBackup('no-engine', true), target));
  assert.throws(() => new DirectoryLock(target), /empty it, and restore again/);
  await assert.rejects(restoreBackup(join(root, 'no-engine'), target), /not empty/);
});
