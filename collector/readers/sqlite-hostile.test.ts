/** A database that lies in its attacker's container: it leads nowhere, blocks nothing, fills nothing, runs nothing. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { SqliteStream } from '@apiary/model/submodule.ts';
import { build } from 'esbuild';
import { inside_code } from '../build.ts';
import { findConfinedChild } from '../testing/confined-child.ts';
import { test_streams } from '../testing/rig.ts';
import { RowSink } from '../testing/row-sink.ts';
import { SqliteReader } from './sqlite.ts';
import { CopiedDatabase } from './sqlite-database.ts';

const source = test_streams
  .flatMap(({ sources }) => sources)
  .find((one): one is SqliteStream => one.kind === 'sqlite')!;
const logins = 'CREATE TABLE logins (login INTEGER PRIMARY KEY, connection INTEGER, password TEXT);';
const connections = 'CREATE TABLE connections (connection INTEGER PRIMARY KEY, remote_host TEXT);';
const rows = "INSERT INTO connections VALUES (1, '203.0.113.9'); INSERT INTO logins VALUES (1, 1, 'pass');";
const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)';

interface Place {
  folder: string;
  srv: string;
  path: string;
  work: string;
}

function make(t: TestContext): Place {
  const folder = mkdtempSync(join(tmpdir(), 'apiary-hostile-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const srv = join(folder, 'rootfs', 'srv');
  mkdirSync(srv, { recursive: true });
  return { folder, srv, path: join(srv, 'd.sqlite'), work: join(folder, 'work') };
}

function write(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

async function look({ path, work }: Place): Promise<{ sink: RowSink; trouble: string }> {
  const sink = new RowSink();
  const reader = new SqliteReader(sink, {
    ...{ source, path, work_folder: work, record_bytes_max: 65_536, records_max: 1000 },
  });
  await reader.poll();
  await reader.stop();
  return { sink, trouble: reader.status().trouble };
}

describe('a hostile SQLite database', { timeout: 60_000 }, () => {
  it('is read where it is honest, and keeps its access times', async (t) => {
    const place = make(t);
    write(place.path, connections + logins + rows);
    for (const path of [place.path, place.srv]) utimesSync(path, 1e9, 1.5e9);
    const { sink, trouble } = await look(place);
    assert.equal(trouble, '');
    assert.deepEqual(sink.rows('logins'), [{ login: 1, connection: 1, password: 'pass' }]);
    assert.deepEqual([statSync(place.path).atimeMs, statSync(place.srv).atimeMs], [1e12, 1e12]);
  });

  it('is read on although the clock jumps back by a day', async (t) => {
    const place = make(t);
    write(place.path, connections + logins + rows);
    const sink = new RowSink();
    const reader = new SqliteReader(sink, {
      ...{ source, path: place.path, work_folder: place.work, record_bytes_max: 65_536, records_max: 1000 },
      interval_ms_min: 10,
    });
    await reader.poll();
    const real = Date.now;
    t.mock.method(Date, 'now', () => real() - 86_400_000);
    write(place.path, "INSERT INTO logins VALUES (2, 1, 'later')");
    for (let tries = 0; sink.rows('logins').length < 2 && tries < 1000; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await reader.poll();
    }
    await reader.stop();
    assert.equal(sink.rows('logins').length, 2);
  });

  it('leads by no link to a database of the host, neither its own nor one of a folder above it', async (t) => {
    const place = make(t);
    const secrets = join(place.folder, 'host');
    mkdirSync(secrets);
    write(join(secrets, 'd.sqlite'), connections + logins + rows);
    symlinkSync(join(secrets, 'd.sqlite'), place.path);
    let { sink, trouble } = await look(place);
    assert.deepEqual([sink.sent.length, /no regular file/.test(trouble)], [0, true]);
    renameSync(place.srv, `${place.srv}-aside`);
    symlinkSync(secrets, place.srv);
    ({ sink, trouble } = await look(place));
    assert.deepEqual([sink.sent.length, /no regular file/.test(trouble)], [0, true]);
  });

  it('takes no journal of the host through a link', async (t) => {
    const place = make(t);
    write(place.path, connections + logins + rows);
    symlinkSync('/etc/passwd', `${place.path}-wal`);
    symlinkSync('/dev/zero', `${place.path}-journal`);
    const { sink, trouble } = await look(place);
    assert.equal(trouble, '');
    assert.equal(sink.rows('logins').length, 1);
  });

  it('blocks at no FIFO and reads no device, in its place or beside it', async (t) => {
    const place = make(t);
    execFileSync('mkfifo', [place.path]);
    assert.match((await look(place)).trouble, /no regular file/);
    rmSync(place.path);
    if (process.getuid?.() === 0) {
      execFileSync('mknod', [place.path, 'c', '1', '5']);
      assert.match((await look(place)).trouble, /no regular file/);
      rmSync(place.path);
    }
    write(place.path, connections + logins + rows);
    execFileSync('mkfifo', [`${place.path}-wal`, `${place.path}-journal`]);
    assert.equal((await look(place)).sink.rows('logins').length, 1);
  });

  it('fills no disk by a hole, nor by one in its log', async (t) => {
    const place = make(t);
    write(place.path, connections + logins + rows);
    for (const suffix of ['', '-wal']) {
      write(place.path, 'PRAGMA journal_mode = DELETE');
      execFileSync('truncate', ['-s', '+0', place.path + suffix]);
      const { size } = statSync(place.path + suffix);
      truncateSync(place.path + suffix, 1e12);
      const { sink, trouble } = await look(place);
      assert.match(trouble, /is 1\d{12} bytes long with its log; databases up to 4294967296 are read/);
      assert.equal(sink.sent.length, 0);
      assert.deepEqual(readdirSync(place.work), []);
      truncateSync(place.path + suffix, size);
    }
  });

  const is_root = process.getuid?.() === 0;

  it('is read by a child that has no rights, no network and no more than the copy', {
    skip: !is_root,
  }, async (t) => {
    const place = make(t);
    write(place.path, connections + logins + rows);
    const sink = new RowSink();
    let child: ReturnType<typeof findConfinedChild>;
    sink.onRun = () => {
      child ??= findConfinedChild();
    };
    const reader = new SqliteReader(sink, {
      ...{ source, path: place.path, work_folder: place.work, record_bytes_max: 65_536, records_max: 1000 },
    });
    await reader.poll();
    assert.equal(sink.rows('logins').length, 1);
    assert.ok(child !== undefined, 'there is a child');
    assert.match(child.status, /^Uid:\t65534\t65534\t65534\t65534$/m);
    assert.match(child.status, /^CapEff:\t0+$/m);
    assert.match(child.status, /^NoNewPrivs:\t1$/m);
    assert.notEqual(child.net, readlinkSync('/proc/self/ns/net'));
    assert.equal(findConfinedChild(), undefined);
    assert.deepEqual(readdirSync(place.work), []);
    await reader.stop();
  });

  it('is read by the same child in the built collector', async (t) => {
    const place = make(t);
    write(place.path, connections + logins + rows);
    const { outputFiles } = await build({
      ...{ entryPoints: [fileURLToPath(new URL('../decode/inside-code.ts', import.meta.url))], write: false },
      ...{ bundle: true, platform: 'node', format: 'esm', plugins: [inside_code] },
    });
    const built = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0]!.text)}`);
    const questions = [
      { ask: 'open', path: place.path },
      { ask: 'find', name: 'logins', link: null },
      { ask: 'rows', table: 0, from: '0', to: '9', finders: [], bytes_max: 1000 },
    ];
    const input = questions.map((question) => `${JSON.stringify(question)}\n`).join('');
    const answers = execFileSync(process.execPath, built.insideArguments('sqlite'), {
      input,
      encoding: 'utf8',
    });
    const [opened, , read] = answers
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).answer);
    assert.equal(opened.is_whole, true);
    assert.equal(read.rows[0].json, '{"row":{"login":1,"connection":1,"password":"pass"}}');
  });

  it('is not followed for ever where a child that it took over lies', async (t) => {
    const place = make(t);
    write(place.path, connections + logins + rows);
    const { database } = await CopiedDatabase.open(place.path, false);
    t.after(() => database?.close());
    const table = await database!.find('logins');
    const row = { json: '{}', row_hash: '', hash: '', parent_missing: false };
    for (const [rows, told] of [
      [[], /none came/],
      [
        [
          { rowid: '5', ...row },
          { rowid: '5', ...row },
        ],
        /row 5 stands where none/,
      ],
      [[{ rowid: '-1', ...row }], /row -1 stands where none/],
      [[{ rowid: '10', ...row }], /row 10 stands where none/],
    ] as const) {
      const lie = t.mock.method(database!, 'ask', async () => ({ rows, has_more: true }));
      await assert.rejects(async () => {
        for await (const _ of table!.between(0n, 9n, []));
      }, told);
      lie.mock.restore();
    }
  });

  it('may kill its child: that is told, and the next look goes on', { skip: !is_root }, async (t) => {
    const place = make(t);
    write(place.path, connections + logins + rows);
    const sink = new RowSink();
    const killed: number[] = [];
    sink.onRun = () => {
      const child = killed.length === 0 ? findConfinedChild() : undefined;
      if (child === undefined) return;
      killed.push(child.pid);
      process.kill(child.pid, 'SIGKILL');
    };
    const reader = new SqliteReader(sink, {
      ...{ source, path: place.path, work_folder: place.work, record_bytes_max: 65_536, records_max: 1000 },
      interval_ms_min: 1,
    });
    await reader.poll();
    assert.equal(killed.length, 1);
    assert.match(reader.status().trouble, /the child that reads the copy: /);
    for (let tries = 0; reader.status().trouble !== '' && tries < 400; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      await reader.poll();
    }
    assert.equal(reader.status().trouble, '');
    assert.deepEqual(sink.rows('logins'), [{ login: 1, connection: 1, password: 'pass' }]);
    await reader.stop();
  });

  const tricks: [string, string, RegExp][] = [
    ['a view that never ends', `CREATE VIEW logins AS ${endless} SELECT i AS login FROM n;`, /^$/],
    [
      'a column that is computed',
      'CREATE TABLE logins (login INTEGER PRIMARY KEY, password AS (hex(zeroblob(400000000))) NOT NULL);',
      /generated columns/,
    ],
    ['a virtual table', 'CREATE VIRTUAL TABLE logins USING fts5(password);', /virtual tables/],
  ];
  for (const [name, sql, told] of tricks)
    it(`computes nothing for ${name} in place of a table`, async (t) => {
      const place = make(t);
      write(place.path, `${connections}INSERT INTO connections VALUES (1, '203.0.113.9');${sql}`);
      const began = performance.now();
      const { sink, trouble } = await look(place);
      assert.match(trouble, told);
      assert.equal(sink.rows('logins').length, 0);
      assert.equal(sink.rows('connections').length, trouble === '' ? 1 : 0);
      assert.ok(performance.now() - began < 5000);
    });

  it('runs no CHECK of a table that it reads', async (t) => {
    const place = make(t);
    const made =
      "CREATE TABLE connections (connection INTEGER PRIMARY KEY, remote_host TEXT CHECK (remote_host = 'x'));";
    write(place.path, `PRAGMA ignore_check_constraints = ON; ${made}${logins}${rows}`);
    const { sink, trouble } = await look(place);
    assert.equal(trouble, '');
    assert.equal(sink.rows('connections').length, 1);
  });
});
