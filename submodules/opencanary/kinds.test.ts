/** Of OpenCanary's logtypes the README says more: what each yields, and why. */
import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { describeKinds, readKinds } from '../kinds.ts';
import { submodule } from './index.ts';

const read = (file: string): string => readFileSync(new URL(file, submodule.folder), 'utf8');
const { kinds } = readKinds(submodule);

describeKinds(submodule);

describe('logtypes of OpenCanary', () => {
  it('are let through by events.sql where they yield an event, and nowhere else', () => {
    const sql = read('events.sql');
    const where = sql.slice(sql.lastIndexOf('WHERE'), sql.lastIndexOf('AND NOT (logtype = 20001'));
    assert.deepStrictEqual(
      [...where.matchAll(/\b\d{4,5}\b/g)].map(([number]) => Number(number)),
      kinds.filter(({ yields }) => yields.length > 0).map(({ kind }) => kind),
    );
  });

  it('are explained in the README', () => {
    const text = read('README.md').replace(/ +/g, ' ');
    for (const { kind, name, yields, because } of kinds.filter(({ kind: id }) => Number(id) < 99_000)) {
      const row = `| ${kind} \`${name}\` | ${yields.join(' or ') || '–'} | ${because} |`;
      assert(text.includes(row), `${name} is not explained`);
    }
  });
});
