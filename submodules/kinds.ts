/**
 * The kinds of lines that a program can write, as one list from its source: `kinds.json` of a submodule. SQL, samples and
 * README follow it, so that a kind that a later version brings is one line more here, and everything that is missing for
 * it fails.
 */
import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Submodule } from '@apiary/model/submodule.ts';
import { type ExpectedEvent, readSamples, type SampleRecord } from './sample.ts';

interface KindList {
  /** Which program, of which version or day, in which file. */
  source: string;
  stream: string;
  /** The field of a line, a JSON object, that names its kind; of a field in an object `outer.inner`. */
  field: string;
  kinds: Kind[];
}

interface Kind {
  kind: string | number;
  /** The program's word for a number. */
  name?: string;
  /** Actions of the events that lines of this kind yield. */
  yields: string[];
  because: string;
}

const read = (submodule: Submodule, file: string): string =>
  readFileSync(new URL(file, submodule.folder), 'utf8');

export const readKinds = (submodule: Submodule): KindList => JSON.parse(read(submodule, 'kinds.json'));

/** What records.sql compares the field with, before it says `unknown_kind`. */
function kindsInSql(submodule: Submodule, { field }: KindList): string[] {
  const column = field.split('.').at(-1);
  const pattern = new RegExp(`\\b${column}\`? NOT IN \\(([^)]*)\\)\\s*,\\s*'unknown_kind'`);
  const [, list] = pattern.exec(read(submodule, 'records.sql')) ?? [];
  assert(list !== undefined, `records.sql of ${submodule.name} compares ${column} with no list`);
  return [...list.matchAll(/'([^']*)'|(\d+)/g)]
    .map(([, text, number]) => text ?? (number as string))
    .filter((kind) => kind !== '');
}

/** Undefined for a line that is no JSON, as some of the samples are. */
function kindOf(record: SampleRecord, { field }: KindList): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(record.raw.toString('utf8'));
  } catch {
    return undefined;
  }
  for (const part of field.split('.')) value = (value as Record<string, unknown> | null)?.[part];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

export function describeKinds(submodule: Submodule): void {
  const list = readKinds(submodule);
  const names = list.kinds.map(({ kind }) => String(kind));
  const table = `${submodule.name}_${list.stream}`;

  describe(`kinds of ${submodule.name}, by ${list.source}`, () => {
    it('are known to records.sql, every one and no other', () => {
      assert.deepStrictEqual(kindsInSql(submodule, list).sort(), names.toSorted());
    });

    it('all stand in a sample, and yield there what the list says', () => {
      const shown = new Map<string, Set<string>>();
      for (const { records, expected } of readSamples(submodule)) {
        const by_place = Map.groupBy(
          expected.events.filter(({ sensor_table }) => sensor_table === table),
          ({ place }: ExpectedEvent) => BigInt(place),
        );
        for (const record of records.filter(({ stream }) => stream === list.stream)) {
          const kind = kindOf(record, list);
          if (kind === undefined) continue;
          const actions = shown.get(kind) ?? new Set();
          for (const { action } of by_place.get(record.place) ?? []) actions.add(String(action));
          shown.set(kind, actions);
        }
      }
      for (const { kind, yields } of list.kinds) {
        const actions = shown.get(String(kind));
        assert(actions !== undefined, `${kind} is in no sample`);
        assert.deepStrictEqual([...actions].sort(), yields.toSorted(), `what ${kind} yields`);
      }
    });

    it('are named in the README', () => {
      const text = read(submodule, 'README.md');
      for (const { kind, name = kind } of list.kinds)
        assert(text.includes(`\`${name}\``), `the README does not name ${name}`);
    });
  });
}
