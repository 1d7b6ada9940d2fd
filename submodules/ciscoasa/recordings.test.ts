/** A whole recording of the CiscoASA honeypot, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as ciscoasa } from './index.ts';

const folder = 'wild/tpot-2022/ciscoasa/log';

describe(`CiscoASA honeypot, recording ${folder}`, { skip: missing(folder) }, () => {
  const held = withEngine(ciscoasa);

  it('is counted as it is without our SQL', async () => {
    const files = filesIn(folder, /^ciscoasa\.log/).map((file) => splitLines('log', readPlain(file)));
    for (const [index, file] of files.entries()) await landAll(held.engine, file, BigInt(index + 1));
    const all = files.flat().map(({ raw }) => raw.toString('utf8'));
    const visits = all.filter((line) => line.startsWith('{'));
    const own = all.filter((line) => /^(Starting|Stopping|Using selector)/.test(line));
    const marks = await countBy(
      held.engine,
      'SELECT toString(parse) AS name, count() AS rows FROM ciscoasa_log GROUP BY name',
    );
    assert.deepStrictEqual(marks, {
      ok: visits.length + own.length,
      unknown_kind: all.length - visits.length - own.length,
    });
    const requests = visits.filter((line) => line.includes(`: '"`));
    const paths = requests.map((line) =>
      / HTTP\/[\d.]+" \d{3} /.test(line)
        ? line
            .slice(line.indexOf('"') + 1, line.lastIndexOf(' HTTP/'))
            .split(' ')
            .slice(1)
            .join(' ')
        : '',
    );
    const of = (column: string): Promise<Record<string, number>> =>
      countBy(held.engine, `SELECT ${column} AS name, count() AS rows FROM event GROUP BY name`);
    assert.deepStrictEqual(await of('target'), tally(paths));
    assert.deepStrictEqual(
      await of("replaceOne(toString(attacker_ip), '::ffff:', '')"),
      tally(requests.map((line) => line.split("'")[7] as string)),
    );
  });
});
