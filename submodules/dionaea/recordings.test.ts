/** Whole databases of Dionaea, counted by SQLite. */
import assert from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';
import { readDatabase } from '../../tests/read-database.ts';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as dionaea } from './index.ts';

/** What each table of a Dionaea database must yield, asked of SQLite. */
const dionaea_events: Record<string, string> = {
  connections: `SELECT count(*) AS n FROM connections WHERE connection_type IN ('accept', 'reject')
    OR connection_type = 'connect' AND NOT (connection_protocol = 'SipSession' AND connection_transport <> 'udp')`,
  mysql_commands: 'SELECT count(*) AS n FROM mysql_commands WHERE mysql_command_cmd NOT IN (1, 2, 3, 4)',
  mysql_command_args: 'SELECT count(*) AS n FROM mysql_command_args WHERE mysql_command_arg_index = 0',
  ...Object.fromEntries(
    [
      'dcerpcbinds',
      'dcerpcrequests',
      'downloads',
      'emu_services',
      'emu_services_old',
      'logins',
      'mqtt_fingerprints',
      'mqtt_publish_commands',
      'mqtt_subscribe_commands',
      'mssql_commands',
      'offers',
      'sip_commands',
    ].map((table) => [table, `SELECT count(*) AS n FROM ${table}`]),
  ),
};

const dionaea_recordings = [
  { folder: 'lab/dionaea', pattern: /^dionaea\.sqlite$/, known: { connections: 3_586, logins: 952 } },
  {
    folder: 'wild/dionaea-2012',
    pattern: /^logsql\.sqlite$/,
    known: { connections: 2_551, logins: 2_051, mssql_commands: 1_373, mysql_commands: 1_213, downloads: 12 },
  },
  { folder: 'wild/tpot-2022/dionaea/log', pattern: /^dionaea\.sqlite/, known: { connections: 130_599 } },
  { folder: 'wild/tpot-2022/_earlier_commits', pattern: /^dionaea\.sqlite/, known: {} },
];

/** Counts of the tables of a database, and of the events that they must yield. */
function countDatabase(path: string): { rows: Record<string, number>; events: Record<string, number> } {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const count = (sql: string): number => Number(database.prepare(sql).get()?.n);
    const present = new Set(
      database
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
        .all()
        .map(({ name }) => name),
    );
    const source = dionaea.sources[0];
    assert(source?.kind === 'sqlite');
    const tables = source.tables.map(({ table }) => table).filter((table) => present.has(table));
    for (const name of present) assert(tables.includes(String(name)), `the table ${name} is not read`);
    return {
      rows: Object.fromEntries(tables.map((table) => [table, count(`SELECT count(*) AS n FROM ${table}`)])),
      events: Object.fromEntries(
        tables
          .filter((table) => dionaea_events[table])
          .map((table) => [table, count(dionaea_events[table] as string)]),
      ),
    };
  } finally {
    database.close();
  }
}

for (const { folder, pattern, known } of dionaea_recordings) {
  describe(`Dionaea, recording ${folder}`, { skip: missing(folder) }, () => {
    const held = withEngine(dionaea);
    const unpacked = mkdtempSync(join(tmpdir(), 'apiary-recording-'));
    after(() => rmSync(unpacked, { recursive: true }));

    it('is counted as SQLite counts it', async () => {
      const source = dionaea.sources[0];
      assert(source?.kind === 'sqlite');
      const rows: Record<string, number> = {};
      const events: Record<string, number> = {};
      for (const [index, file] of filesIn(folder, pattern).entries()) {
        const path = join(unpacked, `${index}.sqlite`);
        writeFileSync(path, readPlain(file));
        const counted = countDatabase(path);
        for (const [table, n] of Object.entries(counted.rows)) rows[table] = (rows[table] ?? 0) + n;
        for (const [table, n] of Object.entries(counted.events)) events[table] = (events[table] ?? 0) + n;
        await landAll(held.engine, readDatabase(path, source), BigInt(index + 1));
      }
      assert.partialDeepStrictEqual(rows, known);
      let understood = 0;
      for (const [table, n] of Object.entries(rows)) {
        const [row] = await held.engine.query<{ all: string; ok: string }>(
          `SELECT count() AS all, countIf(parse = 'ok') AS ok FROM dionaea_${table}`,
        );
        assert.equal(Number(row?.all), n, table);
        understood += Number(row?.ok);
      }
      const total = Object.values(rows).reduce((sum, n) => sum + n, 0);
      assert(total - understood < total / 1000, `${total - understood} rows were not understood`);
      const seen = await countBy(
        held.engine,
        'SELECT substring(toString(sensor_table), 9) AS name, count() AS rows FROM event GROUP BY name',
      );
      const expected = Object.entries(events)
        .filter(([, n]) => n > 0)
        .sort();
      assert.deepStrictEqual(seen, Object.fromEntries(expected));
    });
  });
}

