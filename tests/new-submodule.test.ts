/** What `npm run new-submodule` makes is a submodule at once: it holds the whole conformance suite. */
import assert from 'node:assert';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Submodule } from '@apiary/model/submodule.ts';
import { describeConformance } from '@apiary/submodules/conformance.ts';
import { createSubmodule } from '../scripts/new-submodule.ts';
import { openEngine } from './submodule-engine.ts';

const here = fileURLToPath(new URL('../submodules/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'apiary-new-submodule-'));
after(() => rmSync(folder, { recursive: true }));
for (const part of ['_template', 'index.ts', 'streams.ts']) {
  cpSync(join(here, part), join(folder, part), { recursive: true });
}
createSubmodule(folder, 'beekeeper');
const made: { submodule: Submodule } = await import(pathToFileURL(join(folder, 'beekeeper/index.ts')).href);

it('bears its name in the two lists', () => {
  assert.equal(made.submodule.name, 'beekeeper');
  const [, list = ''] = /= \[([^\]]*)\]/.exec(readFileSync(join(folder, 'index.ts'), 'utf8')) ?? [];
  const lines = list.split('\n').slice(1, -1);
  const names = lines.map((line) => line.slice(2, -1));
  // One a line, as it was: the check of the form refuses others.
  assert.deepStrictEqual(
    lines,
    names.map((name) => `  ${name},`),
  );
  assert(names.includes('beekeeper'));
  assert.deepStrictEqual(names, names.toSorted());
  assert.match(
    readFileSync(join(folder, 'streams.ts'), 'utf8'),
    /\nimport \{ streams as beekeeper \} from '\.\/beekeeper\/streams\.ts';\n/,
  );
});

for (const name of ['', 'Bee', '../bee', 'class', 'waiting', 'beekeeper', 'x'.repeat(32)]) {
  it(`refuses the name ${JSON.stringify(name)}`, () => {
    assert.throws(() => createSubmodule(folder, name), { code: 'input_invalid' });
  });
}

describeConformance(made.submodule, openEngine);
