/** A whole recording of Glastopf, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as glastopf } from './index.ts';

const folder = 'wild/glastopf-2014';

describe(`Glastopf, recording ${folder}`, { skip: missing(folder) }, () => {
  const held = withEngine(glastopf);
  const of = (column: string, table = 'event'): Promise<Record<string, number>> =>
    countBy(held.engine, `SELECT toString(${column}) AS name, count() AS rows FROM ${table} GROUP BY name`);

  it('is counted as it is without our SQL', async () => {
    const files = filesIn(folder, /^glastopf\.log/).map((file) => splitLines('log', readPlain(file)));
    for (const [index, file] of files.entries()) await landAll(held.engine, file, BigInt(index + 1));
    const all = files.flat().map(({ raw }) => raw.toString('utf8'));
    assert.equal(all.length, 16_406);
    const timed = all.filter((line) => /^\d{4}-\d\d-\d\d /.test(line));
    const marks = await of('parse', 'glastopf_log');
    assert.equal(marks.ok, timed.length);
    assert.equal(marks.unknown_kind ?? 0, all.length - timed.length);
    const words = all.filter((line) => line.includes(' requested ')).map((line) => line.split(' '));
    assert.deepStrictEqual(await of("extra['method']"), tally(words.map((word) => word[5] as string)));
    assert.deepStrictEqual(await of('target'), tally(words.map((word) => word.slice(6, -2).join(' '))));
    assert.deepStrictEqual(
      await of("replaceOne(toString(attacker_ip), '::ffff:', '')"),
      tally(words.map((word) => word[3] as string)),
    );
  });
});
