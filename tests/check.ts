/** The static checks: types, lint and format, and the shape of the house. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const checks: [string, string[]][] = [
  ['types', ['node_modules/typescript/bin/tsc', '-p', '.']],
  ['types of the pages', ['node_modules/typescript/bin/tsc', '-p', 'web']],
  [
    'lint and format',
    ['node_modules/@biomejs/biome/bin/biome', 'ci', '--colors=off', '--error-on-warnings', '.'],
  ],
  ['tidy', ['--test', 'tests/tidy.test.ts']],
];

let failures = 0;
for (const [name, args] of checks) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  process.stdout.write(`${status === 0 ? 'ok  ' : 'FAIL'} ${name}\n`);
  if (status !== 0) {
    failures += 1;
    process.stdout.write(`${stdout}${stderr}\n`);
  }
}
process.exitCode = failures === 0 ? 0 : 1;
