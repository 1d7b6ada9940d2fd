/** A whole recording of CitrixHoneypot, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as citrixhoneypot } from './index.ts';

const folder = 'wild/tpot-2022/citrixhoneypot/logs';

describe(`CitrixHoneypot, recording ${folder}`, { skip: missing(folder) }, () => {
  const held = withEngine(citrixhoneypot);

  it('is counted as it is without our SQL', async () => {
    const files = filesIn(folder, /^server\.log/).map((file) => splitLines('log', readPlain(file)));
    for (const [index, file] of files.entries()) await landAll(held.engine, file, BigInt(index + 1));
    const all: string[] = files.flat().map(({ raw }) => JSON.parse(raw.toString('utf8')).message);
    assert.equal(all.length, 290);
    const marks = await countBy(
      held.engine,
      'SELECT toString(parse) AS name, count() AS rows FROM citrixhoneypot_log GROUP BY name',
    );
    assert.deepStrictEqual(marks, { ok: 290 });
    const requests = all.flatMap((message) => {
      const [address = '', ...rest] = message.split(' Header: ');
      return rest.length === 0 || !/: (GET|POST)$/.test(address)
        ? []
        : [{ address, path: rest.join(' Header: ') }];
    });
    const of = (column: string): Promise<Record<string, number>> =>
      countBy(held.engine, `SELECT ${column} AS name, count() AS rows FROM event GROUP BY name`);
    assert.deepStrictEqual(await of('target'), tally(requests.map(({ path }) => path)));
    assert.deepStrictEqual(
      await of("concat(replaceOne(toString(attacker_ip), '::ffff:', ''), ':', toString(source_port))"),
      tally(requests.map(({ address }) => address.slice(1, address.indexOf(')')))),
    );
  });
});
