/** Cowrie's event ids are one list, which the SQL, the samples and the README follow. */
import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { readSamples } from '../sample.ts';
import { submodule } from './index.ts';

interface EventIds {
  sources: Record<string, string>;
  ids: { id: string; source: string; yields: string[]; because: string }[];
}

const read = (file: string): string => readFileSync(new URL(file, submodule.folder), 'utf8');
const list: EventIds = JSON.parse(read('event-ids.json'));
const listed = list.ids.map(({ id }) => id).sort();
const samples = readSamples(submodule);

const idsIn = (text: string): string[] => [
  ...new Set([...text.matchAll(/'(cowrie\.[a-z0-9_.-]+[a-z0-9])'/g)].map(([, id]) => id as string)),
];

describe('event ids of Cowrie', () => {
  it('are known to records.sql, every one and no other', () => {
    const sql = read('records.sql');
    const known = sql.slice(sql.indexOf('j.eventid NOT IN ('), sql.indexOf("'unknown_kind'"));
    assert.deepStrictEqual(idsIn(known).sort(), listed);
  });

  it('each name a source', () => {
    for (const { id, source } of list.ids) assert(list.sources[source], `${id} has no source`);
  });

  it('are let through by events.sql where they yield an event, and nowhere else', () => {
    const sql = read('events.sql').split('\n-- The databases.')[0] as string;
    const yielding = list.ids.filter(({ yields }) => yields.length > 0).map(({ id }) => id);
    assert.deepStrictEqual(idsIn(sql.slice(sql.lastIndexOf('WHERE'))).sort(), yielding.sort());
  });

  it('all stand in a sample, and yield there what the list says', () => {
    const shown = new Map<string, Set<string>>(listed.map((id) => [id, new Set()]));
    const sampled = new Set<string>();
    for (const { records, expected } of samples) {
      for (const { raw } of records) {
        const match = /"eventid":"(cowrie\.[^"]+)"/.exec(raw.toString('latin1'));
        if (match) sampled.add(match[1] as string);
      }
      for (const event of expected.events) {
        // Events of the databases have no event id.
        const { eventid } = (event.extra ?? {}) as { eventid?: string };
        if (eventid !== undefined) shown.get(eventid)?.add(event.action as string);
      }
    }
    for (const { id, yields } of list.ids) {
      assert(sampled.has(id), `${id} is in no sample`);
      assert.deepStrictEqual([...(shown.get(id) ?? [])].sort(), yields.toSorted(), id);
    }
  });

  it('are explained in the README where an attacker causes them', () => {
    const text = read('README.md').replace(/ +/g, ' ');
    for (const { id, because } of list.ids) {
      if (/pool|abuseipdb|threatjammer|proxy\.|virustotal|reversedns|greynoise|urlhaus/.test(id)) continue;
      assert(text.includes(`| \`${id}\` |`) && text.includes(because), `${id} is not explained`);
    }
  });
});
