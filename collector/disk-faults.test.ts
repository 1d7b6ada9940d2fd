/** What befalls the collector's own disk, and lines of any length: told, and no other sensor is disturbed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Rig } from './testing/rig.ts';
import { until } from './testing/until.ts';

const needs_root = process.getuid?.() === 0 ? (false as const) : 'needs root, to mount a small disk';

describe('collector and its disk', () => {
  let rig: Rig;
  before(async () => {
    rig = await Rig.make();
  });
  after(() => rig.end());

  const yaml = (...names: string[]): string =>
    `sensors:\n${names.map((name) => `  - { name: ${name}, type: cowrie, paths: { json: "${rig.path(`${name}.json`)}" } }\n`).join('')}`;

  it('waits while the disk under its spool is full, says so, and loses nothing', {
    skip: needs_root,
    timeout: 60_000,
  }, async (t) => {
    const disk = rig.path('small');
    mkdirSync(disk);
    assert.equal(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]).status, 0);
    t.after(() => spawnSync('umount', ['-l', disk]));
    const lines = Array.from({ length: 3000 }, (_, index) => `${index} ${'x'.repeat(300)}`);
    const running = await rig.start('small', yaml('disk'));
    const filler = openSync(join(disk, 'filler'), 'w');
    try {
      for (;;) writeSync(filler, Buffer.alloc(4096));
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
    } finally {
      closeSync(filler);
    }
    writeFileSync(rig.path('disk.json'), `${lines.join('\n')}\n`);
    const told = (): string => JSON.stringify(running.status());
    await until(() => /ENOSPC|no space/i.test(told()));
    assert.equal(rig.gateway.texts('disk').length, 0);
    rmSync(join(disk, 'filler'));
    await until(() => rig.gateway.texts('disk').length === lines.length);
    assert.deepEqual(rig.gateway.texts('disk').sort(), lines.sort());
    assert.deepEqual(rig.gateway.gaps, []);
    await rig.stop(running);
  });

  it('cuts a line of 1 GB, in little memory, and reads what follows and other sensors', {
    timeout: 60_000,
  }, async () => {
    const path = rig.path('long.json');
    writeFileSync(path, 'before\n');
    truncateSync(path, 1024 ** 3);
    const fd = openSync(path, 'a');
    writeSync(fd, '\nafter\n');
    closeSync(fd);
    writeFileSync(rig.path('beside.json'), 'one\ntwo\n');
    const start = process.memoryUsage().rss;
    const running = await rig.start('long', yaml('long', 'beside'));
    await until(() => rig.gateway.texts('beside').length === 2);
    await until(() => rig.gateway.texts('long').includes('after'));
    const texts = rig.gateway.texts('long');
    assert.equal(texts.length, 3);
    assert.ok(texts.includes('before') && texts.every((text) => text.length <= 1024 * 1024));
    assert.ok(process.memoryUsage().rss - start < 200 * 1024 * 1024);
    await rig.stop(running);
  });
});
