/** Whole recordings of Honeytrap, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as honeytrap } from './index.ts';

/** `lines` is what a count of line ends gives. */
for (const { folder, pattern, lines } of [
  { folder: 'wild/tpot-2022/honeytrap/log', pattern: /^attackers\.json/, lines: 59_280 },
  { folder: 'wild/tpot-2022/_earlier_commits', pattern: /^honeytrap-attackers/, lines: 3_240 },
]) {
  describe(`Honeytrap, recording ${folder}`, { skip: missing(folder) }, () => {
    const held = withEngine(honeytrap);

    it('is counted as it is without our SQL', async () => {
      const files = filesIn(folder, pattern).map((file) => splitLines('attackers', readPlain(file)));
      for (const [index, file] of files.entries()) await landAll(held.engine, file, BigInt(index + 1));
      const all = files.flat().map(({ raw }) => JSON.parse(raw.toString('utf8')));
      assert.equal(all.length, lines);
      const marks = await countBy(
        held.engine,
        'SELECT toString(parse) AS name, count() AS rows FROM honeytrap_attackers GROUP BY name',
      );
      assert.deepStrictEqual(marks, { ok: lines });

      const real = all.filter(({ is_virtual }) => !is_virtual);
      const ports = await countBy(
        held.engine,
        'SELECT toString(destination_port) AS name, count() AS rows FROM event GROUP BY name',
      );
      assert.deepStrictEqual(
        ports,
        tally(real.map(({ attack_connection }) => String(attack_connection.local_port))),
      );
      const services = await countBy(
        held.engine,
        'SELECT service AS name, count() AS rows FROM event GROUP BY name',
      );
      const web = real.filter(({ attack_connection }) =>
        /^[A-Z]+ [^ ]+ HTTP\/1/.test(
          Buffer.from(attack_connection.payload.data_hex, 'hex').toString('latin1'),
        ),
      );
      assert.equal(services.http, web.length);
    });
  });
}
