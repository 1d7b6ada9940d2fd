/** A whole recorded run of Kippo, from its dump, counted from the dump's own lines. */
import assert from 'node:assert';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import { type DumpRow, type DumpValue, readDump } from '../../tests/mysql-dump.ts';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { readRecordedSessions, readRecordings } from '../report.ts';
import { type SampleRecord, splitLines } from '../sample.ts';
import { submodule as kippo } from './index.ts';

const placeOf = (key: DumpValue | undefined): bigint =>
  typeof key === 'number'
    ? BigInt(key)
    : BigInt(`0x${createHash('sha256').update(String(key)).digest('hex').slice(0, 15)}`);

function readRecords(dump: string): SampleRecord[] {
  const [source] = kippo.sources;
  assert(source?.kind === 'mysql');
  const byId = (table: string): Map<DumpValue | undefined, DumpRow> =>
    new Map(readDump(dump, table, ['ttylog']).map((row) => [row.id, row]));
  const sessions = byId('sessions');
  const sensors = byId('sensors');
  const records: SampleRecord[] = [];
  for (const { stream, table } of source.tables) {
    for (const row of readDump(dump, table, ['ttylog'])) {
      const session = sessions.get(row.session);
      const parent = table === 'sessions' ? sensors.get(row.sensor) : session;
      const grandparent = session === undefined ? undefined : sensors.get(session.sensor);
      const raw = Buffer.from(JSON.stringify({ row, parent, grandparent }));
      records.push({ stream, place: placeOf(row.id), version: 0, flags: 0, raw });
    }
  }
  return records;
}

/** Lines of rows in each table's part of the dump; binary values may have more lines, which begin otherwise. */
function countLines(dump: string, table: string, pattern: RegExp): number {
  const part = new RegExp(`^LOCK TABLES \`${table}\`[\\s\\S]*?^UNLOCK TABLES`, 'm').exec(dump)?.[0] ?? '';
  return part.split('\n').filter((line) => pattern.test(line)).length;
}

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A terminal recording as the collector sends it. */
function readFileRecord(path: string, index: number): SampleRecord {
  const bytes = readFileSync(path);
  const sha256 = hashOf(bytes);
  const raw = Buffer.from(
    JSON.stringify({
      ...{ path: `/opt/kippo/log/tty/${basename(path)}`, kind: 'terminal_recording', sha256 },
      ...{ size: bytes.length, size_taken: bytes.length, mtime: '2026-11-23T05:08:00.000000Z', cut: false },
    }),
  );
  return { stream: 'recordings', place: BigInt(index), version: 0, flags: 0, raw };
}

const folder = 'lab/kippo';
const tables = ['auth', 'clients', 'downloads', 'input', 'sensors', 'sessions', 'ttylog'];

