/** Whole exports of the Modern Honey Network, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as mhn } from './index.ts';

for (const folder of ['wild/mhn-sessions-a', 'wild/mhn-sessions-b']) {
  describe(`Modern Honey Network, export ${folder}`, { skip: missing(folder) }, () => {
    const held = withEngine(mhn);

    it('is counted as it is without our SQL', async () => {
      const files = filesIn(folder, /^session\.json/).map((file) => splitLines('sessions', readPlain(file)));
      for (const [index, file] of files.entries()) await landAll(held.engine, file, BigInt(index + 1));
      const all = files.flat().map(({ raw }) => JSON.parse(raw.toString('utf8')));
      assert(all.length > 1_000);
      const of = (column: string, table = 'event'): Promise<Record<string, number>> =>
        countBy(
          held.engine,
          `SELECT toString(${column}) AS name, count() AS rows FROM ${table} GROUP BY name`,
        );
      assert.deepStrictEqual(await of('parse', 'mhn_sessions'), { ok: all.length });
      assert.deepStrictEqual(
        await of('protocol', 'mhn_sessions'),
        tally(all.map(({ protocol }) => protocol)),
      );
      assert.deepStrictEqual(
        await of('vantage'),
        tally(all.map(({ honeypot }) => (honeypot === 'snort' ? 'network' : 'honeypot'))),
      );
      assert.deepStrictEqual(
        await of('destination_port'),
        tally(all.map((line) => String(line.destination_port))),
      );
      assert.deepStrictEqual(await of('signature'), tally(all.map(({ snort }) => snort?.signature ?? '')));
      assert.deepStrictEqual(
        await of('toUnixTimestamp64Milli(detect_ts)'),
        tally(all.map(({ timestamp }) => String(Date.parse(timestamp.$date.replace('+0000', 'Z'))))),
      );
    });
  });
}
