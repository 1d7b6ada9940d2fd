/** What a run tells of its tests: all of them, also where a file leaves something open. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';

const runner = `
import { run } from 'node:test';
const [ending, ...files] = process.argv.slice(2);
const counts = { passed: 0, failed: 0 };
const stream = run({ files, concurrency: 2, execArgv: ['--import', ending] });
stream.on('test:pass', ({ details }) => { if (details.type !== 'suite') counts.passed += 1; });
stream.on('test:fail', () => { counts.failed += 1; });
stream.on('data', () => {});
stream.once('end', () => console.log(JSON.stringify(counts)));
`;
const many = `
import { describe, it } from 'node:test';
describe('many', () => { for (let i = 0; i < 3000; i += 1) it('one ' + i, () => {}); });
setInterval(() => {}, 1000);
`;
const failing = `
import { it } from 'node:test';
it('fails and leaves something open', () => { setInterval(() => {}, 1000); throw new Error('as it should'); });
`;

it('no result is lost, and a file that leaves something open ends', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'apiary-ending-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const paths = Object.entries({ 'runner.mjs': runner, 'many.mjs': many, 'failing.mjs': failing }).map(
    ([name, text]) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    },
  );
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const ending = fileURLToPath(new URL('./end-in-time.ts', import.meta.url));
  const [script = '', ...files] = paths;
  const { stdout } = spawnSync(process.execPath, [script, ending, ...files], { env, encoding: 'utf8' });
  assert.deepEqual(JSON.parse(stdout), { passed: 3000, failed: 1 });
});
