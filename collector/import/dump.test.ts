/** Dumps as SQLite databases: written by hand, and by the real program in each form that it has. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';
import type { MysqlStream } from '@apiary/model/submodule.ts';
import { streams as kippo } from '@apiary/submodules/kippo/streams.ts';
import { needs_mariadb, TestMariadb } from '../testing/mariadb.ts';
import { loadDump } from './dump.ts';
import { inspectFile } from './inspect.ts';

const source = kippo.sources.find((one): one is MysqlStream => one.kind === 'mysql')!;
const folder = mkdtempSync(join(tmpdir(), 'apiary-dump-'));
after(() => rmSync(folder, { recursive: true, force: true }));

type Rows = Record<string, Record<string, unknown>[]>;

/** What the dump became: the rows of each table, bytes as hex. */
async function load(dump: string | Buffer, database?: string): Promise<{ rows: Rows; trouble: string }> {
  const path = join(folder, 'dump.sql');
  const made = join(folder, 'made.sqlite');
  writeFileSync(path, dump);
  rmSync(made, { force: true });
  const { trouble } = await loadDump({ dump: path, path: made, source, database });
  const read = new DatabaseSync(made, { readOnly: true });
  const rows: Rows = {};
  for (const { name } of read
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    .all())
    rows[String(name)] = read
      .prepare(`SELECT * FROM "${name}" ORDER BY id`)
      .all()
      .map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([column, value]) => [
            column,
            value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
          ]),
        ),
      );
  read.close();
  return { rows, trouble };
}

const create =
  'CREATE TABLE `clients` (\n  `id` int(4) NOT NULL,\n  `version` varchar(50) NOT NULL,\n  PRIMARY KEY (`id`)\n);\n';
const clients = (...versions: string[]): Record<string, unknown>[] =>
  versions.map((version, at) => ({ id: at + 1, version }));

describe('a dump by hand', () => {
  const shop = `USE \`shop\`;\n${create}INSERT INTO \`clients\` VALUES (1,'a customer'),(3,'another');\n`;
  const kippos = `USE \`kippo\`;\n${create}INSERT INTO \`clients\` VALUES (1,'SSH-2.0-Go'),(2,'SSH-2.0-x');\n`;

  it('of several databases gives rows of one, and tells of the others', async () => {
    const wanted = clients('SSH-2.0-Go', 'SSH-2.0-x');
    for (const dump of [shop + kippos, kippos + shop]) {
      const { rows, trouble } = await load(dump);
      assert.deepEqual(rows, { clients: wanted });
      assert.match(trouble, /^rows of shop\.clients were left out, as those of the database kippo were read/);
    }
    const named = await load(kippos + shop, 'shop');
    assert.deepEqual(named.rows, {
      clients: [
        { id: 1, version: 'a customer' },
        { id: 3, version: 'another' },
      ],
    });
    assert.equal(named.trouble, '');
    const qualified = await load(
      "INSERT INTO kippo.clients VALUES (1,'SSH-2.0-Go'); INSERT INTO shop.clients VALUES (1,'a customer');",
    );
    assert.deepEqual(qualified.rows, { clients: clients('SSH-2.0-Go') });
    assert.match(qualified.trouble, /shop\.clients/);
  });

  it('gives none of the rows that stand in its triggers and routines', async () => {
    const routine = (delimiter: string): string =>
      `DELIMITER ${delimiter}\nCREATE PROCEDURE p() BEGIN INSERT INTO clients VALUES (7,'a');\nINSERT INTO \`clients\` VALUES (8,'b');\nEND ${delimiter}\nDELIMITER ;\n`;
    const dump = `${create}${routine(';;')}INSERT INTO \`clients\` VALUES (1,'x');\n${routine('$$')}${routine(';;')}INSERT INTO \`clients\` VALUES (2,'y');\n`;
    assert.deepEqual(await load(dump), { rows: { clients: clients('x', 'y') }, trouble: '' });
  });

  it('begins with the mark of its coding where a program put one there', async () => {
    const dump = "\ufeffINSERT INTO `clients` VALUES (1,'x');\nINSERT INTO `clients` VALUES (2,'y');\n";
    assert.deepEqual(await load(dump), { rows: { clients: clients('x', 'y') }, trouble: '' });
  });

  it('that is torn inside of an INSERT gives the rows before the tear', async () => {
    const dump = `${create}INSERT INTO \`clients\` VALUES\n(1,'a),('),\n(2,'it\\'s'),\n(3,'c'),(4,'tor`;
    const { rows, trouble } = await load(dump);
    assert.deepEqual(rows, { clients: clients('a),(', "it's", 'c') });
    assert.equal(trouble, `it ends inside of a statement, at byte ${create.length - 1}`);
  });

  it('without CREATE TABLE has the columns of the schema with as many, and tells where none has', async () => {
    const { rows, trouble } = await load(
      "INSERT INTO `sessions` VALUES ('s1','2026-01-02 03:04:05',NULL,1,'203.0.113.9','80x24',2);\nINSERT INTO `clients` VALUES (1,'x','more');\n",
    );
    assert.deepEqual(rows, {
      sessions: [
        {
          ...{ id: 's1', starttime: '2026-01-02 03:04:05', endtime: null, sensor: 1 },
          ...{ ip: '203.0.113.9', termsize: '80x24', client: 2 },
        },
      ],
    });
    assert.equal(trouble, '1 rows have not as many values as their table has columns, and were left out');
  });
});

