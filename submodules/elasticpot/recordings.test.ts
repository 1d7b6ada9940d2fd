/** A whole recording of ElasticPot, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as elasticpot } from './index.ts';

const folder = 'wild/tpot-2022/elasticpot/log';

describe(`ElasticPot, recording ${folder}`, { skip: missing(folder) }, () => {
  const held = withEngine(elasticpot);
  const of = (column: string, table = 'event'): Promise<Record<string, number>> =>
    countBy(held.engine, `SELECT toString(${column}) AS name, count() AS rows FROM ${table} GROUP BY name`);

  it('is counted as it is without our SQL', async () => {
    const files = filesIn(folder, /^elasticpot\.json/).map((file) => splitLines('json', readPlain(file)));
    for (const [index, file] of files.entries()) await landAll(held.engine, file, BigInt(index + 1));
    const all = files.flat().map(({ raw }) => JSON.parse(raw.toString('utf8')));
    assert.equal(all.length, 120);
    assert.deepStrictEqual(await of('parse', 'elasticpot_json'), { ok: 120 });
    assert.deepStrictEqual(await of('target'), tally(all.map(({ url }) => url)));
    assert.deepStrictEqual(await of('user_agent'), tally(all.map(({ user_agent }) => user_agent ?? '')));
    assert.deepStrictEqual(await of('source_port'), tally(all.map(({ src_port }) => String(src_port))));
  });
});
