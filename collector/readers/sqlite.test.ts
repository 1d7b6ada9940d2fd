import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { record_flags } from '@apiary/model/batch.ts';
import type { KeptRecord } from '../testing/fake-gateway.ts';
import { Rig } from '../testing/rig.ts';
import { until } from '../testing/until.ts';
import { absent } from './sqlite-send.ts';

const writer_path = fileURLToPath(new URL('../testing/sqlite-writer.ts', import.meta.url));
const schema = `CREATE TABLE connections (connection INTEGER PRIMARY KEY, remote_host TEXT, closed INTEGER);
  CREATE TABLE logins (login INTEGER PRIMARY KEY, connection INTEGER, password TEXT);`;

interface Rows {
  connections: { connection: number; remote_host: string; closed: number }[];
  logins: { login: number; connection: number; password: string }[];
}

describe('SQLite source', { concurrency: true }, () => {
  let rig: Rig;
  before(async () => {
    rig = await Rig.make();
  });
  after(() => rig.end());

  const yaml = (name: string, path: string): string =>
    `sensors:\n  - { name: ${name}, type: dionaea, paths: { sqlite: "${path}" } }\n`;
  const recordsOf = (sensor: string, stream: string): KeptRecord[] =>
    [...rig.gateway.records.values()]
      .filter((record) => record.sensor === sensor && record.stream === stream)
      .sort((a, b) => Number(a.place) - Number(b.place));
  // biome-ignore lint/suspicious/noExplicitAny: rows of any table
  const rowsOf = (sensor: string, stream: string): any[] =>
    recordsOf(sensor, stream).map((record) => JSON.parse(record.bytes.toString()).row);

  for (const mode of ['WAL', 'DELETE']) {
    it(`reads a database that another process is writing in ${mode} mode`, async () => {
      const name = `live-${mode.toLowerCase()}`;
      const path = rig.path(`${name}.sqlite`);
      // On a busy machine the collector may take longer to start than a short writer writes.
      const writer = spawn(process.execPath, [writer_path, path, mode, '60']);
      let told = '';
      writer.stdout.on('data', (text) => (told += text));
      const running = await rig.start(name, yaml(name, path));
      await until(() => recordsOf(name, 'connections').length > 20);
      assert.equal(writer.exitCode, null, 'rows came while it was written');
      await sleep(2000);
      writeFileSync(`${path}.end`, '');
      await new Promise((resolve) => writer.once('exit', resolve));
      const truth = JSON.parse(told) as Rows;
      assert.ok(truth.connections.length > 100);
      const is_same = (): boolean =>
        JSON.stringify(rowsOf(name, 'connections')) === JSON.stringify(truth.connections) &&
        JSON.stringify(rowsOf(name, 'logins')) === JSON.stringify(truth.logins);
      await until(is_same).catch(() => undefined);
      assert.deepEqual(rowsOf(name, 'connections'), truth.connections);
      assert.deepEqual(rowsOf(name, 'logins'), truth.logins);
      assert.equal(running.status().sensors[0]!.detail, '');
      for (const record of recordsOf(name, 'logins')) {
        const { row, parent } = JSON.parse(record.bytes.toString());
        assert.equal(parent.connection, row.connection);
      }
      const generations = new Set(
        [...recordsOf(name, 'connections'), ...recordsOf(name, 'logins')].map((r) => r.generation),
      );
      assert.equal(generations.size, 1);
      await rig.stop(running);
    });
  }

  it('writes values exactly, and sends rows that changed, came late, or got their parent', async () => {
    const path = rig.path('exact.sqlite');
    const database = new DatabaseSync(path);
    database.exec(schema);
    database.exec('CREATE TABLE hints (hint TEXT, login INTEGER); INSERT INTO hints VALUES (NULL, 1)');
    database.exec(`INSERT INTO connections VALUES (1, 'a', 9007199254740993), (2, CAST(x'ff41' AS TEXT), -5), (3, x'0001', 9e999), (7, NULL, 0.5);
      INSERT INTO logins VALUES (1, 1, 'quote " and \u0001'), (2, 99, 'orphan'), (4, NULL, '')`);
    let running = await rig.start('exact', yaml('exact', path));
    await until(() => recordsOf('exact', 'logins').length === 3);
    const texts = (stream: string): string[] =>
      recordsOf('exact', stream).map((record) => record.bytes.toString());
    assert.deepEqual(texts('connections'), [
      '{"row":{"connection":1,"remote_host":"a","closed":"9007199254740993"}}',
      '{"row":{"connection":2,"remote_host":{"$hex":"ff41"},"closed":-5}}',
      '{"row":{"connection":3,"remote_host":{"$hex":"0001"},"closed":"Infinity"}}',
      '{"row":{"connection":7,"remote_host":null,"closed":0.5}}',
    ]);
    const [first, orphan, free] = recordsOf('exact', 'logins');
    assert.equal(
      first!.bytes.toString(),
      '{"row":{"login":1,"connection":1,"password":"quote \\" and \\u0001"},"parent":{"connection":1,"remote_host":"a","closed":"9007199254740993"}}',
    );
    await until(() => recordsOf('exact', 'hints').length === 1);
    assert.equal(
      texts('hints')[0],
      '{"row":{"hint":null,"login":1},"parent":{"login":1,"connection":1,"password":"quote \\" and \\u0001"},"grandparent":{"connection":1,"remote_host":"a","closed":"9007199254740993"}}',
    );
    assert.equal(orphan!.flags, record_flags.parent_missing);
    assert.match(orphan!.bytes.toString(), /"parent":null/);
    assert.equal(free!.flags, 0);
    // Row 5 fills a part of the hole 4 to 6; row 1 changes; row 99 is the parent that was missing.
    database.exec(
      `INSERT INTO connections VALUES (5, 'late', 1), (99, 'parent', 1); UPDATE connections SET closed = 1 WHERE connection = 1`,
    );
    await until(
      () =>
        texts('connections').some((text) => text.includes('"late"')) &&
        recordsOf('exact', 'logins')[1]!.flags === 0,
    );
    assert.match(texts('connections')[0]!, /"closed":1}/);
    assert.match(texts('logins')[1]!, /"parent":{"connection":99,/);
    const gaps = () =>
      rig.gateway.gaps
        .filter((gap) => gap.source.startsWith(path))
        .map(({ stream, from, to, reason }) => [stream, from, to, reason]);
    await until(() => gaps().length >= 3);
    assert.deepEqual(gaps(), [
      ['connections', '4', '5', 'rows_missing'],
      ['connections', '6', '7', 'rows_missing'],
      ['logins', '3', '4', 'rows_missing'],
    ]);
    await rig.stop(running);
    // After a restart nothing is sent again but what changed meanwhile.
    const received = rig.gateway.headers.filter((header) => header.sensor === 'exact').length;
    database.exec(`UPDATE connections SET closed = 77 WHERE connection = 7`);
    running = await rig.start('exact', yaml('exact', path));
    await until(() => texts('connections').some((text) => text.includes('"closed":77}')));
    const sent = rig.gateway.headers.filter((header) => header.sensor === 'exact').slice(received);
    const changed = sent.flatMap((header) => header.runs).filter((run) => run.stream === 'connections');
    assert.equal(
      changed.reduce((sum, run) => sum + run.records, 0),
      1,
    );
    database.close();
    await rig.stop(running);
  });

  it('takes another database under the same path for another generation, and one set back for the same', async () => {
    const path = rig.path('lives.sqlite');
    const make = (host: string, count: number): void => {
      rmSync(path, { force: true });
      const database = new DatabaseSync(path);
      database.exec(schema);
      for (let i = 0; i < count; i++)
        database.prepare('INSERT INTO connections (remote_host) VALUES (?)').run(`${host}${i}`);
      database.close();
    };
    make('one-', 10);
    copyFileSync(path, `${path}.snapshot`);
    const running = await rig.start('lives', yaml('lives', path));
    await until(() => recordsOf('lives', 'connections').length === 10);
    const first = recordsOf('lives', 'connections')[0]!.generation;
    const database = new DatabaseSync(path);
    database.exec(`INSERT INTO connections (remote_host) VALUES ('before'), ('before')`);
    database.close();
    await until(() => recordsOf('lives', 'connections').length === 12);
    copyFileSync(`${path}.snapshot`, path);
    const reverted = new DatabaseSync(path);
    reverted.exec(`INSERT INTO connections (remote_host) VALUES ('after')`);
    reverted.close();
    await until(() => rowsOf('lives', 'connections').some((row) => row.remote_host === 'after'));
    assert.deepEqual(
      new Set(recordsOf('lives', 'connections').map((record) => record.generation)),
      new Set([first]),
    );
    make('two-', 5);
    await until(() => recordsOf('lives', 'connections').length === 17);
    assert.equal(new Set(recordsOf('lives', 'connections').map((record) => record.generation)).size, 2);
    await rig.stop(running);
  });

  it('reads databases of several sorts, each by the table that it has', async () => {
    const paths = ['ntpot', 'ssdpot'].map((name) => {
      const path = rig.path(`${name}.sqlite3`);
      const database = new DatabaseSync(path);
      database.exec(
        `CREATE TABLE ${name}_attack (src_id INTEGER, start TEXT, PRIMARY KEY (src_id, start)); INSERT INTO ${name}_attack VALUES (1, '${name}'), (2, '${name}')`,
      );
      database.close();
      return path;
    });
    const running = await rig.start(
      'sorts',
      `sensors:\n${paths.map((path, index) => `  - { name: sorts-${index}, type: ddospot, paths: { sqlite: "${path}" } }\n`).join('')}`,
    );
    const found = (index: number, stream: string): unknown[] =>
      rowsOf(`sorts-${index}`, stream).map(({ start }) => start);
    await until(() => found(0, 'ntp_attack').length + found(1, 'ssdp_attack').length >= 4);
    assert.deepEqual(found(0, 'ntp_attack'), ['ntpot', 'ntpot']);
    assert.deepEqual(found(1, 'ssdp_attack'), ['ssdpot', 'ssdpot']);
    await rig.stop(running);
  });

  it('finds the parts of a range that are not there', () => {
    assert.deepEqual(absent(4n, 9n, [5n, 6n, 9n]), [
      [4n, 4n],
      [7n, 8n],
    ]);
    assert.deepEqual(absent(4n, 5n, []), [[4n, 5n]]);
    assert.deepEqual(absent(4n, 4n, [4n]), []);
  });
});
