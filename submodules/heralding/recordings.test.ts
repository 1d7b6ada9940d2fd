/** Whole recordings of Heralding, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as heralding } from './index.ts';

/** `sessions` is what data/INDEX.md says of a recording. */
const json_recordings = [
  { folder: 'lab/heralding', sessions: 500 },
  { folder: 'wild/tpot-2022/heralding/log', sessions: 71_266 },
];

for (const { folder, sessions } of json_recordings) {
  describe(`Heralding, sessions of ${folder}`, { skip: missing(folder) }, () => {
    const held = withEngine(heralding);

    it('are counted as they are without our SQL', async () => {
      const files = filesIn(folder, /^log_session\.json/).map((file) => splitLines('json', readPlain(file)));
      for (const [index, file] of files.entries()) await landAll(held.engine, file, BigInt(index + 1));
      const all = files.flat().map(({ raw }) => JSON.parse(raw.toString('utf8')));
      assert.equal(all.length, sessions);
      const protocols = await countBy(
        held.engine,
        "SELECT protocol AS name, count() AS rows FROM heralding_json WHERE parse = 'ok' GROUP BY name",
      );
      assert.deepStrictEqual(protocols, tally(all.map(({ protocol }) => protocol)));
      const events = await countBy(
        held.engine,
        'SELECT toString(action) AS name, count() AS rows FROM event GROUP BY name',
      );
      const attempts = all.flatMap(({ auth_attempts }) => auth_attempts);
      assert.deepStrictEqual(events, { authenticate: attempts.length, probe: sessions });
      const users = await countBy(
        held.engine,
        "SELECT username AS name, count() AS rows FROM event WHERE action = 'authenticate' GROUP BY name",
      );
      const named = tally(attempts.map(({ username }) => username ?? ''));
      assert.deepStrictEqual(users, Object.fromEntries(Object.entries(named).sort()));
    });
  });
}

const csv_recordings = [
  { folder: 'lab/heralding', log_ins: /^log_auth\.csv/, sessions: /^log_session\.csv/ },
  { folder: 'wild/tpot-2022/heralding/log', log_ins: /^auth\.csv/, sessions: /^session\.csv/ },
  { folder: 'wild/heralding-2025', log_ins: /^log_auth\.csv/, sessions: /^log_session\.csv/ },
];

for (const { folder, log_ins, sessions } of csv_recordings) {
  describe(`Heralding, CSV files of ${folder}`, { skip: missing(folder) }, () => {
    const held = withEngine(heralding);

    it('are counted as they are without our SQL', async () => {
      for (const [stream, pattern, action] of [
        ['auth', log_ins, 'authenticate'],
        ['session', sessions, 'probe'],
      ] as const) {
        const files = filesIn(folder, pattern).map((file) => splitLines(stream, readPlain(file)));
        for (const [index, file] of files.entries()) await landAll(held.engine, file, BigInt(index + 1));
        const lines = files.flat().map(({ raw }) => raw.toString('latin1'));
        const rows = lines.filter((line) => !line.startsWith('timestamp,'));
        const [record] = await held.engine.query<{ rows: string }>(
          `SELECT count() AS rows FROM heralding_${stream} WHERE parse = 'ok'`,
        );
        assert.equal(Number(record?.rows), lines.length);
        // The protocol is the eighth cell of both files, and the cells before it are never quoted.
        const events = await countBy(
          held.engine,
          `SELECT r.protocol AS name, count() AS rows FROM event AS e INNER JOIN heralding_${stream} AS r
            ON e.generation = r.generation AND e.place = r.place
            WHERE e.sensor_table = 'heralding_${stream}' AND e.action = '${action}' GROUP BY name`,
        );
        assert.deepStrictEqual(events, tally(rows.map((line) => line.split(',')[7] as string)));
      }
    });
  });
}
