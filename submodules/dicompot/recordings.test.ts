/** A whole recording of Dicompot, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as dicompot } from './index.ts';

const folder = 'wild/tpot-2022/dicompot/log';

describe(`Dicompot, recording ${folder}`, { skip: missing(folder) }, () => {
  const held = withEngine(dicompot);
  const of = (column: string, table = 'event'): Promise<Record<string, number>> =>
    countBy(held.engine, `SELECT toString(${column}) AS name, count() AS rows FROM ${table} GROUP BY name`);

  it('is counted as it is without our SQL', async () => {
    const files = filesIn(folder, /^dicompot\.log/).map((file) => splitLines('log', readPlain(file)));
    for (const [index, file] of files.entries()) await landAll(held.engine, file, BigInt(index + 1));
    const all = files.flat().map(({ raw }) => JSON.parse(raw.toString('utf8')));
    assert.equal(all.length, 20);
    assert.deepStrictEqual(await of('parse', 'dicompot_log'), { ok: 20 });
    const begun = all.filter(({ msg }) => msg === 'Connection from');
    assert.deepStrictEqual(await of('session'), tally(begun.map(({ ID }) => ID)));
    assert.deepStrictEqual(await of('source_port'), tally(begun.map(({ Port }) => Port)));
  });
});
