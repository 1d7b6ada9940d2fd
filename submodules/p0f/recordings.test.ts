/** Whole recordings of p0f, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as p0f } from './index.ts';

/** How often each kind of line and system comes among the records that were understood. */
const understood = (table: string): string =>
  `SELECT concat(\`mod\`, ' ', os) AS name, count() AS rows FROM ${table} WHERE parse = 'ok' GROUP BY name`;

describe('p0f, recording lab/p0f', { skip: missing('lab/p0f') }, () => {
  const held = withEngine(p0f);

  it('is counted as it is without our SQL', async () => {
    const records = filesIn('lab/p0f', /^p0f\.log/).flatMap((file) => splitLines('log', readPlain(file)));
    await landAll(held.engine, records, 1n);
    const all = records.map(({ raw }) => raw.toString('latin1'));
    assert.equal(all.length, 302);
    const names = all.map(
      (line) => `${/mod=([^|]*)/.exec(line)?.[1]} ${/\|os=([^|]*)/.exec(line)?.[1] ?? ''}`,
    );
    assert.deepStrictEqual(await countBy(held.engine, understood('p0f_log')), tally(names));
  });
});

const folder = 'wild/tpot-2022/p0f/log';

describe(`p0f, recording ${folder}`, { skip: missing(folder) }, () => {
  const held = withEngine(p0f);

  it('is counted as it is without our SQL', async () => {
    const names: string[] = [];
    for (const [index, file] of filesIn(folder, /^p0f\.json/).entries()) {
      const records = splitLines('json', readPlain(file));
      await landAll(held.engine, records, BigInt(index + 1));
      for (const { raw } of records) {
        const line = JSON.parse(raw.toString('utf8'));
        names.push(`${line.mod} ${line.os ?? ''}`);
      }
    }
    assert.equal(names.length, 849_055);
    assert.deepStrictEqual(await countBy(held.engine, understood('p0f_json')), tally(names));
    const [event] = await held.engine.query<{ rows: string }>('SELECT count() AS rows FROM event');
    assert.equal(Number(event?.rows), 0);
  });
});
