/** Whole recordings of Endlessh, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as endlessh } from './index.ts';

/** `lines` is what a count of line ends gives. */
for (const { folder, lines } of [
  { folder: 'wild/endlessh/Scarjit__endlesssh-to-postgres', lines: 12 },
  { folder: 'lab/endlessh', lines: 209 },
]) {
  describe(`Endlessh, recording ${folder}`, { skip: missing(folder) }, () => {
    const held = withEngine(endlessh);

    it('is counted as it is without our SQL', async () => {
      const files = filesIn(folder, /^endlessh\.log/).map((file) => splitLines('log', readPlain(file)));
      for (const [index, file] of files.entries()) await landAll(held.engine, file, BigInt(index + 1));
      const all = files.flat().map(({ raw }) => raw.toString('utf8'));
      assert.equal(all.length, lines);
      const of = (column: string, table: string): Promise<Record<string, number>> =>
        countBy(
          held.engine,
          `SELECT toString(${column}) AS name, count() AS rows FROM ${table} GROUP BY name`,
        );
      assert.deepStrictEqual(await of('parse', 'endlessh_log'), { ok: lines });
      const words = all.map((line) => line.split(' '));
      const closed = words.filter(([, what]) => what === 'CLOSE');
      assert.deepStrictEqual((await of('what', 'endlessh_log')).CLOSE ?? 0, closed.length);
      const accepted = words.filter(([, what]) => what === 'ACCEPT');
      assert.deepStrictEqual(
        await of('source_port', 'event'),
        tally(accepted.map(([, , , port = '']) => port.slice('port='.length))),
      );
    });
  });
}
