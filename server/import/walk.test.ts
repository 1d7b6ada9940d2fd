import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { walk } from './walk.ts';

function makeFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'apiary-walk-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'in'));
  mkdirSync(join(folder, 'out'));
  writeFileSync(join(folder, 'in', 'plain.log'), 'plain\n');
  return folder;
}

it('a sparse file of an archive is told, and others are read', async (t) => {
  const folder = makeFolder(t);
  const archive = join(folder, 'past.tar');
  writeFileSync(join(folder, 'in', 'holes.log'), 'line\n');
  truncateSync(join(folder, 'in', 'holes.log'), 8 * 1024 * 1024);
  execFileSync('tar', [
    '-S',
    '--format=gnu',
    '-cf',
    archive,
    '-C',
    join(folder, 'in'),
    'holes.log',
    'plain.log',
  ]);
  const { files, troubles } = await walk([archive], join(folder, 'out'));
  assert.deepEqual(
    files.map(({ shown }) => shown),
    [`${archive}/plain.log`],
  );
  assert.deepEqual(
    troubles.map(({ shown }) => shown),
    [`${archive}/holes.log`],
  );
  assert.match(troubles[0]!.trouble, /sparse/);
});

it('absolute names of an archive are no damage, and a name that leads out of it is told', async (t) => {
  const folder = makeFolder(t);
  const archive = join(folder, 'past.tar');
  const make = (name: string): void => {
    const rename = `--transform=s,plain.log,${name},`;
    execFileSync('tar', ['-P', rename, '-rf', archive, '-C', join(folder, 'in'), 'plain.log']);
  };
  make('/srv/absolute.log');
  make('../../outside.log');
  const { files, troubles } = await walk([archive], join(folder, 'out'));
  assert.deepEqual(
    files.map(({ shown }) => shown),
    [`${archive}/srv/absolute.log`],
  );
  assert.deepEqual(
    troubles.map(({ shown }) => shown),
    [`${archive}/../../outside.log`],
  );
});
