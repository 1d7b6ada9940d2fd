/** Rows over a connection, from a real MariaDB. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { MysqlStream } from '@apiary/model/submodule.ts';
import { streams as kippo } from '@apiary/submodules/kippo/streams.ts';
import { build } from 'esbuild';
import { packed_client } from '../build.ts';
import { needs_mariadb, TestMariadb } from '../testing/mariadb.ts';
import { RowSink } from '../testing/row-sink.ts';
import { findWrites, MysqlClient } from './mysql-client.ts';
import { MysqlLooksReader } from './mysql-looks.ts';

const source = kippo.sources.find((one): one is MysqlStream => one.kind === 'mysql')!;
const schema = `
  CREATE DATABASE kippo CHARACTER SET latin1; USE kippo;
  CREATE TABLE sensors (id int NOT NULL auto_increment, ip varchar(45) NOT NULL, PRIMARY KEY (id));
  CREATE TABLE sessions (id char(32) NOT NULL, starttime datetime NOT NULL, endtime datetime default NULL,
    sensor int(4) NOT NULL, ip varchar(45) NOT NULL default '', termsize varchar(7) default NULL,
    client int(4) default NULL, PRIMARY KEY (id));
  CREATE TABLE auth (id int NOT NULL auto_increment, session char(32) NOT NULL, success tinyint(1) NOT NULL,
    username varchar(100) NOT NULL, password varbinary(100) NOT NULL, timestamp datetime NOT NULL, PRIMARY KEY (id));
  CREATE TABLE ttylog (id int NOT NULL auto_increment, session char(32) NOT NULL, ttylog mediumblob NOT NULL, PRIMARY KEY (id));
  INSERT INTO sensors (ip) VALUES ('198.51.100.7');
  INSERT INTO sessions (id, starttime, sensor, ip) VALUES ('s1', '2026-01-02 03:04:05', 1, '203.0.113.9');
  INSERT INTO auth VALUES (1, 's1', 0, 'root', x'e9ff00', '0000-00-00 00:00:00');
  INSERT INTO auth VALUES (5, 's1', 1, 'it''s', '\\"x', '2026-01-02 03:04:07');
  INSERT INTO ttylog VALUES (1, 's1', REPEAT('a', 100000));
  CREATE USER reader@localhost IDENTIFIED BY 'secret'; GRANT SELECT ON kippo.* TO reader@localhost;
  CREATE USER writer@localhost IDENTIFIED BY 'secret'; GRANT SELECT, INSERT ON kippo.* TO writer@localhost;
`;

describe('rows over a connection', { skip: needs_mariadb }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'apiary-looks-'));
  const server = join(folder, 'server');
  const password_file = join(folder, 'password');
  const sink = new RowSink();
  let mariadb: TestMariadb;
  let reader: MysqlLooksReader;
  before(async () => {
    writeFileSync(password_file, 'secret\n', { mode: 0o600 });
    mariadb = await TestMariadb.start(server, ['sql_mode=']);
    mariadb.run(schema);
    reader = open();
  });
  after(async () => {
    await reader?.stop();
    await mariadb?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = (user = 'reader', into = sink): MysqlLooksReader =>
    new MysqlLooksReader(into, {
      ...{ source, database: 'kippo', work_folder: join(folder, 'work'), record_bytes_max: 65_536 },
      ...{
        connection: { socket: mariadb.socket, user, password_file },
        records_max: 1000,
        interval_ms_min: 0,
      },
    });
  /** Looks until it is so. */
  const until = async (isSo: () => boolean, what: string): Promise<void> => {
    for (let left = 1200; left > 0; left -= 1) {
      await reader.poll();
      if (isSo()) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.fail(`${what}: ${reader.status().trouble}`);
  };
  const names = (): unknown[] => sink.rows('auth').map(({ username }) => username);

  it('takes rows with their parents, bytes and zero dates as they are, and tells of missing tables', async () => {
    await reader.poll();
    assert.deepEqual(sink.rows('auth'), [
      {
        id: 1,
        session: 's1',
        success: 0,
        username: 'root',
        password: { $hex: 'e9ff00' },
        timestamp: '0000-00-00 00:00:00',
      },
      {
        id: 5,
        session: 's1',
        success: 1,
        username: "it's",
        password: '"x',
        timestamp: '2026-01-02 03:04:07',
      },
    ]);
    const sent = sink.sent.filter(({ stream }) => stream === 'auth');
    assert.deepEqual(
      sent.map(({ place, flags }) => [place, flags]),
      [
        ['1', 0],
        ['5', 0],
      ],
    );
    const whole = JSON.parse(sent[0]!.text);
    assert.equal(whole.parent.ip, '203.0.113.9');
    assert.deepEqual(whole.grandparent, { id: 1, ip: '198.51.100.7' });
    assert.equal(sink.cut, 1, 'a recording longer than a record is cut, and says so');
    assert.match(reader.status().trouble, /no table input, or it may not be read.*downloads.*clients/);
  });

  it('takes rows that come late, their sessions, and declared changes; each once', async () => {
    mariadb.run(
      `INSERT INTO sessions (id, starttime, sensor) VALUES ('a0', '2026-01-01 00:00:00', 1);
       INSERT INTO auth VALUES (3, 'a0', 0, 'late', 'x', '2026-01-02 03:04:06');
       UPDATE sessions SET endtime = '2026-01-02 04:00:00' WHERE id = 's1';`,
      'kippo',
    );
    await until(() => names().includes('late'), 'the late row');
    await reader.poll();
    const versions = [...sink.versions('sessions').values()].map((texts) =>
      texts.map((text) => [JSON.parse(text).row.id, JSON.parse(text).row.endtime]),
    );
    assert.deepEqual(versions, [
      [
        ['s1', null],
        ['s1', '2026-01-02 04:00:00'],
      ],
      [['a0', null]],
    ]);
    const late = sink.sent.filter(({ text }) => text.includes('"late"'));
    assert.equal(late.length, 1);
    assert.equal(JSON.parse(late[0]!.text).parent.id, 'a0');
  });

  it('goes on after a restart, and after the server was gone, without another version of anything', async () => {
    const before_texts = [...sink.versions('auth')];
    await reader.stop();
    reader = open();
    await reader.poll();
    await mariadb.kill();
    await until(() => /ENOENT|ECONNREFUSED|closed|lost/i.test(reader.status().trouble), 'the server gone');
    mariadb = await TestMariadb.start(server);
    mariadb.run("INSERT INTO auth VALUES (6, 's1', 0, 'back', 'x', '2026-01-02 03:04:09')", 'kippo');
    await until(() => names().includes('back'), 'the server back');
    assert.deepEqual([...sink.versions('auth')].slice(0, 3), before_texts);
    assert.equal(sink.versions('sessions').size, 2);
  });

  it('takes rows of a table that was emptied as other rows', async () => {
    mariadb.run(
      "TRUNCATE auth; INSERT INTO auth VALUES (1, 's1', 0, 'anew', 'x', '2026-01-03 00:00:00')",
      'kippo',
    );
    await until(() => names().includes('anew'), 'the emptied table');
    assert.equal(sink.versions('auth').size, 5);
    assert.equal(
      new Set(sink.sent.filter(({ stream }) => stream === 'auth').map(({ generation }) => generation)).size,
      2,
    );
  });

  it('takes no row again as another where only the newest was deleted', async () => {
    mariadb.run("INSERT INTO auth VALUES (2, 's1', 0, 'gone', 'x', '2026-01-03 00:00:01')", 'kippo');
    await until(() => names().includes('gone'), 'the row');
    mariadb.run("DELETE FROM auth WHERE id = 2; UPDATE sessions SET client = 3 WHERE id = 's1'", 'kippo');
    await until(() => sink.rows('sessions').some(({ client }) => client === 3), 'the change');
    await until(() => true, 'another look');
    assert.equal(sink.versions('auth').size, 6);
  });

  it('connects with the client that lies packed in the built collector', async () => {
    const outfile = join(folder, 'built.mjs');
    await build({
      ...{ entryPoints: [fileURLToPath(new URL('./mysql-client.ts', import.meta.url))], outfile },
      ...{ bundle: true, platform: 'node', format: 'esm', plugins: [packed_client] },
    });
    const built = (await import(outfile)) as typeof import('./mysql-client.ts');
    const client = await built.MysqlClient.connect({ socket: mariadb.socket, user: 'reader', password_file });
    const { rows } = await client.query('SELECT ip FROM kippo.sensors');
    client.close();
    assert.equal(rows[0]![0]!.bytes!.toString(), '198.51.100.7');
  });

  it('refuses a user that may write, and a password that others may read', async () => {
    const refused = new RowSink();
    const writer = open('writer', refused);
    await writer.poll();
    assert.match(
      writer.status().trouble,
      /"writer" may do more than read \(INSERT\): make a user that has only SELECT/,
    );
    await writer.stop();
    assert.deepEqual(refused.sent, []);
    const open_file = join(folder, 'open');
    writeFileSync(open_file, 'secret', { mode: 0o644 });
    await assert.rejects(
      MysqlClient.connect({ socket: mariadb.socket, user: 'reader', password_file: open_file }),
      /may be read by others: chmod 600/,
    );
    const grants = [
      "GRANT USAGE ON *.* TO `r`@`%` IDENTIFIED BY PASSWORD '*AB'",
      'GRANT SELECT (id, ip), SHOW VIEW ON `k`.`t` TO `r`@`%`',
    ];
    assert.equal(findWrites(grants), '');
    assert.equal(
      findWrites(['GRANT ALL PRIVILEGES ON *.* TO `r`@`%` WITH GRANT OPTION']),
      'ALL PRIVILEGES, GRANT OPTION',
    );
    assert.equal(findWrites(['GRANT `admin` TO `r`@`%`']), 'a role');
  });
});
