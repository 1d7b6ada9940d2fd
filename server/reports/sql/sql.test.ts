/** Statements of people on the real engine: what they may ask, and every way out that is known to us. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { submodule as cowrie } from '@apiary/submodules/cowrie/index.ts';
import { createLookups } from '../../store/lookups.ts';
import { migrate } from '../../store/schema.ts';
import { Store } from '../../store/store.ts';
import { type Rendering, storedName } from '../../store/template.ts';
import { columns, events, writeRow } from '../testing/events.ts';
import { runSql, sql_limits } from './run-sql.ts';
import { listSqlTables } from './tables.ts';
import { readTokens, writeTokens } from './tokens.ts';

const of_secrets = '/etc/hostname';

describe('tokens', () => {
  const again = (text: string): string => writeTokens(readTokens(text));
  test('strings are written so that nothing in them can end them', () => {
    assert.equal(again("SELECT 'a;b'"), "SELECT 'a\\x3bb'");
    assert.equal(again("SELECT 'it''s', 'x\\'y'"), "SELECT 'it\\x27s' , 'x\\x27y'");
    assert.equal(again("SELECT '\\\\', '\\x41\\n', 'č'"), "SELECT '\\x5c' , 'A\\x0a' , '\\xc4\\x8d'");
    assert.equal(again("SELECT '--', '/*', \"a b\", `c`"), "SELECT '--' , '/\\x2a' , `a b` , `c`");
    assert.equal(again('SELECT 1;'), 'SELECT 1');
  });
  test('what could be read in two ways is refused', () => {
    for (const text of [
      "SELECT 'x",
      "SELECT 'x\\",
      'SELECT 1; DROP TABLE event',
      'SELECT 1 -- hidden',
      'SELECT 1 /* hidden */',
      'SELECT 1 # hidden',
      'SELECT $a$ x $a$',
      'SELECT {x:String}',
      'SELECT "a\\"b"',
      'SELECT `a`b`',
      'SELECT \\x41',
      'SELECT @@version',
    ])
      assert.throws(() => readTokens(text), { code: 'input_invalid' }, text);
  });
});