describe('kippo recordings', { skip: missing(folder) }, () => {
  const held = withEngine(kippo);

  it('makes a record of every row and an event of every step', async () => {
    const dumps = filesIn(folder, /\.sql\.gz$/);
    assert.equal(dumps.length, 1);
    const dump = readPlain(dumps[0] as string).toString('latin1');
    await landAll(held.engine, readRecords(dump), 1n);
    for (const table of tables) {
      const [row] = await held.engine.query<{ all: string; ok: string }>(
        `SELECT count() AS all, countIf(parse = 'ok') AS ok FROM kippo_${table}`,
      );
      const expected = countLines(dump, table, /^\((\d+|'[0-9a-f]{32}'),/);
      assert(expected > 0, table);
      assert.deepEqual([Number(row?.all), Number(row?.ok)], [expected, expected], table);
    }
    const of_auth = (success: number): number =>
      countLines(dump, 'auth', new RegExp(`^\\(\\d+,'[0-9a-f]{32}',${success},`));
    assert.deepEqual(
      await countBy(
        held.engine,
        "SELECT concat(action, ' ', outcome) AS name, count() AS rows FROM event GROUP BY name",
      ),
      {
        'authenticate failure': of_auth(0),
        'authenticate success': of_auth(1),
        'download success': countLines(dump, 'downloads', /^\(\d/),
        'input unknown': countLines(dump, 'input', /^\(\d/),
        'probe success': countLines(dump, 'sessions', /^\('/),
      },
    );
    const [known] = await held.engine.query<{ rows: string }>(
      "SELECT count() AS rows FROM event WHERE attacker_ip = toIPv6('::') OR destination_ip = toIPv6('::')",
    );
    assert.equal(Number(known?.rows), 0);
  });

  it('finds the recording of each session that has one', async () => {
    const files = filesIn(`${folder}/log/tty`, /\.log$/);
    await landAll(held.engine, files.map(readFileRecord), 2n);
    const sql = readRecordings(kippo);
    assert(sql !== null);
    const rows = await held.engine.query<{ session: string; ttylog: string }>(
      'SELECT session, hex(ttylog) AS ttylog FROM kippo_ttylog ORDER BY session LIMIT 40',
    );
    assert.equal(rows.length, 40);
    const all = await held.engine.query<{ session: string; ttylog: string }>(
      'SELECT session, hex(ttylog) AS ttylog FROM kippo_ttylog',
    );
    const sessionsOf = Map.groupBy(all, ({ ttylog }) => hashOf(Buffer.from(ttylog, 'hex')));
    for (const { session, ttylog } of rows) {
      const found = await held.engine.query<{ taken_sha256: string }>(sql, { sensor: 1, session });
      const hashes = found.map(({ taken_sha256 }) => taken_sha256);
      const sha256 = hashOf(Buffer.from(ttylog, 'hex'));
      assert(hashes.includes(sha256), session);
      const sessions = await held.engine.query<{ session: string }>(readRecordedSessions(kippo)!, {
        ...{ sensor: 1, sha256 },
      });
      assert.deepEqual(
        sessions,
        [...new Set(sessionsOf.get(sha256)!.map((one) => one.session))]
          .sort()
          .map((one) => ({ session: one })),
      );
    }
    assert.deepEqual(await held.engine.query(sql, { sensor: 2, session: rows[0]?.session }), []);
  });
});

/** What yields an event, by the words of the README, and how many lines there are. */
const log_recordings = [
  {
    ...{ of: 'wild/kippo-log-2017', stream: 'log', pattern: /^kippo\.log$/, lines: 89 },
    steps: {
      probe: / New connection: /,
      authenticate: / login attempt \[/,
      input: / Command (not )?found: /,
    },
  },
  {
    ...{ of: 'wild/kippo-log-2018', stream: 'log', pattern: /^kippo\.log\.\d+\.gz$/, lines: 64_263 },
    steps: {
      probe: / New connection: /,
      authenticate: / login attempt \[/,
      input: / Command (not )?found: /,
    },
  },
  {
    ...{ of: 'lab/kippo/log', stream: 'textlog', pattern: /^kippo-textlog/, lines: 6_893 },
    steps: {
      probe: /: New connection: /,
      authenticate: /: Login (failed|succeeded) /,
      input: /: (Unknown command|Command|Input) \[/,
      download: /: File download: /,
    },
  },
];

for (const { of, stream, pattern, lines, steps } of log_recordings) {
  describe(`Kippo, ${stream} of ${of}`, { skip: missing(of) }, () => {
    const held = withEngine(kippo);

    it('is counted as it is without our SQL', async () => {
      const files = filesIn(of, pattern).map((file) => splitLines(stream, readPlain(file)));
      for (const [index, file] of files.entries()) await landAll(held.engine, file, BigInt(index + 1));
      const all = files.flat().map(({ raw }) => raw.toString('latin1'));
      assert.equal(all.length, lines);
      const marks = await countBy(
        held.engine,
        `SELECT toString(parse) AS name, count() AS rows FROM kippo_${stream} GROUP BY name`,
      );
      // A line that goes on from the one before begins with a tab.
      const beginning = all.filter((line) => !line.startsWith('\t')).length;
      assert.deepEqual(
        [marks.ok, marks.unknown_kind ?? 0, marks.partial ?? 0],
        [beginning, lines - beginning, 0],
      );
      const events = await countBy(
        held.engine,
        'SELECT toString(action) AS name, count() AS rows FROM event GROUP BY name',
      );
      const expected = Object.entries(steps).map(([action, step]) => [
        action,
        all.filter((line) => step.test(line)).length,
      ]);
      assert.deepStrictEqual(events, Object.fromEntries(expected.sort().filter(([, n]) => n !== 0)));
      const successes = await countBy(
        held.engine,
        "SELECT username AS name, count() AS rows FROM event WHERE action = 'authenticate' AND outcome = 'success' GROUP BY name",
      );
      const let_in = all.flatMap((line) =>
        [...line.matchAll(/ login attempt \[(.*)\/.*\] succeeded|: Login succeeded \[(.*)\/.*\]/g)].map(
          ([, one, other]) => one ?? (other as string),
        ),
      );
      assert.deepStrictEqual(successes, tally(let_in));
    });
  });
}
