/** A whole recording of RedisHoneyPot, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as redishoneypot } from './index.ts';

const folder = 'wild/tpot-2022/redishoneypot/log';

describe(`RedisHoneyPot, recording ${folder}`, { skip: missing(folder) }, () => {
  const held = withEngine(redishoneypot);

  it('is counted as it is without our SQL', async () => {
    const files = filesIn(folder, /^redishoneypot\.log/).map((file) => splitLines('log', readPlain(file)));
    for (const [index, file] of files.entries()) await landAll(held.engine, file, BigInt(index + 1));
    const all = files.flat().map(({ raw }) => JSON.parse(raw.toString('utf8')));
    assert.equal(all.length, 1_961);
    const marks = await countBy(
      held.engine,
      'SELECT toString(parse) AS name, count() AS rows FROM redishoneypot_log GROUP BY name',
    );
    assert.deepStrictEqual(marks, { ok: 1_961 });
    const of = (column: string): Promise<Record<string, number>> =>
      countBy(held.engine, `SELECT ${column} AS name, count() AS rows FROM event GROUP BY name`);
    const steps = all.filter(({ action }) => action !== 'Closed');
    assert.deepStrictEqual(
      await of('command'),
      tally(steps.map(({ action }) => (action === 'NewConnect' ? '' : action))),
    );
    assert.deepStrictEqual(await of('session'), tally(steps.map(({ addr }) => addr)));
  });
});
