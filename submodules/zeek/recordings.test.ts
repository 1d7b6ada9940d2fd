/** Zeek's logs of an industrial honeynet, which a study turned into arrays, counted in plain JavaScript. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as zeek } from './index.ts';

const folder = 'wild/ics-zeek-2023/JSONS';

for (const { pattern, lines } of [
  { pattern: /^modbus\.json/, lines: 2_039 },
  { pattern: /^s7comm\.json/, lines: 4_072 },
]) {
  describe(`Zeek, recording ${folder}/${pattern.source}`, { skip: missing(folder) }, () => {
    const held = withEngine(zeek);

    it('is counted as it is without our SQL', async () => {
      const all: Record<string, unknown>[] = filesIn(folder, pattern).flatMap((file) =>
        JSON.parse(readPlain(file).toString('utf8')),
      );
      assert.equal(all.length, lines);
      const text = all.map((line) => `${JSON.stringify(line)}\n`).join('');
      await landAll(held.engine, splitLines('json', Buffer.from(text)), 1n);
      const of = (column: string): Promise<Record<string, number>> =>
        countBy(
          held.engine,
          `SELECT ${column} AS name, count() AS rows FROM zeek_json WHERE parse = 'ok' GROUP BY name`,
        );
      assert.deepStrictEqual(await of('orig_h'), tally(all.map((line) => String(line['id.orig_h']))));
      assert.deepStrictEqual(
        await of('toString(resp_p)'),
        tally(all.map((line) => String(line['id.resp_p']))),
      );
      assert.deepStrictEqual(await of('func'), tally(all.map((line) => String(line.func ?? ''))));
      assert.deepStrictEqual(
        await of("formatDateTime(detect_ts, '%Y-%m-%dT%H:%i:%S.%f')"),
        tally(
          all.map(
            (line) => `${String(line.ts).slice(0, 19)}.${String(line.ts).slice(20, 26).padEnd(6, '0')}`,
          ),
        ),
      );
    });
  });
}
