/**
 * Runs every test of the repository, or those whose path contains one of the words given. Ends with what was
 * left out and why, and one plain line of counts.
 */
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { makeEngineImage } from './rig/engine-image.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const words = process.argv.slice(2);
const workspaces = ['model', 'submodules', 'collector', 'server', 'web', 'demo', 'bench', 'scripts', 'tests'];
const files = globSync(
  workspaces.map((workspace) => `${workspace}/**/*.test.ts`),
  { cwd: root, exclude: ['**/node_modules/**'] },
)
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort();
if (files.length === 0) {
  process.stderr.write(`No test's path contains ${words.join(' or ')}.\n`);
  process.exit(2);
}

let passed = 0;
const failed: string[] = [];
const left_out: string[] = [];
const file_timeout_ms = 420_000;

process.chdir(root);
const image = mkdtempSync(join(tmpdir(), 'apiary-image-'));
process.on('exit', () => rmSync(image, { recursive: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
const starts_servers = files.filter((file) =>
  /server-process|\/site\.ts|campaign/.test(readFileSync(file, 'utf8')),
);
if (starts_servers.length > 1) await makeEngineImage(image);
const stream = run({
  files: files.map((file) => `${root}${file}`),
  concurrency: 2,
  timeout: file_timeout_ms,
  // A test that failed half-way must not hold up the rest with what it left open.
  execArgv: ['--test-force-exit'],
});
stream.on('test:pass', ({ name, skip, details, file }) => {
  if (details.type === 'suite') return;
  if (skip === undefined) passed += 1;
  else left_out.push(`${relative(root, file ?? '')}: ${name}: ${skip === true ? 'no reason given' : skip}`);
});
stream.on('test:fail', ({ name, details, file }) => {
  if (details.type !== 'suite') failed.push(`${relative(root, file ?? '')}: ${name}`);
});
stream.compose(new spec()).pipe(process.stdout);
stream.on('end', () => {
  const strict = process.env.CI === 'true';
  if (left_out.length > 0)
    process.stdout.write(
      `\nLeft out, because a part is not here:\n${left_out.map((line) => `  ${line}\n`).join('')}`,
    );
  if (failed.length > 0) process.stdout.write(`\nFailed:\n${failed.map((line) => `  ${line}\n`).join('')}`);
  if (strict && left_out.length > 0) process.stdout.write('\nWith CI=true nothing may be left out.\n');
  process.stdout.write(`\n${passed} passed, ${failed.length} failed, ${left_out.length} skipped\n`);
  process.exitCode = failed.length > 0 || (strict && left_out.length > 0) ? 1 : 0;
});
