/**
 * Whole recordings of real honeypots, through records and events, against counts made here without our SQL: in
 * plain JavaScript from the lines, and by SQLite from the databases. The recordings lie beside the repository;
 * where they do not, the test says so by name, and fails when CI is true.
 */
import assert from 'node:assert';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Submodule } from '@apiary/model/submodule.ts';
import type { ConformanceEngine, LandedRecord } from '@apiary/submodules/conformance.ts';
import { submodule as cowrie } from '@apiary/submodules/cowrie/index.ts';
import { submodule as dionaea } from '@apiary/submodules/dionaea/index.ts';
import { type SampleRecord, splitLines } from '@apiary/submodules/sample.ts';
import { readDatabase } from './read-database.ts';
import { openEngine } from './submodule-engine.ts';

const recordings = fileURLToPath(new URL('../../shared/data/', import.meta.url));
const block_rows = 20_000;

/** Why a test over a folder of recordings is left out, or false. */
function missing(folder: string): string | false {
  if (existsSync(join(recordings, folder))) return false;
  assert.notEqual(process.env.CI, 'true', `the recordings ${folder} are not there`);
  return `left out: the recordings ${folder} are not there`;
}

const readPlain = (path: string): Buffer =>
  path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path);

const filesIn = (folder: string, pattern: RegExp): string[] =>
  readdirSync(join(recordings, folder))
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => join(recordings, folder, name));

async function landAll(
  engine: ConformanceEngine,
  records: SampleRecord[],
  generation: bigint,
): Promise<void> {
  for (let at = 0; at < records.length; at += block_rows) {
    const block: LandedRecord[] = records.slice(at, at + block_rows).map((record) => ({
      ...record,
      sensor_id: 1,
      generation,
      collect_ts: '2026-11-24 00:00:00.000000',
      segment_id: generation,
    }));
    await engine.insertRecords(block, `${generation}-${at}`);
  }
}

async function countBy(engine: ConformanceEngine, sql: string): Promise<Record<string, number>> {
  const rows = await engine.query<{ name: string; rows: string }>(sql);
  return Object.fromEntries(rows.map(({ name, rows: count }) => [name, Number(count)]).sort());
}

function withEngine(submodule: Submodule): { engine: ConformanceEngine } {
  const held = {} as { engine: ConformanceEngine };
  before(async () => {
    held.engine = await openEngine(submodule, 'single');
  });
  after(() => held.engine?.close());
  return held;
}

/** Lines of Cowrie that yield an event, by the words of its README and not by our SQL. */
function yieldsEvent(line: Record<string, unknown>): boolean {
  switch (String(line.eventid).slice('cowrie.'.length)) {
    case 'session.connect':
    case 'client.version':
    case 'client.kex':
    case 'login.success':
    case 'command.input':
    case 'session.input':
    case 'command.chpasswd':
    case 'direct-tcpip.request':
    case 'session.file_download':
    case 'session.file_download.failed':
    case 'session.file_upload':
    case 'telnet.exploit_attempt':
    case 'telnet.exploit_success':
      return true;
    case 'client.fingerprint':
      return line.uuid === undefined;
    case 'login.failed':
      return line.fingerprint === undefined || line.uuid !== undefined;
    case 'command.success':
      return line.realm !== undefined;
    default:
      return false;
  }
}

const tally = (names: Iterable<string>): Record<string, number> => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([one], [other]) => (one < other ? -1 : 1)));
};

/** `lines` and `sessions` are what data/INDEX.md says of a recording. */
const cowrie_recordings = [
  { folder: 'lab/cowrie-2.5.0/log', pattern: /^cowrie\.json/, lines: 17_326, sessions: 2_100 },
  { folder: 'lab/cowrie-3.0.12/log', pattern: /^cowrie\.json/, lines: 8_470, sessions: 1_000 },
  { folder: 'wild/cowrie-2018', pattern: /^cowrie\.json/ },
  { folder: 'wild/tpot-2022/cowrie/log', pattern: /^cowrie\.json/ },
  { folder: 'wild/tpot-2022/_earlier_commits', pattern: /^cowrie\.json/ },
];

for (const { folder, pattern, lines: lines_known, sessions } of cowrie_recordings) {
  describe(`Cowrie, recording ${folder}`, { skip: missing(folder) }, () => {
    const held = withEngine(cowrie);

    it('is counted as it is without our SQL', async () => {
      const records = filesIn(folder, pattern).map((file) => splitLines('json', readPlain(file)));
      for (const [index, file] of records.entries()) await landAll(held.engine, file, BigInt(index + 1));
      const all = records.flat().map(({ raw }) => JSON.parse(raw.toString('utf8')));
      if (lines_known !== undefined) assert.equal(all.length, lines_known);

      const by_id = await countBy(
        held.engine,
        'SELECT eventid AS name, count() AS rows FROM cowrie_json GROUP BY name',
      );
      assert.deepStrictEqual(by_id, tally(all.map(({ eventid }) => eventid)));
      if (sessions !== undefined) assert.equal(by_id['cowrie.session.connect'], sessions);

      const events = await countBy(
        held.engine,
        "SELECT extra['eventid'] AS name, count() AS rows FROM event GROUP BY name",
      );
      assert.deepStrictEqual(events, tally(all.filter(yieldsEvent).map(({ eventid }) => eventid)));

      const users = await countBy(
        held.engine,
        "SELECT username AS name, count() AS rows FROM event WHERE action = 'authenticate' GROUP BY name",
      );
      const tried = all.filter((line) => yieldsEvent(line) && /\.(login\.|client\.fing)/.test(line.eventid));
      assert.deepStrictEqual(
        users,
        Object.fromEntries(Object.entries(tally(tried.map(({ username }) => username))).sort()),
      );

      const [rejected] = await held.engine.query<{ rows: string }>(
        "SELECT countIf(parse != 'ok') AS rows FROM cowrie_json",
      );
      assert(Number(rejected?.rows) < all.length / 1000, `${rejected?.rows} lines were not understood`);
    });
  });
}

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
