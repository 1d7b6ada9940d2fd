import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { RowSink } from '../testing/row-sink.ts';
import { readCompressed } from './line-compressed.ts';
import { type LineFile, openLineFile } from './line-files.ts';
import { type FollowContext, Follower } from './line-follower.ts';
import { Lives } from './line-life.ts';
import { ReadBuffers } from './reader.ts';

/** A log as a scan found it, in whose place there is something else now. */
function makeFound(t: TestContext, put: (path: string) => void): LineFile {
  const folder = mkdtempSync(join(tmpdir(), 'apiary-open-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'log');
  put(path);
  return {
    path,
    shown: path,
    dev: 1,
    ino: 1,
    size: 100,
    mtime_ms: 1,
    compression: 'none',
    is_rotated: false,
  };
}

const makeContext = (): FollowContext => ({
  ...{
    sink: new RowSink(),
    buffers: new ReadBuffers(64 * 1024),
    lives: new Lives('json', {}),
    stream: 'json',
  },
  ...{ time_zone: undefined, has_header: false, is_final: true, idle_ms: 1 },
  ...{
    limits: { line_bytes_max: 4096, records_max: 1000 },
    isStopped: () => false,
    gap: async () => undefined,
  },
});

/** Frees the thread that waits for a writer, so that a test that fails also ends. */
const freeThread = (path: string): void => closeSync(openSync(path, constants.O_RDWR));

const ways: [string, (file: LineFile) => Promise<unknown>][] = [
  ['a followed log', (file) => new Follower(file, makeContext()).follow()],
  [
    'a compressed log',
    (file) => {
      const context = makeContext();
      return readCompressed(new Follower({ ...file, compression: 'gzip' }, context), context);
    },
  ],
];

for (const [what, read] of ways) {
  it(`${what} that became a FIFO holds up nothing`, async (t) => {
    const file = makeFound(t, (path) => execFileSync('mkfifo', [path]));
    const reading = read(file).then(
      () => 'read',
      (error: Error) => error.message,
    );
    const told = await Promise.race([reading, sleep(2000, 'blocked', { ref: false })]);
    freeThread(file.path);
    assert.match(told, /is no regular file any more/);
  });

  it(`${what} that became a device is not read`, async (t) => {
    const file = makeFound(t, (path) => symlinkSync('/dev/null', path));
    await assert.rejects(read(file), /is no regular file any more/);
  });
}

it('a framed file that became a device is not read, and a file behind a link is', (t) => {
  const device = makeFound(t, (path) => symlinkSync('/dev/null', path));
  assert.throws(() => openLineFile(device), /is no regular file any more/);
  const linked = makeFound(t, (path) => {
    writeFileSync(`${path}.1`, 'x');
    symlinkSync(`${path}.1`, path);
  });
  closeSync(openLineFile(linked)!);
});
