/** A whole recording of web servers, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { isUtf8 } from 'node:buffer';
import { isIP } from 'node:net';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as access } from './index.ts';

const folder = 'wild/apache-2004';

describe(`web servers, recording ${folder}`, { skip: missing(folder) }, () => {
  const held = withEngine(access);
  const of = (column: string, table = 'event'): Promise<Record<string, number>> =>
    countBy(held.engine, `SELECT toString(${column}) AS name, count() AS rows FROM ${table} GROUP BY name`);

  it('is counted as it is without our SQL', async () => {
    const files = filesIn(folder, /^access_log/).map((file) => splitLines('log', readPlain(file)));
    for (const [index, file] of files.entries()) await landAll(held.engine, file, BigInt(index + 1));
    const all = files.flat().map(({ raw }) => raw);
    assert.equal(all.length, 13_984);
    const found = all.flatMap((raw) => {
      const line = raw.toString('latin1');
      const status = /" (\d{3}) (?:\d+|-) "/.exec(line)?.[1];
      return status === undefined ? [] : [{ host: line.split(' ')[0] as string, status, raw }];
    });
    const sound = found.filter(({ raw }) => isUtf8(raw));
    // The server looked some names up.
    const named = sound.filter(({ host }) => isIP(host) === 0).length;
    assert.deepStrictEqual(await of('parse', 'access_log'), {
      bad_utf8: found.length - sound.length,
      ok: sound.length - named,
      partial: named,
      unknown_kind: all.length - found.length,
    });
    const known = found.filter(({ host }) => isIP(host) !== 0);
    assert.deepStrictEqual(await of("extra['status']"), tally(known.map(({ status }) => status)));
    assert.deepStrictEqual(
      await of("replaceOne(toString(attacker_ip), '::ffff:', '')"),
      tally(known.map(({ host }) => host)),
    );
  });
});
