/** Whole recordings of DDoSPot, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as ddospot } from './index.ts';

const folder = 'wild/tpot-2022/ddospot/log';

describe(`DDoSPot, recording ${folder}`, { skip: missing(folder) }, () => {
  const held = withEngine(ddospot);

  it('is counted as it is without our SQL', async () => {
    const files = filesIn(folder, /pot\.log/);
    const requests: { pot: string; line: Record<string, unknown> }[] = [];
    let others = 0;
    for (const [index, file] of files.entries()) {
      const records = splitLines('log', readPlain(file));
      await landAll(held.engine, records, BigInt(index + 1));
      // The name of the file says which pot it is; the SQL knows it by the fields of the line.
      const pot = /(\w+)pot\.log/.exec(file)?.[1]?.replace(/^nt$/, 'ntp').replace(/^ssd$/, 'ssdp') as string;
      for (const { raw } of records) {
        const text = raw.toString('utf8');
        if (text.startsWith('{')) requests.push({ pot, line: JSON.parse(text) });
        else others += 1;
      }
    }
    assert.equal(requests.length, 5_663);
    assert.equal(others, 8_149);
    const marks = await countBy(
      held.engine,
      'SELECT toString(parse) AS name, count() AS rows FROM ddospot_log GROUP BY name',
    );
    assert.deepStrictEqual(marks, { ok: requests.length + others });
    const services = await countBy(
      held.engine,
      'SELECT service AS name, count() AS rows FROM event GROUP BY name',
    );
    assert.deepStrictEqual(services, tally(requests.map(({ pot }) => pot)));
    const sources = await countBy(
      held.engine,
      "SELECT replaceOne(toString(source_ip), '::ffff:', '') AS name, count() AS rows FROM event GROUP BY name",
    );
    assert.deepStrictEqual(sources, tally(requests.map(({ line }) => String(line.src_ip))));
  });
});
