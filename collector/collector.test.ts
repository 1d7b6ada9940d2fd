import assert from 'node:assert/strict';
import {
  appendFileSync,
  copyFileSync,
  readFileSync,
  renameSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { record_flags } from '@apiary/model/batch.ts';
import { NumberedLog, Rig } from './testing/rig.ts';
import { until } from './testing/until.ts';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('line source, end to end', { concurrency: true }, () => {
  let rig: Rig;
  before(async () => {
    rig = await Rig.make();
  });
  after(() => rig.end());

  const yaml = (name: string, path: string, extra = ''): string =>
    `sensors:\n  - { name: ${name}, type: cowrie, paths: { json: "${path}" } }\n${extra}`;
  const sent = (name: string): string[] => rig.gateway.texts(name).sort();
  const arrived = (log: NumberedLog): Promise<void> =>
    until(() => rig.gateway.texts(log.name).length >= log.written.length);

  it('ships what a file holds and what is appended, and never the unfinished line', async () => {
    const log = new NumberedLog('plain');
    const path = rig.path('plain.json');
    writeFileSync(path, log.lines(5000));
    const running = await rig.start('plain', yaml('plain', path));
    appendFileSync(path, log.lines(500));
    appendFileSync(path, '{"unfinished":');
    await arrived(log);
    await sleep(600);
    assert.deepEqual(sent('plain'), [...log.written].sort());
    assert.equal(running.status().sensors[0]!.condition, 'live');
    assert.equal(running.status().sensors[0]!.read, 5500);
  });

  it('follows rotation by rename, with compressed predecessors and a last line without newline', async () => {
    const log = new NumberedLog('rename');
    const path = rig.path('rename.json');
    writeFileSync(`${path}.2.gz`, gzipSync(log.lines(300)));
    writeFileSync(`${path}.3.zst`, zstdCompressSync(Buffer.from(log.lines(200))));
    writeFileSync(`${path}.1`, log.lines(100));
    writeFileSync(path, log.lines(100));
    // What is compressed otherwise is told and not sent as it lies there; what passes by is left alone.
    writeFileSync(`${path}.7.xz`, 'no lines');
    writeFileSync(`${path}.8.tmp`, 'no lines\n');
    const running = await rig.start('rename', yaml('rename', path));
    await arrived(log);
    assert.equal(log.written.length, 700);
    assert.match(running.status().sensors[0]!.detail, /rename\.json\.7\.xz: only gzip and zstd are read/);
    assert.equal(running.status().sensors[0]!.condition, 'live');
    renameSync(`${path}.1`, `${path}.9`);
    renameSync(path, `${path}.1`);
    appendFileSync(`${path}.1`, `${log.lines(1)}`);
    writeFileSync(path, log.lines(50));
    appendFileSync(`${path}.1`, log.lines(7).slice(0, -1));
    await arrived(log);
    assert.deepEqual(sent('rename'), [...log.written].sort());
    const last = [...rig.gateway.records.values()].find(
      (record) => record.sensor === 'rename' && record.flags !== 0,
    );
    assert.equal(last?.flags, record_flags.no_newline);
    assert.equal(last?.text, log.written.at(-1));
    const count = rig.gateway.headers
      .filter((header) => header.sensor === 'rename')
      .reduce((sum, header) => sum + header.records, 0);
    assert.equal(count, log.written.length, 'nothing came twice');
    await rig.stop(running);
  });

  it('follows copy-and-truncate, and compression of what was read half', async () => {
    const log = new NumberedLog('copy');
    const path = rig.path('copy.json');
    writeFileSync(path, log.lines(100));
    let running = await rig.start('copy', yaml('copy', path));
    await arrived(log);
    appendFileSync(path, log.lines(20));
    copyFileSync(path, `${path}.1`);
    truncateSync(path, 0);
    appendFileSync(path, log.lines(150));
    await arrived(log);
    await rig.stop(running);
    // While the collector is down: more lines, rotation, compression.
    appendFileSync(path, log.lines(30));
    writeFileSync(`${path}-20260101.gz`, gzipSync(readFileSync(path)));
    truncateSync(path, 0);
    appendFileSync(path, log.lines(10));
    running = await rig.start('copy', yaml('copy', path));
    await arrived(log);
    await sleep(800);
    assert.deepEqual(sent('copy'), [...log.written].sort());
    assert.deepEqual(
      rig.gateway.gaps.filter((gap) => gap.source.startsWith(path)),
      [],
    );
    await rig.stop(running);
  });

  it('follows a date in the name and files that appear later', async () => {
    const log = new NumberedLog('date');
    const running = await rig.start('date', yaml('date', rig.path('date-*.json')));
    assert.equal(running.status().sensors[0]!.condition, 'missing');
    writeFileSync(rig.path('date-2026-01-01.json'), log.lines(10));
    await arrived(log);
    writeFileSync(rig.path('date-2026-01-02.json'), log.lines(10));
    appendFileSync(rig.path('date-2026-01-01.json'), log.lines(3));
    await arrived(log);
    assert.deepEqual(sent('date'), [...log.written].sort());
    await rig.stop(running);
  });

  it('cuts lines over the limit, keeps bytes that are no UTF-8, and empty lines', async () => {
    const path = rig.path('odd.json');
    const long = 'L'.repeat(100_000);
    const huge = 'H'.repeat(700_000);
    const bytes = Buffer.concat([
      Buffer.from(`first\n\n${long}\n`),
      Buffer.from([0xff, 0xfe, 0x00, 0x0a]),
      Buffer.from(`${huge}\nlast\n`),
    ]);
    writeFileSync(path, bytes);
    const running = await rig.start('odd', yaml('odd', path, 'limits: { line_bytes_max: 64KiB }'));
    await until(() => sent('odd').length === 6);
    const found = [...rig.gateway.records.values()]
      .filter((record) => record.sensor === 'odd')
      .sort((a, b) => Number(a.place) - Number(b.place));
    assert.deepEqual(
      found.map(({ place, flags, original_size, text }) => [
        Number(place),
        flags,
        original_size,
        text.length,
      ]),
      [
        [0, 0, 5, 5],
        [6, 0, 0, 0],
        [7, 1, 100_000, 65_536],
        [100_008, 0, 3, 3],
        [100_012, 1, 700_000, 65_536],
        [800_013, 0, 4, 4],
      ],
    );
    assert.equal(found[3]!.bytes.toString('hex'), 'fffe00');
    assert.equal(running.status().sensors[0]!.cut, 2);
    await rig.stop(running);
  });

  it('reads a source that was set back to a snapshot from its beginning, in the same generation', async () => {
    const log = new NumberedLog('revert');
    const path = rig.path('revert.json');
    const snapshot = log.lines(40);
    writeFileSync(path, snapshot + log.lines(60));
    const running = await rig.start('revert', yaml('revert', path));
    await arrived(log);
    const other = Array.from({ length: 100 }, (_, index) => `after the revert ${index}\n`).join('');
    writeFileSync(path, snapshot + other);
    await until(() => sent('revert').some((text) => text === 'after the revert 99'));
    const records = [...rig.gateway.records.values()].filter((record) => record.sensor === 'revert');
    assert.equal(new Set(records.map((record) => record.generation)).size, 1);
    for (let i = 0; i < 100; i++)
      assert.ok(records.some((record) => record.text === `after the revert ${i}`));
    for (const line of log.written.slice(0, 40)) assert.ok(records.some((record) => record.text === line));
    await rig.stop(running);
  });

  it('tells what rotation took away unread as a gap with its range', async () => {
    const log = new NumberedLog('gap');
    const path = rig.path('gap.json');
    writeFileSync(path, log.lines(10));
    const read_bytes = readFileSync(path).length;
    let running = await rig.start('gap', yaml('gap', path));
    await arrived(log);
    await rig.stop(running);
    appendFileSync(path, 'these lines\nnobody reads\n');
    unlinkSync(path);
    writeFileSync(path, 'another life of the file\n');
    running = await rig.start('gap', yaml('gap', path));
    const gaps = (): typeof rig.gateway.gaps => rig.gateway.gaps.filter((gap) => gap.source === path);
    await until(() => gaps().length > 0);
    assert.equal(gaps()[0]!.reason, 'rotated_away');
    assert.equal(gaps()[0]!.from, String(read_bytes));
    assert.equal(gaps()[0]!.to, '');
    assert.ok(sent('gap').includes('another life of the file'));
    await rig.stop(running);
  });

  it('tells no gap of a log that was read whole and deleted, also after a restart', async () => {
    const log = new NumberedLog('deleted');
    const path = rig.path('deleted.json');
    writeFileSync(path, log.lines(10));
    let running = await rig.start('deleted', yaml('deleted', path));
    await arrived(log);
    unlinkSync(path);
    await until(() => running.status().sensors[0]!.condition === 'missing');
    await sleep(800);
    await rig.stop(running);
    running = await rig.start('deleted', yaml('deleted', path));
    await sleep(2000);
    assert.equal(running.status().sensors[0]!.lost, 0);
    assert.deepEqual(
      rig.gateway.gaps.filter((gap) => gap.source === path),
      [],
    );
    await rig.stop(running);
  });

  it('names neither itself nor its server on the wire', () => {
    for (const [servername, alpn] of rig.gateway.servernames as [unknown, unknown][]) {
      assert.equal(servername, false);
      assert.equal(alpn, false);
    }
    const headers = rig.gateway.request_headers.flat().map((header) => header.toLowerCase());
    assert.ok(!headers.includes('user-agent'));
    assert.ok(!headers.some((header) => header.includes('apiary')));
  });
});
