/** A whole recording of IPPHoney, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as ipphoney } from './index.ts';

const folder = 'wild/tpot-2022/ipphoney/log';

describe(`IPPHoney, recording ${folder}`, { skip: missing(folder) }, () => {
  const held = withEngine(ipphoney);
  const of = (column: string, table = 'event'): Promise<Record<string, number>> =>
    countBy(held.engine, `SELECT toString(${column}) AS name, count() AS rows FROM ${table} GROUP BY name`);

  it('is counted as it is without our SQL', async () => {
    const files = filesIn(folder, /^ipphoney\.json/).map((file) => splitLines('json', readPlain(file)));
    for (const [index, file] of files.entries()) await landAll(held.engine, file, BigInt(index + 1));
    const all = files.flat().map(({ raw }) => JSON.parse(raw.toString('utf8')));
    assert.equal(all.length, 24);
    assert.deepStrictEqual(await of('parse', 'ipphoney_json'), { ok: 24 });
    assert.deepStrictEqual(
      await of('action'),
      tally(all.map(({ operation }) => (operation === undefined ? 'probe' : 'read'))),
    );
    assert.deepStrictEqual(await of('user_agent'), tally(all.map(({ user_agent }) => user_agent ?? '')));
    assert.deepStrictEqual(await of('source_port'), tally(all.map(({ src_port }) => String(src_port))));
  });
});
