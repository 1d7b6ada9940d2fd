/** The binary log reader against logs that a real server wrote; MySQL 8's were never tried. */
import assert from 'node:assert/strict';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { MysqlStream } from '@apiary/model/submodule.ts';
import { streams as kippo } from '@apiary/submodules/kippo/streams.ts';
import { needs_mariadb, TestMariadb } from '../testing/mariadb.ts';
import { RowSink } from '../testing/row-sink.ts';
import { until } from '../testing/until.ts';
import { BinlogReader, type BinlogReaderOptions } from './binlog.ts';

const source = kippo.sources.find((one): one is MysqlStream => one.kind === 'mysql')!;
const tables = `
  CREATE TABLE sensors (id int NOT NULL auto_increment, ip varchar(45) NOT NULL, PRIMARY KEY (id));
  CREATE TABLE sessions (id char(32) NOT NULL, starttime datetime NOT NULL, endtime datetime default NULL,
    sensor int(4) NOT NULL, ip varchar(45) NOT NULL default '', termsize varchar(7) default NULL,
    client int(4) default NULL, PRIMARY KEY (id));
  CREATE TABLE auth (id int NOT NULL auto_increment, session char(32) NOT NULL, success tinyint(1) NOT NULL,
    username varchar(100) NOT NULL, password varbinary(100) NOT NULL, timestamp datetime NOT NULL, PRIMARY KEY (id));
  CREATE TABLE ttylog (id int NOT NULL auto_increment, session char(32) NOT NULL, ttylog mediumblob NOT NULL, PRIMARY KEY (id));
  INSERT INTO sensors (ip) VALUES ('198.51.100.7');
`;
const insert = (user: string, password: string, session = 's1'): string =>
  `INSERT INTO auth (session, success, username, password, timestamp) VALUES ('${session}', 0, '${user}', ${password}, FROM_UNIXTIME(1795410127));`;
const attack = `
  INSERT INTO sessions (id, starttime, sensor, ip) VALUES ('s1', '2026-01-02 03:04:05', 1, '203.0.113.9');
  ${insert('ünï😀', "'it''s \\\\ a\\nline'")}
  ${insert('bytes', "x'e9ff00'")}
  ${insert('null', "''")}
  INSERT INTO ttylog (session, ttylog) VALUES ('s1', x'00010203ff270a');
  BEGIN; ${insert('rolled back', "'x'")} ROLLBACK;
  BEGIN; ${insert('first', "'x'")} ${insert('second', "'x'")} COMMIT;
  UPDATE sessions SET endtime = FROM_UNIXTIME(1795410187), termsize = '80x24' WHERE id = 's1';
  INSERT INTO auth VALUES (NULL, 's1', 1, 'a', 'b', '2026-01-02 03:04:07'), (NULL, 's1', 0, 'c', '/*!*/;', '2026-01-02 03:04:08');
  UPDATE auth SET password = 'forged' WHERE username = 'first';
  DELETE FROM auth WHERE username = 'second';
`;
/** What the table held before its rows were changed and deleted. */
const expected_auth = [
  { id: 1, success: 0, username: 'ünï😀', password: "it's \\ a\nline", timestamp: '2026-11-23 05:02:07' },
  { id: 2, success: 0, username: 'bytes', password: { $hex: 'e9ff00' }, timestamp: '2026-11-23 05:02:07' },
  { id: 3, success: 0, username: 'null', password: '', timestamp: '2026-11-23 05:02:07' },
  { id: 5, success: 0, username: 'first', password: 'x', timestamp: '2026-11-23 05:02:07' },
  { id: 6, success: 0, username: 'second', password: 'x', timestamp: '2026-11-23 05:02:07' },
  { id: 7, success: 1, username: 'a', password: 'b', timestamp: '2026-01-02 03:04:07' },
  { id: 8, success: 0, username: 'c', password: '/*!*/;', timestamp: '2026-01-02 03:04:08' },
].map((row) => ({ ...row, session: 's1' }));

