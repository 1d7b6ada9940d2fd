/** Whole recordings of ADBHoney, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as adbhoney } from './index.ts';

const folder = 'wild/tpot-2022/adbhoney/log';

describe(`ADBHoney, recording ${folder}`, { skip: missing(folder) }, () => {
  const held = withEngine(adbhoney);

  it('is counted as it is without our SQL', async () => {
    const files = filesIn(folder, /^adbhoney\.json/).map((file) => splitLines('json', readPlain(file)));
    for (const [index, file] of files.entries()) await landAll(held.engine, file, BigInt(index + 1));
    const all = files.flat().map(({ raw }) => JSON.parse(raw.toString('utf8')));
    assert.equal(all.length, 2_136);
    const kinds = await countBy(
      held.engine,
      "SELECT eventid AS name, count() AS rows FROM adbhoney_json WHERE parse = 'ok' GROUP BY name",
    );
    assert.deepStrictEqual(kinds, tally(all.map(({ eventid }) => eventid)));
    const steps = all.filter(({ eventid }) => eventid !== 'adbhoney.session.closed');
    const of = (column: string): Promise<Record<string, number>> =>
      countBy(held.engine, `SELECT ${column} AS name, count() AS rows FROM event GROUP BY name`);
    assert.deepStrictEqual(await of('command'), tally(steps.map(({ input }) => input ?? '')));
    assert.deepStrictEqual(await of('file_sha256'), tally(steps.map(({ shasum }) => shasum ?? '')));
    assert.deepStrictEqual(await of('session'), tally(steps.map(({ session }) => session)));
  });
});
