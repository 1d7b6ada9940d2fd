/** A whole recording of Medpot, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as medpot } from './index.ts';

const folder = 'wild/tpot-2022/medpot/log';

describe(`Medpot, recording ${folder}`, { skip: missing(folder) }, () => {
  const held = withEngine(medpot);
  const of = (column: string, table = 'event'): Promise<Record<string, number>> =>
    countBy(held.engine, `SELECT toString(${column}) AS name, count() AS rows FROM ${table} GROUP BY name`);

  it('is counted as it is without our SQL', async () => {
    const files = filesIn(folder, /^medpot\.log/).map((file) => splitLines('log', readPlain(file)));
    for (const [index, file] of files.entries()) await landAll(held.engine, file, BigInt(index + 1));
    const all = files.flat().map(({ raw }) => JSON.parse(raw.toString('utf8')));
    assert.equal(all.length, 1);
    assert.deepStrictEqual(await of('parse', 'medpot_log'), { ok: 1 });
    assert.deepStrictEqual(await of('hex(data)', 'medpot_log'), {
      [Buffer.from(all[0].data, 'base64').toString('hex').toUpperCase()]: 1,
    });
    const came = Buffer.from(all[0].data, 'base64').toString('latin1');
    assert.deepStrictEqual(await of('action'), { [came.startsWith('\x0bMSH|') ? 'input' : 'probe']: 1 });
    assert.deepStrictEqual(await of('source_port'), tally(all.map(({ src_port }) => src_port)));
  });
});
