/** A file that is cut and written anew between two steps of its reader, which is where a busy machine lets it happen. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { RowSink } from '../testing/row-sink.ts';
import { LineReader } from './lines.ts';
import { ReadBuffers } from './reader.ts';

/** Lends its buffers as always, and lets something happen first, once. */
class InterruptedBuffers extends ReadBuffers {
  before: () => void = () => undefined;

  override use<T>(work: (buffer: Buffer) => Promise<T>): Promise<T> {
    const { before } = this;
    this.before = () => undefined;
    before();
    return super.use(work);
  }
}

const numbered = (life: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${life} ${index}`);

for (const [what, again] of [
  ['longer than what was read', 300],
  ['shorter than what was read', 20],
] as const)
  it(`a file that becomes another one, ${what}, is read whole`, async (t: TestContext) => {
    const folder = mkdtempSync(join(tmpdir(), 'apiary-race-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'log');
    const first = numbered('first', 100);
    const added = numbered('added', 10);
    const second = numbered('second', again);
    writeFileSync(path, `${first.join('\n')}\n`);
    const sink = new RowSink();
    const buffers = new InterruptedBuffers(64 * 1024);
    const reader = new LineReader(sink, buffers, {
      ...{ stream: 'json', patterns: [path], has_header: false, line_bytes_max: 4096, records_max: 1000 },
      ...{ scan_ms: 0, idle_ms: 1 },
    });
    await reader.poll();
    assert.deepEqual(
      sink.sent.map(({ text }) => text),
      first,
    );
    // The reader has seen that bytes were added, and that those before them are still there: now they are not.
    appendFileSync(path, `${added.join('\n')}\n`);
    buffers.before = () => {
      truncateSync(path, 0);
      appendFileSync(path, `${second.join('\n')}\n`);
    };
    for (let looks = 0; looks < 5; looks += 1) {
      await reader.poll();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await reader.stop();
    assert.deepEqual(
      sink.sent.map(({ text }) => text),
      [...first, ...second],
    );
    // What was added and is gone is told.
    assert.deepEqual(
      sink.gaps.map(({ reason, from }) => [reason, from]),
      [['rotated_away', String(Buffer.byteLength(first.join('\n')) + 1)]],
    );
  });

it('tells how many files are more than it follows, and reads the newest', async (t: TestContext) => {
  const folder = mkdtempSync(join(tmpdir(), 'apiary-many-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (let n = 0; n < 5; n += 1) {
    writeFileSync(join(folder, `log-${n}`), `${n}\n`);
    utimesSync(join(folder, `log-${n}`), n + 1, n + 1);
  }
  const sink = new RowSink();
  const reader = new LineReader(sink, new ReadBuffers(64 * 1024), {
    ...{ stream: 'json', patterns: [join(folder, 'log-*')], has_header: false, line_bytes_max: 4096 },
    ...{ records_max: 1000, scan_ms: 0, files_max: 3 },
  });
  await reader.poll();
  await reader.stop();
  assert.deepEqual(sink.sent.map(({ text }) => text).sort(), ['2', '3', '4']);
  assert.match(reader.status().trouble, /more than 3 files: the 2 oldest are not read/);
});
