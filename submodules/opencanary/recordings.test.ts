/** Whole recordings of OpenCanary, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as opencanary } from './index.ts';

const { kinds: listed }: { kinds: { kind: number; yields: string[] }[] } = JSON.parse(
  readFileSync(new URL('kinds.json', opencanary.folder), 'utf8'),
);
const yielding = new Set(listed.filter(({ yields }) => yields.length > 0).map(({ kind }) => kind));

/** `lines` is what data/INDEX.md says of a recording. */
for (const { folder, lines } of [
  { folder: 'lab/opencanary', lines: 655 },
  { folder: 'wild/opencanary-2021/logs', lines: 45 },
]) {
  describe(`OpenCanary, recording ${folder}`, { skip: missing(folder) }, () => {
    const held = withEngine(opencanary);

    it('is counted as it is without our SQL', async () => {
      const files = filesIn(folder, /^opencanary\.log/).map((file) => splitLines('json', readPlain(file)));
      for (const [index, file] of files.entries()) await landAll(held.engine, file, BigInt(index + 1));
      const all = files.flat().map(({ raw }) => JSON.parse(raw.toString('utf8')));
      assert.equal(all.length, lines);
      const kinds = await countBy(
        held.engine,
        "SELECT toString(logtype) AS name, count() AS rows FROM opencanary_json WHERE parse = 'ok' GROUP BY name",
      );
      assert.deepStrictEqual(kinds, tally(all.map(({ logtype }) => String(logtype))));

      const expected = all.filter(
        ({ logtype, logdata }) => yielding.has(logtype) && logdata.action !== 'mongodb.disconnect',
      );
      const events = await countBy(
        held.engine,
        "SELECT extra['logtype'] AS name, count() AS rows FROM event GROUP BY name",
      );
      assert.deepStrictEqual(events, tally(expected.map(({ logtype }) => String(logtype))));
      const users = await countBy(
        held.engine,
        "SELECT username AS name, count() AS rows FROM event WHERE action = 'authenticate' AND service != 'redis' GROUP BY name",
      );
      const tried = expected.filter(
        ({ logdata }) => logdata.USERNAME !== undefined || 'VNC Password' in logdata,
      );
      const names = tally(tried.map(({ logdata }) => logdata.USERNAME ?? ''));
      assert.deepStrictEqual(users, Object.fromEntries(Object.entries(names).sort()));
    });
  });
}
