/** Logs below a container's root, whose root puts other things in their place. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { RowSink } from '../testing/row-sink.ts';
import { LineReader } from './lines.ts';
import { ReadBuffers } from './reader.ts';

interface Place {
  host: string;
  log: string;
  sink: RowSink;
  reader: LineReader;
  texts(): string[];
}

const makeReader = (log: string, sink: RowSink): LineReader =>
  new LineReader(sink, new ReadBuffers(64 * 1024), {
    ...{ stream: 'log', patterns: [log], has_header: false, line_bytes_max: 4096, records_max: 1000 },
    ...{ scan_ms: 0, idle_ms: 1 },
  });

function makePlace(t: TestContext, name = 'app.log'): Place {
  const host = mkdtempSync(join(tmpdir(), 'apiary-hostile-lines-'));
  t.after(() => rmSync(host, { recursive: true }));
  const folder = join(host, 'rootfs', 'var', 'log');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(host, 'secret'), 'of the host\n');
  const log = join(folder, name);
  const sink = new RowSink();
  const reader = makeReader(log, sink);
  t.after(() => reader.stop());
  return { host, log, sink, reader, texts: () => sink.sent.map(({ text }) => text) };
}

const look = async ({ reader }: Place, looks = 4): Promise<void> => {
  for (let at = 0; at < looks; at += 1) {
    await reader.poll();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

it('reads a log through rotation, and its usual predecessors, and leaves no access time', async (t) => {
  const place = makePlace(t);
  const today = new Date().toISOString().slice(0, 10);
  writeFileSync(`${place.log}.2.gz`, gzipSync('a\n'));
  const old = new Date(Date.now() - 10_000);
  utimesSync(`${place.log}.2.gz`, old, old);
  writeFileSync(`${place.log}.${today}`, 'b\n');
  writeFileSync(place.log, 'c\n');
  const seen_s = 1_000_000;
  for (const path of [place.log, `${place.log}.${today}`]) utimesSync(path, seen_s, Date.now() / 1000);
  await look(place);
  assert.deepEqual(place.texts().sort(), ['a', 'b', 'c']);
  if (process.getuid?.() === 0) assert.equal(statSync(place.log).atimeMs, seen_s * 1000);
  renameSync(place.log, `${place.log}.kept`);
  appendFileSync(`${place.log}.kept`, 'd\n');
  writeFileSync(place.log, 'e\n');
  await look(place);
  assert.deepEqual(place.texts().sort(), ['a', 'b', 'c', 'd', 'e']);
  assert.deepEqual(place.sink.gaps, []);
});

it('follows no link: neither in place of the log, nor of its folder, nor of a predecessor', async (t) => {
  const place = makePlace(t);
  const folder = join(place.log, '..');
  writeFileSync(place.log, 'mine\n');
  symlinkSync(join(place.host, 'secret'), `${place.log}.1`);
  writeFileSync(join(place.host, 'app.log.2.gz'), gzipSync('of the host, packed\n'));
  symlinkSync(join(place.host, 'app.log.2.gz'), `${place.log}.2.gz`);
  await look(place);
  unlinkSync(place.log);
  symlinkSync(join(place.host, 'secret'), place.log);
  await look(place);
  unlinkSync(place.log);
  renameSync(folder, `${folder}-moved`);
  mkdirSync(join(place.host, 'outside'));
  writeFileSync(join(place.host, 'outside', 'app.log'), 'of the host too\n');
  symlinkSync(join(place.host, 'outside'), folder);
  await look(place);
  assert.deepEqual(place.texts(), ['mine']);
});

it('reads what it found, or nothing, where the log is swapped for a link between look and open', async (t) => {
  const place = makePlace(t);
  writeFileSync(place.log, 'mine\n');
  symlinkSync(join(place.host, 'secret'), `${place.log}.link`);
  // Swaps for as long as its input is open, and says how often at the end.
  const swapper = spawn(
    process.execPath,
    [
      '--eval',
      `const { renameSync } = require('node:fs'); const log = process.argv[1]; let swaps = 0, is_over = false;
       process.stdin.on('end', () => { is_over = true; }).resume();
       const swap = () => { if (is_over) return console.log(swaps);
         for (let i = 0; i < 20; i++, swaps++) { renameSync(log, log + '.file'); renameSync(log + '.link', log);
           renameSync(log, log + '.link'); renameSync(log + '.file', log); } setImmediate(swap); }; swap();`,
      place.log,
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  let told = '';
  swapper.stdout.on('data', (text) => (told += text));
  for (const ends = Date.now() + 2000; Date.now() < ends; ) {
    // Each looks and opens anew.
    const reader = makeReader(place.log, place.sink);
    await reader.poll();
    await reader.stop();
  }
  swapper.stdin.end();
  await once(swapper, 'close');
  assert.ok(Number(told) > 100, `${told} swaps`);
  await look(place);
  assert.ok(place.texts().includes('mine'));
  assert.ok(!place.texts().some((text) => text.includes('host')), place.texts().join());
});

it('does not wait for a FIFO, and goes on when the log is there', async (t) => {
  const place = makePlace(t);
  execFileSync('mkfifo', [place.log, `${place.log}.1`]);
  await look(place);
  assert.match(place.reader.status().trouble, /not there yet/);
  unlinkSync(place.log);
  writeFileSync(place.log, 'mine\n');
  await look(place);
  assert.deepEqual(place.texts(), ['mine']);
});

it('reads a log whose name is no ASCII', async (t) => {
  const place = makePlace(t, 'žurnál-日.log');
  writeFileSync(place.log, 'one\n');
  await look(place);
  appendFileSync(place.log, 'two\n');
  await look(place);
  assert.deepEqual(place.texts(), ['one', 'two']);
  assert.deepEqual(
    place.reader.status().followed.map(({ path }) => path),
    [place.log],
  );
});
