/** Whole recordings of Honeyd, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as honeyd } from './index.ts';

for (const { folder, pattern, lines } of [
  { folder: 'lab/honeyd', pattern: /^packet\.log/, lines: 1_118 },
  { folder: 'wild/honeyd-2023/logs', pattern: /^honeyd\.log/, lines: 431 },
  { folder: 'wild/honeyd-empty/logs', pattern: /^honeyd\.log/, lines: 14 },
]) {
  describe(`Honeyd, recording ${folder}`, { skip: missing(folder) }, () => {
    const held = withEngine(honeyd);

    it('is counted as it is without our SQL', async () => {
      const records = filesIn(folder, pattern).flatMap((file) => splitLines('packet', readPlain(file)));
      await landAll(held.engine, records, 1n);
      const all = records.map(({ raw }) => raw.toString('latin1').split(' '));
      assert.equal(all.length, lines);
      const kinds = await countBy(
        held.engine,
        "SELECT kind AS name, count() AS rows FROM honeyd_packet WHERE parse = 'ok' GROUP BY name",
      );
      assert.deepStrictEqual(kinds, tally(all.map((words) => words[2] as string)));

      // TCP and UDP have the receiver's port as their seventh word, ICMP none; flags are the ninth word of a packet.
      const contacts = all.filter(
        (words) => words[2] === 'S' || (words[2] === '-' && !/[AR]/.test(words[8] ?? '')),
      );
      const ports = await countBy(
        held.engine,
        'SELECT toString(destination_port) AS name, count() AS rows FROM event GROUP BY name',
      );
      const port_of = (words: string[]): string =>
        words[1]?.startsWith('icmp') ? '0' : (words[6] as string).replace(':', '');
      assert.deepStrictEqual(ports, tally(contacts.map(port_of)));
    });
  });
}
