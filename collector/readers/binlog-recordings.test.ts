/** Binary logs of real runs of Kippo, each against the dump of the same database or what was done to it. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { MysqlStream } from '@apiary/model/submodule.ts';
import { streams as kippo } from '@apiary/submodules/kippo/streams.ts';
import { type DumpRow, type DumpValue, readDump } from '../../tests/mysql-dump.ts';
import { missing, readPlain, recordings } from '../../tests/recording.ts';
import { needs_mariadb } from '../testing/mariadb.ts';
import { RowSink } from '../testing/row-sink.ts';
import { BinlogReader } from './binlog.ts';

const source = kippo.sources.find((one): one is MysqlStream => one.kind === 'mysql')!;
const logs = 'lab/mariadb-binlog';
const tables = ['sensors', 'clients', 'sessions', 'auth', 'input', 'downloads', 'ttylog'];

/** The table was latin1: what a client said in UTF-8 is in a statement as it came, and in the dump as the server kept it. */
const sayable = (value: unknown): boolean =>
  typeof value === 'object' ? value === null : !/[^\0-\x7f]/.test(String(value));

const byId = (rows: readonly DumpRow[]): Map<unknown, DumpRow> => new Map(rows.map((row) => [row.id, row]));

describe('recorded binary logs', { skip: needs_mariadb || missing(logs) }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'apiary-recorded-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const readLog = async (file: string, database = 'kippo'): Promise<RowSink> => {
    const place = join(folder, file);
    mkdirSync(place);
    writeFileSync(join(place, 'mysql-bin.000001'), readPlain(join(recordings, logs, file)));
    const sink = new RowSink();
    const reader = new BinlogReader(sink, {
      ...{ source, patterns: [join(place, 'mysql-bin.*')], database, work_folder: join(place, 'work') },
      ...{ record_bytes_max: 1024 * 1024, records_max: 20_000 },
    });
    await reader.poll();
    assert.equal(reader.status().trouble, '');
    await reader.stop();
    assert.equal(sink.gaps.length, 0);
    return sink;
  };

  for (const file of ['kippo-live-STATEMENT.000005.gz', 'kippo-replayed-ROW-FULL.bin.gz']) {
    it(`gives every row of ${file} as the dump of its database has it`, async () => {
      const dump = readPlain(join(recordings, 'lab/kippo/kippo.mysql.STATEMENT-run.sql.gz')).toString(
        'latin1',
      );
      const sink = await readLog(file);
      let compared = 0;
      for (const table of tables) {
        const dumped = byId(readDump(dump, table, ['ttylog']));
        const rows = byId(sink.rows(table) as DumpRow[]);
        assert.deepEqual([...rows.keys()].sort(), [...dumped.keys()].sort(), table);
        for (const [id, row] of rows) {
          const other = dumped.get(id)!;
          for (const [name, value] of Object.entries(row) as [string, DumpValue][]) {
            if (name !== 'ttylog' && !(sayable(value) && sayable(other[name]))) continue;
            assert.deepEqual(value, other[name], `${table} ${String(id)} ${name}`);
            compared += 1;
          }
        }
      }
      assert.ok(compared > 15_000, String(compared));
      const verbs = new Set(sink.statements().map(({ verb }) => verb));
      assert.deepEqual([...verbs], ['create']);
    });
  }

  for (const [file, others] of Object.entries({
    'kippo-edge-ROW.000002.gz': { auth: 5, input: 1, ttylog: 1, sessions: 2 },
    'kippo-edge-ROW-binlog_row_image.bin': { auth: 5, input: 1, ttylog: 1, sessions: 2 },
    'kippo-edge-ROW-binlog_row_metadata.bin': { auth: 5, input: 1, ttylog: 1, sessions: 2 },
    // A RAND() in the values, or an INSERT … SELECT, and the log has no values.
    'kippo-edge-MIXED.000002': { auth: 4, input: 1, ttylog: 1, sessions: 2 },
    'kippo-edge-STATEMENT.000002': { auth: 2, input: 1, ttylog: 1, sessions: 2 },
  })) {
    it(`gives of ${file} what kippo-edge.sql did`, async () => {
      const sink = await readLog(file);
      for (const [table, count] of Object.entries(others))
        assert.equal(sink.rows(table).length, count, table);
      const [input] = sink.rows('input');
      assert.equal(input!.input, "wget http://x/y; echo 'q' \\ \n newline ünï😀");
      const users = sink.rows('auth').map(({ username }) => username);
      const passwords = sink.rows('auth').map(({ password }) => password);
      assert.ok(!passwords.includes('rolled') && passwords.includes('ok') && users.includes('a'));
      assert.equal(sink.rows('sessions').find(({ id }) => id === 's1')!.endtime, '2026-01-02 03:05:06');
      const told = sink.statements().map(({ verb, table }) => `${verb} ${table}`);
      for (const wanted of ['update clients', 'delete clients', 'create t2', 'insert t2', 'alter auth'])
        assert.ok(told.includes(wanted), `${wanted}: ${told.join(', ')}`);
    });
  }
});