describe('binary log reader', { skip: needs_mariadb }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'apiary-binlog-'));
  let mariadb: TestMariadb;
  let made = 0;
  before(async () => {
    mariadb = await TestMariadb.start(join(folder, 'server'));
  });
  after(async () => {
    await mariadb?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const fresh = (name: string): string => {
    made += 1;
    const path = join(folder, `${name}-${made}`);
    mkdirSync(path);
    return path;
  };
  /** Runs statements in an empty database with logs of its own, and copies the logs. */
  const record = (settings: string, sql: string): string => {
    mariadb.run(`RESET MASTER; SET GLOBAL binlog_format = ROW, GLOBAL binlog_row_metadata = NO_LOG,
      GLOBAL binlog_row_image = FULL, GLOBAL log_bin_compress = OFF, GLOBAL binlog_checksum = CRC32; ${settings}`);
    mariadb.run(
      'DROP DATABASE IF EXISTS kippo; CREATE DATABASE kippo CHARACTER SET utf8mb4; FLUSH BINARY LOGS;',
    );
    mariadb.run(sql, 'kippo');
    mariadb.run('FLUSH BINARY LOGS');
    const to = fresh('logs');
    for (const path of mariadb.logs()) copyFileSync(path, join(to, basename(path)));
    return to;
  };
  /** The log with the attack. */
  const largest = (logs: string): string =>
    readdirSync(logs)
      .map((name) => join(logs, name))
      .sort((a, b) => statSync(b).size - statSync(a).size)[0]!;
  const open = (sink: RowSink, pattern: string, more: Partial<BinlogReaderOptions> = {}): BinlogReader =>
    new BinlogReader(sink, {
      ...{ source, patterns: [pattern], database: 'kippo', work_folder: fresh('work'), look_ms: 0 },
      ...{ record_bytes_max: 256 * 1024, records_max: 20_000, ...more },
    });
  const readAll = async (pattern: string, more: Partial<BinlogReaderOptions> = {}): Promise<RowSink> => {
    const sink = new RowSink();
    const reader = open(sink, pattern, more);
    await reader.poll();
    assert.equal(reader.status().trouble, '');
    await reader.stop();
    return sink;
  };
  const checkAttack = (sink: RowSink): void => {
    assert.deepEqual(
      sink.rows('auth'),
      expected_auth.map(({ id, session, ...rest }) => ({ id, session, ...rest })),
    );
    assert.ok(sink.sent.filter(({ stream }) => stream === 'auth').every(({ flags }) => flags === 0));
    const [session] = [...sink.versions('sessions').values()].map((texts) =>
      texts.map((text) => JSON.parse(text)),
    );
    const first = {
      id: 's1',
      starttime: '2026-01-02 03:04:05',
      endtime: null,
      sensor: 1,
      ip: '203.0.113.9',
      termsize: null,
      client: null,
    };
    const sensor = { id: 1, ip: '198.51.100.7' };
    assert.deepEqual(session, [
      { row: first, parent: sensor },
      { row: { ...first, endtime: '2026-11-23 05:03:07', termsize: '80x24' }, parent: sensor },
    ]);
    assert.deepEqual(JSON.parse(sink.sent.find(({ stream }) => stream === 'auth')!.text), {
      row: JSON.parse(sink.sent.find(({ stream }) => stream === 'auth')!.text).row,
      parent: first,
      grandparent: sensor,
    });
    assert.deepEqual(sink.rows('ttylog'), [{ id: 1, session: 's1', ttylog: { $hex: '00010203ff270a' } }]);
    const others = sink.statements().filter(({ verb }) => verb !== 'create' && verb !== 'drop');
    assert.deepEqual(
      others.map(({ verb, database, table, error }) => [verb, database, table, error]),
      [
        ['update', 'kippo', 'auth', 0],
        ['delete', 'kippo', 'auth', 0],
      ],
    );
    assert.equal(others[0]!.sql, "UPDATE auth SET password = 'forged' WHERE username = 'first'");
  };

  for (const [name, settings] of Object.entries({
    'ROW without column names': '',
    'ROW with FULL metadata': 'SET GLOBAL binlog_row_metadata = FULL',
    'ROW with the MINIMAL image': 'SET GLOBAL binlog_row_image = MINIMAL',
    'ROW compressed': 'SET GLOBAL log_bin_compress = ON, GLOBAL log_bin_compress_min_len = 10',
    'ROW without checksums': 'SET GLOBAL binlog_checksum = NONE',
    MIXED: 'SET GLOBAL binlog_format = MIXED',
    STATEMENT: 'SET GLOBAL binlog_format = STATEMENT',
    'STATEMENT compressed':
      'SET GLOBAL binlog_format = STATEMENT, GLOBAL log_bin_compress = ON, GLOBAL log_bin_compress_min_len = 10',
  })) {
    it(`reads ${name}`, async () => {
      const sink = await readAll(join(record(settings, tables + attack), 'mysql-bin.*'));
      checkAttack(sink);
      if (!name.startsWith('ROW')) return;
      const [update, gone] = sink.statements().filter(({ form }) => form === 'row');
      assert.deepEqual([update!.rows, gone!.rows], [1, 1]);
      const [image] = update!.images as { before: { id: number }; after: { password: string } }[];
      assert.equal(image!.before.id, 5);
      assert.equal(image!.after.password, 'forged');
    });
  }

  it('takes statements apart only as far as they speak for themselves', async () => {
    const sink = await readAll(
      join(
        record(
          'SET GLOBAL binlog_format = STATEMENT',
          `${tables} SET TIMESTAMP = 1795410127;
          SET @u = 'from a variable', @n = 1;
          INSERT INTO auth SET session = 's', success = @n, username = @u, password = _utf8mb4 x'c3bc' , timestamp = NOW();
          insert ignore into auth values (null, 's', 0, 'ignored', '', now());
          INSERT INTO auth (session, success, username, password, timestamp) SELECT id, 1, 'sel', '', starttime FROM sessions;
          INSERT INTO kippo.auth (\`session\`, success, username, password, timestamp) VALUES
            ('s', -0, CONCAT('a', 'b'), '', now());
          INSERT /* a comment ; */ INTO auth (session, success, username, password, timestamp) VALUES
            ('s', TRUE, 'a' 'b', 0x4142, '2026-01-02 03:04:05') -- the end
          ;
          UPDATE sessions SET ip = 'other' WHERE id = 's1';
          UPDATE sessions SET endtime = NOW();
          SET time_zone = '+02:00';
          INSERT INTO auth (id, session, success, username, password, timestamp) VALUES (50, 's', 0, 'zone', '', FROM_UNIXTIME(1795410127));
          REPLACE INTO auth VALUES (50, 's', 0, 'replaced', '', now());
          TRUNCATE TABLE auth;
          INSERT INTO auth (session, success, username, password, timestamp) VALUES ('s', 0, 'after', '', NOW());`,
        ),
        'mysql-bin.index',
      ).replace('mysql-bin.index', 'mysql-bin.0*'),
    );
    assert.deepEqual(
      [...sink.versions('auth').values()]
        .map(([text]) => JSON.parse(text!).row)
        .map(({ id, username, password, timestamp }) => [id, username, password, timestamp]),
      [
        [1, 'from a variable', 'ü', '2026-11-23 05:02:07'],
        [4, 'ab', 'AB', '2026-01-02 03:04:05'],
        [50, 'zone', '', '2026-11-23 07:02:07'],
        [1, 'after', '', '2026-11-23 07:02:07'],
      ],
    );
    const lives = new Set(
      sink.sent.filter(({ stream }) => stream === 'auth').map(({ generation }) => generation),
    );
    assert.equal(lives.size, 2);
    assert.deepEqual(
      sink
        .statements()
        .map(({ verb, table }) => `${verb} ${table}`)
        .slice(-8),
      [
        'create ttylog',
        'insert auth',
        'insert auth',
        'insert auth',
        'update sessions',
        'update sessions',
        'replace auth',
        'truncate auth',
      ],
    );
  });

  it('counts no key that the server counted otherwise, and no row that was rolled back', async () => {
    const value = (id: string, user: string): string =>
      `(${id}, 's', 0, '${user}', '', '2026-01-02 03:04:05')`;
    const row = (id: string, user: string): string => `INSERT INTO auth VALUES ${value(id, user)};`;
    const client = (id: number, version: string): string =>
      `INSERT INTO clients VALUES (${id}, '${version}');`;
    const sql = `${tables} SET sql_mode = ''; ALTER TABLE auth ENGINE = MyISAM;
      CREATE TABLE clients (id int NOT NULL auto_increment, version varchar(50) NOT NULL, PRIMARY KEY (id));
      INSERT INTO auth VALUES ${value('NULL', 'a')}, ${value('10', 'b')}, ${value('NULL', 'c')};
      ${row("'0'", 'd')} ${row('0', 'e')} ${row("'7'", 'f')}
      BEGIN; ${client(1, 'gone')} ${row('21', 'stays')} ROLLBACK;
      BEGIN; ${client(2, 'first')} SAVEPOINT a; ${client(3, 'gone')} ${row('22', 'stays too')} ROLLBACK TO a;
      ${client(4, 'last')} COMMIT;
      CREATE TABLE \`o\`\`dd\` (id int); INSERT INTO \`o\`\`dd\` VALUES (1);`;
    const told = (sink: RowSink, stream: string, column: string): unknown[] =>
      sink.rows(stream).map((one) => [one.id, one[column]]);
    const inserts = (sink: RowSink): unknown[] =>
      sink
        .statements()
        .filter(({ verb }) => verb === 'insert')
        .map(({ table, sql: text }) => [table, /'(gone|stays|stays too|a)'/.exec(String(text))?.[1]]);

    const by_rows = await readAll(join(record('', sql), 'mysql-bin.0*'));
    assert.deepEqual(told(by_rows, 'clients', 'version'), [
      [2, 'first'],
      [4, 'last'],
    ]);
    assert.deepEqual(told(by_rows, 'auth', 'username').sort(), [
      [1, 'a'],
      [10, 'b'],
      [11, 'c'],
      [12, 'd'],
      [13, 'e'],
      [21, 'stays'],
      [22, 'stays too'],
      [7, 'f'],
    ]);
    assert.deepEqual(inserts(by_rows), [['o`dd', undefined]]);

    // The log does not say which of the statements stayed, nor which keys the server counted.
    const by_statements = await readAll(
      join(record('SET GLOBAL binlog_format = STATEMENT', sql), 'mysql-bin.0*'),
    );
    assert.deepEqual(told(by_statements, 'clients', 'version'), [
      [2, 'first'],
      [4, 'last'],
    ]);
    assert.deepEqual(told(by_statements, 'auth', 'username'), [
      [12, 'd'],
      [13, 'e'],
      [7, 'f'],
    ]);
    assert.deepEqual(inserts(by_statements), [
      ['auth', 'a'],
      ['clients', 'gone'],
      ['auth', 'stays'],
      ['clients', 'gone'],
      ['auth', 'stays too'],
      ['o`dd', undefined],
    ]);
  });

  it('takes an XA transaction when it is prepared, and tells of one that was rolled back then', async () => {
    const xa = (name: string, end: string): string =>
      `XA START '${name}'; ${insert(name, "'x'")} XA END '${name}'; XA PREPARE '${name}'; XA ${end} '${name}';`;
    for (const format of ['ROW', 'STATEMENT']) {
      const sink = await readAll(
        join(
          record(
            `SET GLOBAL binlog_format = ${format}`,
            `${tables} ${xa('kept', 'COMMIT')} ${xa('gone', 'ROLLBACK')}`,
          ),
          'mysql-bin.0*',
        ),
      );
      assert.deepEqual(
        sink.rows('auth').map(({ username }) => username),
        ['kept', 'gone'],
      );
      const told = sink.statements().filter(({ verb }) => verb === 'xa');
      assert.deepEqual(
        told.map(({ sql }) => sql),
        ["XA ROLLBACK X'676f6e65',X'',1"],
      );
    }
  });

  it('is not deceived by text that looks like the decoder wrote it', async () => {
    const forged = [
      'x',
      '/*!*/;',
      '# at 4',
      '#261123  4:58:14 server id 1  end_log_pos 5 CRC32 0x91cab64a \tWrite_rows: table id 68 flags: STMT_END_F',
      '### INSERT INTO `kippo`.`auth`',
      '### SET',
      '###   @1=666',
    ].join('\n');
    const sql = `${tables} ALTER TABLE auth MODIFY password varbinary(1000) NOT NULL;
      INSERT INTO auth (session, success, username, password, timestamp) VALUES ('s', 0, 'u', '${forged}', NOW());
      UPDATE auth SET username = 'v', password = '${forged}';`;
    for (const settings of ['SET GLOBAL binlog_format = STATEMENT', '']) {
      const sink = await readAll(join(record(settings, sql), 'mysql-bin.*'));
      assert.deepEqual(
        sink.rows('auth').map(({ id, password }) => [id, password]),
        [[1, forged]],
      );
      assert.match(String(sink.statements().at(-1)!.sql), /@1=666'$/);
    }
  });

  it('keeps a LOAD DATA as a statement and writes no file', async () => {
    const data = join(folder, 'load.txt');
    writeFileSync(data, '99\ts1\t0\tloaded\tx\t2026-01-01 00:00:00\n');
    const logs = record(
      'SET GLOBAL binlog_format = STATEMENT',
      `${tables} LOAD DATA LOCAL INFILE '${data}' INTO TABLE auth;`,
    );
    const sink = await readAll(join(logs, 'mysql-bin.*'));
    assert.deepEqual(sink.rows('auth'), []);
    const [load] = sink.statements().filter(({ verb }) => verb === 'load');
    assert.match(String(load?.sql), /^LOAD DATA .*INTO TABLE/s);
  });

  it('gives the same rows wherever the log ended for a moment, and nothing before its commit', async () => {
    const logs = record('', tables + attack);
    const whole = await readAll(join(logs, 'mysql-bin.*'));
    const path = largest(logs);
    const bytes = readFileSync(path);
    const growing = fresh('growing');
    for (const name of readdirSync(logs).filter((one) => one < basename(path)))
      copyFileSync(join(logs, name), join(growing, name));
    const copy = join(growing, basename(path));
    writeFileSync(copy, '');
    const sink = new RowSink();
    let reader = open(sink, join(growing, 'mysql-bin.*'));
    let looks = 0;
    for (let at = 4; at < bytes.length; looks += 1) {
      at += bytes.readUInt32LE(at + 9);
      // In the middle of an event, then at its end; a new reader each few times.
      for (const end of [at - 5, at]) {
        writeFileSync(copy, bytes.subarray(0, end));
        await reader.poll();
        assert.equal(reader.status().trouble, '');
      }
      const users = sink.rows('auth').map(({ username }) => username);
      assert.equal(users.includes('first'), users.includes('second'));
      if (looks % 5 === 0) {
        await reader.stop();
        const work_folder = fresh('same');
        reader = open(sink, join(growing, 'mysql-bin.*'), { work_folder });
      }
    }
    await reader.stop();
    assert.ok(looks > 40);
    for (const stream of ['auth', 'sessions', 'statements']) {
      assert.deepEqual([...sink.versions(stream).keys()], [...whole.versions(stream).keys()], stream);
    }
    assert.deepEqual(sink.rows('auth'), whole.rows('auth'));
  });

  it('goes on after a crash in the middle of a large transaction, and doubles nothing', async () => {
    const many = Array.from({ length: 3000 }, (_, i) => insert(`user${i}`, "'x'")).join('\n');
    const parent = "INSERT INTO sessions (id, starttime, sensor, ip) VALUES ('s0', NOW(), 1, '203.0.113.8');";
    const many_of_one = many.replaceAll("'s1'", "'s0'");
    const logs = record('', `${tables} ${parent} BEGIN; ${many_of_one} COMMIT; ${attack}`);
    const whole = await readAll(join(logs, 'mysql-bin.*'));
    const sink = new RowSink();
    let runs = 0;
    sink.onRun = () => {
      runs += 1;
      if (runs === 3) throw new Error('the disk is full');
    };
    const reader = open(sink, join(logs, 'mysql-bin.*'));
    await reader.poll();
    assert.match(reader.status().trouble, /the disk is full/);
    await reader.poll();
    await reader.stop();
    assert.deepEqual(sink.versions('auth'), whole.versions('auth'));
    assert.equal(sink.rows('auth').length, 3007);
  });

  it('follows rotation and restarts of the server, and tells what was purged unread', async () => {
    record('', tables);
    const began_ms = Date.now();
    const sink = new RowSink();
    let reader = open(sink, mariadb.index);
    await reader.poll();
    mariadb.run(insert('before', "'x'"), 'kippo');
    mariadb.run('FLUSH BINARY LOGS');
    await reader.poll();
    mariadb.run(insert('behind', "'x'"), 'kippo');
    await reader.poll();
    await mariadb.kill();
    mariadb = await TestMariadb.start(join(folder, 'server'));
    mariadb.run(insert('after the crash', "'x'"), 'kippo');
    await reader.poll();
    const users = (): unknown[] => sink.rows('auth').map(({ username }) => username);
    assert.deepEqual(users(), ['before', 'behind', 'after the crash']);
    assert.equal(sink.gaps.length, 0);
    await reader.stop();
    mariadb.run(insert('lost', "'x'"), 'kippo');
    mariadb.run('FLUSH BINARY LOGS');
    mariadb.run('FLUSH BINARY LOGS');
    const last = basename(mariadb.logs().at(-1)!);
    // It keeps what its tables may need after a crash, for a moment.
    for (let left = 100; mariadb.logs().length > 1 && left > 0; left -= 1) {
      mariadb.run(`PURGE BINARY LOGS TO '${last}'`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    mariadb.run(insert('found', "'x'"), 'kippo');
    reader = open(sink, mariadb.index);
    await reader.poll();
    assert.deepEqual(users(), ['before', 'behind', 'after the crash', 'found']);
    assert.deepEqual(
      sink.gaps.map(({ reason, stream }) => [reason, stream]),
      [['rotated_away', 'statements']],
    );
    assert.equal(sink.lost, 1);
    assert.ok(BigInt(sink.gaps[0]!.from) < BigInt(sink.gaps[0]!.to));
    // The server counts anew: another life, in which a key means another row. A log's name and the second in which it
    // was begun are all that tells two of them apart.
    await until(() => Date.now() - began_ms > 1000);
    mariadb.run('RESET MASTER; TRUNCATE kippo.auth');
    mariadb.run(insert('anew', "'x'"), 'kippo');
    await reader.poll();
    await reader.stop();
    assert.deepEqual(users().at(-1), 'anew');
    assert.equal(
      new Set(sink.sent.filter(({ stream }) => stream === 'statements').map(({ generation }) => generation))
        .size,
      2,
    );
  });

  it('leaves out the one group that the decoder does not take, and says so', async () => {
    const logs = record('', tables + attack);
    const path = largest(logs);
    const bytes = readFileSync(path);
    // One byte of a password: the event's checksum is wrong now.
    bytes[bytes.lastIndexOf('second')]! ^= 1;
    bytes[bytes.indexOf('bytes')]! ^= 1;
    writeFileSync(path, bytes);
    const sink = new RowSink();
    const reader = open(sink, join(logs, 'mysql-bin.*'));
    for (let look = 0; look < 20; look += 1) await reader.poll();
    await reader.stop();
    const users = sink.rows('auth').map(({ username }) => username);
    assert.ok(users.includes('null') && users.includes('c') && !users.includes('bytes'), users.join());
    assert.ok(sink.gaps.length >= 1 && sink.gaps.every(({ reason }) => reason === 'unreadable'));
  });

  it('does not follow links, and says what is no binary log', async () => {
    const place = fresh('hostile');
    symlinkSync('/etc/hostname', join(place, 'mysql-bin.000001'));
    const sink = new RowSink();
    const reader = open(sink, join(place, 'mysql-bin.*'));
    await reader.poll();
    assert.match(reader.status().trouble, /not there yet/);
    unlinkSync(join(place, 'mysql-bin.000001'));
    for (const [content, told] of [
      ['no log at all', /no binary log/],
      ['\xfdbin', /encrypted/],
      [`\xfebin${'\0'.repeat(100)}`, /does not begin with its description/],
    ] as const) {
      writeFileSync(join(place, 'mysql-bin.000001'), content, 'latin1');
      await reader.poll();
      assert.match(reader.status().trouble, told);
    }
    truncateSync(join(place, 'mysql-bin.000001'), 0);
    await reader.poll();
    assert.equal(reader.status().trouble, '');
    await reader.stop();
  });
});
