/** OpenCanary's logtypes are one list, which the SQL, the samples and the README follow. */
import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { readSamples } from '../sample.ts';
import { submodule } from './index.ts';

interface LogTypes {
  source: string;
  ids: { id: number; name: string; yields: string[]; because: string }[];
}

const read = (file: string): string => readFileSync(new URL(file, submodule.folder), 'utf8');
const { ids }: LogTypes = JSON.parse(read('logtypes.json'));
const numbersIn = (text: string): number[] =>
  [...text.matchAll(/\b\d{4,5}\b/g)].map(([number]) => Number(number));

describe('logtypes of OpenCanary', () => {
  it('are known to records.sql, every one and no other', () => {
    const sql = read('records.sql');
    const known = sql.slice(sql.indexOf('j.logtype NOT IN ('), sql.indexOf("'unknown_kind'"));
    assert.deepStrictEqual(
      numbersIn(known),
      ids.map(({ id }) => id),
    );
  });

  it('are let through by events.sql where they yield an event, and nowhere else', () => {
    const sql = read('events.sql');
    const where = sql.slice(sql.lastIndexOf('WHERE'), sql.lastIndexOf('AND NOT (logtype = 20001'));
    assert.deepStrictEqual(
      numbersIn(where),
      ids.filter(({ yields }) => yields.length > 0).map(({ id }) => id),
    );
  });

  it('all stand in a sample, and yield there what the list says', () => {
    const samples = readSamples(submodule);
    const lines = samples.flatMap(({ records }) => records.map(({ raw }) => raw.toString('latin1')));
    const events = samples.flatMap(({ expected }) => expected.events);
    for (const { id, name, yields } of ids) {
      assert(
        lines.some((line) => line.includes(`"logtype": ${id},`)),
        `${name} is in no sample`,
      );
      const shown = events.filter(({ extra }) => (extra as { logtype: string }).logtype === String(id));
      const actions = [...new Set(shown.map(({ action }) => action as string))].sort();
      assert.deepStrictEqual(actions, yields.toSorted(), name);
    }
  });

  it('are explained in the README', () => {
    const text = read('README.md').replace(/ +/g, ' ');
    for (const { id, name, yields, because } of ids.filter(({ id }) => id < 99_000)) {
      const row = `| ${id} \`${name}\` | ${yields.join(' or ') || '–'} | ${because} |`;
      assert(text.includes(row), `${name} is not explained`);
    }
  });
});
