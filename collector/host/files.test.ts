import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ArtifactSpool } from '../spool/artifacts.ts';
import type { Container } from './containers.ts';
import { type FilesOptions, FilesProbe } from './files.ts';

const root = mkdtempSync(join(tmpdir(), 'apiary-host-files-'));
after(() => rmSync(root, { recursive: true, force: true }));

let made = 0;
function make(t: { after(work: () => void): void }, more: Partial<FilesOptions> = {}) {
  made += 1;
  const folder = join(root, String(made));
  const rootfs = join(folder, 'rootfs');
  mkdirSync(join(rootfs, 'srv'), { recursive: true });
  const spool = new ArtifactSpool(join(folder, 'spool'), 10_000_000, ['s']);
  const options: FilesOptions = {
    ...{ sensor: 's', work_folder: join(folder, 'work'), spool, bytes_max: 100_000, look_ms: 0, quiet_ms: 0 },
    ...more,
  };
  const container: Container = {
    ...{ name: 'pot', kind: 'lxc', pid: 1, started: '1', rootfs, cgroup: '/x', lxc_path: '' },
  };
  const open = (): { look: () => Promise<string[]>; probe: FilesProbe } => {
    const probe = new FilesProbe(options);
    t.after(() => probe.stop());
    const look = async (): Promise<string[]> => {
      let readings = await probe.take(container);
      // A look rests for a multiple of what it took.
      for (let tries = 0; readings.length === 0 && tries < 300; tries += 1) {
        await sleep(20);
        readings = await probe.take(container);
      }
      probe.settle();
      return readings
        .map(({ kind, path, type, not_taken, sha256 }) =>
          [
            kind,
            typeof path === 'object' ? JSON.stringify(path) : path,
            type,
            not_taken ?? String(sha256 ?? '').slice(0, 6),
          ]
            .join(' ')
            .trimEnd(),
        )
        .sort();
    };
    return { look, probe };
  };
  const waiting = (): string[] => readdirSync(join(folder, 'spool', 'waiting', 's'));
  return { folder, rootfs, srv: join(rootfs, 'srv'), open, waiting };
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 6);

describe('files of a container', () => {
  it('tells what is new, changed and gone, also what happened while it did not look', async (t) => {
    const { srv, open, waiting } = make(t);
    for (const name of ['a', 'b', 'c']) writeFileSync(join(srv, name), name);
    const { look } = open();
    assert.deepEqual(await look(), ['baseline']);
    writeFileSync(join(srv, 'new'), 'new');
    appendFileSync(join(srv, 'a'), 'more');
    chmodSync(join(srv, 'b'), 0o4755);
    unlinkSync(join(srv, 'c'));
    mkdirSync(join(srv, '.hidden'));
    writeFileSync(join(srv, '.hidden', 'x'), 'x');
    assert.deepEqual(await look(), [
      `attributes /srv/b file ${hashOf('b')}`,
      `changed /srv/a file ${hashOf('amore')}`,
      `created /srv/.hidden folder`,
      `created /srv/.hidden/x file ${hashOf('x')}`,
      `created /srv/new file ${hashOf('new')}`,
      'deleted /srv/c file',
    ]);
    assert.equal(waiting().length, 4);
    unlinkSync(join(srv, 'new'));
    assert.deepEqual(await open().look(), ['deleted /srv/new file']);
  });

  it('takes nothing of the host by links, blocks at nothing, and is not filled by holes', async (t) => {
    const { folder, srv, open, waiting } = make(t);
    const { look } = open();
    await look();
    writeFileSync(join(folder, 'secret'), 'of the host');
    symlinkSync(join(folder, 'secret'), join(srv, 'link'));
    symlinkSync(folder, join(srv, 'folder-link'));
    linkSync(join(folder, 'secret'), join(srv, 'hard'));
    execFileSync('mkfifo', [join(srv, 'fifo')]);
    writeFileSync(join(srv, 'sparse'), '');
    truncateSync(join(srv, 'sparse'), 1e12);
    writeFileSync(join(srv, 'a\n\x1b[2J'), 'odd');
    writeFileSync(Buffer.concat([Buffer.from(`${srv}/`), Buffer.of(0xff)]), 'bytes');
    assert.deepEqual(await look(), [
      `created /srv/a\n\x1b[2J file ${hashOf('odd')}`,
      'created /srv/fifo fifo',
      'created /srv/folder-link link',
      'created /srv/hard file hard_link',
      'created /srv/link link',
      'created /srv/sparse file too_large',
      `created {"$hex":"2f7372762fff"} file ${hashOf('bytes')}`,
    ]);
    assert.equal(waiting().length, 2);
  });

  it('never reads past a folder that is swapped for a link while it looks', async (t) => {
    const { folder, srv, open, waiting } = make(t);
    const secret = join(folder, 'secret');
    mkdirSync(secret);
    for (let index = 0; index < 20; index += 1)
      writeFileSync(join(secret, `f${index}`), `of the host ${index}`);
    mkdirSync(join(srv, 'day'));
    for (let index = 0; index < 20; index += 1) writeFileSync(join(srv, 'day', `f${index}`), 'own');
    const { look, probe } = open();
    await look();
    const program = `const fs = require('fs'); const [,day, aside, secret] = process.argv; let n = 0;
      for (;;) { fs.renameSync(day, aside); fs.symlinkSync(secret, day); fs.unlinkSync(day); fs.renameSync(aside, day);
        fs.writeFileSync(day + '/f' + (n++ % 20), 'own ' + n); if (n === 100) fs.writeSync(1, 'swapping'); }`;
    const child = spawn(process.execPath, ['-e', program, join(srv, 'day'), join(srv, 'aside'), secret], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.after(() => child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    for (let count = 0; count < 20; count += 1) await look();
    probe.stop();
    const taken = waiting().map((name) => readFileSync(join(folder, 'spool', 'waiting', 's', name), 'utf8'));
    assert.ok(taken.length > 5);
    for (const text of taken) assert.match(text, /^(own.*)?$/);
  });

  it('ends at its budget', async (t) => {
    const { srv, open } = make(t, { budget_bytes: 25 });
    const { look } = open();
    await look();
    for (const name of ['a', 'b', 'c']) writeFileSync(join(srv, name), name.repeat(10));
    const told = await look();
    assert.equal(told.filter((line) => line.endsWith('budget')).length, 1);
    assert.equal(told.length, 3);
  });

  it('leaves no access time', {
    skip: process.getuid?.() === 0 ? false : 'needs root, for a mount of its own',
  }, async (t) => {
    const { rootfs, srv, open } = make(t);
    writeFileSync(join(srv, 'a'), 'a');
    const { look } = open();
    const times = (): number[] => [rootfs, srv, join(srv, 'a')].map((path) => lstatSync(path).atimeMs);
    const before = times();
    await sleep(20);
    await look();
    assert.deepEqual(times(), before);
    // The same without the view does leave one, so that the test can fail.
    readdirSync(srv);
    assert.notDeepEqual(times(), before);
  });
});
