/** A whole recording of IDEA, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as idea } from './index.ts';

const folder = 'wild/idea-idmef/CSIRT-MU__IDEA-IDMEF-Converter/src/Converter/ExternalData/InputData';

describe(`IDEA, recording ${folder}`, { skip: missing(folder) }, () => {
  const held = withEngine(idea);
  const of = (column: string, table = 'event'): Promise<Record<string, number>> =>
    countBy(held.engine, `SELECT toString(${column}) AS name, count() AS rows FROM ${table} GROUP BY name`);

  it('is counted as it is without our SQL', async () => {
    const files = filesIn(folder, /^idea-examples\.json/).map((file) =>
      splitLines('messages', readPlain(file)),
    );
    for (const [index, file] of files.entries()) await landAll(held.engine, file, BigInt(index + 1));
    const all = files
      .flat()
      .map(({ raw }) => raw.toString('utf8'))
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line));
    assert.equal(all.length, 6);
    assert.deepStrictEqual(await of('parse', 'idea_messages'), { ok: 6 });
    const known: Record<string, string> = { 'Recon.Scanning': 'scan', 'Recon.Searching': 'probe' };
    const steps = all.filter(({ Category }) => known[Category[0]] !== undefined);
    assert.deepStrictEqual(
      await of('action'),
      tally(steps.map(({ Category }) => known[Category[0]] as string)),
    );
    assert.deepStrictEqual(await of('signature'), tally(steps.map(({ Description }) => Description)));
    assert.deepStrictEqual(
      await of("replaceOne(toString(attacker_ip), '::ffff:', '')"),
      tally(steps.map(({ Source }) => Source[0].IP4[0])),
    );
  });
});
