/**
 * Runs every test of the repository, or those whose path contains one of the words given. Ends with the files that took
 * longest, what was left out and why, and one plain line of counts.
 */
import assert from 'node:assert';
import {
  chmodSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { PassThrough } from 'node:stream';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { makeEngineImages } from './rig/engine-image.ts';
import { long_files, waiting_files } from './running-order.ts';

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

const file_timeout_ms = 420_000;
const memory_bytes_min = 8 * 1024 ** 3;
const slowest_shown = 10;

/**
 * Where tests put their folders: in memory where there is room. A test that kills processes proves the same there, as
 * what a process wrote outlives it; only waiting for a disk is left out, which was half of the run. Files that mostly
 * wait anyway keep the disk.
 */
function scratchParent(): string {
  const memory = '/dev/shm';
  if (process.env.TMPDIR !== undefined || !existsSync(memory)) return tmpdir();
  const mount = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .find((line) => line.split(' ')[1] === memory);
  const { bavail, bsize } = statfsSync(memory);
  const is_fit = mount !== undefined && / tmpfs /.test(mount) && !/\bnoexec\b/.test(mount);
  return is_fit && bavail * bsize >= memory_bytes_min ? memory : tmpdir();
}

const on_disk = tmpdir();
const scratch = mkdtempSync(join(scratchParent(), 'apiary-tests-'));
process.on('exit', () => {
  try {
    // What a test left running may be writing yet.
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  } catch (error) {
    process.stderr.write(`${scratch} is not gone: ${(error as Error).message}\n`);
  }
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
process.chdir(root);
process.env.TMPDIR = join(scratch, 'tmp');
mkdirSync(process.env.TMPDIR);
// Decoders and databases that tests start run as users of their own.
chmodSync(scratch, 0o755);
chmodSync(process.env.TMPDIR, 0o1777);
// The compiled code of a module serves all processes that load it: tests, servers, collectors.
process.env.NODE_COMPILE_CACHE = join(scratch, 'compiled');

/** One file that stands for several: they run one after another in one process and share its engines. */
function joinFiles(name: string, parts: readonly string[]): string {
  const path = join(scratch, `${name}.test.mjs`);
  const addresses = parts.map((part) => pathToFileURL(join(root, part)).href);
  writeFileSync(
    path,
    `import { test } from 'node:test';
for (const address of ${JSON.stringify(addresses)})
  await import(address).catch((error) => test(address, () => { throw error; }));
`,
  );
  return path;
}

/** What is run, the longest first. */
function orderFiles(): string[] {
  const joined = ['conformance', 'recordings'].flatMap((name) => {
    const parts = files.filter((file) => file.startsWith('submodules/') && file.endsWith(`/${name}.test.ts`));
    return parts.length > 1 ? [{ path: joinFiles(name, parts), parts }] : [];
  });
  const within = new Set(joined.flatMap(({ parts }) => parts));
  const alone = files.filter((file) => !within.has(file));
  const listed = [...long_files, ...waiting_files];
  const rank = (file: string): number => {
    const index = listed.indexOf(file);
    return index < 0 ? listed.length : index;
  };
  return [
    ...joined.map(({ path }) => path),
    ...alone.toSorted((one, other) => rank(one) - rank(other)).map((file) => join(root, file)),
  ];
}

if (words.length === 0) {
  const gone = [...long_files, ...waiting_files].filter((file) => !files.includes(file));
  assert.deepEqual(gone, [], 'tests/running-order.ts names files that are not there');
  const looking = files.filter((file) =>
    /rig\/(lxc-container|audit-daemon)/.test(readFileSync(file, 'utf8')),
  );
  assert.deepEqual(
    looking.filter((file) => !waiting_files.includes(file)),
    [],
    'files that look into containers are not among those that run one after another',
  );
}
const nameOf = (path: string): string =>
  path.startsWith(scratch) ? `${basename(path, '.test.mjs')} of all submodules` : relative(root, path);
const ordered = orderFiles();
const waits = (path: string): boolean => waiting_files.includes(relative(root, path));
const needed = (pattern: RegExp): boolean =>
  files.filter((file) => pattern.test(readFileSync(file, 'utf8'))).length > 1;
const images = (
  [
    ['all', /server-process|\/site\.ts|campaign/],
    ['single', /submodule-engine|\/recording\.ts|engine-image/],
    ['local_shards', /conformance|engine-image/],
  ] as const
).filter(([, pattern]) => needed(pattern));
await makeEngineImages(
  join(scratch, 'images'),
  images.map(([name]) => name),
);

let passed = 0;
const failed: string[] = [];
const left_out: string[] = [];
const took = new Map<string, number>();
const report = new PassThrough({ objectMode: true });
const showing = (async () => {
  for await (const text of report.compose(new spec())) process.stdout.write(text);
})();

/** Runs files, some side by side, with folders in `temporary`, and hands on what they tell. */
function runFiles(paths: string[], concurrency: number, temporary: string | undefined): Promise<void> {
  const stream = run({
    files: paths,
    concurrency,
    env: { ...process.env, TMPDIR: temporary },
    timeout: file_timeout_ms,
    execArgv: ['--import', join(root, 'tests/end-in-time.ts')],
  });
  stream.on('test:pass', ({ name, skip, details, file }) => {
    if (details.type === 'suite') return;
    if (skip === undefined) passed += 1;
    else left_out.push(`${relative(root, file ?? '')}: ${name}: ${skip === true ? 'no reason given' : skip}`);
  });
  stream.on('test:fail', ({ name, details, file }) => {
    if (details.type !== 'suite') failed.push(`${relative(root, file ?? '')}: ${name}`);
  });
  stream.on('test:complete', ({ name, details }) => {
    if (paths.includes(name)) took.set(nameOf(name), details.duration_ms / 1000);
  });
  stream.on('data', (event: { type: string; data: { file?: string } }) => {
    // The counts at the end of each of several streams say nothing.
    if (event.data.file !== undefined) report.write(event);
  });
  return new Promise((resolve) => stream.once('end', resolve));
}

const lanes: [paths: string[], concurrency: number, temporary: string | undefined][] = [
  [ordered.filter((path) => !waits(path)), 2, process.env.TMPDIR],
  [ordered.filter(waits), 1, on_disk],
];
await Promise.all(lanes.filter(([paths]) => paths.length > 0).map((lane) => runFiles(...lane)));
report.end();
await showing;

const strict = process.env.CI === 'true';
const slowest = [...took].toSorted(([, one], [, other]) => other - one).slice(0, slowest_shown);
process.stdout.write(
  `\nSlowest:\n${slowest.map(([file, seconds]) => `  ${seconds.toFixed(1).padStart(6)} s  ${file}\n`).join('')}`,
);
if (left_out.length > 0)
  process.stdout.write(
    `\nLeft out, because a part is not here:\n${left_out.map((line) => `  ${line}\n`).join('')}`,
  );
if (failed.length > 0) process.stdout.write(`\nFailed:\n${failed.map((line) => `  ${line}\n`).join('')}`);
if (strict && left_out.length > 0) process.stdout.write('\nWith CI=true nothing may be left out.\n');
process.stdout.write(`\n${passed} passed, ${failed.length} failed, ${left_out.length} skipped\n`);
process.exitCode = failed.length > 0 || (strict && left_out.length > 0) ? 1 : 0;
