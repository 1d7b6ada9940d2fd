/** Whole databases of Cowrie, counted by SQLite. */
import assert from 'node:assert';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { type DumpRow, type DumpValue, readDump } from '../../tests/mysql-dump.ts';
import { readDatabase } from '../../tests/read-database.ts';
import { countBy, filesIn, landAll, missing, readPlain, withEngine } from '../../tests/recording.ts';
import type { SampleRecord } from '../sample.ts';
import { submodule as cowrie } from './index.ts';

/** What each table must yield, by the words of the README. */
const yielding: Record<string, string> = {
  auth: 'SELECT count(*) AS n FROM auth',
  downloads: 'SELECT count(*) AS n FROM downloads',
  input: 'SELECT count(*) AS n FROM input WHERE success IS NULL OR success <> 0',
  ipforwards: 'SELECT count(*) AS n FROM ipforwards',
  keyfingerprints: 'SELECT count(*) AS n FROM keyfingerprints',
  sessions: 'SELECT count(*) AS n FROM sessions',
};

/** `known` is what data/INDEX.md says of a recording. */
const recorded = [
  { folder: 'lab/cowrie-2.5.0/lib', known: { sessions: 2_100, auth: 3_170, input: 4_131 } },
  { folder: 'lab/cowrie-3.0.12/lib', known: { sessions: 1_000 } },
];

for (const { folder, known } of recorded) {
  describe(`Cowrie, database of ${folder}`, { skip: missing(folder) }, () => {
    const held = withEngine(cowrie);

    it('is counted as SQLite counts it', async () => {
      const [path] = filesIn(folder, /^cowrie\.sqlite$/);
      assert(path !== undefined);
      const source = cowrie.sources.find(({ kind }) => kind === 'sqlite');
      assert(source?.kind === 'sqlite');
      await landAll(held.engine, readDatabase(path, source), 1n);
      const database = new DatabaseSync(`file:${path}?immutable=1`, { readOnly: true });
      const count = (sql: string): number => Number(database.prepare(sql).get()?.n);
      const rows: Record<string, number> = {};
      for (const { table } of source.tables) {
        const n = count(`SELECT count(*) AS n FROM ${table}`);
        const [row] = await held.engine.query<{ all: string; ok: string }>(
          `SELECT count() AS all, countIf(parse = 'ok') AS ok FROM cowrie_db_${table}`,
        );
        assert.deepStrictEqual([Number(row?.all), Number(row?.ok)], [n, n], table);
        rows[table] = n;
      }
      assert.partialDeepStrictEqual(rows, known);
      const seen = await countBy(
        held.engine,
        "SELECT replaceOne(toString(sensor_table), 'cowrie_db_', '') AS name, count() AS rows FROM event GROUP BY name",
      );
      assert.deepStrictEqual(
        seen,
        Object.fromEntries(Object.entries(yielding).map(([table, sql]) => [table, count(sql)])),
      );
      const [of_ssh] = await held.engine.query<{ n: string }>(
        "SELECT count() AS n FROM event WHERE sensor_table = 'cowrie_db_auth' AND service = 'ssh'",
      );
      assert.equal(
        Number(of_ssh?.n),
        count(
          'SELECT count(*) AS n FROM auth JOIN sessions ON sessions.id = session WHERE client IS NOT NULL',
        ),
      );
      database.close();
    });
  });
}

/** Rows of the dump as the collector sends them; their places only have to differ here. */
function readDumped(dump: string): { records: SampleRecord[]; rows: Record<string, DumpRow[]> } {
  const source = cowrie.sources.find(({ kind }) => kind === 'mysql');
  assert(source?.kind === 'mysql');
  const rows = Object.fromEntries(source.tables.map(({ table }) => [table, readDump(dump, table)]));
  const byId = (table: string): Map<DumpValue | undefined, DumpRow> =>
    new Map(rows[table]?.map((row) => [row.id, row]));
  const [sessions, sensors] = [byId('sessions'), byId('sensors')];
  const records = source.tables.flatMap(({ stream, table }) =>
    (rows[table] ?? []).map((row, index): SampleRecord => {
      const session = sessions.get(row.session);
      const parent = table === 'sessions' ? sensors.get(row.sensor) : session;
      const raw = Buffer.from(JSON.stringify({ row, parent, grandparent: sensors.get(session?.sensor) }));
      return { stream, place: BigInt(index), version: 0, flags: 0, raw };
    }),
  );
  return { records, rows };
}

const dump_folder = 'lab/cowrie-2.5.0';

describe('Cowrie, dump of its MySQL output', { skip: missing(dump_folder) }, () => {
  const held = withEngine(cowrie);

  it('is counted as the dump has it, to the row', async () => {
    const [path] = filesIn(dump_folder, /\.sql\.gz$/);
    const dump = readPlain(path as string).toString('latin1');
    const { records, rows } = readDumped(dump);
    // Every row of the dump is a line that begins with its key.
    assert.equal(records.length, dump.match(/^\((\d+|'[0-9a-f]{12}'),/gm)?.length);
    await landAll(held.engine, records, 1n);
    for (const [table, of_table] of Object.entries(rows)) {
      const [row] = await held.engine.query<{ all: string; ok: string }>(
        `SELECT count() AS all, countIf(parse = 'ok') AS ok FROM cowrie_db_${table}`,
      );
      assert.deepStrictEqual([Number(row?.all), Number(row?.ok)], [of_table.length, of_table.length], table);
    }
    const {
      auth = [],
      downloads = [],
      input = [],
      ipforwards = [],
      keyfingerprints = [],
      sessions = [],
    } = rows;
    const expected = {
      'authenticate failure': auth.filter(({ success }) => success === 0).length + keyfingerprints.length,
      'authenticate success': auth.filter(({ success }) => success === 1).length,
      'bypass unknown': ipforwards.length,
      'download failure': downloads.filter(({ url, shasum }) => url !== '' && shasum === 'NULL').length,
      'input unknown': input.filter(({ success }) => success !== 0).length,
      'modify success': downloads.filter(({ url }) => url === '').length,
      'probe success': sessions.length,
    };
    assert.deepStrictEqual(
      await countBy(
        held.engine,
        "SELECT concat(action, ' ', outcome) AS name, count() AS rows FROM event GROUP BY name",
      ),
      expected,
    );
  });
});
