/** Whole recordings of FATT, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as fatt } from './index.ts';

const folder = 'wild/tpot-2022/fatt/log';

describe(`FATT, recording ${folder}`, { skip: missing(folder) }, () => {
  const held = withEngine(fatt);

  it('is counted as it is without our SQL', async () => {
    const files = filesIn(folder, /^fatt\.log/).map((file) => splitLines('log', readPlain(file)));
    for (const [index, file] of files.entries()) await landAll(held.engine, file, BigInt(index + 1));
    const all = files.flat().map(({ raw }) => JSON.parse(raw.toString('utf8')));
    assert.equal(all.length, 100_333);
    const of = (column: string): Promise<Record<string, number>> =>
      countBy(
        held.engine,
        `SELECT ${column} AS name, count() AS rows FROM fatt_log WHERE parse = 'ok' GROUP BY name`,
      );
    assert.deepStrictEqual(await of('protocol'), tally(all.map(({ protocol }) => protocol)));
    assert.deepStrictEqual(await of('ssh_hassh'), tally(all.map(({ ssh }) => ssh?.hassh ?? '')));
    assert.deepStrictEqual(await of('tls_ja3'), tally(all.map(({ tls }) => tls?.ja3 ?? '')));
    assert.deepStrictEqual(
      await of('toString(destinationPort)'),
      tally(all.map(({ destinationPort }) => destinationPort)),
    );
  });
});
