/** Whose a file is, its lines say: what each sensor type's samples hold, under a name that says nothing. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { head_lines_max, type InspectedFile } from '@apiary/model/import.ts';
import { countUnderstood, type TriedLines, tryEachLine } from '@apiary/server/import/guess.ts';
import { planImport } from '@apiary/server/import/plan.ts';
import { prepareSchema } from '@apiary/server/store/prepare-schema.ts';
import { Store } from '@apiary/server/store/store.ts';
import { submodules } from '@apiary/submodules/index.ts';
import { readSamples } from '@apiary/submodules/sample.ts';
import { streams } from '@apiary/submodules/streams.ts';
import { copyEngineImage } from './rig/engine-image.ts';

/** Cannot be told by their lines alone, and why. */
const untold: Record<string, string> = {
  'mailoney commands': 'its two files have one form',
  'mailoney mail': 'its two files have one form',
  'honssh session': 'the attacker stands in the path of the file',
};

interface Sampled {
  type: string;
  key: string;
  /** base64 */
  lines: string[];
}

/** The lines of one stream in all samples; records that are no line by themselves are left out. */
const sampled: Sampled[] = submodules.flatMap((submodule) =>
  submodule.sources
    .filter((source) => source.kind === 'lines')
    .map(({ stream }) => ({
      ...{ type: submodule.name, key: stream },
      lines: readSamples(submodule)
        .flatMap(({ records }) => records)
        .filter((one) => one.stream === stream && one.flags === 0)
        .map(({ raw }) => raw.toString('base64'))
        .filter((line) => line !== ''),
    })),
);

/** Of a query's text: an engine takes 256 KB. */
const batch_bytes_max = 120_000;

function batches(lines: readonly string[]): string[][] {
  const made: string[][] = [[]];
  let bytes = 0;
  for (const line of lines) {
    if (bytes + line.length > batch_bytes_max) {
      made.push([]);
      bytes = 0;
    }
    made.at(-1)?.push(line);
    bytes += line.length;
  }
  return made;
}

describe('a file without a usual name', () => {
  const directory = mkdtempSync(join(tmpdir(), 'apiary-guess-'));
  const marks: TriedLines[] = [];
  let store: Store;
  before(async () => {
    copyEngineImage(directory, 'single');
    store = new Store({ directory, rendering: 'single' });
    await store.whenUp();
    await prepareSchema(store, []);
    for (const lines of batches(sampled.flatMap((one) => one.lines)))
      for (const tried of await tryEachLine(store, submodules, lines, [])) {
        const known = marks.find(({ type, key }) => type === tried.type && key === tried.key);
        if (known === undefined) marks.push({ ...tried, lines: [...tried.lines] });
        else known.lines.push(...tried.lines);
      }
  });
  after(async () => {
    await store.close();
    rmSync(directory, { recursive: true });
  });

  /** What every stream makes of the first lines of one that its own type understands: samples hold many odd ones. */
  function markHead({ type, key, lines }: Sampled): { head: string[]; tried: TriedLines[] } {
    const own = marks.find((one) => one.type === type && one.key === key);
    let first = 0;
    for (const one of sampled) {
      if (one.type === type && one.key === key) break;
      first += one.lines.length;
    }
    const places = lines
      .map((_, index) => first + index)
      .filter((place) => `${type} ${key}` in untold || own?.lines[place]?.ok)
      .slice(0, head_lines_max);
    const head = places.map((place) => lines[place - first] ?? '');
    const tried = marks.map((one) => ({ ...one, lines: places.map((place) => one.lines[place]!) }));
    return { head, tried };
  }

  for (const stream of sampled) {
    const name = `${stream.type} ${stream.key}`;
    it(`${name} is found by its lines${name in untold ? `, but that ${untold[name]}` : ''}`, async () => {
      const { head, tried } = markHead(stream);
      assert.ok(head.length > 0, 'no sample has a line of it');
      const file: InspectedFile = {
        path: '',
        shown: 'attacks.txt',
        form: 'lines',
        head,
        tables: [],
        trouble: '',
      };
      const understood = countUnderstood(tried);
      const plan = await planImport([file], {
        ...{ streams, type: undefined, is_tpot: false },
        tryLines: async () => understood,
      });
      const found = plan.files.map(({ type, key }) => `${type} ${key}`);
      const told = `${plan.left_out[0]?.reason}: ${JSON.stringify(understood.slice(0, 5))}`;
      if (name in untold) assert.deepEqual(found, [], 'it can be told: take it from the list');
      else assert.deepEqual(found, [name], told);
    });
  }
});