describe('a dump by mariadb-dump', { skip: needs_mariadb }, () => {
  const tables = `
    CREATE TABLE auth (id int NOT NULL auto_increment, session char(32) NOT NULL, success tinyint(1) NOT NULL,
      username varchar(100) NOT NULL, password varbinary(100) NOT NULL, timestamp datetime NOT NULL,
      PRIMARY KEY (id), KEY s (session)) COMMENT 'a;b \\' c';
    CREATE TABLE clients (id int NOT NULL auto_increment, version varchar(50) NOT NULL, PRIMARY KEY (id));
    INSERT INTO auth VALUES
      (1, 's1', 0, 'ünï😀', 'it''s \\\\ a\\nline;-- x', '2026-01-02 03:04:05'),
      (2, 's1', 1, '#a/*', x'e9ff00', '2026-01-02 03:04:05'), (3, 's1', -1, '', ');\\r\\n(1,2),(', '0000-00-00 00:00:00');
    INSERT INTO clients VALUES (1, 'DELIMITER ;;'), (2, '/*!*/;');`;
  const expected: Rows = {
    auth: [
      {
        id: 1,
        session: 's1',
        success: 0,
        username: 'ünï😀',
        password: "it's \\ a\nline;-- x",
        timestamp: '2026-01-02 03:04:05',
      },
      {
        id: 2,
        session: 's1',
        success: 1,
        username: '#a/*',
        password: 'e9ff00',
        timestamp: '2026-01-02 03:04:05',
      },
      {
        id: 3,
        session: 's1',
        success: -1,
        username: '',
        password: ');\r\n(1,2),(',
        timestamp: '0000-00-00 00:00:00',
      },
    ],
    clients: [
      { id: 1, version: 'DELIMITER ;;' },
      { id: 2, version: '/*!*/;' },
    ],
  };
  const forms = [
    ['--opt'],
    ['--skip-opt'],
    ['--skip-extended-insert'],
    ['--complete-insert'],
    ['--hex-blob'],
    ['--replace'],
    ['--insert-ignore'],
    ['--skip-quote-names'],
    ['--compatible=ansi', '--default-character-set=utf8mb4'],
    ['--compact'],
    ['--compact', '--no-create-info'],
    ['--no-create-info'],
    ['--routines', '--events', '--triggers'],
    ['--master-data=1', '--single-transaction'],
    ['--default-character-set=binary'],
    ['--databases'],
  ];

  it('is read whole in every form', async () => {
    const server = await TestMariadb.start(join(folder, 'server'));
    try {
      server.run('CREATE DATABASE kippo CHARACTER SET utf8mb4');
      server.run(`SET sql_mode = '';${tables}`, 'kippo');
      server.run(
        "DELIMITER ;;\nCREATE TRIGGER t AFTER INSERT ON auth FOR EACH ROW BEGIN INSERT INTO clients VALUES (8, 'a'); INSERT INTO clients VALUES (9, 'b'); END;;",
        'kippo',
      );
      for (const form of forms) {
        const words = [`--socket=${server.socket}`, '--user=root', ...form, 'kippo'];
        const dump = execFileSync('/usr/bin/mariadb-dump', words, { stdio: ['ignore', 'pipe', 'inherit'] });
        assert.deepEqual(await load(dump), { rows: expected, trouble: '' }, form.join(' '));
        const path = join(folder, 'dump.sql');
        const { form: seen, tables: found } = await inspectFile({ path, shown: path });
        assert.deepEqual([seen, found.sort()], ['mysqldump', ['auth', 'clients']], form.join(' '));
      }
    } finally {
      await server.stop();
    }
  });
});
