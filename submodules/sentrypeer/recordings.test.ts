/** Whole recordings of SentryPeer, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as sentrypeer } from './index.ts';

for (const { folder, lines } of [
  { folder: 'wild/tpot-2022/sentrypeer/log', lines: 44_225 },
  { folder: 'wild/tpot-2022/_earlier_commits', lines: 2_482 },
]) {
  describe(`SentryPeer, recording ${folder}`, { skip: missing(folder) }, () => {
    const held = withEngine(sentrypeer);

    it('is counted as it is without our SQL', async () => {
      const files = filesIn(folder, /^sentrypeer\.json/).map((file) => splitLines('json', readPlain(file)));
      for (const [index, file] of files.entries()) await landAll(held.engine, file, BigInt(index + 1));
      const all = files.flat().map(({ raw }) => JSON.parse(raw.toString('utf8')));
      assert.equal(all.length, lines);
      const [bad] = await held.engine.query<{ rows: string }>(
        "SELECT countIf(parse != 'ok') AS rows FROM sentrypeer_json",
      );
      assert(Number(bad?.rows) < lines / 1000, `${bad?.rows} lines were not understood`);
      const of = (column: string): Promise<Record<string, number>> =>
        countBy(held.engine, `SELECT ${column} AS name, count() AS rows FROM event GROUP BY name`);
      assert.deepStrictEqual(await of('command'), tally(all.map(({ sip_method }) => sip_method)));
      assert.deepStrictEqual(
        await of("if(action = 'authenticate', username, extra['called_number'])"),
        tally(all.map(({ called_number }) => called_number.replace(/^NOT_FOUND$/, ''))),
      );
      assert.deepStrictEqual(
        await of('user_agent'),
        tally(all.map(({ sip_user_agent }) => sip_user_agent.replace(/^NOT_FOUND$/, ''))),
      );
      // The fraction is nanoseconds without its leading zeros.
      const micros = all.map(({ event_timestamp }) =>
        String(event_timestamp.split('.')[1]).padStart(9, '0').slice(0, 6),
      );
      assert.deepStrictEqual(await of("formatDateTime(detect_ts, '%f')"), tally(micros));
    });
  });
}