for (const rendering of ['single', 'local_shards'] as const satisfies readonly Rendering[])
  describe(`SQL of people, ${rendering}`, { timeout: 120_000 }, () => {
    const root = mkdtempSync(join(tmpdir(), 'apiary-sql-'));
    let store: Store;
    before(async () => {
      store = new Store({ directory: join(root, 'engine'), rendering });
      await store.whenUp();
      await createLookups(store);
      await migrate(store, [cowrie]);
      await store.insertTsv(
        storedName('event', rendering),
        columns,
        Buffer.from(events.map(writeRow).join('')),
      );
    });
    after(async () => {
      await store.close();
      rmSync(root, { recursive: true });
    });

    test('asks what it likes of what is listed', async () => {
      const rows = async (query: string) => (await runSql(store, query)).rows;
      assert.deepEqual(await rows('SELECT count() FROM event'), [[String(events.length)]]);
      const ssh = events.filter(({ service }) => service === 'ssh').length;
      assert.deepEqual(await rows("SELECT count() AS n FROM event WHERE service = 'ssh'"), [[String(ssh)]]);
      const by_service = await rows(
        "WITH busy AS (SELECT service, count() AS n FROM event GROUP BY service) SELECT service, n FROM busy WHERE service IN ('ssh', 'telnet') ORDER BY n DESC",
      );
      assert.equal(
        by_service[0]?.[1],
        String(Math.max(ssh, events.filter(({ service }) => service === 'telnet').length)),
      );
      assert.deepEqual(
        await rows(
          'SELECT e.service FROM event AS e LEFT JOIN attack_event AS a ON e.event_id = a.event_id LEFT JOIN attack ON attack.attack_id = a.attack_id WHERE e.service IN (SELECT service FROM event) ORDER BY e.service LIMIT 0',
        ),
        [],
      );
      for (const query of [
        "SELECT arrayJoin([1, 2]) AS x, if(x > 1, 'a', 'b'), [1, 2][1], (1, 'a').1, x ? 1 : 2",
        'SELECT service, row_number() OVER (PARTITION BY service ORDER BY detect_ts) FROM event LIMIT 3',
        "SELECT countIf(action = 'input'), quantile(0.9)(destination_port), uniqExactIf(username, username != '') FROM event",
        'SELECT toStartOfHour(detect_ts) AS h, count() FROM event GROUP BY h HAVING count() > 0 ORDER BY h DESC LIMIT 5',
        "SELECT username FROM event WHERE username LIKE '%;%' OR match(command, '[a-z]+;') LIMIT 1",
        'SELECT * EXCEPT (raw) FROM cowrie_json LIMIT 1',
        'SELECT number, attacker FROM incident ORDER BY number LIMIT 3',
        'SELECT 1 UNION ALL SELECT 2',
        'SELECT detect_ts + INTERVAL 1 DAY, CAST(sensor_id AS String), sensor_id::String FROM event LIMIT 1',
        "SELECT arrayMap(x -> x * 2, [1, 2]), extra['k'] FROM event LIMIT 1",
        'SELECT a.service, x FROM event AS a ARRAY JOIN [1, 2] AS x LIMIT 1',
        'SELECT CASE WHEN destination_port = 22 THEN 1 ELSE 0 END FROM event LIMIT 1',
      ])
        await assert.doesNotReject(runSql(store, query), query);
    });

    test('knows no other table, no function that reaches out, and no other statement', async () => {
      const outfile = join(root, 'out.tsv');
      const refused = [
        `SELECT * FROM file('${of_secrets}', 'LineAsString')`,
        `SELECT file('${of_secrets}')`,
        `SELECT 1 INTO OUTFILE '${outfile}'`,
        'SELECT * FROM system.tables',
        'SELECT * FROM `system`.`users`',
        'SELECT * FROM information_schema.tables',
        'SELECT * FROM apiary.event',
        'SELECT * FROM erased_record',
        'SELECT * FROM landing_cowrie_json',
        'SELECT name FROM system.settings',
        'SELECT 1 IN system.one',
        'SELECT sensor_id FROM event WHERE sensor_id IN retention_kept',
        'SELECT in(1, erased_record)',
        'SELECT globalIn(1, erased_record)',
        "SELECT dictGet('geo_country', 'country', toIPv6('::1'))",
        "SELECT joinGet('event', 'x', 1)",
        "SELECT * FROM url('http://127.0.0.1/', 'LineAsString')",
        "SELECT * FROM s3('http://127.0.0.1/x', 'CSV')",
        "SELECT * FROM remote('127.0.0.1', 'system.one')",
        "SELECT * FROM cluster('apiary', 'system.one')",
        "SELECT * FROM merge('apiary', '.*')",
        "SELECT * FROM executable('x', 'CSV', 'a String')",
        "SELECT * FROM python('x')",
        'SELECT * FROM numbers(10)',
        'SELECT * FROM view(SELECT 1)',
        "SELECT * FROM dictionary('x')",
        "SELECT * FROM loop('system', 'tables')",
        "SELECT * FROM values('a String', 'x')",
        "SELECT getSetting('max_threads')",
        "SELECT getServerSetting('path')",
        'SELECT hostName()',
        'SELECT currentUser()',
        'SELECT currentDatabase()',
        'SELECT version()',
        'SELECT sleep(3)',
        'SELECT sleepEachRow(1) FROM event',
        'SELECT * APPLY(file) FROM event',
        "SELECT COLUMNS('a') APPLY(x -> file(x)) FROM event",
        "SELECT arrayMap(x -> file(x), ['/etc/hostname'])",
        'SELECT evalMLMethod(1, 2)',
        'SELECT count() FROM event SETTINGS max_threads = 8',
        'SELECT * FROM (SELECT 1 SETTINGS max_memory_usage = 0)',
        'SELECT 1 FORMAT Null',
        'WITH event AS (SELECT 1) SELECT * FROM event',
        'SELECT * FROM (WITH erased_record AS (SELECT 1) SELECT * FROM erased_record), erased_record',
        'DROP TABLE event',
        'INSERT INTO event SELECT * FROM event',
        'SHOW TABLES',
        'DESCRIBE TABLE event',
        'EXPLAIN SELECT 1',
        'SET max_threads = 1',
        'SYSTEM SHUTDOWN',
        'KILL QUERY WHERE 1',
        'CREATE TABLE x (a Int8) ENGINE = Memory',
        'ATTACH TABLE x',
        'SELECT 1 FROM event WHERE 1 = 1 UNION ALL SELECT 1 FROM system.users',
        'SELECT (SELECT count() FROM system.users)',
        'SELECT * FROM event JOIN system.users AS u ON 1 = 1',
        'SELECT * FROM event, system.users',
        'WITH (SELECT count() FROM system.users) AS n SELECT n',
        'SELECT * FROM event PREWHERE 1 IN (SELECT 1 FROM system.one)',
      ];
      for (const query of refused)
        await assert.rejects(
          runSql(store, query),
          ({ code }: { code: string }) => ['forbidden', 'input_invalid'].includes(code),
          query,
        );
      assert.equal(existsSync(outfile), false);
      const [still] = await store.query<{ n: string }>('SELECT count() AS n FROM event');
      assert.equal(Number(still!.n), events.length);
      const hostname = readFileSync(of_secrets, 'utf8').trim();
      const said = await runSql(store, `SELECT '${hostname}'`);
      assert.deepEqual(said.rows, [[hostname]], 'a word is a word');
    });

    test('what asks for too much is refused, and others do not notice', async () => {
      await assert.rejects(
        runSql(
          store,
          'SELECT length(arrayStringConcat(arrayMap(x -> repeat(toString(x), 1000), range(100000000))))',
        ),
        { code: 'query_too_large' },
      );
      await assert.rejects(
        runSql(
          store,
          'SELECT uniqExact(a.event_id, b.event_id, c.event_id, d.event_id) FROM event AS a, event AS b, event AS c, event AS d',
          1,
        ),
        { code: 'query_too_large' },
      );
      const { rows, is_cut } = await runSql(store, 'SELECT arrayJoin(range(20000)) AS x');
      assert.deepEqual([rows.length, is_cut], [sql_limits.rows, true]);
      const [long] = (await runSql(store, "SELECT repeat('x', 50000)")).rows;
      assert.match(String(long![0]), /^x{10000}… \(cut\)$/);
    });

    test('a statement has one thread and the memory and time of its limits', async () => {
      const [before] = await store.query<{ n: string }>("SELECT getSetting('max_threads') AS n");
      assert.notEqual(Number(before!.n), 1);
      const in_force: number[][] = [];
      const query: Store['query'] = async (sql, params, limits) => {
        const names = ['max_threads', 'max_memory_usage', 'max_execution_time'];
        const [row] = await store.query<Record<string, string>>(
          `SELECT ${names.map((name) => `getSetting('${name}') AS ${name}`).join(', ')}`,
          {},
          limits,
        );
        in_force.push(names.map((name) => Number(row![name])));
        return store.query(sql, params, limits);
      };
      const rest = { queryBytes: store.queryBytes.bind(store), syntaxTree: store.syntaxTree.bind(store) };
      await runSql({ query, ...rest }, 'SELECT count() FROM event');
      // The statement itself, and what it gives; the questions before them are ours.
      const its = [1, sql_limits.memory_bytes, sql_limits.seconds];
      assert.deepEqual(in_force.slice(-2), [its, its]);
    });

    test('two run at once, and who comes third is told to wait', async () => {
      const all = await Promise.allSettled([1, 2, 3].map((number) => runSql(store, `SELECT ${number}`)));
      const refused = all.filter((one) => one.status === 'rejected');
      assert.deepEqual(
        refused.map(({ reason }) => (reason as { code: string }).code),
        ['throttled'],
      );
      await assert.doesNotReject(runSql(store, 'SELECT 4'));
    });

    test('mistakes are told as the engine tells them', async () => {
      await assert.rejects(runSql(store, 'SELECT nothing FROM event'), {
        code: 'input_invalid',
        message: /nothing/,
      });
      await assert.rejects(runSql(store, 'SELECT count( FROM event'), { code: 'input_invalid' });
      await assert.rejects(runSql(store, ''), { code: 'input_invalid' });
    });

    test('the schema beside it names what there is', async () => {
      const tables = await listSqlTables(store);
      const names = tables.map(({ name }) => name);
      assert.deepEqual(names.slice(0, 5), ['event', 'attack', 'incident', 'incident_attack', 'attack_event']);
      assert.ok(
        names.includes('cowrie_json') &&
          !names.some((name) => /landing|erased|_view|_local|_stored/.test(name)),
      );
      assert.ok(tables.every(({ columns: list }) => list.length > 0));
    });
  });
