/** Suricata's event types are one list, which the SQL, the samples and the README follow. */
import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { readSamples } from '../sample.ts';
import { submodule } from './index.ts';

const read = (file: string): string => readFileSync(new URL(file, submodule.folder), 'utf8');
const { ids }: { ids: { id: string; yields: string[]; because: string }[] } = JSON.parse(
  read('event-types.json'),
);

describe('event types of Suricata', () => {
  it('are known to records.sql, every one and no other', () => {
    const sql = read('records.sql');
    const known = sql.slice(sql.indexOf('j.event_type NOT IN ('), sql.indexOf("), 'unknown_kind'"));
    assert.deepStrictEqual(
      [...known.matchAll(/'(\w+)'/g)].map(([, id]) => id),
      ids.map(({ id }) => id),
    );
  });

  it('all stand in a sample, and yield there what the list says', () => {
    const samples = readSamples(submodule);
    const lines = samples.flatMap(({ records }) => records.map(({ raw }) => raw.toString('latin1')));
    for (const { id } of ids) {
      assert(
        lines.some((line) => line.includes(`"event_type":"${id}"`)),
        `${id} is in no sample`,
      );
    }
    const actions = samples.flatMap(({ expected }) => expected.events.map(({ action }) => action as string));
    const listed = ids.flatMap(({ yields }) => yields);
    assert.deepStrictEqual([...new Set(actions)].sort(), listed.toSorted());
  });

  it('are named in the README', () => {
    const text = read('README.md');
    for (const { id } of ids) assert(text.includes(`\`${id}\``), `${id} is not named`);
  });
});