interface JsonLine {
  connection: { protocol: string; transport: string; type: string };
  credentials?: { username: string }[] | { username: string[] };
  ftp?: { commands: { command: string }[] | { command: string[] } };
}

/** `flat_data` makes an object of lists from a list of objects. */
const listOf = <Key extends string>(
  key: Key,
  of?: Record<Key, string>[] | Record<Key, string[]>,
): string[] => (of === undefined ? [] : Array.isArray(of) ? of.map((one) => one[key]) : of[key]);

/** `lines` is what data/INDEX.md says of a recording; of 47 connections over SIP the laboratory's database has two rows. */
const json_recordings = [
  { folder: 'lab/dionaea', lines: 3_586 - 47 },
  { folder: 'wild/tpot-2022/dionaea/log', lines: 130_597 },
];

for (const { folder, lines } of json_recordings) {
  describe(`Dionaea, JSON of ${folder}`, { skip: missing(folder) }, () => {
    const held = withEngine(dionaea);

    it('is counted as it is without our SQL', async () => {
      const files = filesIn(folder, /^dionaea\.json/).map((file) => splitLines('json', readPlain(file)));
      for (const [index, file] of files.entries()) await landAll(held.engine, file, BigInt(index + 1));
      const all: JsonLine[] = files.flat().map(({ raw }) => JSON.parse(raw.toString('utf8')));
      assert.equal(all.length, lines);
      const [record] = await held.engine.query<{ rows: string }>(
        "SELECT count() AS rows FROM dionaea_json WHERE parse = 'ok'",
      );
      assert.equal(Number(record?.rows), lines);
      const events = await countBy(
        held.engine,
        "SELECT concat(action, ' ', direction) AS name, count() AS rows FROM event GROUP BY name",
      );
      const users = all.flatMap(({ credentials }) => listOf('username', credentials));
      const commands = all.flatMap(({ ftp }) => listOf('command', ftp?.commands));
      const probes = all.filter(({ connection }) => connection.type !== 'listen');
      const outgoing = probes.filter(({ connection }) => connection.protocol === 'mirrorc');
      assert.deepStrictEqual(
        events,
        Object.fromEntries(
          Object.entries({
            'authenticate inbound': users.length,
            'input inbound': commands.filter((name) => !['USER', 'PASS', 'QUIT'].includes(name)).length,
            'probe inbound': probes.length - outgoing.length,
            'probe outbound': outgoing.length,
          }).filter(([, n]) => n > 0),
        ),
      );
      const tried = await countBy(
        held.engine,
        "SELECT username AS name, count() AS rows FROM event WHERE action = 'authenticate' GROUP BY name",
      );
      assert.deepStrictEqual(tried, Object.fromEntries(Object.entries(tally(users)).sort()));
    });
  });
}

const incidents = 'lab/dionaea';

describe(`Dionaea, incidents of ${incidents}`, { skip: missing(incidents) }, () => {
  const held = withEngine(dionaea);

  it('give the events of the database of the same run, counted by SQLite', async () => {
    const [file] = filesIn(incidents, /^dionaea_incident\.json/);
    const [path] = filesIn(incidents, /^dionaea\.sqlite$/);
    assert(file !== undefined && path !== undefined);
    const lines = splitLines('incident', readPlain(file));
    await landAll(held.engine, lines, 1n);
    const origins = await countBy(
      held.engine,
      "SELECT origin AS name, count() AS rows FROM dionaea_incident WHERE parse = 'ok' GROUP BY name",
    );
    const all: { origin: string; data: { command?: string } }[] = lines.map(({ raw }) =>
      JSON.parse(raw.toString('utf8')),
    );
    assert.deepStrictEqual(origins, tally(all.map(({ origin }) => origin)));
    const { events } = countDatabase(path);
    const seen = await countBy(
      held.engine,
      `SELECT concat(multiIf(r.origin LIKE 'dionaea.connection.%', 'connections', r.origin LIKE '%.login', 'logins',
          splitByChar('.', r.origin)[-2])) AS name, count() AS rows
        FROM event AS e INNER JOIN dionaea_incident AS r ON e.place = r.place GROUP BY name`,
    );
    const of_ftp = all.filter(
      ({ origin, data }) =>
        origin.endsWith('.ftp.command') && !['USER', 'PASS', 'QUIT'].includes(data.command ?? ''),
    );
    const sumOf = (...tables: string[]): number =>
      tables.reduce((sum, table) => sum + (events[table] ?? 0), 0);
    assert.deepStrictEqual(seen, {
      connections: sumOf('connections'),
      dcerpc: sumOf('dcerpcbinds', 'dcerpcrequests'),
      ftp: of_ftp.length,
      logins: sumOf('logins'),
      mqtt: sumOf('mqtt_fingerprints', 'mqtt_publish_commands', 'mqtt_subscribe_commands'),
      mssql: sumOf('mssql_commands'),
      mysql: sumOf('mysql_commands', 'mysql_command_args'),
      sip: sumOf('sip_commands'),
    });
  });
});
